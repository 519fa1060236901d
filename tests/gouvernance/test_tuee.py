"""Une séance dont le processus est tué : rien à moitié fait, rien de tapé perdu."""

import re
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.mark.lent
def test_tuee_en_notant_ou_en_se_cloturant_une_seance_est_entiere_ou_intacte():
    """La même preuve qu'à chaque requête (`python -m bench.cloture`), une requête sur dix."""
    commande = [sys.executable, "-m", "bench.cloture", "--pas", "10", "--kills", "0"]
    preuve = subprocess.run(  # noqa: S603 : notre commande
        commande, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=600, check=False
    )
    dit = preuve.stdout + preuve.stderr
    assert re.search(r"noter : kills=\d+ half=0 lost=0", dit), dit
    assert re.search(r"clore : kills=\d\d half=0 twice=0", dit), dit
