"""Les données jointes au PDF, en JSON et en CSV : les exports de l'API, dans l'ordre imprimé."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from api.exports import Colonnes, en_csv, en_json
from api.lecture import Contexte, Lecture
from comptes.models import Utilisateur
from contrats.api.actions import COLONNES, ActionSerializer
from contrats.models import Action, Contrat
from perr.api.serializers import COLONNES as MATRICE
from perr.api.serializers import DeclinaisonSerializer
from perr.models import Declinaison

NOMS = {"action": "action", "declinaison": "déclinaison"}


@dataclass(frozen=True)
class Fichier:
    """Pièce jointe : nom, description lisible, octets."""

    nom: str
    description: str
    contenu: bytes


def fichiers(
    actions: Sequence[Action], *, par: Utilisateur | AnonymousUser, site: str
) -> list[Fichier]:
    """`actions.json` et `actions.csv`, mêmes objets que l'API ; rien s'il n'y a pas d'action."""
    visibles = Action.objects.visibles_par(par).filter(pk__in=[action.pk for action in actions])
    ordre = [str(action.public_id) for action in actions]
    return _fichiers("action", _actions(), COLONNES, visibles, ordre, _contexte(par, site))


def fichiers_de_matrice(
    contrat: Contrat, ordre: list[str], *, par: Utilisateur | AnonymousUser, site: str
) -> list[Fichier]:
    """`declinaisons.json` et `.csv` : celles de ces identifiants, mêmes objets que l'API."""
    visibles = Declinaison.objects.visibles_par(par).filter(action__contrat=contrat)
    return _fichiers("declinaison", _declinaisons(), MATRICE, visibles, ordre, _contexte(par, site))


def _contexte(par: Utilisateur | AnonymousUser, site: str) -> Contexte:
    return {
        "racine": site + reverse("api:api-root"),
        "utilisateur": par,
        "aujourdhui": timezone.localdate(),
    }


def _fichiers(
    nom: str,
    lecture: Lecture,
    colonnes: Colonnes,
    visibles: QuerySet,
    ordre: list[str],
    contexte: Contexte,
) -> list[Fichier]:
    """Les objets de `ordre`, en JSON et en CSV ; rien s'il est vide."""
    if not ordre:
        return []
    par_id = {str(lu["id"]): lu for lu in lecture.lire(visibles, contexte)}
    lus = [par_id[identifiant] for identifiant in ordre]
    pluriel = "s" if len(lus) > 1 else ""
    dit = f"{len(lus)} {NOMS[nom]}{pluriel}"
    return [
        Fichier(f"{nom}s.json", f"{dit} (JSON)", b"".join(en_json([lus]))),
        Fichier(f"{nom}s.csv", f"{dit} (CSV, UTF-8, virgule)", b"".join(en_csv([lus], colonnes))),
    ]


@cache
def _actions() -> Lecture:
    """Plan de lecture, établi une fois les modèles chargés."""
    return Lecture(ActionSerializer(), Action)


@cache
def _declinaisons() -> Lecture:
    return Lecture(DeclinaisonSerializer(), Declinaison)
