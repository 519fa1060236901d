"""La taille des preuves : petite dans la suite, pleine par `python -m bench.preuves`."""

import os

PLEINES = os.environ.get("PREUVES") == "pleines"


def taille(petite: int, pleine: int) -> int:
    """Nombre de tirages d'une preuve."""
    return pleine if PLEINES else petite
