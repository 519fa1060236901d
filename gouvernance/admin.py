"""Administration des instances, des délibérations, des avis et des sessions.

Une séance se tient dans l'atelier et les inscrits se lisent dans la page de leur session : ni les
uns ni les autres ne se modifient ici.
"""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from api.admin import Exportable
from contrats.transitions import TransitionImpossible
from edition.admin import (
    Administration,
    AdministrationVersionnee,
    FormulaireVersionne,
    Lignes,
    compte,
)
from gouvernance.champs import ParArticles, ParLignes
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

ADOPTION = ["seance_le", "vote_effectif", "vote_pour", "vote_contre", "vote_abstention"]


class DeliberationForm(FormulaireVersionne):
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
class DeliberationAdmin(Exportable, AdministrationVersionnee):
    """Son statut, sa séance et son vote viennent de l'adoption, constatée depuis sa page."""

    form = DeliberationForm
    list_display = ["numero", "contrat", "statut", "organe", "seance_le", "objet"]
    list_filter = ["statut", "contrat"]
    list_select_related = ["contrat"]
    search_fields = ["numero", "objet", "organe", "contrat__intitule_court"]
    autocomplete_fields = ["contrat"]
    readonly_fields = ["statut", *ADOPTION, "statut_par", "motif_statut"]


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
                publier_session(session, version=session.version, par=request.user)
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
