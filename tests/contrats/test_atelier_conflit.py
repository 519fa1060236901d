"""Deux agents partent de la même version : aucun ne perd un mot."""

import copy

import pytest

from contrats.contenu.ecriture import enregistrer
from contrats.contenu.lecture import lire
from contrats.models import Action, Fiche
from contrats.transitions import depublier_fiche
from tests.contrats.atelier import PageDeFiche, fiche_riche
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche(redaction_initiale):
    return redaction_initiale


@pytest.fixture
def redaction_initiale(db):
    """Fiche riche, dont la version de départ est gardée."""
    fiche = fiche_riche()
    contenu = copy.deepcopy(lire(fiche))
    section(contenu, "contexte")["texte"] = "Le texte de départ, commun aux deux."
    enregistrer(fiche, contenu, version=1, par=None)
    return fiche


@pytest.fixture
def page(client, redactrice, fiche):
    client.force_login(redactrice)
    return PageDeFiche(client, fiche)


def section(contenu, cle):
    return next(s for s in contenu["sections"] if s["cle"] == cle)


def relire(fiche):
    return lire(Fiche.objects.get(pk=fiche.pk))


def autre_enregistrement(fiche, pilote, changer):
    contenu = copy.deepcopy(relire(fiche))
    changer(contenu)
    a_jour = Fiche.objects.get(pk=fiche.pk)
    return enregistrer(a_jour, contenu, version=a_jour.version, par=pilote)


def conflit(page):
    """Envoie la page, qui doit être refusée, et rend la page de conflit."""
    reponse = page.envoyer()
    assert reponse.status_code == 409
    return PageDeFiche(page.client, page.fiche, reponse)


def test_le_conflit_montre_le_depart_la_leur_et_la_mienne_modifiable(page, fiche, pilote):
    autre_enregistrement(
        fiche, pilote, lambda c: section(c, "contexte").update(texte="Le texte de la pilote.")
    )
    recue = conflit(page.remplir(s__contexte__texte="Mon texte à moi."))
    assert "Départ, version 2" in recue.html
    assert "La leur, version 3" in recue.html
    assert "Le texte de départ, commun aux deux." in recue.html
    assert str(pilote) in recue.html
    assert recue["s-contexte-texte"] == "Mon texte à moi."
    assert recue["version"] == "3"
    assert section(relire(fiche), "contexte")["texte"] == "Le texte de la pilote."


def test_l_agent_reunit_a_la_main_et_enregistre_sur_la_nouvelle_version(page, fiche, pilote):
    autre_enregistrement(fiche, pilote, lambda c: section(c, "contexte").update(texte="Le leur."))
    recue = conflit(page.remplir(s__contexte__texte="Le mien."))
    assert recue.remplir(s__contexte__texte="Le leur et le mien.").envoyer().status_code == 302
    assert section(relire(fiche), "contexte")["texte"] == "Le leur et le mien."
    textes = [section(v.instantane, "contexte")["texte"] for v in fiche.versions.all()]
    assert textes == [
        "Le leur et le mien.",
        "Le leur.",
        "Le texte de départ, commun aux deux.",
    ]


def test_ce_que_chacun_a_change_seul_est_garde_des_deux_cotes(page, fiche, pilote):
    action = Action.objects.filter(fiche=fiche, horizon="court", parent=None).first()

    def changer(contenu):
        contenu["titre"] = "Titre de la pilote"
        voulue = next(
            a for a in section(contenu, "court")["actions"] if a["id"] == str(action.public_id)
        )
        voulue["avancement"] = 70

    autre_enregistrement(fiche, pilote, changer)
    reponse = page.remplir(s__contexte__texte="Mon contexte.").envoyer()
    assert reponse.url.endswith("?reunie=1")
    html = page.client.get(reponse.url).content.decode()
    assert "Elle réunit ce qui a été enregistré entre-temps : « Titre »" in html
    contenu = relire(fiche)
    assert contenu["titre"] == "Titre de la pilote"
    assert section(contenu, "contexte")["texte"] == "Mon contexte."
    action.refresh_from_db()
    assert action.avancement == 70


def test_choisir_la_leur_prend_la_leur_et_la_mienne_reste_dans_la_page(page, fiche, pilote):
    autre_enregistrement(fiche, pilote, lambda c: section(c, "contexte").update(texte="Le leur."))
    recue = conflit(page.remplir(s__contexte__texte="Le mien."))
    recue.poser("choix:section:contexte:texte", "leur").envoyer()
    assert section(relire(fiche), "contexte")["texte"] == "Le leur."


def test_refuser_le_changement_de_l_autre_garde_le_mien(page, fiche, pilote):
    titre = fiche.titre
    autre_enregistrement(fiche, pilote, lambda c: c.update(titre="Titre de la pilote"))
    autre_enregistrement(fiche, pilote, lambda c: section(c, "contexte").update(texte="Le leur."))
    recue = conflit(page.remplir(s__contexte__texte="Mon contexte."))
    recue.poser("choix:titre", "mienne").poser("f-titre", titre).envoyer()
    assert relire(fiche)["titre"] == titre


def test_deux_listes_de_partenaires_se_reunissent(page, fiche, pilote):
    leur, mien = OrganismeFactory(nom="Organisme à eux"), OrganismeFactory(nom="Organisme à moi")
    autre_enregistrement(
        fiche,
        pilote,
        lambda c: section(c, "partenaires")["partenaires"].append(
            {"organisme": leur.cle, "mention": "Organisme à eux"}
        ),
    )
    assert page.remplir(s__partenaires__ajout="Organisme à moi").envoyer().status_code == 302
    cles = [p["organisme"] for p in section(relire(fiche), "partenaires")["partenaires"]]
    assert len(cles) == len(set(cles)) == 4
    assert {leur.cle, mien.cle} <= set(cles)


def test_une_action_ajoutee_par_l_autre_est_gardee_a_sa_place(page, fiche, pilote):
    autre_enregistrement(
        fiche,
        pilote,
        lambda c: section(c, "court")["actions"].insert(
            1,
            {
                **copy.deepcopy(section(c, "court")["actions"][0]),
                "id": "",
                "intitule": "La leur",
                "sous_actions": [],
            },
        ),
    )
    assert page.remplir(s__contexte__texte="Mon contexte.").envoyer().status_code == 302
    assert [a["intitule"] for a in section(relire(fiche), "court")["actions"]][1] == "La leur"


def test_une_action_retiree_par_l_autre_et_modifiee_par_moi_m_est_gardee(page, fiche, pilote):
    action = Action.objects.get(fiche=fiche, horizon="pilote")
    autre_enregistrement(fiche, pilote, lambda c: section(c, "pilote").update(actions=[]))
    recue = conflit(page.poser(f"a-{action.public_id}-description", "J'y tiens."))
    assert "J&#x27;y tiens." in recue.html or "J'y tiens." in recue.html
    assert recue.envoyer().status_code == 302
    assert section(relire(fiche), "pilote")["actions"][0]["description"] == "J'y tiens."


def test_une_action_retiree_par_l_autre_et_laissee_par_moi_s_en_va(page, fiche, pilote):
    autre_enregistrement(fiche, pilote, lambda c: section(c, "pilote").update(actions=[]))
    page.remplir(s__contexte__texte="Mon contexte.").envoyer()
    contenu = relire(fiche)
    assert section(contenu, "pilote")["actions"] == []
    assert section(contenu, "contexte")["texte"] == "Mon contexte."


def test_l_ordre_change_par_l_autre_est_garde(page, fiche, pilote):
    autre_enregistrement(fiche, pilote, lambda c: section(c, "court")["actions"].reverse())
    voulu = [a["id"] for a in section(relire(fiche), "court")["actions"]]
    page.remplir(s__contexte__texte="Mon contexte.").envoyer()
    assert [a["id"] for a in section(relire(fiche), "court")["actions"]] == voulu


def test_une_troisieme_ecriture_recommence_proprement(page, fiche, pilote):
    autre_enregistrement(fiche, pilote, lambda c: section(c, "contexte").update(texte="Deux."))
    recue = conflit(page.remplir(s__contexte__texte="Le mien."))
    autre_enregistrement(fiche, pilote, lambda c: section(c, "contexte").update(texte="Trois."))
    encore = conflit(recue.remplir(s__contexte__texte="Le mien et deux."))
    assert "Départ, version 3" in encore.html
    assert "La leur, version 4" in encore.html
    assert encore["s-contexte-texte"] == "Le mien et deux."
    assert encore.remplir(s__contexte__texte="Les trois.").envoyer().status_code == 302
    assert section(relire(fiche), "contexte")["texte"] == "Les trois."


def test_renvoyer_la_meme_saisie_apres_une_reponse_perdue_n_est_pas_un_conflit(page, fiche):
    page.remplir(s__contexte__texte="Envoyé deux fois.")
    assert page.envoyer().status_code == 302
    assert page.envoyer().status_code == 302
    assert fiche.versions.count() == 2


def test_un_simple_changement_de_publication_n_est_pas_un_conflit(page, fiche, pilote):
    depublier_fiche(fiche, version=fiche.version, par=pilote)
    assert page.remplir(s__contexte__texte="Le mien.").envoyer().status_code == 302
    assert section(relire(fiche), "contexte")["texte"] == "Le mien."


def test_une_erreur_de_saisie_se_dit_avant_le_conflit_et_rien_ne_se_perd(page, fiche, pilote):
    autre_enregistrement(fiche, pilote, lambda c: section(c, "contexte").update(texte="Le leur."))
    page.remplir(s__contexte__texte="Le mien.", f__titre="")
    recue = PageDeFiche(page.client, fiche, page.envoyer())
    assert recue.reponse.status_code == 200
    assert recue["version"] == "2"
    assert conflit(recue.remplir(f__titre="Un titre"))["s-contexte-texte"] == "Le mien."


def test_sans_version_de_depart_tout_est_a_departager(client, redactrice, pilote, fiche):
    client.force_login(redactrice)
    page = PageDeFiche(client, fiche)
    fiche.versions.all().delete()
    autre_enregistrement(fiche, pilote, lambda c: section(c, "contexte").update(texte="Le leur."))
    recue = conflit(page.remplir(s__contexte__texte="Le mien."))
    assert "n'a pas été gardée" in recue.html
    assert recue.envoyer().status_code == 302
    assert section(relire(fiche), "contexte")["texte"] == "Le mien."


@pytest.mark.parametrize("nb", [1, 5])
def test_le_conflit_a_un_nombre_de_requetes_constant(
    page, fiche, pilote, django_assert_num_queries, nb
):
    def changer(contenu):
        section(contenu, "contexte")["texte"] = "Le leur."
        for rang in range(nb):
            section(contenu, "jalons")["lignes"].append(
                {
                    "intitule": f"J{rang}",
                    "echeance_texte": "",
                    "echeance": None,
                    "precision": "jour",
                }
            )

    autre_enregistrement(fiche, pilote, changer)
    page.remplir(s__contexte__texte="Le mien.")
    with django_assert_num_queries(26):
        page.envoyer()
