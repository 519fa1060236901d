"""Qui voit quoi : les raisons de voir, une par une. `visibles_par` en est la réunion.

La page « pourquoi je vois ceci ? » lit les mêmes raisons : elle ne peut pas dire autre chose que
ce que font les listes.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from comptes.models import Utilisateur

if TYPE_CHECKING:
    from contrats.models.jeton import Jeton

# Un contrat de ville, son PERR, l'avenant du PERR, l'annexe de l'avenant : aucun contrat ne va
# plus loin (`Contrat.clean`), et la base n'a pas de requête récursive à faire.
PROFONDEUR = 3


class Cause(models.TextChoices):
    """Ce qui peut faire voir un objet à un utilisateur."""

    ADMINISTRATION = "administration", "administre l'instance : elle voit tout"
    PUBLICATION = "publication", "publié : tout le monde le voit"
    HABILITATION = "habilitation", "habilité sur le contrat"
    HERITAGE = "heritage", "habilité sur un contrat parent, pour ses enfants aussi"


@dataclass(frozen=True)
class Raison:
    """Une cause, et la condition sous laquelle elle fait voir une ligne."""

    cause: Cause
    condition: Q


def raisons(
    utilisateur: Utilisateur | AnonymousUser, *, publie: Q, contrat: str = "contrat"
) -> list[Raison]:
    """Raisons de voir les lignes d'un modèle : `publie` dit lesquelles le sont, `contrat` mène
    au contrat (« pk » pour le contrat lui-même). Un jeton d'API n'ajoute au public que son
    contrat."""
    siennes = _raisons_du_compte(utilisateur, contrat)
    jeton = jeton_de(utilisateur)
    if jeton is not None:
        portee = Q(**{contrat: jeton.contrat_id})
        siennes = [Raison(r.cause, portee & r.condition) for r in siennes]
    elif any(r.cause == Cause.ADMINISTRATION for r in siennes):
        return siennes
    return [Raison(Cause.PUBLICATION, publie), *siennes]


def _raisons_du_compte(utilisateur: Utilisateur | AnonymousUser, contrat: str) -> list[Raison]:
    """Ce que le compte fait voir de plus que le public."""
    if utilisateur.is_active and utilisateur.is_superuser:
        return [Raison(Cause.ADMINISTRATION, Q())]
    if utilisateur.is_authenticated and utilisateur.is_active:
        directs, herites = _contrats_habilites(utilisateur)
        # Des filtres plutôt que des jointures : pas de doublon, donc pas de DISTINCT.
        heritage = reduce(or_, (Q(**{f"{contrat}__in": lignes}) for lignes in herites))
        return [
            Raison(Cause.HABILITATION, Q(**{f"{contrat}__in": directs})),
            Raison(Cause.HERITAGE, heritage),
        ]
    return []


def _contrats_habilites(utilisateur: Utilisateur) -> tuple[QuerySet, list[QuerySet]]:
    """Requêtes des contrats où il est habilité, et des enfants, petits-enfants… de ceux dont
    l'habilitation s'étend à eux. Jamais lues ici : elles se glissent dans celles des autres, et se
    gardent avec l'utilisateur, car une page en pose dix."""
    jour = timezone.localdate()
    gardees: dict[datetime.date, Any] = utilisateur.__dict__.setdefault("_contrats_habilites", {})
    if jour not in gardees:
        habilitations = utilisateur.habilitations.en_vigueur(jour)
        etendues = habilitations.filter(aux_enfants=True)
        chemins = ["__".join(["contrat", *["enfants"] * rang]) for rang in range(1, PROFONDEUR + 1)]
        herites = [etendues.filter(**{f"{c}__isnull": False}).values(c) for c in chemins]
        gardees[jour] = habilitations.values("contrat"), herites
    return gardees[jour]


def porter(utilisateur: Utilisateur, jeton: "Jeton") -> None:
    """L'utilisateur agit par ce jeton : `visibles_par` et `peut` se bornent à sa portée."""
    utilisateur.__dict__["_jeton"] = jeton


def jeton_de(utilisateur: Utilisateur | AnonymousUser) -> "Jeton | None":
    """Le jeton par lequel l'utilisateur agit ; None par une session."""
    # L'utilisateur d'une requête est un objet paresseux : l'attribut, non son dictionnaire.
    return getattr(utilisateur, "_jeton", None)


def borner[Q_: QuerySet](lignes: Q_, raisons: list[Raison]) -> Q_:
    """Les lignes qu'une raison au moins fait voir."""
    return lignes.filter(reduce(or_, (raison.condition for raison in raisons)))


Raisons = Callable[[Utilisateur | AnonymousUser], list[Raison]]
