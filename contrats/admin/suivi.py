"""Administration des habilitations ; lecture seule des invitations, commentaires et journaux."""

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from api.admin import Exportable
from contrats import jetons
from contrats.models import (
    Action,
    Commentaire,
    Contrat,
    Fiche,
    Habilitation,
    Invitation,
    Jeton,
    Transition,
    Version,
)
from edition.admin import Administration, LectureSeule


@admin.register(Habilitation)
class HabilitationAdmin(Exportable, Administration):
    list_display = ["utilisateur", "contrat", "role", "aux_enfants", "fin"]
    list_filter = ["role", "aux_enfants", ("fin", admin.EmptyFieldListFilter), "contrat"]
    list_select_related = ["utilisateur", "contrat"]
    search_fields = [
        "utilisateur__email",
        "utilisateur__nom",
        "utilisateur__prenom",
        "contrat__intitule_court",
    ]
    autocomplete_fields = ["utilisateur", "contrat"]


@admin.register(Jeton)
class JetonAdmin(LectureSeule, Exportable, Administration):
    """Un jeton se lit et se révoque ; son secret n'est nulle part."""

    list_display = ["nom", "utilisateur", "contrat", "ecriture", "expire_le", "utilise_le", "etat"]
    list_filter = ["ecriture", "expire_le", ("revoque_le", admin.EmptyFieldListFilter)]
    list_select_related = ["utilisateur", "contrat"]
    search_fields = ["nom", "cle", "utilisateur__email", "contrat__intitule_court"]
    fields = ["nom", "cle", "utilisateur", "contrat", "ecriture", "cree_le", "expire_le"]
    fields += ["revoque_le", "utilise_le"]
    actions = ["revoquer"]

    @admin.action(description="Révoquer les jetons choisis")
    def revoquer(self, request: HttpRequest, queryset: QuerySet[Jeton]) -> None:
        for jeton in queryset:
            jetons.revoquer(jeton)
        messages.success(request, "Ces jetons n'ouvrent plus rien.")


@admin.register(Version)
class VersionAdmin(LectureSeule, Exportable, Administration):
    """L'historique se lit ; il ne s'ajoute, ne se modifie ni ne se supprime ici."""

    list_display = ["__str__", "fiche", "contrat", "auteur", "motif", "cree_le"]
    list_filter = ["cree_le"]
    list_select_related = ["fiche", "contrat", "auteur"]
    search_fields = ["motif", "auteur__email", "fiche__titre", "contrat__intitule_court"]
    date_hierarchy = "cree_le"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        contrats = Contrat.objects.visibles_par(request.user)
        fiches = Fiche.objects.visibles_par(request.user)
        return super().get_queryset(request).filter(Q(contrat__in=contrats) | Q(fiche__in=fiches))


@admin.register(Invitation)
class InvitationAdmin(LectureSeule, Exportable, Administration):
    """Une invitation s'envoie et se révoque depuis la page des personnes du contrat."""

    list_display = ["email", "contrat", "role", "invitee_par", "expire_le", "acceptee_le"]
    list_filter = ["role", "contrat"]
    list_select_related = ["contrat", "invitee_par"]
    search_fields = ["email", "contrat__intitule_court"]


@admin.register(Transition)
class TransitionAdmin(LectureSeule, Exportable, Administration):
    """Le journal des statuts se lit ; il ne s'écrit que par une transition."""

    list_display = ["__str__", "contrat", "fiche", "action", "par", "preuve", "motif", "le"]
    list_filter = ["le"]
    list_select_related = ["contrat", "fiche", "action", "par"]
    search_fields = ["motif", "par__email", "fiche__titre", "action__intitule"]
    date_hierarchy = "le"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transition]:
        return (
            super()
            .get_queryset(request)
            .filter(
                Q(contrat__in=Contrat.objects.visibles_par(request.user))
                | Q(fiche__in=Fiche.objects.visibles_par(request.user))
                | Q(action__in=Action.objects.visibles_par(request.user))
            )
        )


@admin.register(Commentaire)
class CommentaireAdmin(LectureSeule, Exportable, Administration):
    list_display = ["__str__", "fiche", "action", "correction", "auteur", "cree_le", "resolu_le"]
    list_filter = ["correction", ("resolu_le", admin.EmptyFieldListFilter)]
    list_select_related = ["fiche", "action", "auteur"]
    search_fields = ["texte", "auteur__email", "fiche__titre", "action__intitule"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Commentaire]:
        return (
            super()
            .get_queryset(request)
            .filter(
                Q(fiche__in=Fiche.objects.visibles_par(request.user))
                | Q(action__in=Action.objects.visibles_par(request.user))
            )
        )
