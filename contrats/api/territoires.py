"""Territoires d'une action : les siens ou, dans une matrice, ceux de ses cellules."""

from collections import defaultdict
from typing import Any

from api.lecture import Contexte
from contrats.models import Action

NOMS = ("id", "nom", "type")
CHEMINS = ("territoires", "declinaisons__colonne__quartiers")


def territoires(contexte: Contexte, actions: list[tuple[int]]) -> list[list[dict[str, Any]]]:
    """Les territoires de chaque action `(pk,)`, en deux requêtes ; vide : ceux de son contrat."""
    pks = [pk for (pk,) in actions]
    propres, cellules = (_lire(chemin, pks) for chemin in CHEMINS)
    return [propres.get(pk) or cellules.get(pk, []) for pk in pks]


def _lire(chemin: str, actions: list[int]) -> dict[int, list[dict[str, Any]]]:
    lignes = (
        Action.objects.filter(pk__in=actions, **{f"{chemin}__isnull": False})
        .order_by(*(f"{chemin}__{champ}" for champ in ("type", "nom", "pk")))
        .values_list("pk", *(f"{chemin}__{champ}" for champ in ("cle", "nom", "type", "pk")))
        .distinct()  # un quartier à cheval sur deux colonnes n'y est qu'une fois
    )
    par_action = defaultdict(list)
    for action, *valeurs, _ in lignes:
        par_action[action].append(dict(zip(NOMS, valeurs, strict=True)))
    return par_action
