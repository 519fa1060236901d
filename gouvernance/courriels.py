"""Les courriels d'une séance : invitation, annulation ; lisibles en texte."""

from django.utils import timezone

from comptes.models import Utilisateur
from courrier.depot import adresse_absolue, composer, deposer
from gouvernance.models import Convocation, Seance


def convoquer(seance: Seance, *, par: Utilisateur) -> int:
    """Une invitation par personne qui a une adresse ; une par version de la séance."""
    destinataires = list(seance.convocations.exclude(email="").order_by("ordre", "pk"))
    points = list(seance.points.order_by("ordre", "pk"))
    for convocation in destinataires:
        _deposer("seance_convocation", seance, convocation, par, points=points)
    seance.convocations.filter(pk__in=[c.pk for c in destinataires]).update(
        convoquee_le=timezone.now()
    )
    return len(destinataires)


def annuler(seance: Seance, *, par: Utilisateur) -> None:
    """Dit à ceux qui ont été convoqués qu'il n'y a plus de séance."""
    for convocation in seance.convocations.exclude(convoquee_le=None).exclude(email=""):
        _deposer("seance_annulation", seance, convocation, par)


def _deposer(
    gabarit: str, seance: Seance, convocation: Convocation, par: Utilisateur, **plus: object
) -> None:
    contexte = {
        "seance": seance,
        "contrat": seance.contrat,
        "convocation": convocation,
        "agent": par,
        "lien": adresse_absolue(seance.get_absolute_url()),
        **plus,
    }
    message = composer(gabarit, contexte)
    deposer(
        cle=f"{gabarit}-{convocation.pk}-{seance.version}",
        destinataire=convocation.email,
        sujet=message.sujet,
        texte=message.texte,
        entetes={"Reply-To": par.email},
    )
