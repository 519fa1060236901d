"""Administration des indicateurs : les définitions se modifient, les mesures se lisent.

Une mesure ne s'écrit que par la saisie et l'import, qui gardent version, historique et secret. Une
valeur tue ne se montre pas plus ici qu'ailleurs.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from api.admin import Exportable
from edition.admin import Administration, AdministrationVersionnee, LectureSeule, compte
from indicateurs.ecriture import recalculer_secrets
from indicateurs.mesures_lues import montree
from indicateurs.models import (
    Analyse,
    Cible,
    ImportMesures,
    Indicateur,
    Mesure,
    Millesime,
    Source,
    Theme,
)
from indicateurs.nombres import brut


@admin.register(Theme)
class ThemeAdmin(Exportable, Administration):
    comptes = ("indicateurs",)
    nb_indicateurs = compte("indicateurs", "indicateurs")
    list_display = ["nom", "ordre", "nb_indicateurs"]
    search_fields = ["nom"]
    prepopulated_fields = {"cle": ["nom"]}


@admin.register(Source)
class SourceAdmin(Exportable, Administration):
    comptes = ("indicateurs",)
    nb_indicateurs = compte("indicateurs", "indicateurs")
    list_display = ["nom", "nom_long", "organisme", "licence", "nb_indicateurs"]
    list_select_related = ["organisme"]
    search_fields = ["nom", "nom_long"]
    prepopulated_fields = {"cle": ["nom"]}
    autocomplete_fields = ["organisme"]


@admin.register(Millesime)
class MillesimeAdmin(LectureSeule, Exportable, Administration):
    """Un millésime se crée en l'écrivant (saisie, import) : ses bornes ne se tapent pas."""

    list_display = ["libelle", "forme", "cle", "debut", "fin"]
    list_filter = ["forme"]
    search_fields = ["libelle", "cle"]


@admin.register(Indicateur)
class IndicateurAdmin(Exportable, AdministrationVersionnee):
    comptes = ("mesures", "analyses")
    nb_mesures = compte("mesures", "mesures")
    nb_analyses = compte("analyses", "analyses")
    list_display = ["intitule", "contrat", "theme", "source", "sens", "nb_mesures", "nb_analyses"]
    list_filter = ["contrat", "theme", "source", "sens", "agregation", "prioritaire"]
    list_select_related = ["contrat", "theme", "source"]
    search_fields = ["intitule", "definition", "contrat__intitule_court"]
    prepopulated_fields = {"cle": ["intitule"]}
    autocomplete_fields = [
        "contrat",
        "theme",
        "source",
        "reference",
        "orientations",
        "millesimes_attendus",
    ]
    readonly_fields = ["version", "modifie_le"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """La règle d'agrégation dit ce qui se déduit : le secret se recalcule avec elle."""
        super().save_related(request, form, formsets, change)
        if change and "agregation" in form.changed_data:
            millesimes = form.instance.mesures.values_list("millesime", flat=True).distinct()
            recalculer_secrets({(form.instance.pk, m) for m in millesimes.order_by()})


@admin.register(Mesure)
class MesureAdmin(LectureSeule, Exportable, Administration):
    list_display = [
        "indicateur",
        "territoire",
        "millesime",
        "valeur_montree",
        "statut_montre",
        "demonstration",
        "version",
    ]
    list_filter = ["indicateur__contrat", "demonstration", "millesime"]
    list_select_related = ["indicateur", "territoire", "millesime"]
    search_fields = ["indicateur__intitule", "territoire__nom", "territoire__code"]
    fields = [
        "indicateur",
        "territoire",
        "millesime",
        "valeur_montree",
        "statut_montre",
        "demonstration",
        "version",
        "modifie_le",
    ]

    @admin.display(description="valeur")
    def valeur_montree(self, mesure: Mesure) -> str | None:
        return brut(montree(mesure.valeur, mesure.statut, mesure.secret_induit)[0])

    @admin.display(description="statut")
    def statut_montre(self, mesure: Mesure) -> str:
        return str(montree(mesure.valeur, mesure.statut, mesure.secret_induit)[1].label)


@admin.register(Cible)
class CibleAdmin(Exportable, AdministrationVersionnee):
    list_display = ["indicateur", "territoire", "porte_sur", "valeur", "echeance", "demonstration"]
    list_filter = ["porte_sur", "indicateur"]
    list_select_related = ["indicateur", "territoire"]
    search_fields = ["indicateur__intitule", "territoire__nom", "origine"]
    autocomplete_fields = ["indicateur", "territoire"]


@admin.register(Analyse)
class AnalyseAdmin(Exportable, AdministrationVersionnee):
    list_display = ["indicateur", "le", "signature", "auteur", "demonstration"]
    list_filter = ["indicateur", "le"]
    list_select_related = ["indicateur", "auteur"]
    search_fields = ["texte", "signature", "indicateur__intitule"]
    autocomplete_fields = ["indicateur", "auteur"]
    date_hierarchy = "le"


@admin.register(ImportMesures)
class ImportMesuresAdmin(LectureSeule, Exportable, Administration):
    """Un import se conduit dans l'atelier ; ses octets ne se lisent pas ici."""

    list_display = ["nom", "contrat", "etat", "depose_par", "depose_le"]
    list_filter = ["contrat", "depose_le"]
    list_select_related = ["contrat", "depose_par"]
    search_fields = ["nom", "contrat__intitule_court"]
    fields = ["nom", "contrat", "empreinte", "depose_par", "depose_le", "applique_le", "bilan"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportMesures]:
        return super().get_queryset(request).defer("fichier")
