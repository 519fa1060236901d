"""Filtres des indicateurs et des mesures : les mêmes pour page, export et API.

Aucun filtre ne porte sur une valeur : en la bornant, on lirait une valeur secrète.
"""

from typing import Any

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef, QuerySet

from api.filtres import Choix, ModifieApres, OuiNon, ParCle
from contrats.filters import par_contrat
from contrats.models import Axe, Contrat
from indicateurs.enums import Sens, StatutMesure
from indicateurs.models import Indicateur, Mesure, Millesime, Source, Theme
from territoires.filters import par_territoire
from texte.recherche import FiltreRecherche


def _orientations(utilisateur: Any) -> QuerySet[Axe]:
    """Celles qu'un indicateur visible suit."""
    visibles = Contrat.objects.visibles_par(utilisateur)
    return Axe.objects.filter(contrat__in=visibles, indicateurs__isnull=False).distinct()


def par_generation(champ: str) -> django_filters.NumberFilter:
    """Filtre « génération » de quartiers : une année."""
    return django_filters.NumberFilter(
        champ,
        label="Génération",
        help_text="Génération des quartiers prioritaires : 2015 ou 2024.",
        decimal_places=0,
        validators=[MinValueValidator(1900), MaxValueValidator(2200)],
    )


class IndicateurFilterSet(django_filters.FilterSet):
    """Quels indicateurs ? Les écartés viennent avec les retenus, leur raison dite."""

    q = FiltreRecherche(
        "intitule",
        "definition",
        "theme__nom",
        "source__nom",
        "source__nom_long",
        "motif_ecart",
        help_text="Mots de l'intitulé, de la définition, du thème ou de la source.",
    )
    contrat = par_contrat()
    theme = ParCle(
        "theme",
        objets=lambda utilisateur: Theme.objects.all(),
        cles=("cle",),
        introuvable="Thème inconnu",
        selecteur=True,
        label="Thème",
        help_text="Clé du thème.",
    )
    source = ParCle(
        "source",
        objets=lambda utilisateur: Source.objects.all(),
        cles=("cle",),
        introuvable="Source inconnue",
        selecteur=True,
        label="Source",
        help_text="Clé de la source.",
    )
    orientation = ParCle(
        method="filter_orientation",
        objets=_orientations,
        cles=("cle",),
        introuvable="Orientation inconnue",
        label="Orientation",
        help_text="Clé de l'orientation du contrat.",
    )
    sens = Choix("sens", choix=Sens, label="Sens voulu")
    prioritaire = OuiNon("prioritaire", label="À actualiser en priorité", help_text="true, false.")
    ecarte = OuiNon(method="filter_ecarte", label="Écarté", help_text="true, false.")
    renseigne = OuiNon(
        method="filter_renseigne",
        label="Renseigné",
        help_text="A au moins un chiffre montré : true, false.",
    )
    modifie_apres = ModifieApres()

    class Meta:
        model = Indicateur
        fields: list[str] = []

    def filter_orientation(self, queryset: QuerySet, name: str, value: list[Axe]) -> QuerySet:
        # Une sous-requête plutôt qu'une jointure : pas de doublon, donc pas de DISTINCT.
        liens = Indicateur.orientations.through.objects.filter(axe__in=value)
        return queryset.filter(pk__in=liens.values("indicateur")) if value else queryset

    def filter_ecarte(self, queryset: QuerySet, name: str, value: bool | None) -> QuerySet:
        if value is None:
            return queryset
        return queryset.exclude(motif_ecart="") if value else queryset.filter(motif_ecart="")

    def filter_renseigne(self, queryset: QuerySet, name: str, value: bool | None) -> QuerySet:
        if value is None:
            return queryset
        chiffres = Mesure.objects.filter(indicateur=OuterRef("pk")).de_statut(
            [s.value for s in StatutMesure.chiffres()]
        )
        return queryset.filter(Exists(chiffres) if value else ~Exists(chiffres))


class MesureFilterSet(django_filters.FilterSet):
    """Quelles mesures ? `statut` est celui qui se montre."""

    indicateur = ParCle(
        "indicateur",
        objets=Indicateur.objects.visibles_par,
        cles=("public_id", "cle"),
        introuvable="Indicateur inconnu",
        label="Indicateur",
        help_text="Identifiant ou clé de l'indicateur.",
    )
    contrat = ParCle(
        "indicateur__contrat",
        objets=Contrat.objects.visibles_par,
        cles=("slug",),
        introuvable="Contrat inconnu",
        label="Contrat",
        help_text="Adresse (slug) du contrat.",
    )
    territoire = par_territoire("territoire")
    generation = par_generation("territoire__generation")
    millesime = ParCle(
        "millesime",
        objets=lambda utilisateur: Millesime.objects.all(),
        cles=("cle", "libelle"),
        introuvable="Millésime inconnu",
        label="Millésime",
        help_text="Clé (2019, 2015-01-01, 2013/2017) ou libellé du millésime.",
    )
    statut = Choix("statut", choix=StatutMesure, label="Statut", method="filter_statut")
    demonstration = OuiNon(
        "demonstration", label="Valeur de démonstration", help_text="true, false."
    )
    modifie_apres = ModifieApres()

    class Meta:
        model = Mesure
        fields: list[str] = []

    def filter_statut(self, queryset: Any, name: str, value: list[str]) -> QuerySet:
        return queryset.de_statut(value) if value else queryset


class EcartsFilterSet(django_filters.FilterSet):
    """Quelle lecture d'un indicateur ? À quelle date, pour quelle génération."""

    a_la_date = django_filters.DateFilter(
        method="filter_rien", label="À la date du", help_text="AAAA-MM-JJ : ce qu'on savait alors."
    )
    generation = par_generation("pk")

    class Meta:
        model = Indicateur
        fields: list[str] = []

    def filter_rien(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset
