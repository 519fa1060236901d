"""Le texte en vigueur, par pure relecture : un texte signé, puis des avenants dans l'ordre.

Rien ici ne lit la base ni l'horloge : les mêmes pièces et les mêmes suites donnent le même texte.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Genre(StrEnum):
    """Sorte de pièce ; l'ordre est celui de la page."""

    PREAMBULE = "preambule"
    ARTICLE = "article"
    ANNEXE = "annexe"
    PARTIE = "partie"
    MONTANT = "montant"
    ACTION = "action"
    FIN = "fin"


RANGS = {genre: rang for rang, genre in enumerate(Genre)}


@dataclass(frozen=True)
class Origine:
    """L'acte d'où vient une disposition : le contrat initial (rien), un avenant, une décision."""

    nom: str = ""
    le: datetime.date | None = None
    numero: int = 0
    adresse: str = ""
    demonstration: bool = False

    @property
    def initiale(self) -> bool:
        return not self.nom

    def __str__(self) -> str:
        if self.initiale:
            return "contrat initial"
        return f"{self.nom} du {self.le:%d/%m/%Y}" if self.le else self.nom


INITIALE = Origine()


@dataclass(frozen=True)
class Piece:
    """Une disposition du texte, sous une clé stable, avec l'acte dont elle vient.

    `dans` : la pièce qui la porte (un engagement et son article) et dont elle suit le sort.
    `abrogee_par` : elle n'est plus en vigueur ; la page le dit à sa place.
    """

    cle: str
    libelle: str
    titre: str
    texte: str = ""
    genre: Genre = Genre.ARTICLE
    dans: str = ""
    motif: str = ""
    origine: Origine = INITIALE
    abrogee_par: Origine | None = None

    @property
    def en_vigueur(self) -> bool:
        return self.abrogee_par is None

    @property
    def ancre(self) -> str:
        return self.cle.replace(":", "-")


class Geste(StrEnum):
    """Ce qu'une opération fait à sa pièce."""

    AJOUTER = "ajouter"
    REMPLACER = "remplacer"
    ABROGER = "abroger"


@dataclass(frozen=True)
class Operation:
    """Un geste sur une pièce. Un ajout se place après `apres`, ou en tête de son genre."""

    geste: Geste
    piece: Piece
    apres: str = ""


@dataclass(frozen=True)
class Suite:
    """Un acte entré en vigueur et ce qu'il fait, dans l'ordre."""

    origine: Origine
    operations: tuple[Operation, ...]
    rang: tuple[int, ...] = field(default=())

    @property
    def ordre(self) -> tuple[datetime.date, tuple[int, ...]]:
        """Ordre total : la date d'effet, puis le rang de l'acte."""
        return self.origine.le or datetime.date.min, self.rang


def consolider(
    pieces: Iterable[Piece], suites: Iterable[Suite], le: datetime.date
) -> tuple[Piece, ...]:
    """Les pièces à cette date : celles de départ, après chaque suite entrée en vigueur."""
    texte = list(pieces)
    for suite in sorted(suites, key=lambda s: s.ordre):
        if suite.origine.le is not None and suite.origine.le > le:
            break
        for operation in suite.operations:
            _operer(texte, operation, suite.origine)
    return tuple(texte)


def en_vigueur(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Celles qui valent encore."""
    return tuple(piece for piece in pieces if piece.en_vigueur)


def trouver(pieces: Iterable[Piece], cle: str) -> Piece | None:
    """La pièce de cette clé, abrogée ou non."""
    return next((piece for piece in pieces if piece.cle == cle), None)


def _operer(texte: list[Piece], operation: Operation, origine: Origine) -> None:
    cle = operation.piece.cle
    place = next((rang for rang, piece in enumerate(texte) if piece.cle == cle), None)
    if operation.geste == Geste.ABROGER:
        for rang, piece in enumerate(texte):
            if cle in (piece.cle, piece.dans) and piece.en_vigueur:
                texte[rang] = replace(piece, abrogee_par=origine)
        return
    neuve = replace(operation.piece, origine=origine, abrogee_par=None)
    if operation.geste == Geste.REMPLACER and place is not None:
        texte[place] = neuve
        return
    if place is not None:  # ajoutée de nouveau après une abrogation : sa mention cède la place
        del texte[place]
    texte.insert(_place(texte, neuve.genre, operation.apres), neuve)


def _place(texte: Sequence[Piece], genre: Genre, apres: str) -> int:
    """Après la pièce nommée et celles qu'elle porte ; sans elle, en tête de son genre."""
    rang = next((r for r, piece in enumerate(texte) if piece.cle == apres), None)
    if apres and rang is not None:
        rang += 1
        while rang < len(texte) and texte[rang].dans == apres:
            rang += 1
        return rang
    return next((r for r, p in enumerate(texte) if RANGS[p.genre] >= RANGS[genre]), len(texte))
