"""Base chargée des jeux de données, partagée par les tests qui la lisent."""

import pytest
from django.db import transaction

from portail.management.commands.charger_demo import charger
from tests.jeux.lecture import JEUX


@pytest.fixture(scope="module")
def _jeux_charges(django_db_setup, django_db_blocker):
    """Chargement fait une fois pour le module, puis annulé : il prend plusieurs secondes."""
    with django_db_blocker.unblock(), transaction.atomic():
        charger(JEUX)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def jeux(_jeux_charges, db):
    """Base qui contient les jeux de données ; ce qu'un test y change est défait après lui."""
