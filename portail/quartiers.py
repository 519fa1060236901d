"""Les quartiers prioritaires, une carte et un tableau par génération."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q, QuerySet

from contrats.presentation.comptes import Lecteur
from perr.enums import StatutDeclinaison
from perr.models import Declinaison
from portail.carte_quartiers import CarteQuartiers, dessiner_quartiers
from territoires.enums import TypeTerritoire
from territoires.filters import TerritoireFilterSet
from territoires.models import Rattachement, Territoire
from texte.recherche import normaliser


@dataclass(frozen=True)
class Generation:
    """Quartiers d'un même décret, chacun avec ses communes et son nombre d'actions."""

    annee: int
    lignes: list[tuple[Territoire, int]]
    carte: CarteQuartiers | None

    @property
    def titre(self) -> str:
        return f"Carte des quartiers prioritaires de la génération {self.annee}."


def promesses_par_quartier(quartiers: Iterable[Territoire], lecteur: Lecteur) -> dict[int, int]:
    """Nombre d'actions prévues dans chacun, regroupements compris, en une requête."""
    lignes = (
        Declinaison.objects.visibles_par(lecteur)
        .exclude(statut__in=StatutDeclinaison.sans_promesse())
        .filter(colonne__quartiers__in=quartiers)
        .order_by()
        .values_list("colonne__quartiers")
        .annotate(nombre=Count("action", distinct=True))
    )
    return dict(lignes)


def par_generation(quartiers: Iterable[Territoire], lecteur: Lecteur) -> list[Generation]:
    """Les quartiers reçus, dans leur ordre, une génération après l'autre."""
    tous = list(quartiers)
    nombres = promesses_par_quartier(tous, lecteur)
    return [
        Generation(
            annee,
            [(t, nombres.get(t.pk, 0)) for t in membres],
            dessiner_quartiers(membres, nombres),
        )
        for annee, membres in ((a, list(g)) for a, g in groupby(tous, lambda t: t.generation))
    ]


def designes_par(nom: str, visibles: QuerySet[Territoire]) -> list[Territoire]:
    """Quartiers prioritaires qu'un code, une clé, un nom ou un alias désigne exactement.

    Le nom d'un quartier d'usage désigne le quartier prioritaire qui le comprend.
    """
    prioritaires = visibles.filter(type=TypeTerritoire.QPV)
    if trouves := list(prioritaires.filter(Q(code=nom.upper()) | Q(cle=nom))):
        return trouves
    quartiers = visibles.filter(type__in=[TypeTerritoire.QPV, TypeTerritoire.QUARTIER_USAGE])
    proches = TerritoireFilterSet({"q": nom}, queryset=quartiers).qs.prefetch_related("alias")
    mots = normaliser(nom).split()
    exacts = [
        t
        for t in proches
        if mots in (normaliser(n).split() for n in [t.nom, *(a.libelle for a in t.alias.all())])
    ]
    comprennent = Rattachement.objects.filter(enfant__in=exacts).values("parent")
    return list(prioritaires.filter(Q(pk__in=[t.pk for t in exacts]) | Q(pk__in=comprennent)))
