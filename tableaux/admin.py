"""Ce qui s'est dit se lit ; rien ne s'y modifie ni ne s'y supprime."""

from django.contrib import admin

from api.admin import Exportable
from edition.admin import Administration, LectureSeule
from tableaux.models import Constat, Meteo


@admin.register(Meteo)
class MeteoAdmin(LectureSeule, Exportable, Administration):
    list_display = ["valeur", "phrase", "contrat", "axe", "auteur", "le", "demonstration"]
    list_filter = ["valeur", "demonstration", "contrat"]
    list_select_related = ["contrat", "axe", "auteur"]
    search_fields = ["phrase", "contrat__intitule_court"]


@admin.register(Constat)
class ConstatAdmin(LectureSeule, Exportable, Administration):
    list_display = ["etat", "engagement", "jalon", "contrat", "auteur", "le", "demonstration"]
    list_filter = ["etat", "demonstration", "contrat"]
    list_select_related = ["contrat", "engagement", "auteur"]
    search_fields = ["phrase", "jalon", "contrat__intitule_court"]
