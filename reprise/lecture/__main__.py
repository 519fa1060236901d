"""Processus isolé : un fichier sur l'entrée, ses blocs ou le refus en JSON sur la sortie."""

import json
import logging
import resource
import sys

from reprise.lecture.formes import DocumentRefuse
from reprise.lecture.isolement import MEMOIRE_MAX, SECONDES_MAX, TROP
from reprise.lecture.lecteur import lire


def principal() -> None:
    """Borne ce processus, lit, répond."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX, MEMOIRE_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES_MAX, SECONDES_MAX + 5))
    logging.disable(logging.CRITICAL)
    sortie, sys.stdout = sys.stdout, sys.stderr
    try:
        nom = sys.argv[1] if len(sys.argv) > 1 else ""
        reponse = lire(sys.stdin.buffer.read(), nom).en_json()
    except DocumentRefuse as refus:
        reponse = {"refus": str(refus)}
    except (MemoryError, RecursionError):
        reponse = {"refus": TROP}
    json.dump(reponse, sortie, ensure_ascii=False)


if __name__ == "__main__":
    principal()
