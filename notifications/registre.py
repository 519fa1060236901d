"""Ce qui se notifie : chaque paquet déclare ici ses genres d'objet et ses événements.

Ce paquet est à gauche de ceux qui notifient et n'en connaît aucun : ils se déclarent au démarrage
(`AppConfig.ready`), et il ne lit leurs objets que par ce qu'ils ont déclaré, droits compris.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet

from comptes.models import Utilisateur
from notifications.enums import Cadence


class Avis(NamedTuple):
    """Ce qu'une notification dit à son lecteur, composé quand il la lit."""

    titre: str
    detail: str
    adresse: str


@dataclass(frozen=True)
class Genre:
    """Un genre d'objet concerné. `lisibles` : les lignes que cette personne a le droit de lire
    maintenant, avec ce que `Evenement.dire` en lit ; hors d'elles, la notification n'existe pas."""

    cle: str
    lisibles: Callable[[Utilisateur], QuerySet[Any]]


@dataclass(frozen=True)
class Evenement:
    """Un événement : qui il prévient, comment par défaut, ce qu'il dit de son objet.

    `libelle` le nomme en deux mots ; `quand` dit, à qui règle ses préférences, quand il arrive.
    """

    cle: str
    libelle: str
    quand: str
    genre: str
    destinataires: Callable[[Any], Iterable[Utilisateur]]
    dire: Callable[[Any], Avis]
    defaut: Cadence = Cadence.QUOTIDIEN


# Ce qu'il faut constater chaque jour avant d'envoyer les résumés : une échéance qui approche.
Releve = Callable[[datetime.date], None]

GENRES: dict[str, Genre] = {}
EVENEMENTS: dict[str, Evenement] = {}
RELEVES: list[Releve] = []


def declarer(genre: Genre, *evenements: Evenement, releve: Releve | None = None) -> None:
    """À appeler une fois par genre, au démarrage."""
    GENRES[genre.cle] = genre
    for evenement in evenements:
        if evenement.genre != genre.cle:
            raise ValueError(f"{evenement.cle} n'est pas un événement de « {genre.cle} ».")
        EVENEMENTS[evenement.cle] = evenement
    if releve:
        RELEVES.append(releve)
