"""Le PERR de démonstration, chargé une fois par module : il prend plusieurs secondes."""

import pytest
from django.core.management import call_command
from django.db import transaction

from contrats.models import Contrat

SLUG = "perr-toulouse-metropole-2021"


@pytest.fixture(scope="module")
def _demo_chargee(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("charger_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_demo_chargee, db):
    """Le contrat de démonstration ; ce qu'un test y change est défait après lui."""
    return Contrat.objects.get(slug=SLUG)
