"""Carte des quartiers prioritaires : leur contour s'il est importé, sinon un point proportionnel.

Chaque quartier est un lien, atteint au clavier ; le tableau qui suit la carte dit la même chose.
Le dessin ne se lit pas sous sa largeur de référence : sur un téléphone, il défile.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from math import sqrt
from typing import Any

from portail.carte import Cadre, Dessin, Point, a_un_point
from territoires.models import Territoire

LARGEUR, HAUTEUR = 640.0, 520.0
RAYON_MIN, RAYON_MAX = 4.0, 12.0
# Au-delà (degrés), les quartiers d'une même ville se recouvriraient.
ETENDUE_MAX = 0.6


@dataclass(frozen=True)
class QuartierDessine:
    """Un quartier : son point et son libellé, et le tracé `d` de son contour (vide : un rond)."""

    point: Point
    nombre: int
    rayon: str
    d: str

    @property
    def territoire(self) -> Territoire:
        return self.point.territoire


@dataclass(frozen=True)
class CarteQuartiers:
    """Ce que dessine `templates/portail/_carte_quartiers.html`."""

    quartiers: list[QuartierDessine]
    sans_point: list[Territoire]
    echelle_km: int
    echelle: str

    @property
    def cadre(self) -> str:
        return f"0 0 {LARGEUR:.0f} {HAUTEUR:.0f}"

    @property
    def contours(self) -> list[QuartierDessine]:
        return [q for q in self.quartiers if q.d]

    @property
    def ronds(self) -> list[QuartierDessine]:
        return [q for q in self.quartiers if not q.d]


def dessiner_quartiers(
    territoires: Iterable[Territoire],
    nombres: Mapping[int, int],
    *,
    ici: Territoire | None = None,
) -> CarteQuartiers | None:
    """La carte de ces quartiers, `nombres` d'actions par clé primaire.

    `None` si aucun n'a de point, ou s'ils sont trop éloignés pour se lire ensemble.
    """
    tous = list(territoires)
    situes = [t for t in tous if a_un_point(t)]
    if not situes or _etendue(situes) > ETENDUE_MAX:
        return None
    dessin = Dessin(
        situes,
        largeur=LARGEUR,
        hauteurs={"quartiers": HAUTEUR},
        etendue_min=0.02,
        rayon=RAYON_MAX,
        emprises={t.pk: _emprise(t.contour) for t in situes if t.contour},
    )
    plus_grand = max((nombres.get(t.pk, 0) for t in situes), default=0) or 1
    quartiers = []
    for point in dessin.points(situes, (), ici):
        nombre = nombres.get(point.territoire.pk, 0)
        # L'aire, non le rayon, suit le nombre.
        rayon = max(RAYON_MIN, RAYON_MAX * sqrt(nombre / plus_grand))
        trace = "".join(_traces(dessin, point.territoire.contour))
        quartiers.append(QuartierDessine(point, nombre, f"{rayon:.1f}", trace))
    sans_point = [t for t in tous if not a_un_point(t)]
    return CarteQuartiers(quartiers, sans_point, *dessin.echelle())


def _etendue(territoires: Iterable[Territoire]) -> float:
    points = [(float(t.longitude or 0), float(t.latitude or 0)) for t in territoires]
    return max(max(axe) - min(axe) for axe in zip(*points, strict=True))


def _traces(dessin: Dessin, contour: dict[str, Any] | None) -> Iterator[str]:
    """Un tracé SVG par anneau, au dixième de pixel ; un trou suit la règle pair-impair."""
    for anneau in _anneaux(contour):
        sommets = (dessin.pixels(*sommet[:2]) for sommet in anneau)
        # Des sommets plus serrés qu'un dixième de pixel pèseraient sans se voir.
        distincts = [texte for texte, _ in groupby(f"{x:.1f} {y:.1f}" for x, y in sommets)]
        yield f"M{'L'.join(distincts)}Z"


def _emprise(contour: dict[str, Any]) -> Cadre:
    longitudes, latitudes = zip(
        *(sommet[:2] for anneau in _anneaux(contour) for sommet in anneau), strict=True
    )
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _anneaux(contour: dict[str, Any] | None) -> Iterator[list[list[float]]]:
    if contour:
        surfaces = contour["coordinates"]
        for surface in [surfaces] if contour["type"] == "Polygon" else surfaces:
            yield from surface
