"""Administration des instances, des délibérations, des avis et des sessions.

Une séance se tient dans l'atelier et les inscrits se lisent dans la page de leur session : ni les
uns ni les autres ne se modifient ici.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from api.admin import Exportable
from contrats.transitions import TransitionImpossible
from edition.admin import (
    Administration,
    AdministrationVersionnee,
    FormulaireSobre,
    FormulaireVersionne,
    Lignes,
    compte,
)
from gouvernance.models import (
    Avis,
    Deliberation,
    Instance,
    Intervention,
    Participation,
    PointDeProgramme,
    Session,
)
from gouvernance.transitions import publier_session


class ParLignes(forms.CharField):
    """Une liste, écrite une ligne par élément."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(self.dire(v) for v in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[Any]:
        lignes = [ligne.strip() for ligne in (super().clean(value) or "").splitlines()]
        return [self.lire(ligne, rang) for rang, ligne in enumerate(filter(None, lignes), 1)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial or []) != (data or "").replace("\r\n", "\n").strip()

    def dire(self, valeur: Any) -> str:
        return str(valeur)

    def lire(self, ligne: str, rang: int) -> Any:
        return ligne


class ParArticles(ParLignes):
    """« 1. Le conseil approuve… » : le numéro, un point, le texte ; sans numéro, le rang."""

    def dire(self, valeur: Any) -> str:
        return f"{valeur['numero']}. {valeur['texte']}"

    def lire(self, ligne: str, rang: int) -> Any:
        numero, point, texte = ligne.partition(". ")
        if point and len(numero) <= 6:
            return {"numero": numero, "texte": texte.strip()}
        return {"numero": str(rang), "texte": ligne}


class DeliberationForm(FormulaireSobre):
    visas = ParLignes(label="Visas", required=False, help_text="Un par ligne.")
    articles = ParArticles(
        label="Articles", required=False, help_text="Un par ligne : « 1. Le conseil approuve… »."
    )


class SessionForm(FormulaireVersionne):
    profils = ParLignes(label="Profils visés", required=False, help_text="Un par ligne.")


class ParticipationLignes(Lignes):
    model = Participation
    autocomplete_fields = ["organisme"]


class PointLignes(Lignes):
    model = PointDeProgramme
    fields = ["ordre", "heure", "intitule", "visio"]


class InterventionLignes(Lignes):
    model = Intervention


@admin.register(Instance)
class InstanceAdmin(Exportable, Administration):
    comptes = ("participations",)
    nb_participations = compte("participations", "participants")
    list_display = ["nom", "contrat", "type", "frequence", "par_an", "nb_participations"]
    list_filter = ["type", "contrat"]
    list_select_related = ["contrat"]
    search_fields = ["nom", "mission", "contrat__intitule_court"]
    prepopulated_fields = {"cle": ["nom"]}
    autocomplete_fields = ["contrat"]
    inlines = [ParticipationLignes]


@admin.register(Deliberation)
class DeliberationAdmin(Exportable, Administration):
    """Un projet s'adopte en disant sa date de séance : la base refuse l'un sans l'autre."""

    form = DeliberationForm
    list_display = ["numero", "contrat", "statut", "organe", "seance_le", "objet"]
    list_filter = ["statut", "contrat"]
    list_select_related = ["contrat"]
    search_fields = ["numero", "objet", "organe", "contrat__intitule_court"]
    autocomplete_fields = ["contrat"]


@admin.register(Avis)
class AvisAdmin(Exportable, Administration):
    list_display = ["auteur", "objet", "sens", "rendu_le", "contrat"]
    list_filter = ["sens", "contrat"]
    list_select_related = ["contrat"]
    search_fields = ["auteur", "objet", "contrat__intitule_court"]
    autocomplete_fields = ["contrat", "instance", "deliberation"]


@admin.register(Session)
class SessionAdmin(Exportable, AdministrationVersionnee):
    """Elle se publie par l'action de la liste, s'annule depuis la page de ses inscrits."""

    form = SessionForm
    list_display = ["intitule", "le", "lieu", "capacite", "cloture_le", "statut"]
    list_filter = ["statut"]
    search_fields = ["intitule", "lieu", "organisateur"]
    prepopulated_fields = {"slug": ["intitule"]}
    autocomplete_fields = ["contrat"]
    exclude = ["statut"]
    inlines = [PointLignes]
    actions = ["publier"]

    @admin.action(description="Publier les sessions choisies")
    def publier(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        for session in queryset:
            try:
                publier_session(session, version=session.version)
            except TransitionImpossible as erreur:
                messages.error(request, f"{session} : {erreur}")
            else:
                messages.success(request, f"{session} : publiée.")


@admin.register(PointDeProgramme)
class PointDeProgrammeAdmin(Exportable, Administration):
    comptes = ("interventions",)
    nb_interventions = compte("interventions", "intervenants")
    list_display = ["intitule", "session", "ordre", "visio", "nb_interventions"]
    list_select_related = ["session"]
    search_fields = ["intitule", "session__intitule"]
    autocomplete_fields = ["session"]
    inlines = [InterventionLignes]
