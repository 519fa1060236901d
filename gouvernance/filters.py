"""Filtres de la gouvernance : les mêmes pour page, export et API."""

from typing import Any

import django_filters

from api.filtres import Choix, OuiNon, ParCle
from contrats.filters import par_contrat
from gouvernance.enums import StatutDecision, StatutDeliberation, StatutSeance, TypeInstance
from gouvernance.models import Decision, Deliberation, Instance, Seance
from partenaires.filters import par_organisme
from partenaires.models import Organisme


def _instances_qui_decident(utilisateur: Any) -> Any:
    siennes = Decision.objects.visibles_par(utilisateur).values("seance__instance")
    lignes = Instance.objects.filter(pk__in=siennes).select_related("contrat")
    return lignes.order_by("contrat__intitule_court", "contrat", "ordre", "pk")


def _organismes_responsables(utilisateur: Any) -> Any:
    siennes = Decision.objects.visibles_par(utilisateur).values("organisme")
    return Organisme.objects.visibles_par(utilisateur).filter(pk__in=siennes).pour_liste()


class InstanceFilterSet(django_filters.FilterSet):
    """Quelles instances ?"""

    contrat = par_contrat()
    type = Choix("type", choix=TypeInstance, label="Type")

    class Meta:
        model = Instance
        fields: list[str] = []


class SeanceFilterSet(django_filters.FilterSet):
    """Quelles séances ?"""

    contrat = par_contrat("instance__contrat")
    statut = Choix("statut", choix=StatutSeance, label="Statut")
    type = Choix("instance__type", choix=TypeInstance, label="Type d'instance")
    apres = django_filters.DateFilter("le", "gte", label="À partir du")
    avant = django_filters.DateFilter("le", "lte", label="Jusqu'au")

    class Meta:
        model = Seance
        fields: list[str] = []


class DecisionFilterSet(django_filters.FilterSet):
    """Quelles décisions ?"""

    contrat = par_contrat(method="filter_contrat")
    instance = ParCle(
        "seance__instance",
        objets=Instance.objects.visibles_par,
        cles=("public_id",),
        introuvable="Instance inconnue",
        proposes=_instances_qui_decident,
        nommer=lambda instance: f"{instance.nom} ({instance.contrat.intitule_court})",
        label="Instance",
        help_text="Identifiant de l'instance.",
    )
    organisme = par_organisme(field_name="organisme", proposes=_organismes_responsables)
    statut = Choix("statut", choix=StatutDecision, label="Statut")
    en_retard = OuiNon(method="filter_en_retard", label="En retard")
    avant = django_filters.DateFilter("avant_le", "lte", label="Attendue au plus tard le")

    class Meta:
        model = Decision
        fields: list[str] = []

    def filter_contrat(self, queryset: Any, name: str, value: list[Any]) -> Any:
        """Des comités du contrat, ou d'un contrat dont il est l'annexe."""
        return queryset.des_comites_de(value) if value else queryset

    def filter_en_retard(self, queryset, name, value):  # noqa: ANN001, ANN201 : django-filter
        """Vrai : à faire et terme passé ; faux : toutes les autres."""
        if value is None:
            return queryset
        retards = Decision.objects.en_retard().values("pk")
        return queryset.filter(pk__in=retards) if value else queryset.exclude(pk__in=retards)


class DeliberationFilterSet(django_filters.FilterSet):
    """Quelles délibérations ?"""

    contrat = par_contrat()
    statut = Choix("statut", choix=StatutDeliberation, label="Statut")

    class Meta:
        model = Deliberation
        fields: list[str] = []


class ScdlFilterSet(django_filters.FilterSet):
    """Quelles délibérations adoptées ?"""

    contrat = par_contrat()

    class Meta:
        model = Deliberation
        fields: list[str] = []
