"""La base migrée une fois par passe : chaque ouvrier, chaque preuve lancée en prend une copie.

Migrer prend une vingtaine de secondes de calcul, que chacun d'eux paierait ; cela se fait pendant
que les ouvriers lisent la suite. Sans `-n`, rien ne change.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from bench.concurrence import MODELE, RACINE, base_jetable

ISSUE = "ISSUE_DU_MODELE"  # le fichier où s'écrit, migration finie, son code de retour
_PILE = contextlib.ExitStack()


def pytest_configure(config):
    """Chez qui mène la passe, avant ses ouvriers : ils héritent de l'environnement."""
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        return
    dossier = Path(_PILE.enter_context(tempfile.TemporaryDirectory(prefix="modele-")))
    adresse = _PILE.enter_context(base_jetable(dossier))
    commande = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    # Ceux du service, et non des tests : un serveur lancé par un essai y lit aussi son cache.
    reglages = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "DATABASE_URL": adresse}
    migration = subprocess.Popen(commande, cwd=RACINE, env=os.environ | reglages)  # noqa: S603 : notre commande
    _PILE.callback(migration.wait)
    _PILE.callback(migration.terminate)
    os.environ[MODELE], os.environ[ISSUE] = adresse, str(dossier / "issue")

    def dire():
        (dossier / "issue.tmp").write_text(str(migration.wait()))
        (dossier / "issue.tmp").rename(dossier / "issue")

    threading.Thread(target=dire, daemon=True).start()


@pytest.fixture(scope="session", autouse=True)
def _modele_pret():
    """Aucun essai ne commence avant que la base modèle soit entière."""
    if not (issue := os.environ.get(ISSUE)):
        return
    while not Path(issue).exists():
        time.sleep(0.1)
    if Path(issue).read_text() != "0":
        pytest.exit("La base modèle ne se migre pas : l'erreur est plus haut.")


def pytest_unconfigure(config):
    _PILE.close()


def modele_sqlite():
    """Le fichier modèle de SQLite ; PostgreSQL copie de lui-même (`TEST.TEMPLATE`)."""
    adresse = os.environ.get(MODELE, "")
    return Path(adresse.removeprefix("sqlite:///")) if adresse.startswith("sqlite") else None


@pytest.fixture(scope="session")
def django_db_keepdb(request):
    """Une copie déjà en place se garde : Django n'y migre plus rien."""
    return bool(modele_sqlite()) or request.config.getvalue("reuse_db")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(_modele_pret, django_db_modify_db_settings_parallel_suffix):
    modele, place = modele_sqlite(), connection.settings_dict["TEST"]["NAME"]
    if modele is None:
        yield
        return
    shutil.copyfile(modele, place)
    yield
    connection.close()
    for suffixe in ("", "-wal", "-shm"):
        Path(f"{place}{suffixe}").unlink(missing_ok=True)
