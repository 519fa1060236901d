"""Liens d'export des listes de l'administration."""

from django import template
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse

from api.admin import TYPES, Exportable

register = template.Library()


@register.simple_tag
def adresses_d_export(cl: ChangeList) -> list[tuple[str, str]]:
    """`(format, adresse)` de chaque export de la liste, filtres et tri de l'écran compris."""
    if not isinstance(cl.model_admin, Exportable):
        return []
    nom = f"admin:{cl.opts.app_label}_{cl.opts.model_name}_exporter"
    filtres = cl.get_query_string(remove=["p", "all"])
    return [(f.upper(), reverse(f"{nom}_{f}") + filtres) for f in TYPES]
