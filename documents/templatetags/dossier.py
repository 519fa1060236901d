"""Teintes d'une grille de dossier."""

from collections.abc import Sequence

from django import template

register = template.Library()


@register.filter
def rangee(degres: Sequence[Sequence[int]], rang: int) -> Sequence[int]:
    """Les degrés d'une ligne ; aucun si la grille, ou cette ligne, n'en a pas."""
    return degres[rang] if rang < len(degres) else ()


@register.simple_tag
def degre_de(degres: Sequence[int], rang: int) -> str:
    """Classe de teinte d'une case ; la première colonne n'en a pas."""
    return f" s{degres[rang - 1]}" if 0 < rang <= len(degres) else ""
