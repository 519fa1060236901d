"""Preuve : un fichier hostile ou abîmé est refusé, avec sa raison, sans prendre la mémoire.

    python -m bench.hostiles [--abimes 30]

Chaque fichier de `tests/reprise/fichiers_mauvais.py` passe par le lecteur isolé, comme un fichier
reçu : refus attendu, mémoire la plus haute de tous les processus de lecture, durée. Puis, pour
chacun des six formats, une convention saine est abîmée au hasard (octets changés, coupés,
doublés) : elle se lit ou se refuse, jamais autre chose.
"""

import argparse
import os
import random
import resource
import sys
import time

from reprise.lecture import DocumentRefuse
from reprise.lecture.isolement import lire_isole

MEMOIRE_MAX = 500_000_000


def memoire() -> int:
    """Octets du plus gros processus de lecture lancé jusqu'ici."""
    unite = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unite


def essayer(octets: bytes, nom: str) -> tuple[str, float]:
    """Le refus, vide si le fichier se lit ; toute autre erreur arrête la preuve."""
    debut = time.monotonic()
    try:
        lire_isole(octets, nom)
    except DocumentRefuse as erreur:
        return str(erreur), time.monotonic() - debut
    return "", time.monotonic() - debut


def hostiles() -> int:
    from tests.reprise.documents import FABRIQUES
    from tests.reprise.fichiers_mauvais import MAUVAIS, octets_de

    rates = 0
    for nom, (_, attendu) in MAUVAIS.items():
        refus, duree = essayer(octets_de(nom), nom)
        rate = attendu not in refus
        autres = [f for f in FABRIQUES if not essayer(octets_de(nom), f"a.{f}")[0]]
        rates += rate or bool(autres)
        dit = "RATÉ" if rate or autres else "refusé"
        poids = memoire() // 10**6
        print(f"{dit:<7}{duree:>6.1f} s {poids:>4} Mo  {nom} : {refus[:110]}", *autres)
    print(f"{len(MAUVAIS)} fichiers hostiles, {rates} ratés.")
    return rates


def abimer(octets: bytes, hasard: random.Random) -> bytes:
    """Quelques octets changés, un morceau ôté ou doublé, ou la fin perdue."""
    geste, n = hasard.choice(["octets", "coupe", "trou", "double"]), len(octets)
    a, b = sorted(hasard.randrange(n) for _ in range(2))
    match geste:
        case "octets":
            brut = bytearray(octets)
            for _ in range(hasard.randint(1, 40)):
                brut[hasard.randrange(n)] = hasard.randrange(256)
            return bytes(brut)
        case "coupe":
            return octets[:a]
        case "trou":
            return octets[:a] + octets[b:]
    return octets[:b] + octets[a:]


def abimes(essais: int) -> None:
    from tests.reprise.documents import FORMATS

    for nom, faire in FORMATS.items():
        octets, refuses, lents = faire(), 0, 0.0
        for graine in range(essais):
            refus, duree = essayer(abimer(octets, random.Random(graine)), nom)
            refuses += bool(refus)
            lents = max(lents, duree)
        print(
            f"{nom:<18}{essais:>4} abîmés : {essais - refuses} lus, {refuses} refusés, "
            f"au plus {lents:.1f} s, {memoire() // 10**6} Mo"
        )


def main(essais: int) -> int:
    rates = hostiles()
    abimes(essais)
    haute = memoire()
    print(f"Mémoire la plus haute d'une lecture : {haute // 10**6} Mo (bornée à 500).")
    return int(rates > 0 or haute > MEMOIRE_MAX)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django

    django.setup()
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--abimes", type=int, default=30)
    sys.exit(main(arguments.parse_args().abimes))
