"""B-18 : les essais de mot de passe se limitent sans bloquer le titulaire, ailleurs."""

import pytest
from django.urls import reverse

from comptes.models import Utilisateur
from tests.comptes.factories import MOT_DE_PASSE, UtilisateurFactory

pytestmark = [pytest.mark.django_db, pytest.mark.une_fois]
CONNEXION = reverse("comptes:connexion")
TROP = "Trop d&#x27;essais depuis cet endroit."


@pytest.fixture
def essais(monkeypatch):
    """Mots de passe réellement vérifiés : les autres sont refusés sans être lus."""
    verifies = []
    verifier = Utilisateur.check_password
    monkeypatch.setattr(
        Utilisateur, "check_password", lambda u, m: verifies.append(m) or verifier(u, m)
    )
    return verifies


def essayer(client, courriel, mot_de_passe, depuis):
    return client.post(CONNEXION, {"login": courriel, "password": mot_de_passe}, REMOTE_ADDR=depuis)


def test_mille_essais_n_en_verifient_pas_dix_et_le_titulaire_entre_d_ailleurs(client, essais):
    agente = UtilisateurFactory()
    for rang in range(1000):
        reponse = essayer(client, agente.email, f"essai-{rang}", "203.0.113.9")
    assert len(essais) <= 10
    assert TROP in reponse.text
    assert essayer(client, agente.email, MOT_DE_PASSE, "203.0.113.9").status_code == 200
    assert essayer(client, agente.email, MOT_DE_PASSE, "198.51.100.7").status_code == 302


def test_un_essai_sur_beaucoup_de_comptes_s_arrete_aussi(client, essais):
    agentes = UtilisateurFactory.create_batch(40)
    for agente in agentes:
        essayer(client, agente.email, "motdepasse-courant", "203.0.113.9")
    assert len(essais) == 30


def test_qui_entre_ne_compte_pas_comme_un_essai(client, essais):
    agente = UtilisateurFactory()
    for _ in range(8):
        assert essayer(client, agente.email, MOT_DE_PASSE, "203.0.113.9").status_code == 302
        client.logout()


def test_derriere_un_mandataire_l_adresse_est_celle_qu_il_donne(client, settings, essais):
    """Sans quoi l'attaquant bloquerait tous ceux qui passent par le même mandataire."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    agente = UtilisateurFactory()
    saisie = {"login": agente.email, "password": "faux"}
    for _ in range(6):
        reponse = client.post(CONNEXION, saisie, HTTP_X_FORWARDED_FOR="1.2.3.4, 203.0.113.9")
    assert TROP in reponse.text
    saisie["password"] = MOT_DE_PASSE
    reponse = client.post(CONNEXION, saisie, HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.7")
    assert reponse.status_code == 302
