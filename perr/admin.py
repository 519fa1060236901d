"""Administration de la matrice : la structure se modifie, les cellules se lisent.

Une cellule ne s'écrit que par l'écran de la matrice, qui garde la version et l'historique.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from api.admin import Exportable
from edition.admin import Administration, LectureSeule, Lignes, compte
from perr.models import (
    AliasColonne,
    AnnexeTerritoriale,
    AxePrioritaire,
    Colonne,
    Declinaison,
    Lot,
    QuartierDeColonne,
    RegardSpecifique,
    RenvoiDeclinaison,
    TitreVariante,
    VersionDeclinaison,
)


class ColonneLignes(Lignes):
    model = Colonne
    fields = ["rang", "cle", "abrege", "libelle"]
    show_change_link = True


@admin.register(AnnexeTerritoriale)
class AnnexeTerritorialeAdmin(Exportable, Administration):
    comptes = ("colonnes",)
    nb_colonnes = compte("colonnes", "colonnes")
    list_display = ["nom", "contrat", "ordre_imprime", "nb_colonnes"]
    list_filter = ["contrat"]
    list_select_related = ["contrat"]
    search_fields = ["nom", "contrat__intitule_court"]
    prepopulated_fields = {"cle": ["nom"]}
    autocomplete_fields = ["contrat"]
    inlines = [ColonneLignes]


class QuartierLignes(Lignes):
    model = QuartierDeColonne
    autocomplete_fields = ["quartier"]


class AliasLignes(Lignes):
    model = AliasColonne


@admin.register(Colonne)
class ColonneAdmin(Exportable, Administration):
    comptes = ("declinaisons",)
    nb_declinaisons = compte("declinaisons", "cellules remplies")
    list_display = ["libelle", "abrege", "annexe", "rang", "nb_declinaisons"]
    list_filter = ["annexe__contrat", "annexe"]
    list_select_related = ["annexe"]
    search_fields = ["libelle", "abrege", "alias__libelle"]
    autocomplete_fields = ["annexe"]
    inlines = [QuartierLignes, AliasLignes]


@admin.register(AxePrioritaire)
class AxePrioritaireAdmin(Exportable, Administration):
    list_display = ["texte", "contrat", "ordre", "action"]
    list_filter = ["contrat"]
    list_select_related = ["contrat", "action"]
    search_fields = ["texte"]
    autocomplete_fields = ["contrat", "action", "programmes"]


@admin.register(TitreVariante)
class TitreVarianteAdmin(Exportable, Administration):
    list_display = ["titre", "numero_imprime", "ligne_absente", "annexe", "action"]
    list_filter = ["annexe", "ligne_absente"]
    list_select_related = ["annexe", "action"]
    search_fields = ["titre", "action__intitule"]
    autocomplete_fields = ["action", "annexe"]


class EnLecture(LectureSeule, Lignes):
    """Lignes que l'administration montre sans les modifier."""


class RenvoiLignes(EnLecture):
    model = RenvoiDeclinaison
    fields = ["ordre", "texte", "action", "axe", "deduit"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RenvoiDeclinaison]:
        return super().get_queryset(request).select_related("action", "axe")


class RegardLignes(EnLecture):
    model = RegardSpecifique
    fields = ["ordre", "quartier", "texte"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegardSpecifique]:
        return super().get_queryset(request).select_related("quartier")


@admin.register(Declinaison)
class DeclinaisonAdmin(LectureSeule, Exportable, Administration):
    list_display = ["action", "colonne", "statut", "version", "modifie_le"]
    list_filter = ["statut", "colonne__annexe", "colonne"]
    list_select_related = ["action", "colonne"]
    search_fields = ["texte", "modalites", "action__intitule", "colonne__libelle"]
    inlines = [RenvoiLignes, RegardLignes]


class VersionLignes(EnLecture):
    model = VersionDeclinaison
    fields = ["action", "colonne", "numero", "avant", "apres"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[VersionDeclinaison]:
        return super().get_queryset(request).select_related("action", "colonne")


@admin.register(Lot)
class LotAdmin(LectureSeule, Exportable, Administration):
    """L'historique se lit ; il s'annule dans l'écran de la matrice."""

    comptes = ("versions",)
    nb_versions = compte("versions", "cellules")
    list_display = ["__str__", "contrat", "auteur", "cree_le", "annule_le", "nb_versions"]
    list_filter = ["contrat", "cree_le"]
    list_select_related = ["contrat", "auteur"]
    search_fields = ["motif", "auteur__email", "contrat__intitule_court"]
    date_hierarchy = "cree_le"
    inlines = [VersionLignes]
