"""Le lien de connexion : une fois, un quart d'heure, sans dire qui a un compte."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comptes import liens
from courrier.models import Courriel
from tests.comptes.factories import UtilisateurFactory, avec_seconds_facteurs

pytestmark = pytest.mark.django_db
DEMANDE = reverse("comptes:lien-demander")


@pytest.fixture
def agente(db):
    return UtilisateurFactory(email="agente@exemple.invalid")


def adresse(utilisateur, suite=""):
    return reverse("comptes:lien-ouvrir", args=[liens.fabriquer(utilisateur, suite)])


def connectee(client):
    return client.get(reverse("mfa_index")).status_code == 200


def test_la_reponse_est_la_meme_que_le_compte_existe_ou_non(client, agente):
    pages = set()
    for courriel in (agente.email, "inconnu@exemple.invalid"):
        page = client.post(DEMANDE, {"courriel": courriel}).text
        pages.add(page.replace(courriel, "…").split("<main")[1])
    assert len(pages) == 1
    assert [c.destinataire for c in Courriel.objects.all()] == [agente.email]


def test_le_lien_ouvre_la_session_une_fois(client, agente):
    url = adresse(agente, suite="/actions/")
    assert client.get(url).status_code == 200
    assert not connectee(client)  # suivre le lien n'ouvre rien : un antivirus le fait aussi
    assert client.post(url).url == "/actions/"
    assert connectee(client)
    client.logout()
    assert client.post(url).status_code == 410
    assert not connectee(client)


def test_le_lien_ne_vaut_qu_un_quart_d_heure(client, agente, monkeypatch):
    url = adresse(agente)
    plus_tard = timezone.now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr("time.time", plus_tard.timestamp)
    assert client.post(url).status_code == 410


@pytest.mark.parametrize("change", ["password", "email"])
def test_un_compte_change_rend_le_lien_vain(client, agente, change):
    url = adresse(agente)
    setattr(agente, change, "autre@exemple.invalid")
    agente.save()
    assert client.post(url).status_code == 410


def test_un_lien_forge_n_ouvre_rien(client, agente):
    autre = UtilisateurFactory()
    jeton = liens.fabriquer(agente).split(":")
    jeton[0] = liens.fabriquer(autre).split(":")[0]
    assert client.post(reverse("comptes:lien-ouvrir", args=[":".join(jeton)])).status_code == 410


def test_un_compte_ferme_ne_recoit_ni_n_ouvre_de_lien(client, agente):
    url = adresse(agente)
    agente.is_active = False
    agente.save()
    client.post(DEMANDE, {"courriel": agente.email})
    assert not Courriel.objects.exists()
    assert client.post(url).status_code == 410


def test_en_demonstration_la_vraie_administration_ne_recoit_pas_de_lien(client):
    """La boîte de démonstration se lit sans compte."""
    vraie = UtilisateurFactory(administrateur=True)
    essai = UtilisateurFactory(administrateur=True, email="admin@demonstration.invalid")
    for compte in (vraie, essai):
        client.post(DEMANDE, {"courriel": compte.email})
        client.post(reverse("account_reset_password"), {"email": compte.email})
    assert {c.destinataire for c in Courriel.objects.all()} == {essai.email}
    assert Courriel.objects.count() == 2


def test_le_lien_ne_dispense_pas_du_second_facteur(client, agente):
    avec_seconds_facteurs(agente)
    assert client.post(adresse(agente)).url == reverse("mfa_authenticate")
    assert not connectee(client)


def test_les_demandes_se_limitent_la_ou_on_les_fait(client, agente):
    reponses = [client.post(DEMANDE, {"courriel": agente.email}) for _ in range(6)]
    assert [r.status_code for r in reponses] == [200] * 5 + [429]
    assert "Trop de demandes" in reponses[-1].text
    ailleurs = client.post(DEMANDE, {"courriel": agente.email}, REMOTE_ADDR="198.51.100.7")
    assert ailleurs.status_code == 200


def test_la_suite_reste_sur_le_site(client, agente):
    client.post(f"{DEMANDE}?next=https://ailleurs.invalid/", {"courriel": agente.email})
    [chemin] = [m for m in Courriel.objects.get().texte.split() if "/connexion/lien/" in m]
    url = chemin[chemin.index("/connexion") :]
    assert client.post(url).url == reverse("contrats:mes-fiches")


def test_un_mot_de_passe_oublie_se_remplace_par_courriel(client, agente):
    client.post(reverse("account_reset_password"), {"email": agente.email})
    [lien] = [m for m in Courriel.objects.get().texte.split() if "/mot-de-passe/" in m]
    page = client.get(lien[lien.index("/connexion") :], follow=True)
    url = page.redirect_chain[-1][0]
    assert "set-password" in url  # le jeton n'est plus dans l'adresse
    court = client.post(url, {"password1": "court", "password2": "court"})
    assert "12" in court.text
    nouveau = "une phrase qui se retient"
    fin = client.post(url, {"password1": nouveau, "password2": nouveau})
    assert fin.url == reverse("account_reset_password_from_key_done")
    assert client.login(username=agente.email, password=nouveau)
    sujets = list(Courriel.objects.order_by("pk").values_list("sujet", flat=True))
    assert sujets[-1] == "Votre compte Réciproque a changé"
