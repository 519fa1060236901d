"""Typographie française à l'affichage : le texte enregistré garde les espaces qu'on y a tapées."""

import re

# Avant un signe double, une unité ou un guillemet fermant ; après un guillemet ouvrant.
ESPACES = re.compile(r"(?<=«) (?=\S)|(?<=\S) (?=[»:;?!%€]|[KM]€)")


def insecables(texte: str) -> str:
    """Les mêmes mots, sans signe seul en tête ou en fin de ligne."""
    return ESPACES.sub("\u00a0", texte)
