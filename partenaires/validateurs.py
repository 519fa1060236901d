"""Contrôle des identifiants d'organismes."""

import re

from django.core.exceptions import ValidationError

SIREN = re.compile(r"\d{9}", re.ASCII)


def valider_siren(siren: str) -> None:
    """Neuf chiffres et la clé de Luhn (Insee, répertoire Sirene) ; lève `ValidationError`."""
    if not SIREN.fullmatch(siren):
        raise ValidationError("Le SIREN a neuf chiffres, sans espace.", code="siren")
    doubles = [int(c) * (1 + rang % 2) for rang, c in enumerate(siren)]
    if sum(n - 9 if n > 9 else n for n in doubles) % 10:
        raise ValidationError("Ce SIREN est faux : sa clé de contrôle ne convient pas.", "siren")
