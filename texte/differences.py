"""Comparer deux textes et en réunir trois, au mot près.

`difflib` coûte le carré du nombre de mots répétés : un grand texte est d'abord comparé ligne à
ligne, puis au mot dans les seules lignes changées. Une bibliothèque existe (merge3) ; sa licence
GPL ne convient pas à celle du projet.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

COUT_MAX = 200_000  # paires de mots égaux à examiner ; au-delà, une seconde n'y suffit plus
UNITES = re.compile(r"\w+|\n|[^\S\n]+|[^\w\s]")
LIGNES = re.compile(r"[^\n]*\n|[^\n]+")

type Unites = list[str]
type Passage = tuple[Unites, Unites]


class Nature(StrEnum):
    EGAL = "egal"
    AJOUTE = "ajoute"
    SUPPRIME = "supprime"


@dataclass(frozen=True)
class Morceau:
    """Une suite de caractères commune aux deux textes, ajoutée ou supprimée ; jamais vide."""

    nature: Nature
    texte: str


@dataclass(frozen=True)
class Conflit:
    """Un passage changé des deux côtés de deux façons différentes."""

    base: str
    leur: str
    mienne: str


@dataclass(frozen=True)
class Fusion:
    """Le résultat d'une réunion : passages réunis et conflits, dans l'ordre du texte."""

    blocs: tuple[str | Conflit, ...]

    @property
    def conflits(self) -> list[Conflit]:
        return [bloc for bloc in self.blocs if isinstance(bloc, Conflit)]

    @property
    def propre(self) -> bool:
        """Tout s'est réuni sans choix à faire."""
        return not self.conflits

    @property
    def texte(self) -> str:
        """Le texte réuni ; dans un conflit, ma version : ce que j'ai tapé reste sous mes yeux."""
        return "".join(bloc.mienne if isinstance(bloc, Conflit) else bloc for bloc in self.blocs)


def au_mot(ancien: str, nouveau: str) -> list[Morceau]:
    """Les morceaux, dans l'ordre, par lesquels on passe de l'ancien texte au nouveau.

    Égaux et supprimés, mis bout à bout, redonnent l'ancien ; égaux et ajoutés, le nouveau.
    """
    return [
        Morceau(nature, "".join(morceau.texte for morceau in suite))
        for nature, suite in groupby(_comparer(ancien, nouveau), key=attrgetter("nature"))
    ]


def en_html(morceaux: Iterable[Morceau]) -> SafeString:
    """`<ins>` et `<del>`, annoncés aux lecteurs d'écran ; les fins de ligne deviennent `<br>`."""
    gabarits = {
        Nature.EGAL: "{}",
        Nature.AJOUTE: '<ins><span class="hors-vue">ajouté : </span>{}</ins>',
        Nature.SUPPRIME: '<del><span class="hors-vue">supprimé : </span>{}</del>',
    }
    html = "".join(
        gabarits[morceau.nature].format(escape(morceau.texte).replace("\n", "<br>"))
        for morceau in morceaux
    )
    return mark_safe(html)  # noqa: S308 : chaque morceau vient d'être échappé


def fusionner(base: str, leur: str, mienne: str) -> Fusion:
    """Réunit deux textes partis de la même base, ligne à ligne puis au mot près.

    Un passage changé d'un seul côté est pris ; changé des deux côtés pareillement, pris une fois ;
    sinon c'est un conflit, rendu par lignes entières pour rester lisible.
    """
    blocs: list[str | Conflit] = []
    for bloc in _reunir(base, leur, mienne, LIGNES.findall):
        if isinstance(bloc, Conflit):
            fin = list(_reunir(bloc.base, bloc.leur, bloc.mienne, UNITES.findall))
            propre = [mots for mots in fin if isinstance(mots, str)]
            bloc = bloc if len(propre) < len(fin) else "".join(propre)
        blocs.append(bloc)
    return Fusion(tuple(bloc for bloc in blocs if bloc))


def _comparer(ancien: str, nouveau: str) -> Iterator[Morceau]:
    """Au mot si le coût le permet, sinon à la ligne puis au mot dans les lignes changées."""
    mots = UNITES.findall(ancien), UNITES.findall(nouveau)
    if _cout(*mots) <= COUT_MAX:
        yield from _morceaux(passages(*mots))
        return
    reste = 10 * COUT_MAX
    for avant, apres in passages(LIGNES.findall(ancien), LIGNES.findall(nouveau)):
        mots = UNITES.findall("".join(avant)), UNITES.findall("".join(apres))
        au_mot_pres = avant != apres and (cout := _cout(*mots)) <= min(COUT_MAX, reste)
        reste -= cout if au_mot_pres else 0
        yield from _morceaux(passages(*mots) if au_mot_pres else [(avant, apres)])


def _morceaux(passages: Iterable[Passage]) -> Iterator[Morceau]:
    for avant, apres in passages:
        if avant == apres:
            yield Morceau(Nature.EGAL, "".join(avant))
            continue
        if avant:
            yield Morceau(Nature.SUPPRIME, "".join(avant))
        if apres:
            yield Morceau(Nature.AJOUTE, "".join(apres))


def passages(a: Unites, b: Unites) -> Iterator[Passage]:
    """Les deux suites, découpées en passages égaux et passages changés, dans l'ordre."""
    i = j = 0
    for debut_a, debut_b, longueur in [*_communs(a, b), (len(a), len(b), 0)]:
        if i < debut_a or j < debut_b:
            yield a[i:debut_a], b[j:debut_b]
        i, j = debut_a + longueur, debut_b + longueur
        if longueur:
            yield a[debut_a:i], b[debut_b:j]


def _communs(a: Unites, b: Unites) -> list[tuple[int, int, int]]:
    """Passages communs : (début dans a, début dans b, longueur) ; bornés par `COUT_MAX`."""
    tete = _debut_commun(a, b)
    queue = _debut_commun(a[tete:][::-1], b[tete:][::-1])
    milieu_a, milieu_b = a[tete : len(a) - queue], b[tete : len(b) - queue]
    communs = [(0, 0, tete)]
    if _cout(milieu_a, milieu_b) <= COUT_MAX:
        # Une espace ne suffit pas à faire se répondre deux passages : elle suit ses voisins.
        comparaison = SequenceMatcher(str.isspace, milieu_a, milieu_b, autojunk=False)
        communs += [(i + tete, j + tete, n) for i, j, n in comparaison.get_matching_blocks()]
    communs.append((len(a) - queue, len(b) - queue, queue))
    return [commun for commun in communs if commun[2]]


def _debut_commun(a: Unites, b: Unites) -> int:
    paires = enumerate(zip(a, b, strict=False))
    return next((i for i, (x, y) in paires if x != y), min(len(a), len(b)))


def _cout(a: Unites, b: Unites) -> int:
    """Paires d'unités égales, espaces exceptées : l'ordre de grandeur du travail de difflib."""
    compte = Counter(b)
    return sum(nombre * compte[unite] for unite, nombre in Counter(a).items() if unite.strip())


def _reunir(
    base: str, leur: str, mienne: str, decouper: Callable[[str], Unites]
) -> Iterator[str | Conflit]:
    """Réunion à trois : entre deux passages communs aux trois textes, qui a changé l'emporte."""
    unites = [decouper(texte) for texte in (base, leur, mienne)]
    fins = [0, 0, 0]
    for debuts, longueur in _communs_aux_trois(*unites):
        b, x, y = ("".join(u[f:d]) for u, f, d in zip(unites, fins, debuts, strict=True))
        if x in (b, y):
            yield y
        elif y == b:
            yield x
        else:
            yield Conflit(b, x, y)
        fins = [debut + longueur for debut in debuts]
        yield "".join(unites[0][debuts[0] : fins[0]])


def _communs_aux_trois(
    base: Unites, leur: Unites, mienne: Unites
) -> Iterator[tuple[list[int], int]]:
    """Passages communs : ([début dans base, leur, mienne], longueur) ; le dernier est la fin."""
    a, b = _communs(base, leur), _communs(base, mienne)
    i = j = 0
    while i < len(a) and j < len(b):
        debut = max(a[i][0], b[j][0])
        fin_a, fin_b = a[i][0] + a[i][2], b[j][0] + b[j][2]
        longueur = min(fin_a, fin_b) - debut
        if longueur > 0:
            yield [debut, debut + a[i][1] - a[i][0], debut + b[j][1] - b[j][0]], longueur
        i, j = (i + 1, j) if fin_a < fin_b else (i, j + 1)
    yield [len(base), len(leur), len(mienne)], 0
