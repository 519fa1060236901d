"""Aligne les paragraphes revenus sur ceux qui sont partis : gardés, changés, déplacés, neufs.

Le texte d'abord, le signet ensuite : Word emporte parfois le signet avec le paragraphe voisin.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from reprise.retour.relecture import Ligne
from texte.deplacements import retrouver

RESSEMBLE = 45.0  # en dessous, un paragraphe en remplace un autre
DEPLACE_MIN = 12  # signes : un mot seul se retrouve partout
COUT_MAX = 40_000  # paires de paragraphes comparées dans un même trou

type Trou = tuple[int, int, int, int]


@dataclass(frozen=True)
class Alignement:
    """Par rang de paragraphe revenu : celui dont il vient ; et ceux qui ont changé de place."""

    origine: dict[int, int]
    deplaces: frozenset[int]


def aligner(partis: list[Ligne], revenus: list[Ligne]) -> Alignement:
    """Chaque paragraphe parti répond à un revenu au plus, et réciproquement."""
    paires: dict[int, int] = {}
    for cle in (_signet_et_texte, _texte):
        _passe(partis, revenus, paires, cle)
    deplaces = dict(_deplaces(partis, revenus, paires, exacts=True))
    pris = set(deplaces.values())
    _passe(partis, revenus, paires, _signet, sauf=(pris, set(deplaces)))
    for trou in list(_trous(len(partis), len(revenus), paires)):
        _par_ressemblance(partis, revenus, paires, trou, pris, set(deplaces))
    tout = {**paires, **deplaces}
    plus = dict(_deplaces(partis, revenus, tout, exacts=False))
    return Alignement({**tout, **plus}, frozenset([*deplaces, *plus]))


def _signet_et_texte(ligne: Ligne) -> Hashable:
    return (ligne.ancre, ligne.nu)


def _texte(ligne: Ligne) -> Hashable:
    return ligne.nu


def _signet(ligne: Ligne) -> Hashable:
    return ligne.ancre or object()


def _trous(m: int, n: int, paires: dict[int, int]) -> Iterator[Trou]:
    """Entre deux paires qui se suivent : (début, fin) chez les partis, puis chez les revenus."""
    i = j = 0
    for jj in [*sorted(paires), n]:
        ii = paires.get(jj, m)
        if i < ii and j < jj:
            yield i, ii, j, jj
        i, j = ii + 1, jj + 1


def _passe(
    partis: list[Ligne],
    revenus: list[Ligne],
    paires: dict[int, int],
    cle: Callable[[Ligne], Hashable],
    sauf: tuple[set[int], set[int]] = (set(), set()),
) -> None:
    for i0, i1, j0, j1 in list(_trous(len(partis), len(revenus), paires)):
        a = [object() if i in sauf[0] else cle(partis[i]) for i in range(i0, i1)]
        b = [object() if j in sauf[1] else cle(revenus[j]) for j in range(j0, j1)]
        for x, y, longueur in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
            paires.update((j0 + y + k, i0 + x + k) for k in range(longueur))


def _par_ressemblance(
    partis: list[Ligne],
    revenus: list[Ligne],
    paires: dict[int, int],
    trou: Trou,
    pris: set[int],
    venus: set[int],
) -> None:
    """Dans un trou, la suite de paires, sans croisement, qui se ressemblent le plus."""
    i0, i1, j0, j1 = trou
    a = [i for i in range(i0, i1) if i not in pris]
    b = [j for j in range(j0, j1) if j not in venus]
    if not a or not b or len(a) * len(b) > COUT_MAX:
        return
    if len(a) == len(b) == 1 and _meme_allure(partis[a[0]], revenus[b[0]]):
        paires[b[0]] = a[0]
        return
    notes = [
        [fuzz.ratio(partis[i].nu, revenus[j].nu, score_cutoff=RESSEMBLE) for j in b] for i in a
    ]
    meilleur = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for x in range(len(a) - 1, -1, -1):
        for y in range(len(b) - 1, -1, -1):
            meilleur[x][y] = max(
                meilleur[x + 1][y],
                meilleur[x][y + 1],
                notes[x][y] + meilleur[x + 1][y + 1] if notes[x][y] else 0.0,
            )
    x = y = 0
    while x < len(a) and y < len(b):
        if notes[x][y] and meilleur[x][y] == notes[x][y] + meilleur[x + 1][y + 1]:
            paires[b[y]] = a[x]
            x, y = x + 1, y + 1
        elif meilleur[x][y] == meilleur[x + 1][y]:
            x += 1
        else:
            y += 1


def _meme_allure(parti: Ligne, revenu: Ligne) -> bool:
    """Un mot remplacé par un autre, seul sur sa ligne, ne se ressemble pas : il est à sa place."""
    return (parti.ancre, parti.puce) == (revenu.ancre, revenu.puce)


def _deplaces(
    partis: list[Ligne], revenus: list[Ligne], paires: dict[int, int], *, exacts: bool
) -> Iterator[tuple[int, int]]:
    """Un texte seul de son genre, ou son signet, retrouvé ailleurs."""
    pris = set(paires.values())
    libres_a = [i for i in range(len(partis)) if i not in pris]
    libres_b = [j for j in range(len(revenus)) if j not in paires]
    if exacts:
        dits = [partis[i].nu for i in libres_a], [revenus[j].nu for j in libres_b]
        for a, b in retrouver(*dits, _se_reconnait, seules=True):
            yield libres_b[b], libres_a[a]
        return
    for j in libres_b:
        for i in libres_a:
            meme = revenus[j].ancre and revenus[j].ancre == partis[i].ancre
            if meme and fuzz.ratio(partis[i].nu, revenus[j].nu) >= RESSEMBLE:
                yield j, i


def _se_reconnait(texte: str) -> bool:
    return len(texte) >= DEPLACE_MIN
