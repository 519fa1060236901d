"""Chaque entrée dans un vrai Chromium : au clavier, en français, sans violation d'axe."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from comptes.models import Utilisateur
from courrier.models import Courriel
from tests.comptes.factories import (
    MOT_DE_PASSE,
    UtilisateurFactory,
    avec_seconds_facteurs,
)
from tests.navigateur import violations_axe

pytestmark = pytest.mark.django_db
CONNEXION = reverse("comptes:connexion")


@pytest.fixture
def agente(db):
    return UtilisateurFactory(email="agente@exemple.invalid", prenom="Awa", nom="Diop")


@pytest.fixture
def sans_script(chromium, live_server, requetes_en_cours):
    contexte = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 375, "height": 800}
    )
    yield contexte.new_page()
    contexte.close()
    requetes_en_cours()


def code_totp(secret):
    """Code de l'instant ; deux usages du même code sont refusés, d'où l'oubli du précédent."""
    cache.clear()
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sans_faute(page):
    """0 violation d'axe, à 1280 puis à 375 px, et rien qui dépasse."""
    for largeur in (1280, 375):
        page.set_viewport_size({"width": largeur, "height": 900})
        assert violations_axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= largeur


def entrer(page, courriel="agente@exemple.invalid", mot_de_passe=MOT_DE_PASSE):
    page.goto(CONNEXION)
    page.get_by_label("Courriel", exact=True).fill(courriel)
    page.get_by_label("Mot de passe", exact=True).fill(mot_de_passe)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def test_application_et_codes_de_secours_s_ajoutent_puis_ouvrent_au_clavier(page, agente):
    entrer(page, mot_de_passe="faux")
    page.get_by_role("alert").get_by_text("Le courriel ou le mot de passe").wait_for()
    sans_faute(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("Mot de passe", exact=True).fill(MOT_DE_PASSE)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Mon compte").click()
    sans_faute(page)
    page.get_by_role("link", name="Ajouter une application").click()
    sans_faute(page)
    secret = page.locator("main code").inner_text()
    page.get_by_role("textbox").fill("000000")
    page.keyboard.press("Enter")
    page.get_by_role("alert", name="L’application n’est pas ajoutée").wait_for()
    sans_faute(page)
    page.get_by_role("textbox").fill(code_totp(secret))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Codes de secours").wait_for()
    page.wait_for_load_state()
    codes = page.locator("main li code").all_inner_texts()
    assert len(codes) == 10
    sans_faute(page)
    page.set_viewport_size({"width": 1280, "height": 900})

    for preuve in (code_totp(secret), codes[0]):
        page.get_by_role("button", name="Se déconnecter").click()
        page.get_by_role("link", name="Se connecter").click()
        entrer(page)
        page.get_by_role("heading", name="Votre second facteur").wait_for()
        sans_faute(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.get_by_role("textbox").fill(preuve)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Se déconnecter").wait_for()

    page.get_by_role("button", name="Se déconnecter").click()
    entrer(page)
    page.get_by_role("textbox").fill(codes[0])  # déjà servi
    page.keyboard.press("Enter")
    page.get_by_role("alert", name="Le code n’est pas bon").wait_for()


def test_une_cle_d_acces_s_ajoute_puis_ouvre_sans_mot_de_passe(page, agente, connecter):
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    entrer(page)
    page.goto(reverse("mfa_add_webauthn"))
    sans_faute(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("Nom de la clé").fill("Téléphone d'Awa")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Ajouter la clé").click()
    page.get_by_role("heading", name="Codes de secours").wait_for()
    page.goto(reverse("mfa_list_webauthn"))
    expect(page.get_by_role("rowheader", name="Téléphone d'Awa")).to_be_visible()
    sans_faute(page)
    page.set_viewport_size({"width": 1280, "height": 900})

    page.get_by_role("button", name="Se déconnecter").click()
    page.goto(f"{CONNEXION}?next=/actions/")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url("**/actions/")
    page.get_by_role("button", name="Se déconnecter").click()
    entrer(page)  # le mot de passe, puis la clé pour second facteur
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.get_by_role("link", name="Mon compte").click()
    page.get_by_role("link", name="Gérer les clés").click()
    page.get_by_role("link", name="Renommer Téléphone d'Awa").click()
    sans_faute(page)
    page.get_by_label("Nom de la clé").fill("Clé USB")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Retirer Clé USB").click()
    sans_faute(page)
    page.get_by_role("button", name="Retirer la clé").click()
    page.get_by_text("Aucune clé d’accès.").wait_for()
    assert not Authenticator.objects.exists()


def test_une_cle_qui_ne_repond_pas_le_dit(page, agente):
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": False,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(CONNEXION)
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.get_by_text("La clé d’accès n’a pas répondu.").wait_for()
    sans_faute(page)


def test_le_lien_et_le_mot_de_passe_oublie_marchent_sans_javascript(
    sans_script, agente, settings, live_server
):
    settings.ADRESSE_DU_SITE = live_server.url
    page = sans_script
    page.goto(CONNEXION)
    expect(page.get_by_role("button", name="Utiliser une clé d’accès")).to_be_hidden()
    page.get_by_role("link", name="Recevoir un lien de connexion par courriel").click()
    page.get_by_label("Courriel").fill(agente.email)
    page.get_by_role("button", name="Envoyer le lien").click()
    page.get_by_text("C’est demandé.").wait_for()
    page.goto(reverse("courrier:courriel-list"))
    page.get_by_role("link", name="Votre lien de connexion à Réciproque").click()
    page.locator("main a[href*='/connexion/lien/']").click()
    page.get_by_text("Ce lien ouvre le compte de Awa Diop").wait_for()
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    page.get_by_role("button", name="Se déconnecter").click()

    page.goto(reverse("account_reset_password"))
    page.get_by_role("main").get_by_role("textbox").fill(agente.email)
    page.get_by_role("button", name="Envoyer le courriel").click()
    page.get_by_role("heading", name="C’est demandé").wait_for()
    courriel = Courriel.objects.order_by("pk").last()
    page.goto(reverse("courrier:courriel-detail", args=[courriel.pk]))
    page.locator("main a[href*='/mot-de-passe/']").click()
    champs = page.locator("main input[type=password]")
    for rang in range(2):
        champs.nth(rang).fill("une phrase qui se retient")
    page.get_by_role("button", name="Enregistrer le mot de passe").click()
    page.get_by_role("heading", name="Mot de passe enregistré").wait_for()
    assert Utilisateur.objects.get().check_password("une phrase qui se retient")


def test_proconnect_ouvre_et_ferme_la_session(chromium, live_server, proconnect, agente):
    proconnect.identite = {"sub": "abc", "email": agente.email}
    contexte = chromium.new_context(base_url=live_server.url, locale="fr-FR")
    page = contexte.new_page()
    page.goto(f"{CONNEXION}?next=/actions/")
    assert violations_axe(page) == []
    page.get_by_role("link", name="Se connecter avec ProConnect").click()
    page.wait_for_url("**/actions/")
    page.get_by_role("button", name="Se déconnecter").click()
    assert violations_axe(page) == []
    page.get_by_role("link", name="Se déconnecter aussi de ProConnect").click()
    page.get_by_text("Au revoir").wait_for()
    assert proconnect.sorties[0]["post_logout_redirect_uri"] == f"{live_server.url}/"
    contexte.close()


def test_les_pages_des_acces_sont_accessibles(page, agente, connecter):
    """Celles que les parcours ne traversent pas."""
    avec_seconds_facteurs(agente)
    connecter(agente)
    noms = ["comptes:session-list", "account_change_password", "account_reauthenticate"]
    noms += ["mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_view_recovery_codes"]
    for nom in noms:
        page.goto(reverse(nom))
        sans_faute(page)
    page.context.clear_cookies()
    for nom in ("comptes:lien-demander", "account_reset_password", "account_reset_password_done"):
        page.goto(reverse(nom))
        sans_faute(page)
    for chemin in ("/connexion/lien/faux/", "/connexion/mot-de-passe/1-faux/"):
        page.goto(chemin)
        sans_faute(page)


def test_l_assistance_se_voit_et_s_arrete(page, agente, administrateur, connecter):
    connecter(administrateur)
    page.goto(reverse("comptes:assistance-ouvrir"))
    sans_faute(page)
    page.get_by_label("Courriel de la personne à aider").fill(agente.email)
    page.get_by_label("Motif").fill("Ne trouve pas sa fiche")
    page.get_by_role("button", name="Commencer l’assistance").click()
    bandeau = page.get_by_role("region", name="Assistance")
    assert "agit au nom de Awa Diop" in bandeau.inner_text()
    sans_faute(page)
    bandeau.get_by_role("button", name="Arrêter").click()
    page.get_by_role("heading", name="Mon compte").wait_for()
    expect(bandeau).to_be_hidden()
