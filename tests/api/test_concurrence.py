"""Preuve lente : des programmes concurrents, par l'API, ne perdent aucune modification."""

import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = [pytest.mark.django_db, pytest.mark.lent]


def test_des_programmes_concurrents_ne_perdent_rien():
    """La même preuve qu'en grand (`python -m bench.concurrence_api`), en petit."""
    commande = [sys.executable, "-m", "bench.concurrence_api"]
    commande += ["--processus", "8", "--ecritures", "24"]
    preuve = subprocess.run(  # noqa: S603 : notre commande
        commande, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=600, check=False
    )
    for ressource in ("actions", "declinaisons"):
        attendu = f"{ressource} lost=0 accepted=24 versions=24"
        assert attendu in preuve.stdout, preuve.stdout + preuve.stderr
    assert preuve.returncode == 0
