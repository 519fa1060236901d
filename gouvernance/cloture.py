"""Ce que la clôture d'une séance va faire, dit avant de le faire."""

from functools import cached_property
from typing import Any, NamedTuple

from django.http import QueryDict

from comptes.models import Utilisateur
from contrats.atelier.enregistrement import lire_version
from gouvernance import transitions
from gouvernance.models import Decision, Point, Seance
from gouvernance.transitions import Cloture


class Effet(NamedTuple):
    """Une décision, et pourquoi son effet ne s'appliquerait pas (vide : il s'appliquerait)."""

    decision: Decision
    refus: str

    @property
    def change(self) -> bool:
        return bool(self.decision.effet and self.decision.action)


class PageCloture:
    """Les décisions de la séance, leurs effets et ce qui reste sans décision."""

    def __init__(self, seance: Seance, agent: Utilisateur) -> None:
        self.seance = seance
        self.agent = agent

    @cached_property
    def effets(self) -> list[Effet]:
        lignes = self.seance.decisions.select_related(
            "action__contrat", "action__fiche", "organisme"
        )
        return [
            Effet(d, transitions.refus_de_l_effet(d, self.agent))
            for d in lignes.order_by("ordre", "pk")
        ]

    @cached_property
    def manque(self) -> str:
        return transitions.absents_au_quorum(self.seance)

    @cached_property
    def muets(self) -> list[Point]:
        """Points dont on n'a rien dit ni décidé : ils se verront au prochain ordre du jour."""
        points = self.seance.points.filter(note="", decisions=None)
        return list(points.order_by("ordre", "pk"))

    def confirmees(self, donnees: QueryDict) -> dict[int, int]:
        """Décision cochée → version de son action que l'on avait sous les yeux."""
        cochees = set(donnees.getlist("appliquer"))
        return {
            effet.decision.pk: lire_version(donnees, f"version-{effet.decision.pk}")
            for effet in self.effets
            if str(effet.decision.pk) in cochees
        }

    def phrase(self, fait: Cloture) -> Any:
        decisions = f"{fait.suivies} décision{'s' * (fait.suivies > 1)} à suivre"
        actions = f"{fait.appliquees} appliquée{'s' * (fait.appliquees > 1)} à une action"
        return f"Séance close : {decisions}, dont {actions}. Son état est figé."
