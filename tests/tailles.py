"""La taille des preuves : petite dans la suite, pleine par `python -m bench.preuves`."""

import os


def taille(petite: int, pleine: int) -> int:
    """Nombre de tirages d'une preuve."""
    return pleine if os.environ.get("PREUVES") == "pleines" else petite
