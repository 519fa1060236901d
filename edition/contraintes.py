"""Traduit un refus de la base en la phrase française de la contrainte."""

from django.apps import apps
from django.db import IntegrityError


def message_de_contrainte(erreur: IntegrityError) -> str:
    """Message de la contrainte nommée dans l'erreur, ou une phrase générale.

    SQLite et PostgreSQL citent le nom d'une contrainte CHECK ; SQLite cite les colonnes, et non le
    nom, d'une contrainte d'unicité.
    """
    texte = str(erreur)
    for modele in apps.get_models():
        for contrainte in modele._meta.constraints:
            if contrainte.name in texte:
                return str(contrainte.violation_error_message)
    return "Cet enregistrement contredit une règle de la base : vérifiez les valeurs en double."
