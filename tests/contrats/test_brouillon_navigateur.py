"""Rien de tapé ne se perd, dans un vrai Chromium : tué, coupé, déconnecté, privé de ses droits."""

import re

import pytest

from contrats.contenu.ecriture import enregistrer
from contrats.contenu.lecture import lire
from contrats.enums import RoleHabilitation
from contrats.models import Fiche, Habilitation
from edition.models import Brouillon
from tests.comptes.factories import MOT_DE_PASSE
from tests.contrats.atelier import adresse, fiche_riche
from tests.contrats.test_atelier_navigateur import (
    attendre,
    attendre_l_etat,
    onglet_de,  # noqa: F401 : une mise en place
)
from tests.edition.factories import PresenceFactory
from tests.navigateur import violations_axe

pytestmark = pytest.mark.django_db(transaction=True)
BROUILLON = re.compile("/brouillon/$")
PHRASE = "Une phrase tapée à la main, que personne n'a encore enregistrée."


@pytest.fixture
def fiche(db):
    fiche = fiche_riche()
    enregistrer(fiche, {**lire(fiche), "titre": "La fiche"}, version=1, par=None)
    return fiche


@pytest.fixture
def edition(page, connecter, redactrice, fiche):
    """La page d'édition, ouverte par la rédactrice."""
    connecter(redactrice)
    page.goto(adresse(fiche))
    return page


def titre(page):
    return page.locator("#id_f-titre")


def reprendre(page, fiche):
    """Revient à la fiche et reprend le brouillon proposé."""
    for _ in range(20):  # le dernier envoi part avec la page : il peut arriver après elle
        page.goto(adresse(fiche))
        if page.locator("#brouillons section").count():
            break
    page.get_by_role("link", name="Reprendre").click()
    page.wait_for_selector("text=Brouillon repris")


def test_un_navigateur_tue_laisse_un_brouillon_a_reprendre(onglet_de, redactrice, fiche):  # noqa: F811
    page = onglet_de(redactrice)
    page.goto(adresse(fiche))
    titre(page).press_sequentially(PHRASE[:30])
    with page.expect_response(BROUILLON):  # une seconde après la dernière frappe
        pass
    page.context.close()  # rien d'autre ne part : ni enregistrement, ni adieu
    suivante = onglet_de(redactrice)
    reprendre(suivante, fiche)
    assert titre(suivante).input_value() == f"{PHRASE[:30]}La fiche"
    suivante.click("#enregistrer")
    attendre_l_etat(suivante, "Enregistré à")
    suivante.reload()
    assert suivante.locator("#brouillons section").count() == 0
    assert Fiche.objects.get(pk=fiche.pk).titre == f"{PHRASE[:30]}La fiche"


def test_quitter_la_page_garde_les_derniers_mots_sans_attendre(edition, fiche):
    edition.on("dialog", lambda question: question.accept())
    titre(edition).fill("Mes derniers mots")
    edition.goto("/atelier/")  # dans la seconde : l'envoi part avec la page
    reprendre(edition, fiche)
    assert titre(edition).input_value() == "Mes derniers mots"


def test_une_session_expiree_se_rouvre_ailleurs_et_l_envoi_reprend(edition, redactrice, fiche):
    edition.context.clear_cookies()
    titre(edition).fill("Tapé après l'expiration")
    alerte = edition.get_by_role("alert")
    lien = alerte.get_by_role("link", name="reconnectez-vous")
    lien.wait_for()
    assert violations_axe(edition) == []
    assert titre(edition).evaluate("champ => champ === document.activeElement")
    with edition.context.expect_page() as ouverte:
        lien.click()
    connexion = ouverte.value
    connexion.locator("[name=login]").fill(redactrice.email)
    connexion.locator("[name=password]").fill(MOT_DE_PASSE)
    connexion.locator("[name=password]").press("Enter")
    connexion.wait_for_url("**/atelier/**")
    edition.bring_to_front()
    attendre_l_etat(edition, "Brouillon gardé")
    assert alerte.inner_text() == ""
    edition.keyboard.press("ControlOrMeta+S")
    attendre_l_etat(edition, "Enregistré à")
    assert Fiche.objects.get(pk=fiche.pk).titre == "Tapé après l'expiration"


def test_un_enregistrement_refuse_par_la_session_repart_apres_la_connexion(
    edition, connecter, redactrice, fiche
):
    edition.context.clear_cookies()
    titre(edition).fill("Enregistré après la reconnexion")
    edition.keyboard.press("ControlOrMeta+S")
    attendre(edition, "#alerte", "session a expiré")
    assert edition.evaluate("document.activeElement.id") == "alerte"
    connecter(redactrice)  # comme dans un autre onglet : session et jeton nouveaux
    attendre_l_etat(edition, "Enregistré à")
    assert Fiche.objects.get(pk=fiche.pk).titre == "Enregistré après la reconnexion"


def test_le_reseau_coupe_se_dit_et_l_envoi_repart_de_lui_meme(edition, fiche):
    edition.context.set_offline(True)
    titre(edition).fill("Tapé hors ligne")
    attendre(edition, "#alerte", "Le serveur ne répond pas.")
    assert violations_axe(edition) == []
    assert titre(edition).input_value() == "Tapé hors ligne"
    assert edition.locator("#enregistrer").is_enabled()
    edition.context.set_offline(False)
    attendre_l_etat(edition, "Brouillon gardé")
    assert edition.locator("#alerte").inner_text() == ""
    edition.keyboard.press("ControlOrMeta+S")
    attendre_l_etat(edition, "Enregistré à")


def test_un_role_retire_en_pleine_frappe_laisse_copier_le_texte(edition, redactrice, fiche):
    Habilitation.objects.filter(utilisateur=redactrice).update(role=RoleHabilitation.LECTURE)
    titre(edition).fill(PHRASE)
    attendre(edition, "#alerte", "ne peut plus modifier cette fiche")
    assert violations_axe(edition) == []
    edition.get_by_role("button", name="Copier mon texte").click()
    attendre(edition, "[data-copie]", "opi")
    assert titre(edition).input_value() == PHRASE
    assert not Brouillon.objects.exists()


def test_une_panne_du_serveur_donne_le_numero_de_la_requete(edition):
    edition.route(
        BROUILLON,
        lambda route: route.fulfill(status=500, headers={"X-Request-ID": "abc123def456"}, body=""),
    )
    titre(edition).fill("Pendant la panne")
    attendre(edition, "#alerte", "requête n° abc123def456")
    assert violations_axe(edition) == []
    edition.unroute_all()
    attendre_l_etat(edition, "Brouillon gardé")


def test_la_presence_et_le_brouillon_propose_sont_accessibles(
    page, connecter, redactrice, pilote, fiche
):
    connecter(redactrice)
    page.goto(adresse(fiche))
    titre(page).fill("En attente")
    attendre_l_etat(page, "Brouillon gardé")
    PresenceFactory(utilisateur=pilote, cle=f"fiche:{fiche.public_id}")
    page.goto(adresse(fiche))
    assert f"{pilote} modifie cette fiche depuis" in page.locator("#presents").inner_text()
    for largeur in (1280, 375):
        page.set_viewport_size({"width": largeur, "height": 900})
        assert violations_axe(page) == []
    page.get_by_role("link", name="Comparer").click()
    page.wait_for_selector("text=Votre brouillon et la version")
    assert violations_axe(page) == []
    page.get_by_role("button", name="Jeter le brouillon").click()
    page.wait_for_selector("text=Brouillon jeté")
    assert page.locator("#brouillons section").count() == 0


def test_ce_que_l_autre_enregistre_ailleurs_entre_dans_la_page(edition, pilote, fiche):
    contenu = lire(Fiche.objects.get(pk=fiche.pk))
    contenu["sections"][0]["texte"] = "Le contexte de la pilote."
    enregistrer(Fiche.objects.get(pk=fiche.pk), contenu, version=2, par=pilote)
    titre(edition).fill("Mon titre")
    edition.keyboard.press("ControlOrMeta+S")
    attendre(edition, ".messages", "réunit ce qui a été enregistré entre-temps")
    attendre(edition, "#s-contexte", "Le contexte de la pilote.")
    attendre(edition, "#fondee", "version 4")
    titre(edition).fill("Mon titre, encore")
    edition.keyboard.press("ControlOrMeta+S")
    attendre(edition, "#fondee", "version 5")
    enregistre = lire(Fiche.objects.get(pk=fiche.pk))
    assert enregistre["sections"][0]["texte"] == "Le contexte de la pilote."
    assert enregistre["titre"] == "Mon titre, encore"


def test_un_portable_endormi_huit_heures_garde_ce_qui_etait_tape(
    page, connecter, redactrice, fiche
):
    """B-48 : capot fermé avant que le brouillon parte ; au réveil, ni réseau ni session."""
    page.clock.install()
    connecter(redactrice)
    page.goto(adresse(fiche))
    page.context.set_offline(True)
    titre(page).fill("Tapé juste avant de fermer le capot")
    page.clock.fast_forward("08:00:00")
    attendre(page, "#alerte", "Le serveur ne répond pas.")
    page.context.clear_cookies()  # trois heures sans activité : la session est close
    page.context.set_offline(False)
    page.clock.fast_forward("01:00")
    attendre(page, "#alerte", "session a expiré")
    assert titre(page).input_value() == "Tapé juste avant de fermer le capot"
    connecter(redactrice)
    page.clock.fast_forward("01:00")
    attendre_l_etat(page, "Brouillon gardé")
    page.keyboard.press("ControlOrMeta+S")
    attendre_l_etat(page, "Enregistré à")
    assert Fiche.objects.get(pk=fiche.pk).titre == "Tapé juste avant de fermer le capot"
