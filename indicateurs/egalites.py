"""Quels territoires s'additionnent : les égalités que le référentiel géographique laisse écrire."""

from collections import defaultdict
from collections.abc import Iterable

from indicateurs.secret import Egalite
from territoires.enums import Couverture
from territoires.models import Rattachement, Territoire

NIVEAUX = 6  # du quartier d'usage au pays


def egalites_entre(territoires: Iterable[int]) -> list[Egalite]:
    """Une égalité par territoire mesuré et par sorte de territoires mesurés qu'il contient.

    La sorte est le type et la génération : des quartiers de 2015 et de 2024 ne s'additionnent pas.
    Une couverture partielle ne s'additionne pas non plus.
    """
    mesures = set(territoires)
    sortes = {
        pk: (type_, generation)
        for pk, type_, generation in Territoire.objects.filter(pk__in=mesures).values_list(
            "pk", "type", "generation"
        )
    }
    parts: dict[tuple[int, tuple[str, int | None]], set[int]] = defaultdict(set)
    for territoire, ancetres in _ancetres(mesures).items():
        for ancetre in ancetres & mesures:
            parts[ancetre, sortes[territoire]].add(territoire)
    return [Egalite(total, frozenset(enfants)) for (total, _), enfants in parts.items()]


def _ancetres(territoires: set[int]) -> dict[int, set[int]]:
    """Tous les territoires qui contiennent chacun en entier, une requête par niveau."""
    parents: dict[int, set[int]] = defaultdict(set)
    bord = set(territoires)
    for _ in range(NIVEAUX):
        if not bord:
            break
        liens = Rattachement.objects.filter(
            enfant__in=bord, couverture=Couverture.TOTALE
        ).values_list("enfant", "parent")
        suivant = set()
        for enfant, parent in liens:
            parents[enfant].add(parent)
            suivant.add(parent)
        bord = suivant - parents.keys()
    return {t: _remonter(t, parents) for t in territoires}


def _remonter(territoire: int, parents: dict[int, set[int]]) -> set[int]:
    vus: set[int] = set()
    bord = set(parents.get(territoire, ()))
    while bord:
        vus |= bord
        bord = {p for t in bord for p in parents.get(t, ())} - vus - {territoire}
    return vus - {territoire}
