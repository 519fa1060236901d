"""Qui est attendu à une séance, et qui y est."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict

from comptes.models import Utilisateur
from contrats.permissions import Acte, peut
from contrats.transitions import TransitionImpossible
from gouvernance.enums import RoleParticipation, StatutSeance, TransitionSeance
from gouvernance.forms import ConvocationForm
from gouvernance.models import Convocation, Seance

NOUVELLE = "nouvelle"


def attendre_les_membres(seance: Seance) -> None:
    """À la création : les participants de l'instance, sous leur qualité imprimée."""
    participants = seance.instance.participations.order_by("ordre", "pk")
    Convocation.objects.bulk_create(
        Convocation(
            seance=seance,
            ordre=ordre,
            libelle=p.libelle,
            deliberatif=p.role in RoleParticipation.deliberatifs(),
        )
        for ordre, p in enumerate(participants, 1)
    )


def formulaires(seance: Seance, donnees: QueryDict | None = None) -> list[ConvocationForm]:
    """Un formulaire par personne attendue, puis un vide."""
    siennes = seance.convocations.order_by("ordre", "pk")
    lies = [ConvocationForm(donnees, instance=c, prefix=f"c{c.pk}") for c in siennes]
    ajout = ConvocationForm(
        donnees,
        prefix=NOUVELLE,
        initial={"deliberatif": False},
        empty_permitted=True,
        use_required_attribute=False,
    )
    return [*lies, ajout]


@transaction.atomic
def enregistrer(seance: Seance, liste: list[ConvocationForm], *, par: Utilisateur) -> bool:
    """Écrit les présences ; faux, sans rien écrire, si l'une ne va pas."""
    if not peut(par, Acte.MODIFIER, seance.contrat):
        raise PermissionDenied("Noter les présences : votre rôle ne le permet pas.")
    if seance.statut not in (*StatutSeance.a_venir(), StatutSeance.OUVERTE):
        raise TransitionImpossible(f"La séance est « {seance.get_statut_display()} ».")
    if not all(f.is_valid() for f in liste):
        return False
    for formulaire in liste:
        _ecrire(seance, formulaire)
    return True


def _ecrire(seance: Seance, formulaire: ConvocationForm) -> None:
    if not formulaire.has_changed():
        return
    convocation: Any = formulaire.instance
    if convocation.pk is None:
        convocation.seance = seance
        convocation.ordre = seance.convocations.count() + 1
    formulaire.save()


def phrase(transition: TransitionSeance, rendu: Any) -> str:
    """Ce que l'on dit d'un passage fait."""
    if transition == TransitionSeance.CONVOQUER:
        if not rendu:
            return "Séance convoquée. Aucune invitation n'est partie : personne n'a d'adresse."
        return f"Séance convoquée : {rendu} invitation{'s' if rendu > 1 else ''} en cours d'envoi."
    return "Séance annulée : ceux qui étaient convoqués sont prévenus."
