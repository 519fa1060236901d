"""La page de gouvernance d'un contrat : instances, séances, décisions, délibérations, avis."""

from functools import cached_property
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from gouvernance.enums import StatutSeance
from gouvernance.lisibles import Lisibles
from gouvernance.models import Avis, Decision, Deliberation, Instance, Seance

MONTREES = 12  # décisions à faire ; au-delà, la page des décisions les dit toutes


class Reunion(NamedTuple):
    """Une instance, et ce que l'on sait de ses réunions."""

    instance: Instance
    derniere: Seance | None
    prochaine: Seance | None
    manquee: str


class PageGouvernance:
    """Ce qu'affiche la page, en un nombre de requêtes qui ne dépend pas du contrat."""

    def __init__(self, contrat: Contrat, lecteur: Utilisateur | AnonymousUser) -> None:
        self.contrat = contrat
        self.lecteur = lecteur

    @cached_property
    def de_l_atelier(self) -> bool:
        """Le lecteur a un rôle sur le contrat : il voit aussi les séances en préparation."""
        return peut(self.lecteur, Acte.LIRE_ATELIER, self.contrat)

    @cached_property
    def seances(self) -> list[Seance]:
        siennes = Seance.objects.visibles_par(self.lecteur).filter(instance__contrat=self.contrat)
        return list(siennes.pour_liste())

    @cached_property
    def reunions(self) -> list[Reunion]:
        instances = Instance.objects.filter(contrat=self.contrat).pour_page()
        return [self._reunion(instance) for instance in instances]

    @cached_property
    def decisions(self) -> list[Decision]:
        """Celles qui restent à faire, les plus pressées d'abord."""
        siennes = Decision.objects.visibles_par(self.lecteur).a_faire()
        return list(siennes.des_comites_de([self.contrat]).pour_liste()[:MONTREES])

    @cached_property
    def lisibles(self) -> Lisibles:
        return Lisibles(self.decisions, self.lecteur)

    @cached_property
    def deliberations(self) -> list[Deliberation]:
        siennes = Deliberation.objects.visibles_par(self.lecteur).filter(contrat=self.contrat)
        return list(siennes.ordonnees())

    @cached_property
    def avis(self) -> list[Avis]:
        return list(self.contrat.avis.order_by("rendu_le", "pk"))

    def _reunion(self, instance: Instance) -> Reunion:
        siennes = [s for s in self.seances if s.instance_id == instance.pk]
        closes = [s for s in siennes if s.statut == StatutSeance.CLOSE]
        prevues = [
            s for s in siennes if s.statut in (*StatutSeance.a_venir(), StatutSeance.OUVERTE)
        ]
        prochaine = min(prevues, key=lambda s: (s.le, s.pk), default=None)
        derniere = closes[0] if closes else None
        return Reunion(instance, derniere, prochaine, self._manque(instance, closes))

    def _manque(self, instance: Instance, closes: list[Seance]) -> str:
        """Ce que le contrat impose de réunir et qui ne l'a pas été depuis un an."""
        if not instance.par_an:
            return ""
        depuis = timezone.localdate().replace(day=1)
        depuis = depuis.replace(year=depuis.year - 1)
        tenues = sum(s.le >= depuis for s in closes)
        if tenues >= instance.par_an:
            return ""
        return (
            f"Depuis un an, {tenues} réunion{'s' if tenues > 1 else ''} connue"
            f"{'s' if tenues > 1 else ''} ici, pour {instance.par_an} au moins prévue"
            f"{'s' if instance.par_an > 1 else ''} par le contrat."
        )
