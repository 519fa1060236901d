from importlib import import_module

import pytest
from django.db import connection

from contrats.enums import RoleHabilitation
from documents.enums import Nature
from documents.figes.depot import figer
from documents.figes.sujets import Sujet
from tests.comptes.factories import UtilisateurFactory


@pytest.fixture(autouse=True)
def depot(settings, tmp_path):
    """Un dépôt par test, sur le disque comme en vrai."""
    settings.STORAGES = settings.STORAGES | {
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }
    return tmp_path


@pytest.fixture
def chargee(contrat):
    """Chargée de projet du contrat."""
    return UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])


@pytest.fixture
def fige(contrat, chargee):
    """Une fiche figée, non publiée."""
    fiche = contrat.fiches.order_by("ordre")[0]
    return figer(
        contrat, par=chargee, sujet=Sujet(Nature.FICHE, fiche.cle), site="https://exemple.invalid/"
    )


def _executer(ordres):
    with connection.cursor() as curseur:
        for ordre in ordres:
            curseur.execute(ordre)


@pytest.fixture
def sans_declencheurs(db):
    """Un attaquant a contourné la base : seule la preuve reste."""
    migration = import_module("documents.migrations.0002_rien_ne_se_change")
    _executer(migration.ordres_inverses(connection.vendor))


@pytest.fixture
def avec_declencheurs(sans_declencheurs):
    """Ceux de la migration, que la suite ait été lancée avec ou sans migrations."""
    migration = import_module("documents.migrations.0002_rien_ne_se_change")
    _executer(migration.ordres(connection.vendor))
