"""Administration d'un contrat et de tout ce qu'il porte, hors ses fiches."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.http import HttpRequest

from api.admin import Exportable
from contrats import variables
from contrats.models import (
    Annexe,
    Annonce,
    Article,
    Axe,
    Contrat,
    Engagement,
    Etape,
    Financement,
    Partie,
    Signature,
)
from contrats.permissions import Acte, peut
from edition.admin import (
    Administration,
    AdministrationVersionnee,
    Blocs,
    LectureSeule,
    Lignes,
    compte,
)


class DuContrat(BaseModelAdmin):
    """Lignes dont les listes de choix (`du_contrat`) se bornent au contrat ouvert.

    Les choix sont lus une fois par page, non une fois par ligne.
    """

    du_contrat: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        champ = super().formfield_for_dbfield(db_field, request, **kwargs)
        if champ is not None and db_field.name in self.du_contrat:
            contrat = request.resolver_match and request.resolver_match.kwargs.get("object_id")
            champ.queryset = champ.queryset.filter(contrat=contrat)
            champ.choices = list(champ.choices)
        return champ


class PartieLignes(Lignes):
    model = Partie
    autocomplete_fields = ["organisme"]


class SignatureLignes(DuContrat, Lignes):
    model = Signature
    autocomplete_fields = ["personne"]
    du_contrat = ("partie",)


class ArticleBlocs(Blocs):
    model = Article

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Le texte propose les variables connues."""
        if db_field.name == "texte":
            kwargs["help_text"] = variables.aide()
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class EngagementBlocs(DuContrat, Blocs):
    model = Engagement
    du_contrat = ("article", "porteurs", "beneficiaires")
    avec = ("porteurs", "beneficiaires")


class AxeBlocs(DuContrat, Blocs):
    model = Axe
    du_contrat = ("parent",)


class AnnexeBlocs(Blocs):
    model = Annexe


class AnnonceLignes(Lignes):
    model = Annonce


class EtapeLignes(Lignes):
    model = Etape


class FinancementBlocs(Blocs):
    model = Financement
    autocomplete_fields = ["financeur", "beneficiaire"]


@admin.register(Contrat)
class ContratAdmin(Exportable, AdministrationVersionnee):
    """Un contrat ne se supprime pas : son historique et ses fiches le citent."""

    comptes = ("fiches", "actions", "parties")
    nb_fiches = compte("fiches", "fiches")
    nb_actions = compte("actions", "actions")
    nb_parties = compte("parties", "parties")
    list_display = [
        "intitule_court",
        "type",
        "statut",
        "publie_le",
        "nb_parties",
        "nb_fiches",
        "nb_actions",
        "modifie_le",
    ]
    list_filter = ["type", "statut", ("publie_le", admin.EmptyFieldListFilter)]
    search_fields = ["intitule", "intitule_court", "sous_titre", "parties__organisme__nom"]
    prepopulated_fields = {"slug": ["intitule_court"]}
    autocomplete_fields = ["parent", "modele_fiche", "territoires"]
    readonly_fields = ["statut", "publie_le", "version", "modifie_le"]
    fieldsets = [
        (None, {"fields": ["intitule", "intitule_court", "sous_titre", "slug", "type"]}),
        ("Suivi", {"fields": ["statut", "publie_le", "version", "modifie_le"]}),
        ("Liens", {"fields": ["parent", "lien", "modele_fiche", "territoires"]}),
        ("Texte", {"fields": ["preambule", "nature_juridique"]}),
        (
            "Durée et moyens",
            {"fields": ["debut", "fin", "dotation_propre", "programme", "numero_projet"]},
        ),
        ("Source", {"fields": ["source", "version_source", "maj_source_le"]}),
    ]
    inlines = [
        PartieLignes,
        SignatureLignes,
        ArticleBlocs,
        EngagementBlocs,
        AxeBlocs,
        AnnexeBlocs,
        AnnonceLignes,
        EtapeLignes,
        FinancementBlocs,
    ]

    def has_change_permission(self, request: HttpRequest, obj: Contrat | None = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or peut(request.user, Acte.MODIFIER, obj)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Contrat | None = None) -> bool:
        return False


@admin.register(Axe)
class AxeAdmin(LectureSeule, Exportable, Administration):
    """Les axes se lisent et se choisissent ici ; ils se modifient dans leur contrat."""

    comptes = ("fiches", "actions")
    nb_fiches = compte("fiches", "fiches")
    nb_actions = compte("actions", "actions")
    list_display = ["intitule", "numero", "nature", "contrat", "parent", "nb_fiches", "nb_actions"]
    list_filter = ["nature", "contrat"]
    list_select_related = ["contrat", "parent"]
    search_fields = ["intitule", "numero", "contrat__intitule_court"]
