"""Contours GeoJSON : contrôlés à l'entrée, réduits à leurs surfaces.

Longitude et latitude en degrés WGS 84 (RFC 7946), arrondies à six décimales (dix centimètres).
"""

import math
from itertools import pairwise
from typing import Any

DECIMALES = 6
# Un fichier arrondi à quatre décimales fait chevaucher des côtés de moins que cela (degrés).
TOLERANCE = 1.5e-4
Position = tuple[float, float]
Anneau = list[Position]
Surface = list[Anneau]
Cadre = tuple[float, float, float, float]
# Longitudes et latitudes extrêmes (ouest, sud, est, nord) de chaque partie de la France.
FRANCE: tuple[Cadre, ...] = (
    (-5.5, 41.0, 10.0, 51.5),  # Hexagone et Corse
    (-63.5, 14.0, -60.5, 18.5),  # Antilles
    (-55.0, 2.0, -51.0, 6.0),  # Guyane
    (55.0, -21.6, 56.0, -20.7),  # La Réunion
    (44.9, -13.2, 45.4, -12.5),  # Mayotte
    (-155.0, -28.0, -134.0, -7.0),  # Polynésie
    (163.0, -23.5, 169.0, -19.0),  # Nouvelle-Calédonie
    (-56.6, 46.6, -56.0, 47.3),  # Saint-Pierre-et-Miquelon
)


class ContourInvalide(Exception):
    """La phrase dit ce qui ne va pas ; l'appelant ajoute où."""


def surfaces(geometrie: Any) -> list[Surface]:
    """Les surfaces d'un Polygon ou d'un MultiPolygon, chaque anneau contrôlé."""
    if not isinstance(geometrie, dict):
        raise ContourInvalide("il n'a pas de géométrie")
    genre, brutes = geometrie.get("type"), geometrie.get("coordinates")
    if genre not in ("Polygon", "MultiPolygon"):
        raise ContourInvalide(
            f"un quartier est une surface (Polygon, MultiPolygon), pas « {genre} »"
        )
    brutes = [brutes] if genre == "Polygon" else brutes
    lues = [[_anneau(anneau) for anneau in _liste(surface)] for surface in _liste(brutes)]
    if not all(lues) or not lues:
        raise ContourInvalide("son contour est vide")
    return lues


def contour(surfaces: list[Surface]) -> dict[str, Any] | None:
    """La géométrie GeoJSON de ces surfaces."""
    if not surfaces:
        return None
    brutes = [[[list(p) for p in anneau] for anneau in surface] for surface in surfaces]
    if len(brutes) == 1:
        return {"type": "Polygon", "coordinates": brutes[0]}
    return {"type": "MultiPolygon", "coordinates": brutes}


def centre(surfaces: list[Surface]) -> Position:
    """Centre de gravité de la plus grande surface."""
    plus_grande = max((s[0] for s in surfaces), key=lambda anneau: abs(_aire(anneau)))
    aire = _aire(plus_grande)
    produits = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(plus_grande)]
    x = sum((a[0] + b[0]) * p for a, b, p in produits) / (6 * aire)
    y = sum((a[1] + b[1]) * p for a, b, p in produits) / (6 * aire)
    return round(x, DECIMALES), round(y, DECIMALES)


def _liste(valeur: Any) -> list[Any]:
    if not isinstance(valeur, list):
        raise ContourInvalide("ses coordonnées ne sont pas des listes de positions")
    return valeur


def _anneau(brut: Any) -> Anneau:
    positions = [_position(p) for p in _liste(brut)]
    if len(positions) < 4:
        raise ContourInvalide(f"un anneau a au moins quatre positions, celui-ci {len(positions)}")
    if positions[0] != positions[-1]:
        raise ContourInvalide("un anneau n'est pas fermé : sa dernière position est la première")
    if ou := _croisement(positions):
        raise ContourInvalide(f"un anneau se croise lui-même vers {ou[0]}, {ou[1]}")
    if abs(_aire(positions)) < 1e-12:
        raise ContourInvalide("un anneau est sans surface")
    return positions


def _position(brute: Any) -> Position:
    """Une altitude éventuelle est ignorée."""
    nombres = brute[:2] if isinstance(brute, list) else []
    if len(nombres) < 2 or not all(
        isinstance(n, int | float) and not isinstance(n, bool) and math.isfinite(n) for n in nombres
    ):
        raise ContourInvalide(f"une position n'est pas un couple de nombres ({brute!r:.40})")
    x, y = (round(float(n), DECIMALES) for n in nombres)
    if abs(x) > 180 or abs(y) > 90:
        raise ContourInvalide(
            f"{x:g}, {y:g} n'est pas une longitude et une latitude : le fichier semble en mètres "
            "(Lambert 93). Donnez la version WGS 84 (EPSG:4326)"
        )
    if not _en_france(x, y):
        inverse = " : longitude et latitude semblent inversées" if _en_france(y, x) else ""
        raise ContourInvalide(f"{x:g}, {y:g} n'est pas en France{inverse}")
    return x, y


def _en_france(x: float, y: float) -> bool:
    return any(ouest <= x <= est and sud <= y <= nord for ouest, sud, est, nord in FRANCE)


def _aire(anneau: Anneau) -> float:
    # Rapportée au premier sommet : les produits de coordonnées perdraient la précision.
    x0, y0 = anneau[0]
    return (
        sum((a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in pairwise(anneau)) / 2
    )


def _croisement(anneau: Anneau) -> Position | None:
    """Où deux côtés se traversent ; un sommet qui touche un côté n'est pas un croisement.

    Balayage selon la longitude : seuls les côtés qui se recouvrent se comparent.
    """
    cotes = sorted((min(a[0], b[0]), max(a[0], b[0]), a, b) for a, b in pairwise(anneau) if a != b)
    ouverts: list[tuple[float, float, Position, Position]] = []
    for cote in cotes:
        ouverts = [autre for autre in ouverts if autre[1] >= cote[0]]
        for autre in ouverts:
            if _se_traversent(cote[2], cote[3], autre[2], autre[3]):
                return cote[2]
        ouverts.append(cote)
    return None


def _se_traversent(a: Position, b: Position, c: Position, d: Position) -> bool:
    return _cote(a, b, c) * _cote(a, b, d) < 0 and _cote(c, d, a) * _cote(c, d, b) < 0


def _cote(a: Position, b: Position, p: Position) -> int:
    """De quel côté de a→b est p ; 0 sur la droite, à la tolérance près."""
    ecart = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
    if abs(ecart) < TOLERANCE * math.dist(a, b):
        return 0
    return 1 if ecart > 0 else -1
