"""Ce que montrent les pages et les PDF : le texte groupé, les dates où il change, le comparatif."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from avenants.comparatif import Comparatif, changes, comparer
from avenants.forms import BornesDuComparatif
from avenants.lecture import Lecteur, Sources, TexteEnVigueur, pieces_de, sources
from avenants.texte import Genre, Piece, en_vigueur
from contrats.models import Contrat, Version
from texte.dates import en_lettres

LONGUE = 12
TITRES = {
    Genre.PARTIE: "Parties",
    Genre.MONTANT: "Montants",
    Genre.ACTION: "Actions",
    Genre.FIN: "Durée",
    Genre.ANNEXE: "Annexes",
}


@dataclass(frozen=True)
class Groupe:
    """Des pièces de même genre, sous un titre."""

    genre: Genre
    titre: str
    pieces: list[Piece]

    @property
    def ancre(self) -> str:
        return f"groupe-{self.genre}"

    @property
    def replie(self) -> bool:
        """Une longue liste s'ouvre si l'on veut ; ce qu'un avenant y a changé la tient ouverte."""
        intacte = all(p.origine.initiale and p.en_vigueur for p in self.pieces)
        return intacte and len(self.pieces) > LONGUE


@dataclass(frozen=True)
class Borne:
    """Un côté du comparatif : son nom, ses pièces, et si un acte inventé y a part."""

    nom: str
    valeur: str
    pieces: tuple[Piece, ...]
    demonstration: bool = False


def page_du_texte(contrat: Contrat, le: datetime.date, *, par: Lecteur) -> dict[str, Any]:
    """Ce que lit la page du texte en vigueur, ou son PDF."""
    lues = sources(contrat, par=par)
    texte = lues.a_la_date(le)
    return {
        "texte": texte,
        "dispositions": [p for p in texte.pieces if p.genre in (Genre.PREAMBULE, Genre.ARTICLE)],
        "groupes": _groupes(texte),
        "dates": lues.dates,
        "aujourdhui": timezone.localdate(),
    }


def _groupes(texte: TexteEnVigueur) -> list[Groupe]:
    return [
        Groupe(genre, titre, pieces)
        for genre, titre in TITRES.items()
        if (pieces := [p for p in texte.pieces if p.genre == genre])
    ]


def comparatif(contrat: Contrat, bornes: BornesDuComparatif, *, par: Lecteur) -> dict[str, Any]:
    """Ce que lit la page du comparatif, ou son PDF : du texte signé à aujourd'hui, par défaut."""
    lues = sources(contrat, par=par)
    d = bornes.cleaned_data if bornes.is_valid() else {}
    de, a = _borne(lues, d.get("de"), _premier_jour(lues)), _borne(lues, d.get("a"), None)
    return {"de": de, "a": a, **ecarts(comparer(de.pieces, a.pieces)), "dates": lues.dates}


def ecarts(compare: Comparatif) -> dict[str, Any]:
    """Les écarts à montrer, et combien de dispositions n'ont pas changé."""
    montres = changes(compare)
    return {"ecarts": montres, "nb_egales": len(compare) - len(montres)}


def _premier_jour(lues: Sources) -> datetime.date:
    """Le texte signé, avant tout avenant."""
    return lues.dates[0] if lues.dates and lues.commence_le else datetime.date(1900, 1, 1)


def _borne(
    lues: Sources, valeur: datetime.date | Version | None, defaut: datetime.date | None
) -> Borne:
    if isinstance(valeur, Version):
        nom, pieces = f"version {valeur.numero}", tuple(pieces_de(valeur.instantane))
        return Borne(nom, f"v{valeur.numero}", pieces)
    jour = valeur or defaut or timezone.localdate()
    texte = lues.a_la_date(jour)
    nom = f"texte au {en_lettres(jour)}"
    if valeur is None and defaut is not None:
        nom = "texte signé" if lues.signe else "projet"
    return Borne(nom, jour.isoformat(), en_vigueur(texte.pieces), texte.demonstration)
