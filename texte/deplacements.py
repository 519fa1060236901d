"""Comparer des textes au mot près en reconnaissant le paragraphe déplacé, d'un texte à l'autre
aussi.

Une ligne d'au moins `MOTS_MIN` mots, retirée ici et retrouvée là, est déplacée : la dire supprimée
puis ajoutée ferait chercher un changement qui n'existe pas. `git diff --color-moved` fait de même.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from texte.differences import Morceau, Nature, Passage, au_mot, passages

MOTS_MIN = 4
LIGNES = re.compile(r"\n+|[^\n]+")


class Sort(StrEnum):
    """Ce qu'un fragment devient de l'ancien texte au nouveau."""

    EGAL = "egal"
    AJOUTE = "ajoute"
    SUPPRIME = "supprime"
    PARTI = "parti"
    ARRIVE = "arrive"


AVANT = frozenset({Sort.EGAL, Sort.SUPPRIME, Sort.PARTI})
APRES = frozenset({Sort.EGAL, Sort.AJOUTE, Sort.ARRIVE})


@dataclass(frozen=True)
class Fragment:
    """Une suite de caractères, jamais vide ; `repere` lie le départ d'un passage à son arrivée."""

    sort: Sort
    texte: str
    repere: int = 0


def comparer(couples: Sequence[tuple[str, str]]) -> list[list[Fragment]]:
    """Les fragments de chaque couple (ancien, nouveau), dans l'ordre.

    `recoller` en redonne l'ancien et le nouveau, au caractère près.
    """
    decoupes = [
        list(passages(LIGNES.findall(ancien), LIGNES.findall(nouveau)))
        for ancien, nouveau in couples
    ]
    reperes = _Reperes(decoupes)
    return [list(_fragments(decoupe, reperes)) for decoupe in decoupes]


def recoller(fragments: Iterable[Fragment], sorts: frozenset[Sort]) -> str:
    """L'ancien texte (`AVANT`) ou le nouveau (`APRES`)."""
    return "".join(f.texte for f in fragments if f.sort in sorts)


GABARITS = {
    Sort.EGAL: "{texte}",
    Sort.AJOUTE: '<ins><span class="hors-vue">ajouté : </span>{texte}</ins>',
    Sort.SUPPRIME: '<del><span class="hors-vue">supprimé : </span>{texte}</del>',
}
TRAJETS = {
    Sort.PARTI: (
        '<del class="deplace" id="parti-{repere}">{texte}</del> '
        '<a class="trajet" href="#arrive-{repere}">déplacé {repere}, lire où il est</a>'
    ),
    Sort.ARRIVE: (
        '<a class="trajet" href="#parti-{repere}">déplacé {repere}, voir d’où il vient</a> '
        '<ins class="deplace" id="arrive-{repere}">{texte}</ins>'
    ),
}
SANS_TRAJET = {
    Sort.PARTI: '<del class="deplace"><b>déplacé d’ici : </b>{texte}</del>',
    Sort.ARRIVE: '<ins class="deplace"><b>déplacé ici : </b>{texte}</ins>',
}


def en_html(fragments: Iterable[Fragment], *, trajets: bool = True) -> SafeString:
    """`<ins>` et `<del>`, annoncés aux lecteurs d'écran ; un déplacement se lie à son autre bout.

    Les marques de gras ne se montrent pas, à moins d'être seules à changer.
    """
    gabarits = GABARITS | (TRAJETS if trajets else SANS_TRAJET)
    morceaux: list[str] = []
    dernier: Fragment | None = None
    for f in _sauts_apres(list(fragments)):
        deplace = {f.sort, dernier.sort if dernier else f.sort} & {Sort.PARTI, Sort.ARRIVE}
        if deplace and dernier and "\n" not in (dernier.texte[-1], f.texte[0]):
            morceaux.append("<br>")  # une ligne déplacée ne se lit pas au bout d'une autre
        morceaux.append(gabarits[f.sort].format(texte=_lisible(f), repere=f.repere))
        dernier = f
    return mark_safe("".join(morceaux))  # noqa: S308 : chaque fragment vient d'être échappé


def _sauts_apres(fragments: list[Fragment]) -> Iterator[Fragment]:
    """Un saut de ligne supprimé suit le mot qui le remplace : ce mot se lit au bout de sa ligne."""
    rang = 0
    while rang < len(fragments):
        f, *suite = fragments[rang : rang + 2]
        mots = f.texte.rstrip("\n")
        if (f.sort, *(s.sort for s in suite)) == (Sort.SUPPRIME, Sort.AJOUTE) and mots:
            [neuf] = suite
            sauts = "" if neuf.texte.endswith("\n") else f.texte[len(mots) :]
            yield replace(f, texte=mots)
            yield neuf
            if sauts:
                yield Fragment(Sort.SUPPRIME, sauts)
            rang += 2
        else:
            yield f
            rang += 1


def _lisible(fragment: Fragment) -> str:
    texte = fragment.texte.replace("**", "")
    if not texte and fragment.sort != Sort.EGAL:
        texte = fragment.texte
    return escape(texte).replace("\n", "<br>")


class _Reperes:
    """Les lignes déplacées : retirées quelque part, ajoutées ailleurs ; un numéro par trajet."""

    def __init__(self, decoupes: Sequence[Sequence[Passage]]) -> None:
        changes = [p for decoupe in decoupes for p in decoupe if p[0] != p[1]]
        retirees = [ligne for avant, _ in changes for ligne in avant]
        ajoutees = [ligne for _, apres in changes for ligne in apres]
        self._numeros: dict[str, list[int]] = {}
        for numero, (depart, _) in enumerate(retrouver(retirees, ajoutees, longue), 1):
            self._numeros.setdefault(retirees[depart], []).append(numero)
        self._restent = {
            sort: {ligne: list(numeros) for ligne, numeros in self._numeros.items()}
            for sort in (Sort.PARTI, Sort.ARRIVE)
        }

    def prendre(self, ligne: str, sort: Sort) -> int:
        """Le numéro du déplacement de cette ligne ; 0 si elle n'est que retirée ou ajoutée."""
        restent = self._restent[sort].get(ligne)
        return restent.pop(0) if restent else 0


def longue(ligne: str) -> bool:
    """Une ligne plus courte se retrouve partout : ailleurs, ce n'est pas la même."""
    return len(ligne.split()) >= MOTS_MIN


def retrouver(
    retirees: Sequence[str],
    ajoutees: Sequence[str],
    compte: Callable[[str], bool],
    *,
    seules: bool = False,
) -> Iterator[tuple[int, int]]:
    """Les lignes retirées que l'on retrouve ajoutées : (rang ici, rang là), une fois chacune.

    `compte` : celles dont le texte suffit à dire que c'est la même. `seules` : à condition qu'elles
    n'aient qu'un départ et qu'une arrivée, donc jamais l'une pour l'autre.
    """
    departs, arrivees = _rangs(retirees), _rangs(ajoutees)
    for ligne, partis in departs.items():
        arrives = arrivees.get(ligne, [])
        if compte(ligne) and not (seules and len(partis) + len(arrives) != 2):
            yield from zip(partis, arrives, strict=False)


def _rangs(lignes: Sequence[str]) -> dict[str, list[int]]:
    rangs: dict[str, list[int]] = {}
    for rang, ligne in enumerate(lignes):
        rangs.setdefault(ligne, []).append(rang)
    return rangs


def _fragments(decoupe: Iterable[Passage], reperes: _Reperes) -> Iterator[Fragment]:
    for avant, apres in decoupe:
        if avant == apres:
            yield Fragment(Sort.EGAL, "".join(avant))
            continue
        departs = list(_segments(avant, reperes, Sort.PARTI))
        arrivees = list(_segments(apres, reperes, Sort.ARRIVE))
        vide: tuple[str, Fragment | None] = ("", None)
        for (ancien, parti), (nouveau, arrive) in zip_longest(departs, arrivees, fillvalue=vide):
            yield from map(_fragment, au_mot(ancien, nouveau))
            yield from filter(None, (parti, arrive))


def _segments(
    lignes: Iterable[str], reperes: _Reperes, sort: Sort
) -> Iterator[tuple[str, Fragment | None]]:
    """Le texte qui reste en place, puis la ligne déplacée qui le suit."""
    reste: list[str] = []
    for ligne in lignes:
        if longue(ligne) and (numero := reperes.prendre(ligne, sort)):
            yield "".join(reste), Fragment(sort, ligne, numero)
            reste = []
        else:
            reste.append(ligne)
    if reste:
        yield "".join(reste), None


def _fragment(morceau: Morceau) -> Fragment:
    sorts = {
        Nature.EGAL: Sort.EGAL,
        Nature.AJOUTE: Sort.AJOUTE,
        Nature.SUPPRIME: Sort.SUPPRIME,
    }
    return Fragment(sorts[morceau.nature], morceau.texte)
