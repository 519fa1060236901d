"""Filtres des territoires, pour les pages et l'API."""

from typing import Any

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet

from api.filtres import Choix, ModifieApres, ParCle
from territoires.enums import TypeTerritoire
from territoires.models import Rattachement, Territoire
from texte.recherche import FiltreRecherche


def par_territoire(field_name: str | None = "territoires", **kwargs: Any) -> ParCle:
    """Filtre « territoire » des autres listes : clé du territoire ou code officiel."""
    return ParCle(
        field_name,
        objets=Territoire.objects.visibles_par,
        cles=("cle", "code"),
        introuvable="Territoire inconnu",
        label="Territoire",
        help_text="Clé ou code officiel du territoire.",
        **kwargs,
    )


class TerritoireFilterSet(django_filters.FilterSet):
    """Quels territoires ? `parent` : compris, en tout ou partie, dans celui-ci."""

    q = FiltreRecherche("nom", "code", "alias__libelle", help_text="Nom, code officiel ou alias.")
    type = Choix("type", choix=TypeTerritoire, label="Type")
    code = django_filters.CharFilter("code", label="Code officiel")
    generation = django_filters.NumberFilter(
        "generation",
        label="Génération",
        decimal_places=0,
        validators=[MinValueValidator(1900), MaxValueValidator(2200)],
    )
    parent = ParCle(
        method="filter_parent",
        objets=Territoire.objects.visibles_par,
        cles=("cle", "code"),
        introuvable="Territoire inconnu",
        label="Compris dans",
        help_text="Clé ou code officiel du territoire qui les contient.",
    )
    modifie_apres = ModifieApres()

    class Meta:
        model = Territoire
        fields: list[str] = []

    def filter_parent(self, queryset: QuerySet, name: str, value: list[Territoire]) -> QuerySet:
        # Une sous-requête plutôt qu'une jointure : pas de doublon, donc pas de DISTINCT.
        return queryset.filter(
            pk__in=Rattachement.objects.filter(parent__in=value).values("enfant")
        )


class QuartierFilterSet(TerritoireFilterSet):
    """Les mêmes, parmi les seuls quartiers prioritaires."""

    type = None
