"""Cycles de vie : le seul endroit qui écrit le statut d'une séance, d'une décision, d'une
délibération, d'une session."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.enums import TransitionAction
from contrats.models import Action
from contrats.permissions import Acte, peut
from contrats.transitions import DonneeManquante, TransitionImpossible, suivre_action
from contrats.transitions.socle import verifier
from edition.ecriture import VersionPerimee, mettre_a_jour
from gouvernance import courriels
from gouvernance.deliberations import reserver_le_numero
from gouvernance.enums import (
    EtatPresence,
    StatutDecision,
    StatutDeliberation,
    StatutSeance,
    StatutSession,
    TransitionDeliberation,
    TransitionSeance,
)
from gouvernance.etat import photographier, phrases_des_indicateurs, versions_en_vigueur
from gouvernance.evenements import prevenir_des_decisions
from gouvernance.models import Decision, Deliberation, Seance, Session
from gouvernance.sessions import exiger

_S, _T = StatutSeance, TransitionSeance
# transition → (statuts de départ, statut d'arrivée)
TRANSITIONS: dict[TransitionSeance, tuple[frozenset[StatutSeance], StatutSeance]] = {
    # Convoquer de nouveau redit une date ou un lieu qui a changé.
    _T.CONVOQUER: (frozenset({_S.PREPAREE, _S.CONVOQUEE}), _S.CONVOQUEE),
    _T.OUVRIR: (frozenset({_S.PREPAREE, _S.CONVOQUEE}), _S.OUVERTE),
    _T.CLORE: (frozenset({_S.OUVERTE}), _S.CLOSE),
    _T.ANNULER: (frozenset({_S.PREPAREE, _S.CONVOQUEE}), _S.ANNULEE),
}
_P, _A = StatutDeliberation.PROJET, StatutDeliberation.ADOPTEE
ADOPTER, REVENIR = TransitionDeliberation.ADOPTER, TransitionDeliberation.REVENIR
DELIBERATIONS: dict[
    TransitionDeliberation, tuple[frozenset[StatutDeliberation], StatutDeliberation]
] = {ADOPTER: (frozenset({_P}), _A), REVENIR: (frozenset({_A}), _P)}
_D = StatutDecision
SUITES: dict[StatutDecision, frozenset[StatutDecision]] = {
    _D.FAITE: frozenset({_D.A_FAIRE}),
    _D.ABANDONNEE: frozenset({_D.A_FAIRE}),
    _D.A_FAIRE: frozenset({_D.FAITE, _D.ABANDONNEE}),
}


class EffetRefuse(Exception):
    """Une décision cochée ne peut s'appliquer : rien n'est clos ; `decision` dit laquelle."""

    def __init__(self, decision: Decision, message: str) -> None:
        self.decision = decision
        super().__init__(message)


@dataclass(frozen=True)
class Cloture:
    """Ce qu'une clôture a fait."""

    appliquees: int
    suivies: int


def possibles(seance: Seance, utilisateur: Utilisateur) -> list[TransitionSeance]:
    """Ce que l'état de la séance et les droits permettent."""
    if not peut(utilisateur, Acte.CONDUIRE, seance.contrat):
        return []
    return [t for t, (departs, _) in TRANSITIONS.items() if seance.statut in departs]


def verifier_passage(seance: Seance, transition: TransitionSeance, par: Utilisateur) -> None:
    """Lève `PermissionDenied` sans le droit, `TransitionImpossible` dans le mauvais état."""
    if not peut(par, Acte.CONDUIRE, seance.contrat):
        raise PermissionDenied(f"{transition.label} : votre rôle ne le permet pas.")
    if seance.statut not in TRANSITIONS[transition][0]:
        raise TransitionImpossible(
            f"{transition.label} : la séance est « {seance.get_statut_display()} »."
        )


@transaction.atomic
def convoquer(seance: Seance, *, version: int, par: Utilisateur) -> int:
    """Dépose l'invitation de chaque personne qui a une adresse ; rend leur nombre."""
    verifier_passage(seance, _T.CONVOQUER, par)
    if not seance.points.exists():
        raise TransitionImpossible("Convoquer : l'ordre du jour est vide.")
    _passer(seance, _T.CONVOQUER, version=version, convoquee_le=timezone.now())
    return courriels.convoquer(seance, par=par)


@transaction.atomic
def ouvrir(seance: Seance, *, version: int, par: Utilisateur) -> None:
    """La séance commence à son premier point."""
    verifier_passage(seance, _T.OUVRIR, par)
    if not seance.points.exists():
        raise TransitionImpossible("Ouvrir : l'ordre du jour est vide.")
    _passer(seance, _T.OUVRIR, version=version, ouverte_le=timezone.now())


@transaction.atomic
def annuler(seance: Seance, *, version: int, par: Utilisateur) -> None:
    """Ceux qui ont été convoqués sont prévenus."""
    verifier_passage(seance, _T.ANNULER, par)
    convoquee = seance.statut == _S.CONVOQUEE
    _passer(seance, _T.ANNULER, version=version)
    if convoquee:
        courriels.annuler(seance, par=par)


@transaction.atomic
def clore(
    seance: Seance, *, version: int, par: Utilisateur, appliquer: Mapping[int, int]
) -> Cloture:
    """Applique les décisions confirmées, fige l'état et les textes, ouvre le suivi : d'un bloc.

    `appliquer` : décision → version de l'action que l'on avait sous les yeux. Lève `EffetRefuse`
    ou `VersionPerimee` : rien n'est alors écrit.
    """
    verifier_passage(seance, _T.CLORE, par)
    _verifier_quorum(seance)
    # De deux clôtures concurrentes, la seconde attend ici, puis trouve une version périmée.
    Seance.objects.select_for_update(of=("self",)).get(pk=seance.pk)
    maintenant = timezone.now()
    decisions = list(seance.decisions.select_related("action__contrat", "action__fiche", "seance"))
    ecrites: dict[int, int] = {}  # deux décisions peuvent porter sur la même action
    for decision in decisions:
        if decision.pk in appliquer:
            lue = ecrites.get(decision.action_id or 0, appliquer[decision.pk])
            action = _appliquer(decision, lue, par)
            ecrites[action.pk] = action.version
        appliquee = maintenant if decision.pk in appliquer else None
        champs = {"statut": _D.A_FAIRE, "appliquee_le": appliquee}
        mettre_a_jour(decision, version=decision.version, **champs)
    motif = f"Séance : {seance}"[:300]
    seance.versions.set(versions_en_vigueur(seance.contrat, par=par, motif=motif))
    etat = photographier(seance.contrat) | {"indicateurs": phrases_des_indicateurs(seance, par)}
    _passer(seance, _T.CLORE, version=version, close_le=maintenant, close_par=par, etat_fige=etat)
    prevenir_des_decisions(decisions, par=par)
    return Cloture(len(appliquer), len(decisions))


def refus_de_l_effet(decision: Decision, par: Utilisateur) -> str:
    """Pourquoi l'effet ne s'appliquerait pas maintenant ; vide s'il s'appliquerait."""
    if not decision.effet or decision.action is None:
        return ""
    try:
        verifier(decision.action, TransitionAction(decision.effet), par=par)
    except (PermissionDenied, TransitionImpossible) as erreur:
        return str(erreur)
    if decision.effet == TransitionAction.REPORTER and decision.avant_le is None:
        return "Reporter : la décision ne dit pas la nouvelle échéance (« avant le »)."
    return ""


@transaction.atomic
def suivre_decision(
    decision: Decision,
    statut: StatutDecision,
    *,
    version: int,
    par: Utilisateur,
    suite: str = "",
) -> None:
    """Dit qu'une décision est faite ou abandonnée, ou la rouvre. Un abandon dit pourquoi."""
    if not peut(par, Acte.MODIFIER, decision.seance.contrat):
        raise PermissionDenied("Suivre une décision : votre rôle ne le permet pas.")
    if statut not in SUITES or decision.statut not in SUITES[statut]:
        raise TransitionImpossible(
            f"Une décision « {decision.get_statut_display()} » ne peut devenir « {statut.label} »."
        )
    suite = " ".join(suite.replace("\0", "").split())[:300]
    if statut == _D.ABANDONNEE and not suite:
        raise DonneeManquante("suite", "Dites pourquoi elle est abandonnée.")
    champs = {"suite": suite, "suivie_le": timezone.now(), "suivie_par": par}
    mettre_a_jour(decision, version=version, statut=statut, **champs)


def absents_au_quorum(seance: Seance) -> str:
    """Ce qui manque au quorum, en une phrase ; vide s'il est atteint ou s'il n'y en a pas."""
    if not seance.quorum:
        return ""
    presents = compter_les_presents(seance)
    if presents >= seance.quorum:
        return ""
    pluriel = "s" if presents > 1 else ""
    return (
        f"Le quorum n'est pas atteint : {presents} membre{pluriel} présent{pluriel} ou "
        f"représenté{pluriel}, pour {seance.quorum} exigés."
    )


def compter_les_presents(seance: Seance) -> int:
    """Membres délibératifs présents ou représentés."""
    membres = seance.convocations.filter(deliberatif=True)
    return membres.filter(presence__in=EtatPresence.comptes()).count()


def _verifier_quorum(seance: Seance) -> None:
    manque = absents_au_quorum(seance)
    if manque and seance.decisions.exists():
        raise TransitionImpossible(f"{manque} Complétez les présences, ou retirez le quorum.")


def _appliquer(decision: Decision, version: int, par: Utilisateur) -> Action:
    action = decision.action
    if action is None or not decision.effet:
        raise EffetRefuse(decision, "Cette décision ne change l'état d'aucune action.")
    action = Action.objects.select_related("contrat", "fiche").get(pk=action.pk)
    if action.version != version:
        raise VersionPerimee(action, version)
    transition = TransitionAction(decision.effet)
    motif = f"Décision du {decision.seance.le:%d/%m/%Y} : {decision.texte}"[:500]
    try:
        suivre_action(
            action, transition, version=version, par=par, motif=motif, echeance=decision.avant_le
        )
    except (TransitionImpossible, DonneeManquante, PermissionDenied) as erreur:
        raise EffetRefuse(decision, str(erreur)) from erreur
    return action


def _passer(
    seance: Seance, transition: TransitionSeance, *, version: int, **champs: object
) -> None:
    mettre_a_jour(seance, version=version, statut=TRANSITIONS[transition][1], **champs)


def decisions_applicables(seance: Seance) -> Collection[Decision]:
    """Les décisions de la séance qui changent l'état d'une action, dans l'ordre."""
    lignes = seance.decisions.exclude(effet="").filter(action__isnull=False)
    return lignes.select_related("action__contrat", "action__fiche", "seance").order_by(
        "ordre", "pk"
    )


def deliberations_possibles(
    deliberation: Deliberation, utilisateur: Any
) -> list[TransitionDeliberation]:
    """Ce que le statut de la délibération et les droits permettent."""
    if not peut(utilisateur, Acte.CONDUIRE, deliberation.contrat):
        return []
    return [t for t, (departs, _) in DELIBERATIONS.items() if deliberation.statut in departs]


def verifier_deliberation(
    deliberation: Deliberation, transition: TransitionDeliberation, par: Utilisateur
) -> None:
    """Lève `PermissionDenied` sans le droit, `TransitionImpossible` dans le mauvais statut."""
    if not peut(par, Acte.CONDUIRE, deliberation.contrat):
        raise PermissionDenied(f"{transition.label} : votre rôle ne le permet pas.")
    if deliberation.statut not in DELIBERATIONS[transition][0]:
        raise TransitionImpossible(
            f"{transition.label} : la délibération est « {deliberation.get_statut_display()} »."
        )


@transaction.atomic
def adopter(
    deliberation: Deliberation,
    *,
    version: int,
    par: Utilisateur,
    numero: str,
    seance_le: datetime.date,
    **vote: int | None,
) -> None:
    """Le projet devient un acte, daté, numéroté ; son vote est entier, ou n'est pas connu.

    Lève `DonneeManquante` si le numéro est pris.
    """
    verifier_deliberation(deliberation, ADOPTER, par)
    reserver_le_numero(deliberation, numero)
    champs = {"numero": numero, "seance_le": seance_le, "motif_statut": "", **vote}
    _constater(deliberation, ADOPTER, version=version, par=par, **champs)


@transaction.atomic
def revenir_au_projet(
    deliberation: Deliberation, *, version: int, par: Utilisateur, motif: str
) -> None:
    """L'adoption avait été constatée par erreur : date, vote et préfecture s'effacent."""
    verifier_deliberation(deliberation, REVENIR, par)
    motif = " ".join(motif.replace("\0", "").split())[:300]
    if not motif:
        raise DonneeManquante("motif", "Dites pourquoi l'adoption n'est plus constatée.")
    effaces = ("seance_le", "vote_effectif", "vote_pour", "vote_contre", "vote_abstention")
    champs = {**dict.fromkeys((*effaces, "prefecture_le")), "prefecture_ref": ""}
    _constater(deliberation, REVENIR, version=version, par=par, motif_statut=motif, **champs)


def _constater(
    deliberation: Deliberation, transition: TransitionDeliberation, *, version: int, **champs: Any
) -> None:
    constat = {"statut_le": timezone.now(), "statut_par": champs.pop("par")}
    arrivee = DELIBERATIONS[transition][1]
    mettre_a_jour(deliberation, version=version, statut=arrivee, **constat, **champs)


def annuler_session(session: Session, *, version: int, par: Utilisateur) -> None:
    """Une session publiée n'a plus lieu."""
    exiger(session, par, "Annuler la session")
    if session.statut != StatutSession.PUBLIEE:
        raise TransitionImpossible(f"La session est « {session.get_statut_display()} ».")
    mettre_a_jour(session, version=version, statut=StatutSession.ANNULEE)


def publier_session(session: Session, *, version: int, par: Utilisateur) -> None:
    """Elle est annoncée, et l'on s'y inscrit."""
    exiger(session, par, "Publier la session")
    if session.statut != StatutSession.BROUILLON:
        raise TransitionImpossible(f"La session est « {session.get_statut_display()} ».")
    mettre_a_jour(session, version=version, statut=StatutSession.PUBLIEE)
