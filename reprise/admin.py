"""Repères appris, dans l'administration : on en ajoute, on en retire."""

from django.contrib import admin

from reprise.models import Repere


@admin.register(Repere)
class RepereAdmin(admin.ModelAdmin):
    list_display = ("libelle", "section", "role", "type_contrat", "appris_le")
    list_select_related = ("section__modele",)
    search_fields = ("libelle",)
    raw_id_fields = ("section", "appris_de", "appris_par")
