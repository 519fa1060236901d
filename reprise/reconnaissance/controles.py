"""Ce que l'import d'un document et le contrôle d'un contrat disent de même."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reprise.reconnaissance.listes import EXTERIEUR, RENVOI_ANNEXE, RENVOI_FICHE, RENVOI_VAGUE
from reprise.reconnaissance.vocabulaire import plier


class Vers(StrEnum):
    """Ce qu'un renvoi écrit vise."""

    FICHE = "fiche"
    ANNEXE = "annexe"
    VAGUE = "vague"  # « cf. fiche ad hoc »


@dataclass(frozen=True)
class RenvoiEcrit:
    """Un renvoi tel que le texte l'écrit ; `dehors` : vers un autre document."""

    vers: Vers
    mots: str
    numero: str = ""
    dehors: bool = False


def renvois(texte: str) -> Iterator[RenvoiEcrit]:
    """Les renvois d'un texte : fiches, renvois vagues, annexes."""
    for lu in RENVOI_FICHE.finditer(texte):
        dehors = bool(EXTERIEUR.match(plier(lu["suite"])))
        yield RenvoiEcrit(Vers.FICHE, lu[0][:60].strip(), lu["numero"], dehors)
    for lu in RENVOI_VAGUE.finditer(texte):
        yield RenvoiEcrit(Vers.VAGUE, lu[0])
    for lu in RENVOI_ANNEXE.finditer(texte):
        yield RenvoiEcrit(Vers.ANNEXE, lu[0], lu["numero"])


def sauts(numeros: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(avant, après) : deux numéros voisins qui ne se suivent pas."""
    for avant, apres in itertools.pairwise(numeros):
        if avant.isdigit() and apres.isdigit() and int(apres) != int(avant) + 1:
            yield avant, apres
