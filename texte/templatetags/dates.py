"""`{{ jour|date:"j F Y" }}` dit « 1er janvier 2026 » : remplace partout le filtre de Django."""

import datetime

from django import template
from django.template import defaultfilters

from texte.dates import ordinal

register = template.Library()


@register.filter(expects_localtime=True)
def date(valeur: datetime.date | str | None, motif: str | None = None) -> str:
    """Le filtre de Django, le premier du mois ordinal."""
    if motif and isinstance(valeur, datetime.date):
        motif = ordinal(valeur, motif)
    return defaultfilters.date(valeur, motif)
