"""Débit de l'API (B-56) : exact, partagé par les processus, dit au client, jamais fatal."""

import subprocess
import sys

import pytest
from django.conf import settings

from api import debit
from api.compteur import Compteur
from tests.api.conftest import contrat_complet
from tests.comptes.factories import UtilisateurFactory

ACTIONS = "/api/v1/actions/"


@pytest.fixture
def limites(settings, tmp_path, monkeypatch):
    """Trois requêtes par minute sans compte, cinq avec, 39 secondes avant la minute suivante."""
    settings.API_DEBITS = {"anonyme": 3, "compte": 5}
    settings.API_DEBITS_FICHIER = tmp_path / "debits.sqlite3"
    monkeypatch.setattr(debit.time, "time", lambda: 60_021.0)


def frapper(client, nombre, **champs):
    return [client.get(ACTIONS, **champs) for _ in range(nombre)]


@pytest.mark.django_db
def test_au_dela_du_quota_la_requete_est_refusee_et_dit_quand_revenir(client, limites):
    reponses = frapper(client, 4)
    assert [r.status_code for r in reponses] == [200, 200, 200, 429]
    assert reponses[0]["RateLimit-Policy"] == '"anonyme";q=3;w=60'
    assert [r["RateLimit"] for r in reponses] == [f'"anonyme";r={n};t=39' for n in (2, 1, 0, 0)]
    refus = reponses[-1]
    assert refus["Content-Type"] == "application/problem+json"
    assert refus["Retry-After"] == "39"
    assert refus.json()["title"] == "Trop de requêtes"


@pytest.mark.django_db
def test_la_minute_suivante_une_autre_adresse_un_compte_ont_leur_quota(
    client, limites, monkeypatch
):
    frapper(client, 4)
    [autre] = frapper(client, 1, REMOTE_ADDR="192.0.2.7")
    assert autre.status_code == 200
    client.force_login(UtilisateurFactory())
    assert [r.status_code for r in frapper(client, 6)] == [200] * 5 + [429]
    client.logout()
    monkeypatch.setattr(debit.time, "time", lambda: 60_061.0)
    assert frapper(client, 1)[0].status_code == 200


@pytest.mark.django_db
def test_essayer_des_jetons_se_compte(client, limites):
    essais = frapper(client, 4, HTTP_AUTHORIZATION="Bearer rcp_faux.faux")
    assert [r.status_code for r in essais] == [401, 401, 401, 429]


@pytest.mark.django_db
def test_compter_ne_coute_aucune_requete_a_la_base(client, limites, django_assert_num_queries):
    contrat_complet()
    with django_assert_num_queries(6):
        assert client.get(ACTIONS).status_code == 200


@pytest.mark.django_db
def test_un_compteur_en_panne_ne_ferme_pas_l_api(client, limites, settings, tmp_path, caplog):
    settings.API_DEBITS_FICHIER = tmp_path / "fichier" / "debits.sqlite3"
    (tmp_path / "fichier").write_text("pas un dossier")
    assert frapper(client, 1)[0].status_code == 200
    assert "non compté" in caplog.text


COMPTER = """
import sys
from pathlib import Path
from api.compteur import Compteur
compteur = Compteur(Path(sys.argv[1]))
print(*(compteur.ajouter("adresse", 1) for _ in range(50)))
"""


def test_quatre_processus_comptent_ensemble_au_plus_juste(tmp_path):
    """200 requêtes de quatre processus : chaque nombre de 1 à 200 rendu une fois ; puis à zéro."""
    fichier = tmp_path / "debits.sqlite3"
    commande = [sys.executable, "-c", COMPTER, str(fichier)]
    processus = [
        subprocess.Popen(commande, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for _ in range(4)
    ]
    sorties = [p.communicate(timeout=60)[0] for p in processus]
    comptes = [int(n) for sortie in sorties for n in sortie.split()]
    assert sorted(comptes) == list(range(1, 201))
    assert Compteur(fichier).ajouter("adresse", 2) == 1
