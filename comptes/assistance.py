"""Agir au nom de quelqu'un, pour l'aider : ouvrir, fermer, journaliser.

Réservé à l'administration de l'instance, jamais au nom d'un autre membre de l'administration. La
session reste celle de l'agent. Ni signature ni notification sous ce mode : `refuser` et
`Utilisateur.assistance` le disent à qui signe et à qui notifie.
"""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from comptes.models import Assistance, GesteAssiste, Utilisateur

CLE = "assistance"


def peut_aider(agent: Utilisateur, personne: Utilisateur) -> bool:
    """L'administration aide toute personne active qui n'en fait pas partie."""
    return (
        agent.is_superuser
        and agent.is_active
        and personne.is_active
        and not personne.is_staff
        and not personne.is_superuser
    )


def ouvrir(request: HttpRequest, personne: Utilisateur, *, motif: str) -> Assistance:
    """Ouvre une assistance dans cette session ; lève `PermissionDenied`."""
    agent = request.user
    if not isinstance(agent, Utilisateur) or not peut_aider(agent, personne):
        raise PermissionDenied("Vous ne pouvez pas agir au nom de cette personne.")
    journal = Assistance.objects.create(agent=agent, au_nom_de=personne, motif=motif)
    request.session[CLE] = journal.pk
    return journal


def fermer(request: HttpRequest) -> None:
    """Ferme l'assistance de cette session, s'il y en a une."""
    pk = request.session.pop(CLE, None)
    if pk is not None:
        Assistance.objects.filter(pk=pk, fin_le=None).update(fin_le=timezone.now())


def en_cours(request: HttpRequest) -> Assistance | None:
    """L'assistance ouverte dans cette session par son propre agent, ou rien."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or CLE not in request.session:
        return None
    if not request.user.is_authenticated:
        return None
    return (
        Assistance.objects.ouvertes()
        .select_related("agent", "au_nom_de")
        .filter(pk=request.session[CLE], agent=request.user.pk)
        .first()
    )


def journaliser(request: HttpRequest, statut: int) -> None:
    """Garde une écriture demandée sous assistance."""
    GesteAssiste.objects.create(
        assistance=request.assistance,  # type: ignore[attr-defined]
        methode=request.method or "",
        chemin=request.path[:500],
        statut=statut,
    )


def refuser(utilisateur: Utilisateur) -> None:
    """Lève `PermissionDenied` sous assistance : à appeler par tout acte qui engage (signature)."""
    if utilisateur.assistance is not None:
        raise PermissionDenied("On ne signe pas au nom d'une autre personne.")
