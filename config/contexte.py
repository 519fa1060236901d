"""Ce que toutes les pages savent du site."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Mode et identité de l'installation.

    `demonstration` : vrai quand la plateforme porte des données et comptes de démonstration.
    `assistance` : celle sous laquelle la page est vue, que toutes les pages disent.
    `editeur`, `hebergeur` : une ligne chacun, vide si l'administration ne les a pas réglés.
    """
    return {
        "demonstration": settings.DEMONSTRATION,
        "assistance": getattr(request, "assistance", None),
        "editeur": settings.EDITEUR,
        "hebergeur": settings.HEBERGEUR,
    }
