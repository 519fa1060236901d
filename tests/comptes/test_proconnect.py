"""ProConnect, contre un fournisseur de la boucle locale dont le `userinfo` est signé."""

import pytest
import requests
from django.urls import reverse

from comptes.models import Utilisateur
from tests.comptes.factories import MOT_DE_PASSE, UtilisateurFactory, avec_seconds_facteurs
from tests.comptes.serveur_oidc import AUTRE_CLE

pytestmark = pytest.mark.django_db
ALLER = reverse("comptes:proconnect")
RETOUR = reverse("comptes:proconnect-retour")
REFUS = "ProConnect n&#x27;a pas ouvert de session ici."


@pytest.fixture
def agente(proconnect):
    proconnect.identite = {"sub": "abc", "email": "Agente@exemple.invalid"}
    return UtilisateurFactory(email="agente@exemple.invalid")


def passer(client, suite=""):
    """Va à ProConnect, s'y identifie, revient ; rend la dernière page."""
    aller = client.get(ALLER, {"next": suite} if suite else {})
    retour = requests.get(aller.url, allow_redirects=False, timeout=5).headers["Location"]
    return client.get(retour[retour.index(RETOUR) :], follow=True)


def connectee(client):
    return client.get(reverse("mfa_index")).status_code == 200


def test_l_agente_entre_par_son_courriel_puis_par_son_identifiant(client, proconnect, agente):
    assert passer(client, "/actions/").redirect_chain[-1][0] == "/actions/"
    assert connectee(client)
    client.logout()
    proconnect.identite["email"] = "nouveau@exemple.invalid"  # le courriel change de mains
    passer(client)
    assert connectee(client)
    agente.refresh_from_db()
    assert (agente.identifiant_proconnect, agente.email) == ("abc", "agente@exemple.invalid")


def test_une_autre_identite_ne_prend_pas_un_compte_deja_lie(client, proconnect, agente):
    passer(client)
    client.logout()
    proconnect.identite["sub"] = "autre"
    assert REFUS in passer(client).text
    assert not connectee(client)


def test_on_entre_sur_invitation(client, proconnect, agente):
    proconnect.identite["email"] = "inconnue@exemple.invalid"
    assert REFUS in passer(client).text
    assert Utilisateur.objects.count() == 1


@pytest.mark.parametrize(
    "altere",
    [
        {"id_token": {"aud": "un-autre-service"}},
        {"id_token": {"iss": "https://ailleurs.invalid"}},
        {"id_token": {"nonce": "rejoue"}},
        {"id_token": {"exp": 1}},
        {"userinfo": {"sub": "autre"}},
        {"userinfo": {"aud": "un-autre-service"}},
        {"userinfo": {"email": ""}},
    ],
    ids=str,
)
def test_un_jeton_faux_n_ouvre_rien(client, proconnect, agente, altere):
    proconnect.altere = altere
    assert REFUS in passer(client).text
    assert not connectee(client)


def test_une_signature_d_une_autre_cle_n_ouvre_rien(client, proconnect, agente):
    proconnect.cle = AUTRE_CLE
    assert REFUS in passer(client).text


def test_un_retour_sans_aller_n_ouvre_rien(client, agente):
    for parametres in ({}, {"code": "x", "state": "y"}, {"error": "access_denied"}):
        assert REFUS in client.get(RETOUR, parametres, follow=True).text
    client.get(ALLER)
    assert REFUS in client.get(RETOUR, {"code": "x", "state": "forge"}, follow=True).text


def test_un_fournisseur_en_panne_est_dit_sans_erreur_500(client, proconnect, agente, settings):
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://127.0.0.1:9/token"
    assert REFUS in passer(client).text


def test_un_compte_ferme_reste_ferme(client, proconnect, agente):
    agente.is_active = False
    agente.save()
    assert REFUS in passer(client).text


def test_le_second_facteur_reste_demande(client, proconnect, agente):
    avec_seconds_facteurs(agente)
    assert passer(client).redirect_chain[-1][0] == reverse("mfa_authenticate")
    assert not connectee(client)


def test_le_formulaire_de_mot_de_passe_n_appelle_pas_proconnect(client, proconnect, agente):
    """Un `code` glissé dans l'adresse contournerait sinon le contrôle de `state`."""
    saisie = {"login": agente.email, "password": "faux"}
    url = f"{reverse('comptes:connexion')}?code=x&state=y"
    assert "Le courriel ou le mot de passe est inexact." in client.post(url, saisie).text
    saisie["password"] = MOT_DE_PASSE
    assert client.post(url, saisie).status_code == 302


def test_sortir_propose_de_sortir_aussi_de_proconnect(client, proconnect, agente):
    passer(client)
    page = client.post(reverse("comptes:deconnexion"))
    assert "Se déconnecter aussi de ProConnect" in page.text
    assert page.context["sortie"].startswith(f"{proconnect.emetteur}/session/end?id_token_hint=")
    assert not connectee(client)
    agente.set_password(MOT_DE_PASSE)
    client.force_login(agente)
    assert client.post(reverse("comptes:deconnexion")).status_code == 302


@pytest.mark.parametrize("regle", [True, False])
def test_sans_reglage_proconnect_n_existe_pas(client, proconnect, settings, regle):
    settings.PROCONNECT = regle
    assert (ALLER in client.get(reverse("comptes:connexion")).text) is regle
    assert client.get(ALLER).status_code == (302 if regle else 404)
    assert client.get(RETOUR).status_code == (302 if regle else 404)
