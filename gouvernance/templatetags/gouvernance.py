"""Balises des pages de gouvernance : ce que le lecteur peut lire d'une décision."""

from typing import Any

from django import template

from gouvernance.lisibles import Lisibles, Visee

register = template.Library()


@register.simple_tag
def qui(decision: Any, lisibles: Lisibles) -> str:
    """Qui la doit : l'organisme ; la fonction aussi, pour qui a un rôle sur le contrat."""
    return lisibles.qui(decision)


@register.simple_tag
def visees(objet: Any, lisibles: Lisibles) -> list[Visee]:
    """Ce que vise un point ou une décision."""
    return lisibles.visees(objet)
