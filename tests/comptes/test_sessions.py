"""Sessions : bornées dans le temps, listées, fermées à distance, illisibles dans une copie."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings as reglages
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comptes import liens
from comptes.models import SessionOuverte
from tests.comptes.factories import (
    MOT_DE_PASSE,
    SECRET_TOTP,
    UtilisateurFactory,
    avec_seconds_facteurs,
)

pytestmark = pytest.mark.django_db
LISTE = reverse("comptes:session-list")
FERMER = reverse("comptes:session-fermer")


@pytest.fixture
def agente(db):
    return UtilisateurFactory()


@pytest.fixture
def horloge(monkeypatch):
    """`horloge(heures=…)` avance l'heure qu'il est."""
    avance = timedelta()

    def avancer(**duree):
        nonlocal avance
        avance += timedelta(**duree)

    maintenant = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: maintenant() + avance)
    return avancer


def ouverte(client):
    return client.get(LISTE).status_code == 200


# B-17


def test_trois_heures_sans_activite_ferment_la_session(client, agente, horloge):
    client.force_login(agente)
    horloge(hours=2, minutes=59)
    assert ouverte(client)
    horloge(hours=2, minutes=59)
    assert ouverte(client)
    horloge(hours=3, seconds=1)
    assert not ouverte(client)


def test_douze_heures_ferment_la_session_meme_active(client, agente, horloge):
    client.force_login(agente)
    for _ in range(11):
        horloge(hours=1)
        assert ouverte(client)
        session = client.session
        session["brouillon"] = "une écriture ne prolonge pas"
        session.save()
    horloge(minutes=59)
    assert ouverte(client)
    horloge(minutes=2)
    assert not ouverte(client)


def test_l_activite_ne_s_ecrit_pas_a_chaque_requete(client, agente, django_assert_num_queries):
    client.force_login(agente)
    for _ in range(2):
        with django_assert_num_queries(4):  # session, utilisateur, liste, rôles, compteur
            client.get(LISTE)


# Copie de la base


def test_une_copie_de_la_base_n_ouvre_rien(client, agente):
    """B-16 : clé de session, lien, mot de passe, secret des codes : aucun n'y est lisible."""
    avec_seconds_facteurs(agente)
    client.post(reverse("comptes:lien-demander"), {"courriel": agente.email})
    client.post(reverse("account_reset_password"), {"email": agente.email})
    client.force_login(agente)
    cle = client.cookies[reglages.SESSION_COOKIE_NAME].value
    with connection.cursor() as curseur:
        copie = ""
        for table in connection.introspection.table_names(curseur):
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            copie += str(curseur.fetchall())
    assert agente.email in copie
    for secret in (cle, MOT_DE_PASSE, SECRET_TOTP, "/connexion/lien/", "/mot-de-passe/"):
        assert secret not in copie
    for empreinte in SessionOuverte.objects.values_list("pk", flat=True):
        intrus = Client()
        intrus.cookies[reglages.SESSION_COOKIE_NAME] = empreinte
        assert not ouverte(intrus)
    jeton = re.escape(liens.fabriquer(agente))
    assert not re.search(jeton, copie)


def test_le_modele_de_session_de_django_ne_sert_plus(client, agente):
    client.force_login(agente)
    assert not apps.get_model("sessions.Session").objects.exists()
    assert SessionOuverte.objects.get().utilisateur == agente


# Liste et révocation


def test_fermer_une_session_agit_a_la_requete_suivante(agente):
    ici, ailleurs = Client(), Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/604.1"})
    for navigateur in (ici, ailleurs):
        navigateur.force_login(agente)
        assert ouverte(navigateur)
        navigateur.session.save()
    autre = SessionOuverte.objects.exclude(pk=None).order_by("ouverte_le").last()
    assert ici.get(LISTE).text.count("<b>Celle-ci</b>") == 1
    ici.post(FERMER, {"session": autre.pk})
    assert ouverte(ici)
    assert not ouverte(ailleurs)


def test_la_liste_dit_l_appareil_et_l_adresse(client, agente):
    entree = {"login": agente.email, "password": MOT_DE_PASSE}
    client.post(
        reverse("comptes:connexion"),
        entree,
        REMOTE_ADDR="198.51.100.7",
        HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    )
    page = client.get(LISTE).text
    assert "Firefox sur Linux" in page
    assert "198.51.100.7" in page


def test_on_ne_ferme_pas_la_session_d_un_autre(client, agente):
    victime = Client()
    victime.force_login(UtilisateurFactory())
    cle = SessionOuverte.objects.get().pk
    client.force_login(agente)
    assert client.post(FERMER, {"session": cle}).status_code == 404
    assert client.post(FERMER, {"session": "autres"}).status_code == 302
    assert ouverte(victime)


def test_changer_de_mot_de_passe_ferme_les_autres_sessions(client, agente):
    ailleurs = Client()
    ailleurs.force_login(agente)
    client.force_login(agente)
    nouveau = "une phrase qui se retient"
    saisie = {"oldpassword": MOT_DE_PASSE, "password1": nouveau, "password2": nouveau}
    assert client.post(reverse("account_change_password"), saisie).status_code == 302
    assert ouverte(client)
    assert not ouverte(ailleurs)


@pytest.mark.parametrize("nombre", [1, 5])
def test_la_liste_coute_quatre_requetes(client, agente, nombre, django_assert_num_queries):
    for _ in range(nombre):
        Client().force_login(agente)
    client.force_login(agente)
    with django_assert_num_queries(4):
        client.get(LISTE)


def test_les_sessions_expirees_se_purgent(client, agente, horloge):
    client.force_login(agente)
    horloge(hours=13)
    client.session.clear_expired()
    assert not SessionOuverte.objects.exists()
