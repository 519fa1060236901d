"""Territoires d'une action : les siens ou, dans une matrice, ceux de ses cellules."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from api.lecture import Contexte
from contrats.models import Action

NOMS = ("id", "nom", "type")
ORDRE = ("type", "nom", "pk")
CELLULES = "declinaisons__colonne__quartiers"
# Préparées une fois : à chaque page, il ne reste qu'à dire de quelles actions.
PROPRES = Action.territoires.through.objects.order_by(
    *(f"territoire__{champ}" for champ in ORDRE)
).values_list("action_id", "territoire__cle", "territoire__nom", "territoire__type")
DES_CELLULES = (
    Action.objects.filter(**{f"{CELLULES}__isnull": False})
    .order_by(*(f"{CELLULES}__{champ}" for champ in ORDRE))
    .values_list("pk", *(f"{CELLULES}__{champ}" for champ in ("cle", "nom", "type", "pk")))
    .distinct()  # un quartier à cheval sur deux colonnes n'y est qu'une fois
)


def territoires(contexte: Contexte, actions: list[tuple[int]]) -> list[list[dict[str, Any]]]:
    """Les territoires de chaque action `(pk,)` ; vide : ceux de son contrat.

    Une requête, et une de plus pour celles qui n'en ont pas en propre.
    """
    pks = [pk for (pk,) in actions]
    propres = _groupes(PROPRES.filter(action__in=pks))
    sans = [pk for pk in pks if pk not in propres]
    cellules = _groupes(DES_CELLULES.filter(pk__in=sans)) if sans else {}
    return [propres.get(pk) or cellules.get(pk, []) for pk in pks]


def _groupes(lignes: Iterable[tuple[Any, ...]]) -> dict[int, list[dict[str, Any]]]:
    par_action = defaultdict(list)
    for action, cle, nom, nature, *_ in lignes:
        par_action[action].append(dict(zip(NOMS, (cle, nom, nature), strict=True)))
    return par_action
