"""Administration du référentiel des territoires."""

from typing import Any

from django.contrib import admin

from api.admin import Exportable
from edition.admin import AdministrationVersionnee, Lignes, compte
from territoires.changements import repercuter
from territoires.models import AliasTerritoire, Rattachement, Territoire


class AliasTerritoireLignes(Lignes):
    model = AliasTerritoire


class RattachementLignes(Lignes):
    model = Rattachement
    fk_name = "enfant"
    autocomplete_fields = ["parent"]


@admin.register(Territoire)
class TerritoireAdmin(Exportable, AdministrationVersionnee):
    comptes = ("contrats", "actions")
    nb_contrats = compte("contrats", "contrats")
    nb_actions = compte("actions", "actions")
    list_display = ["nom", "type", "code", "generation", "nb_contrats", "nb_actions", "modifie_le"]
    list_filter = ["type", "generation"]
    search_fields = ["nom", "code", "alias__libelle"]
    prepopulated_fields = {"cle": ["nom"]}
    readonly_fields = ["version", "modifie_le"]
    fieldsets = [
        (None, {"fields": ["nom", "type", "code", "generation", "cle"]}),
        ("Validité", {"fields": ["valide_du", "valide_au"]}),
        ("Carte", {"fields": ["longitude", "latitude", "contour"], "classes": ["collapse"]}),
        ("Suivi", {"fields": ["version", "modifie_le"]}),
    ]
    inlines = [AliasTerritoireLignes, RattachementLignes]

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Un rattachement, un type, une génération de plus change ce qui doit se taire."""
        super().save_related(request, form, formsets, change)
        repercuter()
