"""Les dates en toutes lettres : « 1er janvier 2026 », que Django écrit « 1 janvier 2026 »."""

import datetime

from django.utils.formats import date_format

JOUR_ET_MOIS = "j F"
PREMIER_DU_MOIS = r"j\e\r F"


def en_lettres(jour: datetime.date, motif: str = "j F Y") -> str:
    """Ce jour selon ce motif de Django ; le premier du mois y est ordinal."""
    return date_format(jour, ordinal(jour, motif))


def ordinal(jour: datetime.date, motif: str) -> str:
    """Le motif qui écrit ce jour."""
    return motif.replace(JOUR_ET_MOIS, PREMIER_DU_MOIS) if jour.day == 1 else motif
