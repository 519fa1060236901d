"""Deux avenants touchent la même disposition : ce que lisait le rédacteur, ce qui vaut
maintenant, ce qu'il écrit."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from avenants.lecture import Sources, operation_de
from avenants.models import Effet
from avenants.texte import Origine, Piece, consolider, en_vigueur, trouver
from texte.differences import fusionner


class TexteModifieDepuis(Exception):
    """Un avenant entré en vigueur entre-temps a touché les mêmes dispositions : 409."""

    def __init__(self, conflits: list["Conflit"]) -> None:
        self.conflits = conflits
        noms = ", ".join(conflit.libelle.lower() for conflit in conflits)
        super().__init__(f"Modifié depuis par un autre avenant : {noms}.")


@dataclass(frozen=True)
class Conflit:
    """Une disposition touchée des deux côtés. `depart` et `leur` : vides si elle n'existait pas
    ou n'existe plus ; `mienne` : vide si l'effet l'abroge."""

    effet: Effet
    depart: Piece | None
    leur: Piece | None
    mienne: Piece | None
    acte: Origine

    @property
    def cle(self) -> str:
        return self.effet.cle

    @property
    def libelle(self) -> str:
        piece = self.leur or self.depart or self.mienne
        return piece.libelle if piece else self.cle

    @property
    def texte_depart(self) -> str:
        return self.depart.texte if self.depart else ""

    @property
    def texte_leur(self) -> str:
        return self.leur.texte if self.leur else ""

    @property
    def texte_mien(self) -> str:
        return self.mienne.texte if self.mienne else ""

    @cached_property
    def reunie(self) -> str:
        """Les deux textes réunis au mot ; vide s'ils se contredisent ou si l'un abroge."""
        if not (self.depart and self.leur and self.mienne):
            return ""
        fusion = fusionner(self.depart.texte, self.leur.texte, self.mienne.texte)
        return fusion.texte if fusion.propre and self.leur.titre == self.depart.titre else ""


def texte_lu(sources: Sources, numero: int) -> tuple[Piece, ...]:
    """Ce que voyait qui rédigeait quand l'avenant `numero` était le dernier entré."""
    suites = [suite for suite in sources.suites if suite.origine.numero <= numero]
    return consolider(sources.depart, suites, datetime.date.max)


def dernier_numero(sources: Sources) -> int:
    """Numéro du dernier avenant entré ; 0 s'il n'y en a pas."""
    return max((suite.origine.numero for suite in sources.suites), default=0)


def chercher(effets: Iterable[Effet], sources: Sources) -> list[Conflit]:
    """Les effets dont la disposition a été touchée par un avenant qu'ils ne connaissaient pas."""
    entrees = [
        (suite.origine, operation.piece.cle)
        for suite in sorted(sources.suites, key=lambda s: s.ordre)
        for operation in suite.operations
        if suite.origine.numero
    ]
    maintenant = en_vigueur(texte_lu(sources, dernier_numero(sources)))
    conflits = []
    for effet in effets:
        actes = [
            origine
            for origine, cle in entrees
            if cle == effet.cle and origine.numero > effet.depart
        ]
        if actes:
            depart = trouver(en_vigueur(texte_lu(sources, effet.depart)), effet.cle)
            operation = operation_de(effet)
            mienne = operation.piece if effet.titre or effet.fin else None
            leur = trouver(maintenant, effet.cle)
            conflits.append(Conflit(effet, depart, leur, mienne, actes[-1]))
    return conflits
