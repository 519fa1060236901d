"""La page d'une fiche : tout s'y modifie par des boutons, rien de saisi ne s'y perd."""

import copy

import pytest
from django.conf import settings
from django.http import QueryDict

from contrats.atelier.cadre import Cadre
from contrats.atelier.donnees import encoder
from contrats.atelier.saisie import Saisie
from contrats.contenu.lecture import lire
from contrats.models import Action, Fiche
from portail.management.commands.charger_demo import charger
from tests.contrats.atelier import PageDeFiche, adresse, fiche_riche
from tests.contrats.factories import ContratFactory, fiche_complete
from tests.partenaires.factories import OrganismeFactory
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche(db):
    return fiche_riche()


@pytest.fixture
def page(client, redactrice, fiche):
    client.force_login(redactrice)
    return PageDeFiche(client, fiche)


def relire(fiche):
    return lire(Fiche.objects.get(pk=fiche.pk))


def section(contenu, cle):
    return next(s for s in contenu["sections"] if s["cle"] == cle)


def test_la_page_renvoyee_telle_quelle_ne_change_rien(page, fiche):
    avant = lire(fiche)
    reponse = page.envoyer()
    assert reponse.status_code == 302
    assert relire(fiche) == avant
    assert not fiche.versions.exists()


def test_chaque_champ_modifie_est_enregistre_et_lui_seul(page, fiche):
    avant = copy.deepcopy(lire(fiche))
    page.remplir(f__titre="Titre neuf", s__contexte__texte="Contexte neuf.", motif="Relecture")
    assert page.envoyer().status_code == 302
    avant["titre"] = "Titre neuf"
    section(avant, "contexte")["texte"] = "Contexte neuf."
    assert relire(fiche) == avant
    assert fiche.versions.get().motif == "Relecture"


def test_une_action_s_ajoute_se_remplit_et_s_ordonne(page, fiche):
    page = page.presser("ajouter-action:court").presser("ajouter-action:court")
    premiere, seconde = [a.split(":")[2] for a in page.liste("action") if "court" in a][-2:]
    page.poser(f"a-{premiere}-intitule", "Première").poser(f"a-{seconde}-intitule", "Seconde")
    page = page.presser(f"monter-action:{seconde}").presser(f"sous-point:{seconde}")
    sous_point = page.liste("action")[page.liste("action").index(f"court:1:{seconde}") + 1]
    assert sous_point.startswith("court:2:")
    page.poser(f"a-{sous_point.split(':')[2]}-intitule", "Détail")
    assert page.envoyer().status_code == 302
    actions = section(relire(fiche), "court")["actions"]
    assert [a["intitule"] for a in actions[-2:]] == ["Seconde", "Première"]
    assert [a["intitule"] for a in actions[-2]["sous_actions"]] == ["Détail"]


def test_aucun_geste_n_enregistre(page, fiche):
    avant = lire(fiche)
    page.remplir(s__contexte__texte="Pas encore.").presser("ajouter-action:court")
    assert relire(fiche) == avant


def test_un_geste_garde_tout_ce_qui_est_saisi_meme_invalide(page):
    page = page.remplir(s__contexte__texte="Tapé.", f__titre="").presser("ajouter-action:court")
    assert page["s-contexte-texte"] == "Tapé."
    assert page["f-titre"] == ""
    assert "resume-erreurs" not in page.html


def test_le_champ_ajoute_prend_le_foyer_sans_javascript(page):
    page = page.presser("ajouter-action:court")
    nouvelle = page.liste("action")[-1] if "court" in page.liste("action")[-1] else None
    nouvelle = nouvelle or [a for a in page.liste("action") if a.startswith("court")][-1]
    balise = page.html.split(f'id="id_a-{nouvelle.split(":")[2]}-intitule"')[0].rpartition("<")[2]
    suite = page.html.split(f'id="id_a-{nouvelle.split(":")[2]}-intitule"')[1].split(">")[0]
    assert "autofocus" in balise + suite
    assert page.html.count(" autofocus") == 1


def test_changer_d_horizon_deplace_l_action_et_ses_sous_points(page, fiche):
    action = Action.objects.get(fiche=fiche, sous_actions__isnull=False)
    page.poser(f"a-{action.public_id}-place", "moyen-long").envoyer()
    [deplacee] = section(relire(fiche), "moyen-long")["actions"]
    assert deplacee["id"] == str(action.public_id)
    assert len(deplacee["sous_actions"]) == 1
    action.refresh_from_db()
    assert action.horizon == "moyen_long"


def test_retirer_une_action_retire_ses_sous_points(page, fiche):
    action = Action.objects.get(fiche=fiche, sous_actions__isnull=False)
    page.presser(f"retirer-action:{action.public_id}").envoyer()
    assert not Action.objects.filter(public_id=action.public_id).exists()
    assert not Action.objects.filter(parent=action.pk).exists()


@pytest.mark.parametrize("nom", ["Région Occitanie", "region  OCCITANIE", "La Région", "RO"])
def test_un_organisme_se_choisit_par_son_nom_son_sigle_ou_un_alias(page, fiche, nom):
    organisme = OrganismeFactory(nom="Région Occitanie", sigle="RO")
    organisme.alias.create(libelle="La Région")
    page.remplir(s__partenaires__ajout=nom).presser("ajouter-partenaire:partenaires").envoyer()
    dernier = section(relire(fiche), "partenaires")["partenaires"][-1]
    assert dernier == {"organisme": organisme.cle, "mention": " ".join(nom.split())}


def test_un_organisme_inconnu_propose_les_plus_proches(page, fiche):
    OrganismeFactory(nom="Toulouse Métropole")
    page.remplir(s__partenaires__ajout="Toulouze Metropol")
    page = page.presser("ajouter-partenaire:partenaires")
    assert "Aucun organisme ne porte ce nom." in page.html
    assert "Vouliez-vous dire « Toulouse Métropole »" in page.html
    assert page["s-partenaires-ajout"] == "Toulouze Metropol"
    assert page.envoyer().status_code == 200  # le nom resté là n'est pas perdu en silence
    assert not fiche.versions.exists()


def test_un_organisme_laisse_dans_le_champ_d_ajout_est_ajoute(page, fiche):
    organisme = OrganismeFactory(nom="Cité de l'espace")
    territoire = TerritoireFactory(nom="Gers")
    action = Action.objects.filter(fiche=fiche).first()
    page.remplir(s__partenaires__ajout="cité de l’espace")
    page.poser(f"a-{action.public_id}-territoires_ajout", "gers").envoyer()
    assert section(relire(fiche), "partenaires")["partenaires"][-1]["organisme"] == organisme.cle
    assert list(action.territoires.filter(pk=territoire.pk)) == [territoire]


def test_les_roles_d_une_action_se_retirent_un_a_un(page, fiche):
    action = Action.objects.get(fiche=fiche, sous_actions__isnull=False)
    pilote = action.partenariats.get().organisme
    page.presser(f"retirer-role:{action.public_id}:pilotes:{pilote.cle}").envoyer()
    assert not action.partenariats.exists()


def test_les_lignes_se_suppriment_et_s_ordonnent(page, fiche):
    page = page.presser("ajouter:ligne:jalons")
    jeton = [e for e in page.liste("ligne") if e.startswith("jalons:")][-1].split(":")[1]
    page.poser(f"l-{jeton}-intitule", "Nouveau jalon").poser(f"l-{jeton}-echeance", "31/12/2026")
    page = page.presser(f"monter:ligne:jalons:{jeton}")
    page.envoyer()
    lignes = section(relire(fiche), "jalons")["lignes"]
    assert [ligne["intitule"] for ligne in lignes] == ["Nouveau jalon", "Ligne de jalons"]
    assert lignes[0]["echeance"] == "2026-12-31"
    page = PageDeFiche(page.client, fiche)
    entree = next(e for e in page.liste("ligne") if e.startswith("jalons:"))
    page.presser(f"retirer:ligne:{entree}").envoyer()
    assert len(section(relire(fiche), "jalons")["lignes"]) == 1


@pytest.mark.parametrize("date", ["31/12/2026", "2026-12-31", " 31/12/2026 "])
def test_une_date_s_ecrit_en_francais_ou_en_iso(page, fiche, date):
    action = Action.objects.filter(fiche=fiche).first()
    page.poser(f"a-{action.public_id}-echeance", date).envoyer()
    action.refresh_from_db()
    assert action.echeance.isoformat() == "2026-12-31"


ERREURS = [
    ("f-titre", "", "Donnez un titre à la fiche."),
    ("f-titre", "x" * 301, "301 signes : raccourcissez à 300 au plus."),
    ("a-{}-intitule", "", "Écrivez l&#x27;intitulé, ou retirez l&#x27;action."),
    ("a-{}-intitule", "x" * 1001, "raccourcissez à 1\u00a0000 au plus."),
    ("a-{}-description", "x" * 20_001, "raccourcissez à 20\u00a0000 au plus."),
    ("a-{}-avancement", "140", "Écrivez un nombre entier de 0 à 100."),
    ("a-{}-avancement", "9" * 5000, "Écrivez un nombre entier de 0 à 100."),
    ("a-{}-avancement", "beaucoup", "Écrivez un nombre entier de 0 à 100."),
    ("a-{}-echeance", "31/02/2026", "Écrivez la date en jj/mm/aaaa"),
    ("a-{}-echeance", "01/01/0026", "Indiquez une année de 1900 à 2200."),
    ("a-{}-debut", "01/01/2199", "L&#x27;échéance ne peut précéder le début."),
    ("a-{}-statut", "volatil", "Choisissez dans la liste."),
    ("f-titre", "nul \0 ici", None),
    ("s-contexte-etat", "neant", "Cette section porte un texte"),
    ("motif", "x" * 301, "raccourcissez à 300 au plus."),
]


@pytest.mark.parametrize(("champ", "valeur", "phrase"), ERREURS)
def test_une_valeur_invalide_est_gardee_et_dite_pres_du_champ(page, fiche, champ, valeur, phrase):
    action = Action.objects.filter(fiche=fiche).first()
    nom = champ.format(action.public_id)
    page.poser(f"a-{action.public_id}-echeance", "31/12/2026")
    page.remplir(s__contexte__texte="Bon texte.").poser(nom, valeur)
    reponse = page.envoyer()
    if phrase is None:  # un caractère invisible s'enlève, il ne fait pas échouer
        assert reponse.status_code == 302
        return
    recue = PageDeFiche(page.client, fiche, reponse)
    assert reponse.status_code == 200
    if valeur != "volatil":  # hors d'une liste fermée, seul un envoi trafiqué l'écrit
        assert recue[nom] == valeur
    assert recue["s-contexte-texte"] == "Bon texte."
    assert "<title>Erreur : " in recue.html
    assert 'role="alert"' in recue.html
    assert phrase in recue.html
    assert not fiche.versions.exists()
    if champ != "motif":
        assert recue.html.count(phrase) == 2  # résumé et champ, mêmes mots
        assert f'href="#id_{nom}"' in recue.html or "debut" in nom


def test_une_action_regroupee_ne_repart_pas_et_l_erreur_est_sur_elle(client, page, fiche):
    action, autre = Action.objects.filter(fiche=fiche)[:2]
    Action.objects.filter(pk=action.pk).update(
        statut="regroupee", regroupee_dans=autre, motif_statut="Même objet.", version=1
    )
    page = PageDeFiche(client, fiche).poser(f"a-{action.public_id}-statut", "en_cours")
    recue = PageDeFiche(client, fiche, page.envoyer())
    assert f'href="#id_a-{action.public_id}-statut"' in recue.html


def test_une_action_volee_a_une_autre_fiche_est_refusee(page, fiche):
    autre = fiche_complete(contrat=ContratFactory(publie=True))
    volee = Action.objects.filter(fiche=autre).first()
    page.champs += [
        ("action", f"court:1:{volee.public_id}"),
        (f"a-{volee.public_id}-intitule", "Volée"),
        (f"a-{volee.public_id}-statut", "a_lancer"),
    ]
    reponse = page.envoyer()
    assert "appartient pas à la fiche" in reponse.content.decode()
    volee.refresh_from_db()
    assert volee.fiche == autre


@pytest.mark.parametrize(
    "champs",
    [
        [("action", "n'importe quoi")],
        [("action", "court:9:pas-un-uuid"), ("section", "inconnue")],
        [("ligne", "jalons:1"), ("ligne", "jalons:1"), ("ligne", "inconnue:2")],
        [("partenaire", ":"), ("renvoi", "contexte:" + "9" * 5000), ("periode", "::")],
        [("version", "9" * 30)],
        [("version", "-1")],
        [("version", "２")],
        [("a-zzz-pilotes", "inconnu")],
        [("a-zzz-pilotes", "\0"), ("zzz-organisme_cle", "\0"), ("zzz-cible_cle", "\0")],
        [("f-titre", "Deux"), ("f-titre", "Trois")],
        [("choix:ordre", "leur"), ("reunir", "1")],
        [("choix:section:inconnue:texte", "leur"), ("choix:::", "deux"), ("reunir", "1")],
    ],
)
def test_un_envoi_trafique_ne_fait_jamais_echouer_le_serveur(page, fiche, champs):
    page.champs += champs
    assert page.envoyer().status_code in (200, 302, 409)


@pytest.mark.parametrize(
    "geste",
    [
        "",
        ":",
        "monter",
        "monter:ligne",
        "monter:ligne:a:b",
        "ajouter",
        "ajouter:ligne",
        "inconnu:1",
        "retirer-action",
        "sous-point:x",
        "ajouter-role:x",
        "ajouter-role:x:pilotes",
        "retirer-role",
        "ouvrir-section:x",
        "ajouter-partenaire",
        "descendre-action:1:2:3:4",
        "ajouter:ligne:inconnue",
    ],
)
def test_un_geste_trafique_ne_change_rien(page, fiche, geste):
    avant = lire(fiche)
    assert page.envoyer(geste).status_code in (200, 302)
    assert relire(fiche) == avant


def test_un_envoi_tronque_n_efface_rien(page, fiche):
    avant = lire(fiche)
    page.champs = page.champs[: len(page.champs) // 2]
    reponse = page.envoyer()
    assert reponse.status_code == 400
    assert "incomplet" in reponse.content.decode()
    assert relire(fiche) == avant


def test_un_formulaire_d_un_mega_octet_est_refuse_en_francais_et_garde(page, fiche):
    reponse = page.remplir(s__contexte__texte="é" * 160_000).envoyer()
    assert reponse.status_code == 200
    assert "160\u00a0000 signes" in reponse.content.decode()


def test_ecrire_dans_une_section_a_renseigner_la_renseigne(page, fiche):
    fiche.sections.filter(modele__cle="contexte").update(etat="a_renseigner", texte="")
    page = PageDeFiche(page.client, fiche).remplir(s__contexte__texte="Enfin.")
    page.envoyer()
    assert section(relire(fiche), "contexte")["etat"] == "renseignee"


def test_une_section_du_modele_s_ajoute_a_sa_place(page, fiche):
    fiche.sections.filter(modele__cle="partenaires").delete()
    page = PageDeFiche(page.client, fiche).presser("ouvrir-section:partenaires")
    page.envoyer()
    cles = [s["cle"] for s in relire(fiche)["sections"]]
    assert cles.index("partenaires") == cles.index("moyen-long") + 1


def test_la_ligne_d_etat_dit_quand_et_qui_lit(page):
    recue = PageDeFiche(page.client, page.fiche)
    assert 'role="status"' in recue.html
    assert "Publiée : chaque enregistrement est visible du public." in recue.html


@pytest.mark.parametrize("nb", [1, 5])
def test_le_nombre_de_requetes_ne_depend_pas_de_la_taille(
    client, django_assert_num_queries, administrateur, nb
):
    fiche = fiche_complete(nb_actions=nb)
    client.force_login(administrateur)
    with django_assert_num_queries(26):
        client.get(adresse(fiche))


@pytest.mark.une_fois
def test_chaque_fiche_de_demonstration_traverse_le_formulaire_sans_changer(administrateur):
    charger(settings.BASE_DIR / "fixtures")
    fiches = list(Fiche.objects.all())
    assert len(fiches) >= 14
    for fiche in fiches:
        cadre, contenu = Cadre(fiche, administrateur), lire(fiche)
        donnees = encoder(contenu, cadre.annuaire, version=fiche.version)
        saisie = Saisie(cadre, QueryDict(donnees.urlencode(), mutable=True), valider=True)
        assert saisie.est_valide(), saisie.erreurs()
        assert saisie.contenu() == contenu
