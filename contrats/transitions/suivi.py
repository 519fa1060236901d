"""Le suivi d'une action, d'un bloc : statut, avancement, dates."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from comptes.models import Utilisateur
from contrats.enums import StatutAction, TransitionAction
from contrats.historique import constater
from contrats.models import Action
from contrats.permissions import Acte, peut
from contrats.transitions.action import transition_entre, verifier_report
from contrats.transitions.socle import (
    DonneeManquante,
    TransitionImpossible,
    franchir,
    motif_de,
    toucher_la_fiche,
)
from contrats.transitions.tables import TRANSITIONS_ACTION
from contrats.versions import versionner
from edition.ecriture import VersionPerimee, mettre_a_jour
from edition.models import Lot

CHAMPS = ("avancement", "debut", "echeance")


@dataclass(frozen=True)
class Suivi:
    """Où en est une action, tel que quelqu'un le dit ; ce qu'il ne dit pas ne change pas.

    `motif` : pourquoi ce statut. `vides` : les champs qu'il dit n'avoir plus de valeur.
    """

    statut: str
    avancement: int | None = None
    echeance: datetime.date | None = None
    motif: str = ""
    debut: datetime.date | None = None
    vides: frozenset[str] = frozenset()

    def voulus(self) -> dict[str, Any]:
        """Les champs dits, et leur valeur."""
        dits = {c: getattr(self, c) for c in CHAMPS}
        return {c: v for c, v in dits.items() if v is not None or c in self.vides}


def statuts_possibles(action: Action) -> list[StatutAction]:
    """Le statut de l'action, et ceux où elle peut aller seule : se regrouper demande une cible."""
    arrivees = {r.arrivee for r in TRANSITIONS_ACTION.values() if action.statut in r.departs}
    return [
        s
        for s in StatutAction
        if s == action.statut or (s in arrivees and s != StatutAction.REGROUPEE)
    ]


def verifier_suivi(action: Action, suivi: Suivi) -> tuple[TransitionAction | None, dict[str, Any]]:
    """La transition à franchir, s'il y en a une, et les champs qui changent.

    Lève `DonneeManquante` ou `TransitionImpossible`. Une action réalisée l'est à 100 %.
    """
    transition = transition_entre(action.statut, suivi.statut)
    if transition == TransitionAction.REGROUPER:
        raise TransitionImpossible("Une action se regroupe depuis sa page, avec une autre.")
    voulus = suivi.voulus()
    if transition == TransitionAction.TERMINER:
        voulus["avancement"] = 100
    if transition:
        motif_de(transition, suivi.motif)
    if transition == TransitionAction.REPORTER:
        verifier_report(action, suivi.echeance)
    debut, echeance = (voulus.get(c, getattr(action, c)) for c in ("debut", "echeance"))
    if debut and echeance and echeance < debut:
        faute = "echeance" if "echeance" in voulus else "debut"
        raise DonneeManquante(faute, "L'échéance ne peut précéder le début.")
    if suivi.avancement is not None and not 0 <= suivi.avancement <= 100:
        raise DonneeManquante("avancement", "L'avancement est un nombre de 0 à 100.")
    return transition, {c: v for c, v in voulus.items() if v != getattr(action, c)}


@transaction.atomic
def ecrire_suivi(
    action: Action, suivi: Suivi, *, version: int, par: Utilisateur, lot: Lot | None = None
) -> bool:
    """Écrit le suivi à la version lue ; faux si rien ne change. `lot` : l'acte groupé.

    Lève `PermissionDenied`, `TransitionImpossible`, `DonneeManquante` ou `VersionPerimee`.
    """
    if not peut(par, Acte.SUIVRE, action):
        raise PermissionDenied("Suivre l'action : votre rôle sur ce contrat ne le permet pas.")
    transition, champs = verifier_suivi(action, suivi)
    if transition:
        champs["regroupee_dans"] = None
        franchir(action, transition, version=version, par=par, motif=suivi.motif, lot=lot, **champs)
        return True
    if action.version != version:
        raise VersionPerimee(action, version)
    if not champs:
        return False
    toucher_la_fiche(action, par)
    mettre_a_jour(action, version=version, **champs)
    constater(action, par=par)
    if action.fiche:
        versionner(action.fiche, par=par, motif=f"Suivi : « {action} »"[:300], lot=lot)
    return True
