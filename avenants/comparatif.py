"""Le comparatif de deux textes : ce qui passe de l'un à l'autre, au mot près.

`appliquer(A, comparer(A, B))` redonne B : le comparatif ne montre pas seulement, il suffit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from avenants.texte import Piece
from texte.deplacements import APRES, AVANT, Fragment, Sort, recoller
from texte.deplacements import comparer as comparer_les_textes


class Changement(StrEnum):
    """Ce qu'une pièce devient."""

    EGALE = "egale"
    MODIFIEE = "modifiee"
    DEPLACEE = "deplacee"
    AJOUTEE = "ajoutee"
    SUPPRIMEE = "supprimee"


LIBELLES = {
    Changement.EGALE: "sans changement",
    Changement.MODIFIEE: "modifié",
    Changement.DEPLACEE: "déplacé",
    Changement.AJOUTEE: "ajouté",
    Changement.SUPPRIMEE: "supprimé",
}


class ComparatifEtranger(ValueError):
    """Ce comparatif part d'un autre texte que celui auquel on l'applique."""


@dataclass(frozen=True)
class Ecart:
    """Une pièce et ce qui y change ; `piece` est celle d'arrivée (ou de départ), sans ses mots."""

    changement: Changement
    piece: Piece
    titre: tuple[Fragment, ...] = ()
    texte: tuple[Fragment, ...] = ()

    @property
    def libelle(self) -> str:
        return LIBELLES[self.changement]


Comparatif = tuple[Ecart, ...]


def comparer(avant: Sequence[Piece], apres: Sequence[Piece]) -> Comparatif:
    """Les écarts dans l'ordre d'`apres`, chaque pièce supprimée après celle qu'elle suivait."""
    anciennes = {piece.cle: piece for piece in avant}
    nouvelles = {piece.cle: piece for piece in apres}
    ordre = _ordre(list(anciennes), list(nouvelles))
    couples = [
        (getattr(anciennes.get(cle), champ, ""), getattr(nouvelles.get(cle), champ, ""))
        for cle in ordre
        for champ in ("titre", "texte")
    ]
    fragments = iter(map(tuple, comparer_les_textes(couples)))
    deplacees = _deplacees(list(anciennes), list(nouvelles))
    return tuple(
        _ecart(anciennes.get(cle), nouvelles.get(cle), next(fragments), next(fragments), deplacees)
        for cle in ordre
    )


def appliquer(avant: Sequence[Piece], comparatif: Comparatif) -> tuple[Piece, ...]:
    """Le texte d'arrivée. Lève `ComparatifEtranger` si un mot de départ n'est pas celui lu."""
    anciennes = {piece.cle: piece for piece in avant}
    attendues = {e.piece.cle for e in comparatif if e.changement != Changement.AJOUTEE}
    if attendues != set(anciennes):
        raise ComparatifEtranger("Ce comparatif ne cite pas les mêmes dispositions.")
    arrivee = []
    for ecart in comparatif:
        ancienne = anciennes.get(ecart.piece.cle)
        for champ in ("titre", "texte"):
            depart = recoller(getattr(ecart, champ), AVANT)
            if depart != (getattr(ancienne, champ) if ancienne else ""):
                raise ComparatifEtranger(f"{ecart.piece.libelle} n'est pas le texte comparé.")
        if ecart.changement != Changement.SUPPRIMEE:
            titre, texte = recoller(ecart.titre, APRES), recoller(ecart.texte, APRES)
            arrivee.append(replace(ecart.piece, titre=titre, texte=texte))
    return tuple(arrivee)


def changes(comparatif: Iterable[Ecart]) -> list[Ecart]:
    """Les seuls écarts à montrer."""
    return [ecart for ecart in comparatif if ecart.changement != Changement.EGALE]


def _ecart(
    ancienne: Piece | None,
    nouvelle: Piece | None,
    titre: tuple[Fragment, ...],
    texte: tuple[Fragment, ...],
    deplacees: set[str],
) -> Ecart:
    if nouvelle is None:
        assert ancienne is not None  # noqa: S101 : une clé vient de l'un des deux textes
        return Ecart(Changement.SUPPRIMEE, _nue(ancienne), titre, texte)
    if ancienne is None:
        changement = Changement.AJOUTEE
    elif any(f.sort != Sort.EGAL for f in (*titre, *texte)):
        changement = Changement.MODIFIEE
    elif nouvelle.cle in deplacees:
        changement = Changement.DEPLACEE
    else:
        changement = Changement.EGALE
    return Ecart(changement, _nue(nouvelle), titre, texte)


def _nue(piece: Piece) -> Piece:
    """Sans ses mots, que portent les fragments."""
    return replace(piece, titre="", texte="")


def _ordre(avant: list[str], apres: list[str]) -> list[str]:
    """Les clés d'`apres`, et celles qui n'y sont plus à la suite de leur voisine d'avant."""
    ordre = list(apres)
    for rang, cle in enumerate(avant):
        if cle not in apres:
            place = ordre.index(avant[rang - 1]) + 1 if rang else 0
            ordre.insert(place, cle)
    return ordre


def _deplacees(avant: list[str], apres: list[str]) -> set[str]:
    """Les clés communes qui ont changé de place parmi les autres."""
    communes_avant = [cle for cle in avant if cle in apres]
    communes_apres = [cle for cle in apres if cle in avant]
    blocs = SequenceMatcher(None, communes_avant, communes_apres, autojunk=False)
    fixes = {
        cle
        for bloc in blocs.get_matching_blocks()
        for cle in communes_avant[bloc.a : bloc.a + bloc.size]
    }
    return set(communes_avant) - fixes
