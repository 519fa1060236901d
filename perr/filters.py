"""Filtres de la matrice : les mêmes pour la page, l'export, le PDF et l'API."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from api.filtres import Choix, ModifieApres, OuiNon, ParCle
from contrats.enums import NatureAxe
from contrats.filters import par_contrat
from contrats.models import Action, Axe, Contrat
from contrats.models.action import ActionQuerySet
from partenaires.filters import par_organisme
from perr.enums import StatutDeclinaison
from perr.models import AnnexeTerritoriale, Colonne, Declinaison
from territoires.filters import par_territoire
from texte.recherche import FiltreRecherche, filtrer

LIBELLE_MAX = 70  # d'un choix dans une liste déroulante


class DuContrat(ParCle):
    """Clé d'un objet des contrats visibles ; dans la page d'un contrat, de celui-là seulement."""

    @property
    def visibles(self) -> QuerySet:
        contrat = getattr(self.parent, "contrat", None)
        visibles = super().visibles
        return visibles.filter(self._du_contrat(contrat)) if contrat else visibles

    def _du_contrat(self, contrat: Contrat) -> Q:
        return Q(contrat=contrat)

    def _choix(self) -> list[tuple[str, str]]:
        return [
            (cle, mot if len(mot) <= LIBELLE_MAX else f"{mot[: LIBELLE_MAX - 1].rstrip()}…")
            for cle, mot in super()._choix()
        ]


class ParAxe(DuContrat):
    """Axe d'une nature, du contrat ou de son parent : un PERR décline les axes de son parent."""

    def __init__(self, nature: NatureAxe, *, cles: tuple[str, ...], **kwargs: Any) -> None:
        def axes(utilisateur: Any) -> QuerySet[Axe]:
            contrats = Contrat.objects.visibles_par(utilisateur)
            return Axe.objects.filter(
                Q(contrat__in=contrats) | Q(contrat__enfants__in=contrats), nature=nature
            ).distinct()

        super().__init__(objets=axes, cles=cles, selecteur=True, **kwargs)

    def _du_contrat(self, contrat: Contrat) -> Q:
        return Q(contrat__in=[contrat.pk, contrat.parent_id])


def annexes_visibles(utilisateur: Any) -> QuerySet[AnnexeTerritoriale]:
    return AnnexeTerritoriale.objects.filter(contrat__in=Contrat.objects.visibles_par(utilisateur))


class MatriceFilterSet(django_filters.FilterSet):
    """Quelles lignes, quelles colonnes, quelles cellules de la matrice ?

    `qs` filtre des déclinaisons ; `actions`, `colonnes` et `retient` appliquent les mêmes règles à
    la matrice, qui montre aussi ses cellules vides. `contrat=` restreint les choix proposés.
    """

    q = FiltreRecherche(help_text="Mots de l'action.")
    contrat = par_contrat()
    annexe = DuContrat(
        objets=annexes_visibles,
        cles=("cle",),
        introuvable="Annexe inconnue",
        selecteur=True,
        label="Annexe",
        help_text="Clé de l'annexe territoriale.",
    )
    pilier = ParAxe(
        NatureAxe.PILIER,
        cles=("cle",),
        introuvable="Pilier inconnu",
        label="Pilier",
        help_text="Clé du pilier.",
    )
    programme = ParAxe(
        NatureAxe.PROGRAMME,
        cles=("numero", "cle"),
        introuvable="Programme inconnu",
        label="Programme",
        help_text="Numéro ou clé du programme.",
    )
    prioritaire = OuiNon("action__prioritaire", label="Prioritaire")
    statut = Choix("statut", choix=StatutDeclinaison, label="État de la cellule")
    vides = OuiNon(label="Cellules vides", help_text="« Oui » : les cellules vides seulement.")
    partenaire = par_organisme()
    territoire = par_territoire(None)

    class Meta:
        model = Declinaison
        fields: list[str] = []

    def __init__(self, *args: Any, contrat: Contrat | None = None, **kwargs: Any) -> None:
        self.contrat = contrat
        super().__init__(*args, **kwargs)
        self.filters["partenaire"].label = "Partenaire"
        if contrat is not None:
            del self.filters["contrat"]

    @property
    def choisi(self) -> dict[str, Any]:
        """Valeurs valides ; une valeur invalide ne filtre pas, et porte son erreur."""
        if not self.is_bound:
            return {}
        self.form.is_valid()
        return self.form.cleaned_data

    @property
    def choisit_des_cellules(self) -> bool:
        return bool(self.choisi.get("statut")) or self.choisi.get("vides") is not None

    def retient(self, statut: str | None) -> bool:
        """La cellule de ce statut (None : vide) répond aux filtres de cellule."""
        statuts, vides = self.choisi.get("statut"), self.choisi.get("vides")
        if vides is not None and vides != (statut is None):
            return False
        return not statuts or statut in statuts

    def actions(self, actions: ActionQuerySet) -> ActionQuerySet:
        choisi = self.choisi
        if mots := choisi.get("q"):
            actions = filtrer(actions, mots, "numero", "intitule")
        if contrats := choisi.get("contrat"):
            actions = actions.filter(contrat__in=contrats)
        if piliers := choisi.get("pilier"):
            actions = actions.filter(Q(axe__in=piliers) | Q(axe__parent__in=piliers))
        if programmes := choisi.get("programme"):
            actions = actions.filter(Q(axe__in=programmes) | Q(axe__parent__in=programmes))
        if (prioritaire := choisi.get("prioritaire")) is not None:
            actions = actions.filter(prioritaire=prioritaire)
        if organismes := choisi.get("partenaire"):
            actions = actions.engageant(organismes)
        return actions

    def colonnes(self, colonnes: QuerySet[Colonne]) -> QuerySet[Colonne]:
        """`territoire` : un quartier que la colonne couvre, ou ce qui le contient (commune)."""
        choisi = self.choisi
        if annexes := choisi.get("annexe"):
            colonnes = colonnes.filter(annexe__in=annexes)
        if territoires := choisi.get("territoire"):
            couvrantes = Colonne.objects.filter(
                Q(quartiers__in=territoires) | Q(quartiers__rattachements__parent__in=territoires)
            )
            colonnes = colonnes.filter(pk__in=couvrantes.values("pk"))
        return colonnes

    def filter_queryset(self, queryset: QuerySet[Declinaison]) -> QuerySet[Declinaison]:
        choisi = self.choisi
        if choisi.get("vides"):
            return queryset.none()  # une cellule vide n'a pas de déclinaison
        if statuts := choisi.get("statut"):
            queryset = queryset.filter(statut__in=statuts)
        return queryset.filter(
            action__in=self.actions(Action.objects.all()),
            colonne__in=self.colonnes(Colonne.objects.all()),
        )


class DeclinaisonFilterSet(MatriceFilterSet):
    """Quelles déclinaisons ? Les filtres de la matrice, et ce qui a changé depuis un instant."""

    modifie_apres = ModifieApres()

    def filter_queryset(self, queryset: QuerySet[Declinaison]) -> QuerySet[Declinaison]:
        queryset = super().filter_queryset(queryset)
        instant = self.choisi.get("modifie_apres")
        return queryset.filter(modifie_le__gte=instant) if instant else queryset
