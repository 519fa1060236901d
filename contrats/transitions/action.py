"""Cycle de vie d'une action : son suivi, de « à lancer » à « réalisée »."""

import datetime
from typing import Any

from django.db.models import TextChoices

from comptes.models import Utilisateur
from contrats.enums import StatutAction, TransitionAction
from contrats.models import Action, Transition
from contrats.transitions.socle import (
    DonneeManquante,
    TransitionImpossible,
    franchir,
    motif_de,
)
from contrats.transitions.tables import TRANSITIONS_ACTION, exige_motif


def suivre_action(
    action: Action,
    transition: TransitionAction,
    *,
    version: int,
    par: Utilisateur,
    motif: str = "",
    cible: Action | None = None,
    echeance: datetime.date | None = None,
) -> Transition:
    """Change le statut d'une action : une action réalisée l'est à 100 %, un report dit sa
    nouvelle échéance, un regroupement dit avec laquelle."""
    champs: dict[str, Any] = {"regroupee_dans": None}
    if transition == TransitionAction.REGROUPER:
        champs["regroupee_dans"] = verifier_regroupement(action, cible)
    if transition == TransitionAction.TERMINER:
        champs["avancement"] = 100
    if transition == TransitionAction.REPORTER:
        champs["echeance"] = verifier_report(action, echeance)
    return franchir(action, transition, version=version, par=par, motif=motif, **champs)


def verifier_regroupement(action: Action, cible: Action | None) -> Action:
    """La cible est une autre action du contrat, qui n'est pas elle-même regroupée ailleurs ;
    l'action n'en a pas déjà d'autres avec elle : pas de chaîne."""
    if cible is None or cible.contrat_id != action.contrat_id or cible.pk == action.pk:
        raise DonneeManquante("cible", "Choisissez une autre action de ce contrat.")
    if cible.statut == StatutAction.REGROUPEE:
        raise DonneeManquante("cible", "Cette action est elle-même regroupée avec une autre.")
    if action.regroupees.exists():
        raise TransitionImpossible("D'autres actions sont regroupées avec celle-ci.")
    return cible


def verifier_report(action: Action, echeance: datetime.date | None) -> datetime.date:
    if echeance is None:
        raise DonneeManquante("echeance", "Dites la nouvelle échéance.")
    if action.echeance and echeance <= action.echeance:
        raise DonneeManquante("echeance", "La nouvelle échéance doit suivre l'ancienne.")
    if action.debut and echeance < action.debut:
        raise DonneeManquante("echeance", "L'échéance ne peut précéder le début.")
    return echeance


def transition_entre(de: str, vers: str, *, libre: bool = False) -> TransitionAction | None:
    """La transition qui mène d'un statut à un autre ; None si rien ne change.

    Lève `TransitionImpossible` s'il n'y en a pas, sauf `libre` : celle qui mène à `vers`.
    """
    if de == vers:
        return None
    for transition, regle in TRANSITIONS_ACTION.items():
        if de in regle.departs and vers == regle.arrivee:
            return TransitionAction(transition)
    if libre:
        return TransitionAction(_transition_vers(vers))
    raise TransitionImpossible(
        f"Une action « {StatutAction(de).label} » ne peut pas devenir "
        f"« {StatutAction(vers).label} »."
    )


def motif_du_statut(statut: str, motif: str) -> str:
    """Motif à garder avec ce statut, écrit avec le reste de la fiche ; vide s'il n'en faut pas."""
    transition = _transition_vers(statut)
    return motif_de(transition, motif) if exige_motif(transition) else ""


def _transition_vers(statut: str) -> TextChoices:
    return next(t for t, regle in TRANSITIONS_ACTION.items() if regle.arrivee == statut)
