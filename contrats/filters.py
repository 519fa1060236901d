"""Filtres des contrats, des fiches et des actions : les mêmes pour page, export et API."""

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from api.filtres import Choix, ModifieApres, OuiNon, ParCle
from contrats.enums import Horizon, NatureAxe, StatutAction, StatutContrat, StatutFiche, TypeContrat
from contrats.models import Action, Axe, Contrat, Fiche
from partenaires.filters import par_organisme
from territoires.filters import par_territoire
from texte.recherche import FiltreRecherche


def par_contrat(champ: str = "contrat", **kwargs: Any) -> ParCle:
    """Filtre « contrat » des fiches et des actions : son adresse (slug)."""
    return ParCle(
        champ,
        objets=Contrat.objects.visibles_par,
        cles=("slug",),
        introuvable="Contrat inconnu",
        selecteur=True,
        label="Contrat",
        help_text="Adresse (slug) du contrat.",
        **kwargs,
    )


def _axes_visibles(utilisateur: Any) -> QuerySet[Axe]:
    return Axe.objects.filter(contrat__in=Contrat.objects.visibles_par(utilisateur))


def _programmes_visibles(utilisateur: Any) -> QuerySet[Axe]:
    return _axes_visibles(utilisateur).filter(nature=NatureAxe.PROGRAMME)


def par_axe(**kwargs: Any) -> ParCle:
    """Filtre « axe » ; deux contrats peuvent avoir un axe de même clé, précisez le contrat."""
    return ParCle(
        objets=_axes_visibles,
        cles=("cle",),
        introuvable="Axe inconnu",
        label="Axe",
        help_text="Clé de l'axe.",
        **kwargs,
    )


class ContratFilterSet(django_filters.FilterSet):
    """Quels contrats ?"""

    q = FiltreRecherche(
        "intitule",
        "intitule_court",
        "sous_titre",
        "preambule",
        "nature_juridique",
        "articles__titre",
        "articles__texte",
        "engagements__texte",
        "parties__libelle",
        "parties__organisme__nom",
        "territoires__nom",
        "signatures__lieu",
        help_text="Mots du contrat, de ses articles, de ses parties ou de ses territoires.",
    )
    type = Choix("type", choix=TypeContrat, label="Type de contrat")
    statut = Choix("statut", choix=StatutContrat, label="Statut")
    organisme = par_organisme(method="filter_organisme")
    territoire = par_territoire(method="filter_territoire")
    modifie_apres = ModifieApres()

    class Meta:
        model = Contrat
        fields: list[str] = []

    def filter_organisme(self, queryset: QuerySet, name: str, value: list[Any]) -> QuerySet:
        """Contrats dont l'organisme est une partie."""
        return queryset.filter(pk__in=Contrat.objects.filter(parties__organisme__in=value))

    def filter_territoire(self, queryset: QuerySet, name: str, value: list[Any]) -> QuerySet:
        return queryset.filter(pk__in=Contrat.objects.filter(territoires__in=value))


class FicheFilterSet(django_filters.FilterSet):
    """Quelles fiches ?"""

    q = FiltreRecherche(
        "titre", "note_titre", "sections__texte", help_text="Mots du titre ou des sections."
    )
    contrat = par_contrat()
    type = Choix("contrat__type", choix=TypeContrat, label="Type de contrat")
    statut = Choix("statut", choix=StatutFiche, label="Statut")
    axe = par_axe(field_name="axe")
    organisme = par_organisme(method="filter_organisme")
    territoire = par_territoire(method="filter_territoire")
    modifie_apres = ModifieApres()

    class Meta:
        model = Fiche
        fields: list[str] = []

    def filter_organisme(self, queryset: QuerySet, name: str, value: list[Any]) -> QuerySet:
        """Fiches dont une liste, ou une action, cite l'organisme."""
        cite = Fiche.objects.filter(
            Q(sections__partenariats__organisme__in=value)
            | Q(actions__partenariats__organisme__in=value)
        )
        return queryset.filter(pk__in=cite)

    def filter_territoire(self, queryset: QuerySet, name: str, value: list[Any]) -> QuerySet:
        """Fiches dont le contrat, ou une action, concerne le territoire."""
        concerne = Fiche.objects.filter(
            Q(contrat__territoires__in=value) | Q(actions__territoires__in=value)
        )
        return queryset.filter(pk__in=concerne)


class ActionFilterSet(django_filters.FilterSet):
    """Quelles actions ?"""

    q = FiltreRecherche(
        "numero", "intitule", "description", help_text="Mots de l'intitulé ou de la description."
    )
    contrat = par_contrat()
    type = Choix("contrat__type", choix=TypeContrat, label="Type de contrat")
    statut = Choix("statut", choix=StatutAction, label="Statut")
    horizon = Choix("horizon", choix=Horizon, label="Horizon")
    fiche = ParCle(
        "fiche",
        objets=Fiche.objects.visibles_par,
        cles=("public_id",),
        introuvable="Fiche inconnue",
        label="Fiche",
        help_text="Identifiant (UUID) de la fiche.",
    )
    axe = par_axe(method="filter_axe")
    programme = ParCle(
        method="filter_programme",
        objets=_programmes_visibles,
        cles=("numero",),
        introuvable="Programme inconnu",
        label="Programme",
        help_text="Numéro du programme (« 12 ») ; ses sous-programmes y sont.",
    )
    organisme = par_organisme(method="filter_organisme")
    territoire = par_territoire(method="filter_territoire")
    prioritaire = OuiNon("prioritaire", label="Prioritaire")
    en_retard = OuiNon(method="filter_en_retard", label="En retard")
    sans_pilote = OuiNon(method="filter_sans_pilote", label="Sans pilote")
    sans_nouvelles = django_filters.NumberFilter(
        method="filter_sans_nouvelles",
        min_value=1,
        max_value=3650,
        label="Sans nouvelles depuis (jours)",
        help_text="Actions à faire que rien n'a changées depuis ce nombre de jours.",
    )
    sous_point = OuiNon(
        "parent", "isnull", exclude=True, label="Sous-point", help_text="Sous-points seulement."
    )
    echeance_apres = django_filters.DateFilter(
        "echeance", "gte", label="Échéance à partir du", help_text="Date incluse."
    )
    echeance_avant = django_filters.DateFilter(
        "echeance", "lt", label="Échéance avant le", help_text="Date exclue."
    )
    demonstration = OuiNon("demonstration", label="Suivi de démonstration")
    modifie_apres = ModifieApres()

    class Meta:
        model = Action
        fields: list[str] = []

    def filter_axe(self, queryset: QuerySet, name: str, value: list[Any]) -> QuerySet:
        """L'axe de l'action ou, à défaut, celui de sa fiche."""
        return queryset.filter(Q(axe__in=value) | Q(axe=None, fiche__axe__in=value))

    def filter_programme(self, queryset: QuerySet, name: str, value: list[Any]) -> QuerySet:
        sous_programmes = Axe.objects.filter(parent__in=value)
        return self.filter_axe(queryset, name, [*value, *sous_programmes])

    def filter_organisme(self, queryset: QuerySet, name: str, value: list[Any]) -> QuerySet:
        return queryset.engageant(value)

    def filter_territoire(self, queryset: QuerySet, name: str, value: list[Any]) -> QuerySet:
        return queryset.concernant(value)

    def filter_en_retard(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        retard = Action.objects.en_retard().values("pk")
        return queryset.filter(pk__in=retard) if value else queryset.exclude(pk__in=retard)

    def filter_sans_pilote(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        pilotees = Action.objects.pilotees()
        return queryset.exclude(pk__in=pilotees) if value else queryset.filter(pk__in=pilotees)

    def filter_sans_nouvelles(self, queryset: QuerySet, name: str, value: Decimal) -> QuerySet:
        return queryset.filter(pk__in=Action.objects.sans_nouvelles(int(value)).values("pk"))
