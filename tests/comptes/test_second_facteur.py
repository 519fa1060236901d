"""Second facteur : exigé de l'administration, y compris dans celle de Django, et réparable."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse

from comptes.models import SessionOuverte
from courrier.models import Courriel
from tests.comptes.factories import (
    MOT_DE_PASSE,
    UtilisateurFactory,
    avec_seconds_facteurs,
    vient_de_se_connecter,
)

pytestmark = pytest.mark.django_db
ACCES = reverse("mfa_index")


@pytest.fixture
def _exige(settings):
    settings.DOUBLE_FACTEUR_OBLIGATOIRE = True


@pytest.mark.usefixtures("_exige")
@pytest.mark.parametrize("nom", ["admin:index", "contrats:mes-fiches", "api:contrat-list"])
def test_l_administration_sans_second_facteur_est_menee_a_l_ajouter(client, administrateur, nom):
    vient_de_se_connecter(client, administrateur)
    reponse = client.get(reverse(nom))
    assert (reponse.status_code, reponse.url) == (302, ACCES)
    assert "l&#x27;administration en demande un" in client.get(ACCES).text
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


@pytest.mark.usefixtures("_exige")
def test_un_second_facteur_inscrit_mais_pas_montre_ne_suffit_pas(client, administrateur):
    avec_seconds_facteurs(administrateur)
    vient_de_se_connecter(client, administrateur)
    assert client.get(reverse("admin:index")).url.startswith(reverse("mfa_reauthenticate"))
    vient_de_se_connecter(client, administrateur, "password", "mfa")
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.usefixtures("_exige")
def test_un_agent_sans_acces_a_l_administration_n_y_est_pas_tenu(client, redactrice):
    client.force_login(redactrice)
    assert client.get(reverse("contrats:mes-fiches")).status_code == 200


def test_la_production_l_exige_sauf_reglage_contraire():
    from config.settings import base

    assert base.DOUBLE_FACTEUR_OBLIGATOIRE is True


def test_l_administration_de_django_passe_par_la_meme_connexion(client, administrateur):
    avec_seconds_facteurs(administrateur)
    accueil = reverse("admin:index")
    porte = client.get(client.get(accueil).url)
    assert porte.url.startswith(reverse("comptes:connexion"))
    saisie = {"login": administrateur.email, "password": MOT_DE_PASSE}
    assert client.post(porte.url, saisie).url == reverse("mfa_authenticate")
    assert client.get(accueil).status_code == 302  # le mot de passe seul n'ouvre pas
    direct = {"username": administrateur.email, "password": MOT_DE_PASSE}
    assert client.post(reverse("admin:login"), direct).status_code == 302
    assert client.get(accueil).status_code == 302


def test_l_administration_repare_qui_a_tout_perdu(client, administrateur):
    perdue = UtilisateurFactory()
    avec_seconds_facteurs(perdue)
    client.force_login(perdue)
    client.force_login(administrateur)
    client.post(
        reverse("admin:comptes_utilisateur_changelist"),
        {"action": "retirer_les_seconds_facteurs", "_selected_action": [perdue.pk]},
    )
    assert not Authenticator.objects.exists()
    assert not SessionOuverte.objects.filter(utilisateur=perdue).exists()
    assert Courriel.objects.get().destinataire == perdue.email


def test_les_secrets_ne_sont_pas_dans_l_administration():
    assert Authenticator not in admin.site._registry


def test_les_essais_de_code_sont_limites(client):
    agente = UtilisateurFactory()
    avec_seconds_facteurs(agente)
    saisie = {"login": agente.email, "password": MOT_DE_PASSE}
    client.post(reverse("comptes:connexion"), saisie)
    for _ in range(6):
        page = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Trop d&#x27;essais" in page.text
    assert client.get(ACCES).status_code == 302


def test_retirer_le_dernier_second_facteur_retire_les_codes(client):
    agente = UtilisateurFactory()
    cle = avec_seconds_facteurs(agente)
    vient_de_se_connecter(client, agente)
    client.post(reverse("mfa_remove_webauthn", args=[cle.pk]))
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert Courriel.objects.filter(destinataire=agente.email).count() == 2


def test_la_cle_d_une_autre_personne_n_existe_pas(client):
    cle = avec_seconds_facteurs(UtilisateurFactory())
    vient_de_se_connecter(client, UtilisateurFactory())
    for nom in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        assert client.post(reverse(nom, args=[cle.pk])).status_code == 404


def test_un_geste_sensible_demande_une_preuve_recente(client):
    agente = UtilisateurFactory()
    client.force_login(agente)  # session sans preuve récente
    assert client.get(reverse("mfa_activate_totp")).url.startswith(
        reverse("account_reauthenticate")
    )
    page = client.post(
        f"{reverse('account_reauthenticate')}?next={reverse('mfa_activate_totp')}",
        {"password": MOT_DE_PASSE},
    )
    assert page.url == reverse("mfa_activate_totp")
    assert client.get(page.url).status_code == 200
