"""La forme neutre d'un document : une suite de blocs, dans l'ordre où on les lit."""

import re
import unicodedata
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

TAILLE_MAX = 20_000_000  # octets déposés
DEPLIE_MAX = 100_000_000  # octets d'une archive, dépliée
PIECES_MAX = 2_000
PAGES_MAX = 300
BLOCS_MAX = 20_000
SIGNES_MAX = 3_000_000


class DocumentRefuse(Exception):
    """Le document ne peut pas être lu : la phrase dit où, pourquoi et quoi faire."""


class Nature(StrEnum):
    """Ce qu'un bloc est dans le document, avant qu'on sache ce qu'il dit."""

    TITRE = "titre"
    PARAGRAPHE = "paragraphe"
    PUCE = "puce"
    TABLEAU = "tableau"
    NOTE = "note"
    PAGE = "page"
    IMAGE = "image"


@dataclass
class Bloc:
    """Un morceau du document ; `texte` est en Markdown restreint (gras, italique, liens, appels).

    `niveau` : rang d'un titre (1 à 6), profondeur d'une puce (0, 1, 2…). `confiance` : ce que vaut
    la nature lue, 1 quand un style la dit. `ligne` et `page` : où regarder dans l'original.
    """

    nature: Nature
    texte: str
    niveau: int = 0
    confiance: float = 1.0
    marque: str = ""
    ligne: int = 0
    page: int = 0
    note: str = ""
    ancre: str = ""  # signet posé par notre export : le texte qui a cette place
    cellules: list[list[str]] = field(default_factory=list)

    @property
    def nu(self) -> str:
        """Le texte sans marques de gras, d'italique ni de lien, sur une ligne."""
        return sans_marques(self.texte)

    def en_json(self) -> dict[str, Any]:
        return {c: v for c, v in asdict(self).items() if v or c in ("nature", "texte")}

    @classmethod
    def de_json(cls, donnees: dict[str, Any]) -> "Bloc":
        return cls(**{**donnees, "nature": Nature(donnees["nature"])})


@dataclass
class Lecture:
    """Un document lu : son format, ses blocs, et ce que la lecture a laissé de côté."""

    format: str
    blocs: list[Bloc]
    remarques: list[str] = field(default_factory=list)
    pages: int = 0

    def en_json(self) -> dict[str, Any]:
        return {**asdict(self), "blocs": [b.en_json() for b in self.blocs]}

    @classmethod
    def de_json(cls, donnees: dict[str, Any]) -> "Lecture":
        return cls(**{**donnees, "blocs": [Bloc.de_json(b) for b in donnees["blocs"]]})


MARQUES = re.compile(r"(?<!\\)(?:\*\*|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)|(?<!\*)\*(?!\*))")
LIEN = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
APPEL = re.compile(r"\[\^[^\]\s]+\]")
ECHAPPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|~^])")
BLANCS = re.compile(r"[\s\u00a0\u202f\u2009]+")
CONTROLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")


def commence_minuscule(texte: str) -> bool:
    """« la suite », mais pas « eDs liens » : deux lettres échangées gardent leur majuscule."""
    return texte[:1].islower() and not texte[1:2].isupper()


def sans_marques(texte: str) -> str:
    """Le texte tel qu'on le lit, sur une ligne."""
    texte = LIEN.sub(r"\1", APPEL.sub("", texte))
    return BLANCS.sub(" ", ECHAPPE.sub(r"\1", MARQUES.sub("", texte))).strip()


def propre(texte: str) -> str:
    """NFC, sans caractère de contrôle ; les espaces se réduisent, les fins de ligne restent."""
    texte = CONTROLE.sub("", unicodedata.normalize("NFC", texte))
    lignes = (re.sub(r"[ \t\u00a0\u202f]+", " ", ligne).strip() for ligne in texte.splitlines())
    return "\n".join(ligne for ligne in lignes if ligne)


def echapper(texte: str) -> str:
    """Un texte nu, dont aucun signe ne devient une mise en forme."""
    return re.sub(r"([\\*_\[\]])", r"\\\1", texte)


def verifier_blocs(blocs: list[Bloc]) -> None:
    """Bornes d'un document lu ; lève `DocumentRefuse`."""
    if len(blocs) > BLOCS_MAX:
        raise DocumentRefuse(
            f"Le document a plus de {BLOCS_MAX} paragraphes : découpez-le et reprenez-le partie "
            "par partie."
        )
    verifier_signes(sum(len(b.texte) for b in blocs))
    if not any(b.nu for b in blocs if b.nature not in (Nature.PAGE, Nature.IMAGE)):
        raise DocumentRefuse(
            "Le document n'a aucun texte lisible : si ce sont des pages numérisées, passez-les "
            "d'abord à la reconnaissance de caractères, ou reprenez la version Word."
        )


def verifier_signes(nombre: int) -> None:
    """Ce qui se sait avant de découper un texte."""
    if nombre > SIGNES_MAX:
        raise DocumentRefuse(
            f"Le document dépasse {SIGNES_MAX // 1_000_000} millions de signes : ce n'est pas un "
            "contrat ordinaire. Vérifiez que c'est le bon fichier."
        )
