"""L'ouvrier de production, tué par `kill -9` pendant l'envoi, puis relancé."""

import os
import secrets
import shutil
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.lent
NOMBRE = 12
BASE = "reciproque.sqlite3"
OUVRIER = ("manage.py", "db_worker", "--batch", "--no-startup-delay", "--verbosity", "0")
PREPARATION = f"""
import django; django.setup()
from django.core.management import call_command
from courrier.depot import deposer
for app in ("courrier", "django_tasks_database"):
    call_command("migrate", app, verbosity=0)
for rang in range({NOMBRE}):
    adresse = f"p{{rang}}@exemple.invalid"
    deposer(cle=f"campagne-{{rang}}", destinataire=adresse, sujet="S", texte="T")
"""
CLE = secrets.token_urlsafe(64)


def lancer(dossier, *arguments, port=0):
    """Un processus de production : base dans `dossier`, courrier vers `port` de la boucle."""
    return subprocess.Popen(  # noqa: S603 - arguments écrits ici
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={
            **{c: os.environ[c] for c in ("PATH", "HOME") if c in os.environ},
            "DJANGO_SETTINGS_MODULE": "config.settings.prod",
            "SECRET_KEY": CLE,
            "ALLOWED_HOSTS": "contrats.exemple.fr",
            "DONNEES": str(dossier),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(port),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def boite_pleine(tmp_path_factory):
    """Base où douze courriels attendent."""
    dossier = tmp_path_factory.mktemp("boite")
    assert lancer(dossier, "-c", PREPARATION).wait() == 0
    return dossier / BASE


@pytest.fixture
def ouvrier(boite_pleine, tmp_path, serveur_smtp):
    """`ouvrier()` lance l'ouvrier de production sur une copie de la boîte."""
    shutil.copy(boite_pleine, tmp_path)
    return lambda: lancer(tmp_path, *OUVRIER, port=serveur_smtp.port)


def etats(dossier):
    with sqlite3.connect(dossier / BASE) as base:
        lignes = base.execute("SELECT destinataire, etat FROM courrier_courriel").fetchall()
    base.close()
    return dict(lignes)


# Tué juste après l'accord du serveur, l'ouvrier a pu, ou non, l'écrire.
ATTENDUS = {
    "connexion": [[]],
    "avant la réponse": [["en_cours"]],
    "après la réponse": [[], ["en_cours"]],
}


@pytest.mark.parametrize(
    ("moment", "rang"), [("connexion", 0), ("avant la réponse", 5), ("après la réponse", 5)]
)
def test_tue_puis_relance_il_n_ecrit_jamais_deux_fois(
    ouvrier, serveur_smtp, tmp_path, moment, rang
):
    serveur_smtp.tuer = (moment, rang)
    tue = ouvrier()
    serveur_smtp.proie = tue.pid
    serveur_smtp.proie_connue.set()
    assert tue.wait() == -9
    assert ouvrier().wait() == 0

    recus, etat = serveur_smtp.recus, etats(tmp_path)
    assert max(recus.values()) == 1
    # Chacun a le sien ; au plus un, celui de l'instant, attend qu'une personne décide.
    interrompus = {destinataire: e for destinataire, e in etat.items() if e != "envoye"}
    assert list(interrompus.values()) in ATTENDUS[moment]
    # L'accord reçu, l'ouvrier a pu commencer le suivant avant de mourir : lui seul peut manquer.
    commences = set(interrompus) if moment == "après la réponse" else set()
    assert set(etat) - set(recus) <= commences


def test_deux_ouvriers_ensemble_n_ecrivent_pas_deux_fois(ouvrier, serveur_smtp, tmp_path):
    ouvriers = [ouvrier() for _ in range(2)]
    assert [o.wait() for o in ouvriers] == [0, 0]
    assert serveur_smtp.recus == {f"p{r}@exemple.invalid": 1 for r in range(NOMBRE)}
    assert set(etats(tmp_path).values()) == {"envoye"}
