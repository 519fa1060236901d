"""Balises de la vérification : `{% load verification %}`."""

from django import template

from documents.figes import codes

register = template.Library()


@register.filter
def code_qr(adresse: str) -> str:
    """Image du code QR de cette adresse, en `data:`."""
    return codes.image(adresse)
