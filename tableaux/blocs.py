"""Ce dont un document est fait : parties, listes, tables. Trois formats les rendent."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tableaux.enums import GenreRapport

# Au-delà, le document renvoie à l'écran : vingt pages se lisent, cent non.
LIGNES_MAX = 40  # d'une table
HAUTEUR_MAX = 75  # lignes imprimées d'une table
LARGEUR = 110  # signes d'une ligne imprimée, toutes colonnes
TEXTE_MAX = 300  # une case plus longue se coupe, et le dit


@dataclass(frozen=True)
class Grille:
    """Une table : en-têtes, lignes de textes ; `nombres` : colonnes à droite, dès ce rang."""

    titre: str
    tetes: tuple[str, ...]
    lignes: Sequence[tuple[str, ...]]
    nombres: int = 99
    degres: list[tuple[int, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class Partie:
    """Une partie du dossier : phrases, liste, tables ; `essentiel` : elle va au diaporama."""

    titre: str
    phrases: list[str] = field(default_factory=list)
    liste: list[str] = field(default_factory=list)
    grilles: list[Grille] = field(default_factory=list)
    barre: list[tuple[str, str, int]] = field(default_factory=list)
    essentiel: bool = True


@dataclass(frozen=True)
class Dossier:
    """Tout ce que le document dit."""

    genre: GenreRapport
    titre: str
    contrat: str
    sous_titre: str
    mentions: list[str]
    parties: list[Partie]


def marque(texte: str, invente: bool) -> str:
    return f"{texte} (démonstration)" if invente else texte


def couper[T: (str, tuple[str, ...])](
    lignes: Sequence[T], hauteur: int = HAUTEUR_MAX
) -> tuple[list[T], list[str]]:
    """Les premières lignes, tant qu'elles tiennent, et la phrase qui dit combien d'autres."""
    gardees: list[T] = []
    for ligne in lignes[:LIGNES_MAX]:
        hauteur -= _hauteur((ligne,) if isinstance(ligne, str) else ligne)
        if gardees and hauteur < 0:
            break
        gardees.append(ligne)
    dite = suite(len(lignes) - len(gardees))
    return gardees, [dite] if dite else []


def _hauteur(cases: Sequence[str]) -> int:
    """Lignes imprimées que prend une ligne de table : celles de sa case la plus longue."""
    largeur = LARGEUR // len(cases)
    return max(-(-len(case) // largeur) or 1 for case in cases)


def suite(reste: int) -> str:
    """« Et 37 autres, à l'écran. » ; vide si tout y est."""
    if reste <= 0:
        return ""
    return f"Et {reste} autre{'s' if reste > 1 else ''}, à l'écran."


def abreger(texte: str, longueur: int = TEXTE_MAX) -> str:
    """Une case se lit d'un coup d'œil ; ce qui manque se voit."""
    return texte if len(texte) <= longueur else f"{texte[: longueur - 1].rstrip()}…"
