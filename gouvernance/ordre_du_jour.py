"""L'ordre du jour proposé : ce qui n'est pas fait, en retard, bloqué, à décider."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.enums import StatutAction, StatutContrat, StatutFiche
from contrats.models import Action, Contrat, Fiche
from contrats.permissions import Acte, peut
from contrats.transitions import TransitionImpossible
from gouvernance.cibles import cle_de
from gouvernance.enums import GenrePoint, StatutDeliberation
from gouvernance.models import Decision, Deliberation, Point, Seance
from gouvernance.perimetre import actions_du_comite, contrats_du_comite, indicateurs_du_comite
from indicateurs.models import Cible
from texte.dates import en_lettres

UN_AN = datetime.timedelta(days=365)


@dataclass(frozen=True)
class Proposition:
    """Un point que l'on propose : `cle` le retrouve quand il est coché."""

    cle: str
    genre: GenrePoint
    intitule: str
    raison: str
    objet: dict[str, Any]


def proposer(seance: Seance, lecteur: Utilisateur) -> list[Proposition]:
    """Ce que la séance devrait voir et n'a pas encore à son ordre du jour, par urgence."""
    deja = _deja(seance)
    toutes = [
        *_decisions(seance),
        *_actions(seance, lecteur),
        *_indicateurs(seance, lecteur),
        *_a_decider(seance, lecteur),
    ]
    return [p for p in toutes if p.cle not in deja]


@transaction.atomic
def inscrire(seance: Seance, cles: Iterable[str], *, par: Utilisateur) -> int:
    """Met à l'ordre du jour les propositions cochées ; rend leur nombre."""
    _exiger(seance, par)
    voulues = set(cles)
    retenues = [p for p in proposer(seance, par) if p.cle in voulues]
    rang = prochain_rang(seance)
    for decalage, proposition in enumerate(retenues):
        Point.objects.create(
            seance=seance,
            ordre=rang + decalage,
            genre=proposition.genre,
            intitule=proposition.intitule[:300],
            raison=proposition.raison[:300],
            **proposition.objet,
        )
    return len(retenues)


def ajouter(seance: Seance, intitule: str, *, par: Utilisateur, **objet: Any) -> Point:
    """Un point libre, à la suite ; admis aussi séance tenante. `objet` : ce qu'il vise."""
    _exiger(seance, par, tenante=True)
    return Point.objects.create(
        seance=seance,
        ordre=prochain_rang(seance),
        genre=GenrePoint.LIBRE,
        intitule=intitule,
        **objet,
    )


def retirer(point: Point, *, par: Utilisateur) -> None:
    _exiger(point.seance, par)
    point.delete()


@transaction.atomic
def monter(point: Point, *, par: Utilisateur) -> None:
    """Échange le point avec celui qui le précède ; le premier reste premier."""
    _exiger(point.seance, par)
    points = list(point.seance.points.order_by("ordre", "pk"))
    rang = points.index(point)
    if rang:
        points[rang - 1], points[rang] = points[rang], points[rang - 1]
    for ordre, un in enumerate(points, 1):
        if un.ordre != ordre:
            Point.objects.filter(pk=un.pk).update(ordre=ordre)


def prochain_rang(seance: Seance) -> int:
    return (seance.points.aggregate(m=Max("ordre"))["m"] or 0) + 1


def _exiger(seance: Seance, par: Utilisateur, *, tenante: bool = False) -> None:
    if not peut(par, Acte.MODIFIER, seance.contrat):
        raise PermissionDenied("Préparer une séance : votre rôle ne le permet pas.")
    if not (seance.se_prepare or (tenante and seance.statut == "ouverte")):
        raise TransitionImpossible(
            f"La séance est « {seance.get_statut_display()} » : son ordre du jour est fixé."
        )


def _deja(seance: Seance) -> set[str]:
    """Clés de ce qui est déjà à l'ordre du jour."""
    cles = set()
    for point in seance.points.all():
        if point.decision_suivie_id:
            cles.add(f"decision-{point.decision_suivie_id}")
        elif point.deliberation_id:
            cles.add(f"deliberation-{point.deliberation_id}")
        else:
            cles.add(cle_de(point) or point.intitule)
    return cles


def _decisions(seance: Seance) -> Iterator[Proposition]:
    """Ce que l'instance a décidé et qui n'est pas fait."""
    siennes = Decision.objects.a_faire().filter(seance__instance=seance.instance_id)
    for decision in siennes.exclude(seance=seance.pk).pour_liste():
        morceaux = [f"Décidé le {_jour(decision.seance.le)}, non fait"]
        morceaux += [decision.qui_interne] if decision.qui_interne else []
        if decision.avant_le:
            mot = "était attendu" if decision.est_en_retard else "attendu"
            morceaux.append(f"{mot} avant le {_jour(decision.avant_le)}")
        yield Proposition(
            f"decision-{decision.pk}",
            GenrePoint.DECISION,
            decision.texte,
            ", ".join(morceaux),
            {
                "decision_suivie": decision,
                "action": decision.action,
                "fiche": decision.fiche,
                "article": decision.article,
                "indicateur": decision.indicateur,
            },
        )


def _actions(seance: Seance, lecteur: Utilisateur) -> Iterator[Proposition]:
    """Les actions en retard, d'abord les plus anciennes, puis les suspendues."""
    visibles = Action.objects.visibles_par(lecteur).values("pk")
    actions = actions_du_comite(seance.contrat).filter(pk__in=visibles)
    aujourd_hui = timezone.localdate()
    for action in actions.en_retard().order_by("echeance", "pk"):
        jours = (aujourd_hui - (action.echeance or aujourd_hui)).days
        raison = f"Échéance passée le {_jour(action.echeance)} ({jours} jour{'s' * (jours > 1)})"
        yield _sur(action, GenrePoint.RETARD, raison)
    for action in actions.filter(statut=StatutAction.SUSPENDUE):
        yield _sur(action, GenrePoint.BLOQUE, f"Suspendue : {action.motif_statut}")


def _indicateurs(seance: Seance, lecteur: Utilisateur) -> Iterator[Proposition]:
    """Ceux dont une cible est arrivée à échéance depuis un an : atteinte ou non, on en parle."""
    aujourd_hui = timezone.localdate()
    siens = indicateurs_du_comite(seance.contrat, lecteur).values("pk")
    echues = Cible.objects.filter(
        indicateur__in=siens, echeance__range=(aujourd_hui - UN_AN, aujourd_hui)
    ).select_related("indicateur__contrat")
    vus: set[int] = set()
    for cible in echues.order_by("indicateur__contrat", "indicateur__ordre", "-echeance", "pk"):
        if cible.indicateur_id not in vus:
            vus.add(cible.indicateur_id)
            inventee = " (cible de démonstration)" if cible.demonstration else ""
            yield Proposition(
                f"indicateur-{cible.indicateur_id}",
                GenrePoint.DECIDER,
                cible.indicateur.intitule[:300],
                f"Cible échue le {_jour(cible.echeance)}{inventee} : atteinte, ou que faire ?",
                {"indicateur": cible.indicateur},
            )


def _sur(action: Action, genre: GenrePoint, raison: str) -> Proposition:
    numero = f"Action {action.numero}. " if action.numero else ""
    objet = {"action": action}
    return Proposition(f"action-{action.pk}", genre, f"{numero}{action.intitule}", raison, objet)


def _a_decider(seance: Seance, lecteur: Utilisateur) -> Iterator[Proposition]:
    """Projets de délibération, fiches et contrats qui attendent."""
    contrats = contrats_du_comite(seance.contrat)
    projets = Deliberation.objects.filter(
        contrat__in=contrats, statut=StatutDeliberation.PROJET
    ).ordonnees()
    for projet in projets:
        yield Proposition(
            f"deliberation-{projet.pk}",
            GenrePoint.DECIDER,
            f"{projet.numero} : {projet.objet}",
            "Projet de délibération, à adopter",
            {"deliberation": projet},
        )
    fiches = Fiche.objects.visibles_par(lecteur).filter(
        contrat__in=contrats, statut__in=[StatutFiche.EN_RELECTURE, StatutFiche.VALIDEE]
    )
    for fiche in fiches.order_by("contrat", "ordre", "pk"):
        raison = f"Fiche {fiche.get_statut_display().lower()}"
        yield Proposition(
            f"fiche-{fiche.pk}", GenrePoint.DECIDER, fiche.titre, raison, {"fiche": fiche}
        )
    attendent = [StatutContrat.EN_RELECTURE, StatutContrat.ADOPTE, StatutContrat.EN_SIGNATURE]
    for contrat in Contrat.objects.filter(pk__in=contrats, statut__in=attendent).order_by("pk"):
        raison = f"Contrat {contrat.get_statut_display().lower()}"
        yield Proposition(
            contrat.intitule_court, GenrePoint.DECIDER, contrat.intitule_court, raison, {}
        )


def _jour(le: Any) -> str:
    return en_lettres(le)
