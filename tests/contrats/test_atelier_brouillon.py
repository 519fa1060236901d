"""Le brouillon d'une fiche : gardé à mesure, repris tel quel, comparé, jeté ; à son auteur seul."""

import html

import pytest
from django.test import Client

from contrats.contenu.ecriture import enregistrer
from contrats.contenu.lecture import lire
from contrats.enums import RoleHabilitation
from contrats.models import Fiche, Habilitation
from edition.models import Brouillon, Presence
from tests.comptes.factories import MOT_DE_PASSE, UtilisateurFactory
from tests.contrats.atelier import URLENCODE, PageDeFiche, adresse, fiche_riche
from tests.contrats.test_atelier_conflit import autre_enregistrement, section
from tests.edition.factories import BrouillonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche(db):
    fiche = fiche_riche()
    enregistrer(fiche, {**lire(fiche), "titre": "Le titre"}, version=1, par=None)
    return fiche


@pytest.fixture
def page(client, redactrice, fiche):
    client.force_login(redactrice)
    return PageDeFiche(client, fiche)


def garder(page, **en_plus):
    """Ce que fait le script de la page une seconde après la dernière frappe."""
    page.poser("ordre", str(int(page["ordre"]) + 1))
    corps = page.corps(**en_plus)
    return page.client.post(adresse(page.fiche, "fiche-brouillon"), corps, content_type=URLENCODE)


def reprendre(page):
    """Rouvre la fiche et suit « Reprendre »."""
    [brouillon] = Brouillon.objects.exclude(contenu="")
    url = f"{adresse(page.fiche)}?brouillon={brouillon.page}"
    assert f"?brouillon={brouillon.page}" in page.client.get(adresse(page.fiche)).content.decode()
    return PageDeFiche(page.client, page.fiche, page.client.get(url))


def test_le_brouillon_ne_valide_rien_et_n_entre_pas_dans_l_historique(page, fiche):
    page.remplir(f__titre="", s__contexte__texte="À moitié tapé")
    reponse = garder(page)
    assert reponse.json()["garde"] is True
    assert fiche.versions.count() == 1
    assert Fiche.objects.get(pk=fiche.pk).version == 2


def test_un_brouillon_repris_redonne_la_page_telle_qu_elle_etait(page):
    page.remplir(f__titre="Tapé", s__contexte__texte="À moitié\r\ntapé, é \U0001f33b \0 fin")
    page = page.presser("ajouter-action:court")
    garder(page)
    reprise = reprendre(page)
    de_la_page = ("csrfmiddlewaretoken", "version", "page", "ordre", "reprise", "motif")
    champs = [c for c in reprise.champs if c[0] not in de_la_page]
    assert champs == [c for c in page.champs if c[0] not in de_la_page]
    assert reprise["version"] == "2"
    assert reprise["page"] != page["page"]


def test_enregistrer_un_brouillon_repris_le_solde(page, fiche):
    garder(page.remplir(f__titre="Tapé hier"))
    assert reprendre(page).envoyer().status_code == 302
    assert Fiche.objects.get(pk=fiche.pk).titre == "Tapé hier"
    assert not Brouillon.objects.exclude(contenu="").exists()
    assert "vous attend" not in page.client.get(adresse(fiche)).content.decode()


def test_un_brouillon_depasse_par_un_autre_se_reunit_en_l_enregistrant(page, fiche, pilote):
    garder(page.remplir(s__contexte__texte="Mon contexte"))
    autre_enregistrement(fiche, pilote, lambda c: c.update(titre="Le titre de la pilote"))
    assert reprendre(page).envoyer().status_code == 302
    enregistre = lire(Fiche.objects.get(pk=fiche.pk))
    assert enregistre["titre"] == "Le titre de la pilote"
    assert section(enregistre, "contexte")["texte"] == "Mon contexte"


def test_le_brouillon_se_compare_a_la_fiche_meme_inacheve(page, fiche):
    action = fiche.actions.filter(horizon="court").first()
    page.poser(f"a-{action.public_id}-avancement", "140").poser("s-contexte-etat", "inconnu")
    page.poser(f"a-{action.public_id}-echeance", "31/02/2026")
    garder(page.remplir(f__titre="Un autre titre", s__partenaires__ajout="Inconnu au bataillon"))
    [brouillon] = Brouillon.objects.all()
    url = adresse(fiche, "fiche-brouillon-comparer", brouillon.page)
    texte = html.unescape(page.client.get(url).content.decode())
    assert "Un autre" in texte
    assert "Écrivez un nombre entier de 0 à 100." in texte
    assert "Inconnu au bataillon" in texte or "Aucun organisme ne porte ce nom" in texte


def test_sans_javascript_un_bouton_garde_le_brouillon_et_la_page_continue(page, fiche):
    suivante = page.remplir(f__titre="Gardé à la main").presser("brouillon")
    assert "Brouillon gardé, visible de vous seul·e." in suivante.html
    suivante.remplir(f__titre="Gardé deux fois").presser("brouillon")
    [brouillon] = Brouillon.objects.all()
    assert "Gardé deux fois" in brouillon.contenu
    page.remplir(f__titre="Revenu en arrière").presser("brouillon")  # un envoi déjà dépassé
    textes = "".join(Brouillon.objects.values_list("contenu", flat=True))
    assert "Gardé deux fois" in textes
    assert "Revenu en arrière" in textes


def test_un_enregistrement_refuse_reste_en_brouillon(page, fiche):
    assert page.remplir(f__titre="", s__contexte__texte="Du texte").envoyer().status_code == 200
    assert "Du texte" in Brouillon.objects.get().contenu


def test_un_conflit_laisse_le_texte_en_brouillon_fonde_sur_le_depart(page, fiche, pilote):
    autre_enregistrement(fiche, pilote, lambda c: c.update(titre="Le leur"))
    recue = PageDeFiche(page.client, fiche, page.remplir(f__titre="Le mien").envoyer())
    assert recue.reponse.status_code == 409
    brouillon = Brouillon.objects.get()
    assert (brouillon.version, "Le mien" in brouillon.contenu) == (2, True)
    recue.poser("choix:titre", "leur").envoyer()
    assert Fiche.objects.get(pk=fiche.pk).titre == "Le leur"
    [ecarte] = Brouillon.objects.exclude(contenu="")  # écarté, pas perdu
    assert "Le mien" in ecarte.contenu


def test_une_reponse_perdue_ne_met_pas_en_conflit_avec_soi_meme(page, fiche):
    page.remplir(f__titre="Envoyé").envoyer()  # la réponse ne revient pas : la page reste
    assert page.remplir(f__titre="Envoyé, puis complété").envoyer().status_code == 302
    assert fiche.versions.count() == 3
    assert Fiche.objects.get(pk=fiche.pk).titre == "Envoyé, puis complété"


def test_une_reunion_dont_la_reponse_se_perd_ne_defait_pas_l_autre(page, fiche, pilote):
    autre_enregistrement(
        fiche, pilote, lambda c: section(c, "contexte").update(texte="Le contexte de la pilote.")
    )
    page.remplir(f__titre="Le mien").envoyer()  # réunie, réponse perdue
    page.remplir(f__titre="Le mien").envoyer()
    enregistre = lire(Fiche.objects.get(pk=fiche.pk))
    assert enregistre["titre"] == "Le mien"
    assert section(enregistre, "contexte")["texte"] == "Le contexte de la pilote."


def test_deux_textes_sans_contradiction_se_presentent_reunis(page, fiche, pilote):
    depart = "Le premier mot. Le dernier mot."
    autre_enregistrement(fiche, pilote, lambda c: section(c, "contexte").update(texte=depart))
    page = PageDeFiche(page.client, fiche)
    autre_enregistrement(
        fiche,
        pilote,
        lambda c: section(c, "contexte").update(texte="Le premier pas. Le dernier mot."),
    )
    page.remplir(s__contexte__texte="Le premier mot. Le dernier pas.")
    recue = PageDeFiche(page.client, fiche, page.envoyer())
    assert recue["s-contexte-texte"] == "Le premier pas. Le dernier pas."
    assert "Garder les deux, réunies ci-dessous" in recue.html
    recue.poser("choix:section:contexte:texte", "seule").envoyer()
    enregistre = section(lire(Fiche.objects.get(pk=fiche.pk)), "contexte")["texte"]
    assert enregistre == "Le premier mot. Le dernier pas."


def test_le_brouillon_d_autrui_n_existe_pour_personne(client, page, fiche, administrateur, pilote):
    garder(page.remplir(f__titre="Un secret de rédaction"))
    [brouillon] = Brouillon.objects.all()
    for autre in (administrateur, pilote):
        client.force_login(autre)
        assert "secret" not in client.get(adresse(fiche)).content.decode()
        url = adresse(fiche, "fiche-brouillon-comparer", brouillon.page)
        assert client.get(url).status_code == 404
        url = adresse(fiche, "fiche-brouillon-jeter", brouillon.page)
        client.post(url, {"ordre": brouillon.ordre})
        reponse = client.get(f"{adresse(fiche)}?brouillon={brouillon.page}")
        assert reponse["Location"] == adresse(fiche)
    brouillon.refresh_from_db()
    assert "secret" in brouillon.contenu


def test_un_brouillon_trop_grand_se_dit(page):
    reponse = garder(page.remplir(s__contexte__texte="é" * 40_000))
    assert reponse.status_code == 413
    assert "64 ko" in reponse.json()["phrase"]


def test_un_envoi_incomplet_ne_remplace_rien(page, fiche):
    garder(page.remplir(f__titre="Entier"))
    page.champs = [c for c in page.champs if c[0] != "fin"]
    assert garder(page).status_code == 400
    assert "Entier" in Brouillon.objects.get().contenu


@pytest.mark.parametrize("nom", ["fiche-modifier", "fiche-brouillon"])
@pytest.mark.parametrize("perte", ["role", "habilitation", "compte"])
def test_un_droit_perdu_en_pleine_frappe_rend_le_texte(client, page, redactrice, nom, perte):
    texte = "Une phrase qui ne doit pas se perdre."
    page.remplir(s__contexte__texte=texte)
    habilitations = Habilitation.objects.filter(utilisateur=redactrice)
    if perte == "role":
        habilitations.update(role=RoleHabilitation.LECTURE)
    elif perte == "habilitation":
        habilitations.delete()
    else:
        contrat = page.fiche.contrat
        client.force_login(
            UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.REDACTION)])
        )
    reponse = client.post(adresse(page.fiche, nom), page.corps(), content_type=URLENCODE)
    assert reponse.status_code == (404 if perte == "habilitation" else 403)
    assert texte in reponse.content.decode()
    assert not Brouillon.objects.exists()


def test_une_session_expiree_rend_la_saisie_qui_repart_apres_la_connexion(
    redactrice, fiche, settings
):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    navigateur = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    assert navigateur.login(username=redactrice.email, password=MOT_DE_PASSE)
    page = PageDeFiche(navigateur, fiche).remplir(s__contexte__texte="Tapé trop longtemps.")
    navigateur.cookies.pop("sessionid")
    expiree = page.envoyer()
    assert expiree.status_code == 401
    assert "Tapé trop longtemps." in expiree.content.decode()
    renvoi = PageDeFiche(navigateur, fiche, expiree)
    assert navigateur.login(username=redactrice.email, password=MOT_DE_PASSE)
    navigateur.get("/plan-du-site/")
    reponse = renvoi.envoyer()
    if reponse.status_code == 403:  # le jeton a changé avec la session : la saisie revient encore
        reponse = PageDeFiche(navigateur, fiche, reponse).envoyer()
    assert reponse.status_code == 302
    enregistre = lire(Fiche.objects.get(pk=fiche.pk))
    assert section(enregistre, "contexte")["texte"] == "Tapé trop longtemps."


def test_la_presence_se_signale_et_se_lit(client, page, fiche, pilote):
    client.post(adresse(fiche, "fiche-presence"), {"actif": "1"})
    client.force_login(pilote)
    reponse = client.post(adresse(fiche, "fiche-presence")).json()
    [autre] = Presence.objects.exclude(utilisateur=pilote).select_related("utilisateur")
    assert reponse["noms"] == [str(autre.utilisateur)]
    assert "modifie cette fiche depuis" in reponse["html"]
    assert reponse["version"] == 2
    assert "modifie cette fiche depuis" in client.get(adresse(fiche)).content.decode()


@pytest.mark.parametrize("nb", [1, 5])
def test_la_page_a_le_meme_nombre_de_requetes_quel_que_soit_celui_des_brouillons(
    client, redactrice, fiche, django_assert_num_queries, nb
):
    client.force_login(redactrice)
    cle = f"fiche:{fiche.public_id}"
    BrouillonFactory.create_batch(nb, utilisateur=redactrice, cle=cle)
    with django_assert_num_queries(34):
        client.get(adresse(fiche))
