"""Un changement proposé par un retour, et ce qu'il faut faire pour l'accepter."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.safestring import SafeString

from texte.differences import Morceau, au_mot, en_html


class Genre(StrEnum):
    MODIFIE = "modifie"
    AJOUTE = "ajoute"
    SUPPRIME = "supprime"
    DEPLACE = "deplace"


DITS = {
    Genre.MODIFIE: "modifié",
    Genre.AJOUTE: "ajouté",
    Genre.SUPPRIME: "supprimé",
    Genre.DEPLACE: "déplacé",
}


@dataclass(frozen=True)
class Ecrire:
    """Le nouveau texte d'un titre, d'un point ou d'une liste de partenaires."""

    cle: str
    texte: str


@dataclass(frozen=True)
class Retoucher:
    """Dans un texte (`base`, ses paragraphes) : au rang dit, en ôter un, en mettre un."""

    cle: str
    base: tuple[str, ...]
    rang: int
    ote: bool
    texte: str
    ordre: int = 0


@dataclass(frozen=True)
class Oter:
    """Retire un point de sa liste."""

    cle: str


@dataclass(frozen=True)
class Placer:
    """Met un point dans une liste, après un autre (`apres` vide : en tête) ; `cle` vide : neuf."""

    liste: str
    apres: str
    niveau: int
    texte: str
    cle: str = ""
    ordre: int = 0


type Geste = Ecrire | Retoucher | Oter | Placer


@dataclass(frozen=True)
class Changement:
    """Un passage changé : avant, après, où ; `obstacle` : pourquoi il ne s'accepte pas d'ici."""

    cle: str
    genre: Genre
    groupe: str
    libelle: str
    avant: str
    apres: str
    gestes: tuple[Geste, ...] = ()
    ou: str = ""
    obstacle: str = ""

    @property
    def dit(self) -> str:
        return DITS[self.genre]

    @property
    def morceaux(self) -> list[Morceau]:
        return au_mot(self.avant, self.apres)

    @property
    def html(self) -> SafeString:
        return en_html(self.morceaux)
