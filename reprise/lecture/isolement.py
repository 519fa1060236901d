"""Lit un fichier reçu dans un processus à part, dont mémoire et temps sont bornés.

Une archive ou un PDF piégés peuvent tout demander à la machine : ici, ils n'ont que ce processus.
"""

import json
import subprocess
import sys
from pathlib import Path

from reprise.lecture.formes import DocumentRefuse, Lecture
from reprise.lecture.lecteur import verifier_taille

RACINE = Path(__file__).resolve().parents[2]
MEMOIRE_MAX = 450_000_000
SECONDES_MAX = 30
TROP = (
    "Ce document demande trop de mémoire ou de temps pour être lu : il est abîmé ou piégé. "
    "Enregistrez-en le texte dans un document neuf et déposez celui-ci."
)


def lire_isole(octets: bytes, nom: str = "") -> Lecture:
    """Comme `lire` ; `DocumentRefuse` aussi quand le processus dépasse ses bornes."""
    verifier_taille(len(octets))
    try:
        fait = subprocess.run(  # noqa: S603 : notre module, notre interpréteur, rien du dehors
            [sys.executable, "-m", "reprise.lecture", nom[-200:].replace("\x00", "")],
            input=octets,
            capture_output=True,
            cwd=RACINE,
            timeout=SECONDES_MAX + 10,
            check=False,
        )
    except subprocess.TimeoutExpired as erreur:
        raise DocumentRefuse(TROP) from erreur
    try:
        reponse = json.loads(fait.stdout)
    except ValueError as erreur:
        raise DocumentRefuse(TROP) from erreur
    if "refus" in reponse:
        raise DocumentRefuse(reponse["refus"])
    return Lecture.de_json(reponse)
