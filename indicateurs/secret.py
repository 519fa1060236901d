"""Secret statistique : quelles valeurs taire de plus pour qu'aucune soustraction n'en rende une.

Un indicateur sommable relie un territoire à ceux qu'il contient (total = somme des parts). Une
valeur secrète se retrouve si ces égalités, lues avec tout ce qui est montré, ne lui laissent qu'une
valeur. On tait alors d'autres valeurs, la plus petite d'abord, jusqu'à ce que rien de tu ne se
déduise plus : ni par combinaison d'égalités, ni parce qu'un nombre compté n'est pas négatif.

Le choix est prudent : un total dont les parts ne font peut-être pas le tour (une métropole et ses
quartiers) compte comme une égalité, et ce qui manque comme connu d'ailleurs. Il est stable : ce qui
est déjà tu le reste tant qu'une valeur du même indicateur, au même millésime, est secrète.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

TOURS = 60  # les bornes convergent en quelques tours ; au-delà, elles ne serrent plus


@dataclass(frozen=True)
class Egalite:
    """`total` vaut la somme des `parts` (territoires)."""

    total: int
    parts: frozenset[int]

    @property
    def termes(self) -> dict[int, int]:
        return {self.total: 1, **dict.fromkeys(self.parts, -1)}


def a_taire(
    secrets: Iterable[int],
    chiffres: Mapping[int, Decimal],
    egalites: Iterable[Egalite],
    deja: Iterable[int] = (),
    fixes: Iterable[int] = (),
) -> set[int]:
    """Les territoires à taire en plus des `secrets` ; `deja` : ceux qu'on taisait.

    `fixes` : chiffres connus de tous (un « sans objet » vaut zéro), qu'on ne peut pas taire.
    """
    secrets, egalites, libres = set(secrets), list(egalites), set(chiffres) - set(fixes)
    if not secrets:
        return set()
    tus = secrets | (set(deja) & libres)
    while trahis := devinables(tus, chiffres, egalites):
        choisi = _protecteur(trahis, libres - tus, chiffres, egalites)
        if choisi is None:
            break
        tus.add(choisi)
    return tus - secrets


def devinables(
    tus: set[int], chiffres: Mapping[int, Decimal], egalites: Iterable[Egalite]
) -> set[int]:
    """Ceux des `tus` que les égalités et les chiffres montrés ne laissent prendre qu'une valeur."""
    lignes, bornables = [], []
    for egalite in egalites:
        inconnus = {t: c for t, c in egalite.termes.items() if t in tus}
        if not inconnus:
            continue
        lignes.append({t: Fraction(c) for t, c in inconnus.items()})
        connus = [t for t in egalite.termes if t not in tus]
        if all(t in chiffres for t in connus):
            reste = sum((egalite.termes[t] * Fraction(chiffres[t]) for t in connus), Fraction(0))
            bornables.append((inconnus, -reste))
    return _par_combinaison(lignes) | _par_bornes(bornables)


def _par_combinaison(lignes: list[dict[int, Fraction]]) -> set[int]:
    """Élimination exacte : une ligne réduite à un seul terme donne sa valeur."""
    reduites: dict[int, dict[int, Fraction]] = {}
    for ligne in lignes:
        reste = dict(ligne)
        for pivot, autre in reduites.items():
            _retrancher(reste, pivot, autre)
        if not reste:
            continue
        pivot = min(reste)
        facteur = reste[pivot]
        reste = {t: c / facteur for t, c in reste.items()}
        for autre in reduites.values():
            _retrancher(autre, pivot, reste)
        reduites[pivot] = reste
    return {next(iter(ligne)) for ligne in reduites.values() if len(ligne) == 1}


def _retrancher(ligne: dict[int, Fraction], pivot: int, autre: dict[int, Fraction]) -> None:
    facteur = ligne.get(pivot)
    if not facteur:
        return
    for terme, coefficient in autre.items():
        valeur = ligne.get(terme, Fraction(0)) - facteur * coefficient
        if valeur:
            ligne[terme] = valeur
        else:
            ligne.pop(terme, None)


def _par_bornes(lignes: list[tuple[dict[int, int], Fraction]]) -> set[int]:
    """Un nombre compté n'est pas négatif : deux parts de somme nulle le sont toutes deux."""
    bas: dict[int, Fraction] = {t: Fraction(0) for termes, _ in lignes for t in termes}
    haut: dict[int, Fraction | None] = dict.fromkeys(bas)
    for _ in range(TOURS):
        avant = (dict(bas), dict(haut))
        for termes, somme in lignes:
            for cible, coefficient in termes.items():
                _serrer(cible, coefficient, termes, somme, bas, haut)
        if (bas, haut) == avant:
            break
    return {t for t, borne in haut.items() if borne is not None and borne <= bas[t]}


def _serrer(
    cible: int,
    coefficient: int,
    termes: dict[int, int],
    somme: Fraction,
    bas: dict[int, Fraction],
    haut: dict[int, Fraction | None],
) -> None:
    """Bornes de `cible` d'après une égalité : somme des (coefficient × terme) = `somme`."""
    mini: Fraction | None = Fraction(0)
    maxi: Fraction | None = Fraction(0)
    for terme, c in termes.items():
        if terme == cible:
            continue
        petit, grand = (bas[terme], haut[terme]) if c > 0 else (haut[terme], bas[terme])
        mini = None if mini is None or petit is None else mini + c * petit
        maxi = None if maxi is None or grand is None else maxi + c * grand
    dessous, dessus = (maxi, mini) if coefficient > 0 else (mini, maxi)
    if dessous is not None:
        bas[cible] = max(bas[cible], (somme - dessous) / coefficient)
    if dessus is not None:
        borne = (somme - dessus) / coefficient
        connu = haut[cible]
        haut[cible] = borne if connu is None else min(connu, borne)


def _protecteur(
    trahis: set[int], libres: set[int], chiffres: Mapping[int, Decimal], egalites: list[Egalite]
) -> int | None:
    """La plus petite valeur montrée d'une égalité qui trahit ; un total en dernier recours."""
    totaux = {e.total for e in egalites}
    proches = {t for e in egalites if not trahis.isdisjoint(e.termes) for t in e.termes}
    for champ in (proches, {t for e in egalites for t in e.termes}):
        candidats = [t for t in champ if t in libres]
        if candidats:
            # Un zéro ne protège de rien si la somme est nulle : il ne vient qu'après les autres.
            return min(candidats, key=lambda t: (t in totaux, not chiffres[t], abs(chiffres[t]), t))
    return None
