"""Valeurs JSON des champs : ce qu'une version garde et ce qu'un jeu de données écrit."""

import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model


def valeur_json(valeur: Any) -> Any:
    """Valeur JSON : date ISO, montant en texte, clé naturelle d'une référence."""
    if isinstance(valeur, datetime.date):
        return valeur.isoformat()
    if isinstance(valeur, Decimal):
        return str(valeur)
    if hasattr(valeur, "all"):
        return [valeur_json(objet) for objet in valeur.all()]
    if isinstance(valeur, Model):
        return _cle(valeur)
    return valeur


def _cle(objet: Any) -> str:
    for champ in ("cle", "slug", "numero"):
        if hasattr(objet, champ):
            return str(getattr(objet, champ))
    return str(objet.organisme.cle)
