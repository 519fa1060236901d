"""Administration des fiches, de leurs modèles et des actions, qui s'écrivent dans l'atelier."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from api.admin import Exportable
from contrats.models import Action, Fiche, ModeleFiche, Section, SectionModele
from contrats.permissions import Acte, peut
from edition.admin import (
    Administration,
    AdministrationVersionnee,
    LectureSeule,
    Lignes,
    compte,
)


class SectionModeleLignes(Lignes):
    model = SectionModele


@admin.register(ModeleFiche)
class ModeleFicheAdmin(Exportable, Administration):
    comptes = ("sections", "fiches", "contrats")
    nb_sections = compte("sections", "sections")
    nb_fiches = compte("fiches", "fiches")
    nb_contrats = compte("contrats", "contrats")
    list_display = ["nom", "type_contrat", "nb_sections", "nb_fiches", "nb_contrats"]
    list_filter = ["type_contrat"]
    search_fields = ["nom", "description"]
    prepopulated_fields = {"cle": ["nom"]}
    inlines = [SectionModeleLignes]


class SectionLecture(LectureSeule, Lignes):
    model = Section
    fields = ["ordre", "libelle", "etat", "texte", "liste_ouverte"]


class ActionLecture(LectureSeule, Lignes):
    model = Action
    fields = ["ordre", "numero", "intitule", "horizon", "statut", "avancement", "echeance"]
    show_change_link = True


@admin.register(Fiche)
class FicheAdmin(Exportable, AdministrationVersionnee):
    """Ici une fiche se crée et se place ; son contenu s'écrit dans l'atelier."""

    comptes = ("sections", "actions")
    nb_sections = compte("sections", "sections")
    nb_actions = compte("actions", "actions")
    list_display = [
        "titre",
        "numero",
        "contrat",
        "statut",
        "nb_sections",
        "nb_actions",
        "version",
        "modifie_le",
        "modifie_par",
    ]
    list_filter = ["statut", "contrat", "modele"]
    list_select_related = ["contrat", "modifie_par"]
    search_fields = ["titre", "numero", "contrat__intitule_court", "sections__texte"]
    prepopulated_fields = {"cle": ["titre"]}
    autocomplete_fields = ["contrat", "modele", "axe"]
    fieldsets = [
        (None, {"fields": ["contrat", "modele", "axe", "titre", "numero", "numero_deduit"]}),
        ("Place", {"fields": ["ordre", "cle"]}),
        ("Suivi", {"fields": ["statut", "version", "modifie_le", "modifie_par"]}),
    ]
    inlines = [SectionLecture, ActionLecture]
    change_form_template = "admin/contrats/fiche_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Fiche | None = None) -> list[str]:
        suivi = ["statut", "version", "modifie_le", "modifie_par"]
        dans_l_atelier = ["contrat", "modele", "axe", "titre", "numero", "numero_deduit"]
        return suivi if obj is None else [*dans_l_atelier, *suivi]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Fiche | None = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def get_inlines(self, request: HttpRequest, obj: Fiche | None) -> list[Any]:
        return self.inlines if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Fiche | None = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or peut(request.user, Acte.MODIFIER, obj)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Fiche | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Fiche, form: Any, change: bool) -> None:
        """Une fiche neuve a toutes les sections de son modèle, à renseigner."""
        super().save_model(request, obj, form, change)
        if not change:
            Section.objects.bulk_create(
                Section(fiche=obj, modele=modele, ordre=modele.ordre, libelle=modele.libelle)
                for modele in obj.modele.sections.all()
            )

    def champs_modifies(self, request: HttpRequest, form: Any) -> dict[str, Any]:
        return {**super().champs_modifies(request, form), "modifie_par": request.user}


@admin.register(Action)
class ActionAdmin(LectureSeule, Exportable, Administration):
    comptes = ("partenariats", "sous_actions")
    nb_partenariats = compte("partenariats", "partenaires")
    nb_sous_actions = compte("sous_actions", "sous-points")
    list_display = [
        "intitule",
        "numero",
        "contrat",
        "fiche",
        "horizon",
        "statut",
        "avancement",
        "echeance",
        "prioritaire",
        "nb_partenariats",
        "nb_sous_actions",
    ]
    list_filter = ["statut", "horizon", "prioritaire", "demonstration", "contrat"]
    list_select_related = ["contrat", "fiche__contrat"]
    search_fields = ["intitule", "numero", "description", "partenariats__organisme__nom"]
    date_hierarchy = "echeance"
    change_form_template = "admin/contrats/action_form.html"
