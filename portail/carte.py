"""Carte de situation dessinée au serveur : points, liaisons, libellés qui ne se chevauchent pas.

Projection plate carrée corrigée de la latitude moyenne : juste pour situer, pas pour mesurer
à plus de quelques kilomètres. Les coordonnées sont en pourcentages du dessin et les libellés à
taille fixe, si bien que la carte se lit aussi sur un téléphone (les places sont calculées pour
sa largeur ; plus large, les points s'écartent et les libellés ne se touchent pas davantage).
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from territoires.enums import TypeTerritoire
from territoires.models import Territoire

# Dessin de référence, celui d'un téléphone (px).
LARGEUR = 343.0
# Hauteurs du dessin, de la plus basse à la plus haute : la première où les points tiennent.
HAUTEURS = {"basse": 170.0, "haute": 260.0}
MARGE = 0.1
RAYON = 6.0
LARGEUR_SIGNE, MONTANTE, DESCENDANTE = 6.1, 11.0, 3.0
# Ancrage du libellé et son écart au point (px), par ordre de préférence.
PLACES = (
    ("start", 10.0, 4.5),
    ("end", -10.0, 4.5),
    ("middle", 0.0, -12.0),
    ("middle", 0.0, 21.0),
    ("start", -6.0, -12.0),
    ("start", -6.0, 21.0),
    ("end", 6.0, -12.0),
    ("end", 6.0, 21.0),
)
KM_PAR_DEGRE = 111.2
ECHELLES_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500)
# Trop étendus pour un point.
SANS_POINT = {TypeTerritoire.PAYS, TypeTerritoire.REGION, TypeTerritoire.DEPARTEMENT}


@dataclass(frozen=True)
class Point:
    """Un territoire sur la carte : centre, libellé et son ancrage (`start`, `middle`, `end`).

    `dx` et `dy` écartent le libellé du point, en pixels. Sans place libre, `libelle` est vide.
    """

    territoire: Territoire
    x: str
    y: str
    classe: str
    libelle: str
    ancrage: str
    dx: float
    dy: float


@dataclass(frozen=True)
class Trait:
    """Liaison entre deux points."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Carte:
    """Ce que dessine `templates/portail/_carte.html`."""

    points: list[Point]
    traits: list[Trait]
    format: str
    echelle_km: int
    echelle: str
    sans_point: list[Territoire]

    @property
    def resume(self) -> str:
        """Texte de remplacement : ce que la carte situe."""
        return "Situation de " + ", ".join(p.territoire.nom for p in self.points)


def dessiner(
    territoires: Iterable[Territoire],
    liaisons: Sequence[tuple[Territoire, Territoire]] = (),
    *,
    ici: Territoire | None = None,
) -> Carte | None:
    """La carte de ces territoires ; `None` si aucun n'a de point. `ici` est mis en avant."""
    uniques = list({t.pk: t for t in territoires}.values())
    situes = [t for t in uniques if a_un_point(t)]
    if not situes:
        return None
    dessin = Dessin(situes)
    echelle_km, echelle = dessin.echelle()
    return Carte(
        dessin.points(situes, liaisons, ici),
        dessin.traits(liaisons),
        dessin.format,
        echelle_km,
        echelle,
        [t for t in uniques if not a_un_point(t)],
    )


def a_un_point(territoire: Territoire) -> bool:
    return territoire.longitude is not None and territoire.type not in SANS_POINT


def _degres(coordonnee: Decimal | None) -> float:
    """Coordonnée d'un territoire retenu par `a_un_point`, donc renseignée."""
    return float(coordonnee or 0)


Centre = tuple[float, float]
Cadre = tuple[float, float, float, float]
# Ancrage, écart horizontal, écart vertical, rectangle occupé.
Place = tuple[str, float, float, Cadre]
Liaison = tuple[Territoire, Territoire]
ORDRES: tuple[Callable[[Territoire], Any], ...] = (
    lambda t: 0,
    lambda t: -len(t.nom),
    lambda t: len(t.nom),
    lambda t: t.longitude,
    lambda t: -_degres(t.longitude),
    lambda t: t.latitude,
    lambda t: -_degres(t.latitude),
)


class Dessin:
    """Place un cadre de longitudes et de latitudes dans le dessin de référence."""

    def __init__(
        self,
        territoires: Sequence[Territoire],
        *,
        largeur: float = LARGEUR,
        hauteurs: dict[str, float] = HAUTEURS,
        etendue_min: float = 0.1,
        rayon: float = RAYON,
        emprises: Mapping[int, Cadre] | None = None,
    ) -> None:
        """`emprises` : ouest, sud, est et nord de ceux qui ont un contour, par clé primaire."""
        self.largeur, self.rayon = largeur, rayon
        self.emprises = emprises or {}
        coins = [*self.emprises.values()]
        coins += [2 * (_degres(t.longitude), _degres(t.latitude)) for t in territoires]
        longitudes = [x for ouest, _, est, _ in coins for x in (ouest, est)]
        latitudes = [y for _, sud, _, nord in coins for y in (sud, nord)]
        self.centre = (
            (min(longitudes) + max(longitudes)) / 2,
            (min(latitudes) + max(latitudes)) / 2,
        )
        self.reduction = math.cos(math.radians(self.centre[1]))
        etendue_x = max((max(longitudes) - min(longitudes)) * self.reduction, 2 * etendue_min)
        etendue_y = max(max(latitudes) - min(latitudes), etendue_min)
        en_largeur = largeur * (1 - 2 * MARGE) / etendue_x
        for self.format, self.hauteur in hauteurs.items():
            en_hauteur = self.hauteur * (1 - 2 * MARGE) / etendue_y
            if en_hauteur >= en_largeur:
                break
        self.px_par_degre = min(en_largeur, en_hauteur)
        self.centres = {
            t.pk: self.pixels(_degres(t.longitude), _degres(t.latitude)) for t in territoires
        }

    def pixels(self, longitude: float, latitude: float) -> Centre:
        dx = (longitude - self.centre[0]) * self.reduction * self.px_par_degre
        dy = (self.centre[1] - latitude) * self.px_par_degre
        return self.largeur / 2 + dx, self.hauteur / 2 + dy

    def _x(self, pixels: float) -> str:
        return f"{100 * pixels / self.largeur:.2f}%"

    def _y(self, pixels: float) -> str:
        return f"{100 * pixels / self.hauteur:.2f}%"

    def echelle(self) -> tuple[int, str]:
        """Longueur ronde d'un quart de la largeur au plus : kilomètres et pourcentage."""
        px_par_km = self.px_par_degre / KM_PAR_DEGRE
        tenues = [km for km in ECHELLES_KM if km * px_par_km <= self.largeur / 4]
        km = tenues[-1] if tenues else ECHELLES_KM[0]
        return km, self._x(km * px_par_km)

    def traits(self, liaisons: Sequence[Liaison]) -> list[Trait]:
        """Un trait par liaison dont les deux bouts ont un point."""
        return [
            Trait(self._x(a[0]), self._y(a[1]), self._x(b[0]), self._y(b[1]))
            for a, b in self._segments(liaisons)
        ]

    def _segments(self, liaisons: Sequence[Liaison]) -> list[tuple[Centre, Centre]]:
        bouts = [(self.centres.get(a.pk), self.centres.get(b.pk)) for a, b in liaisons]
        return [(a, b) for a, b in bouts if a and b]

    def points(
        self,
        territoires: Sequence[Territoire],
        liaisons: Sequence[Liaison],
        ici: Territoire | None,
    ) -> list[Point]:
        """Les points, `ici` puis les reliés d'abord ; un libellé ne touche ni point ni trait.

        Les libellés se placent un à un : l'ordre qui en place le plus l'emporte.
        """
        obstacles = self._obstacles(liaisons)
        relies = {t.pk for liaison in liaisons for t in liaison}
        base = sorted(territoires, key=lambda t: (t != ici, t.pk not in relies, t.nom, t.pk))
        essais = [self._placer(sorted(base, key=ordre), obstacles) for ordre in ORDRES]
        places = max(essais, key=len)
        return [self._point(t, places.get(t.pk), ici) for t in base]

    def _obstacles(self, liaisons: Sequence[Liaison]) -> list[Cadre]:
        """Les points, l'échelle, et les traits par morceaux."""
        cadres = [self._cadre_de(pk) for pk in self.centres]
        cadres.append((0, self.hauteur - 30, self.largeur / 4, self.hauteur))
        for (xa, ya), (xb, yb) in self._segments(liaisons):
            pas = max(1, round(math.hypot(xb - xa, yb - ya) / 4))
            for i in range(pas + 1):
                x, y = xa + (xb - xa) * i / pas, ya + (yb - ya) * i / pas
                cadres.append((x - 1, y - 1, x + 1, y + 1))
        return cadres

    def _placer(
        self, territoires: Sequence[Territoire], obstacles: Sequence[Cadre]
    ) -> dict[int, Place]:
        occupes, places = list(obstacles), {}
        for territoire in territoires:
            place = self._place_libre(territoire, occupes)
            if place:
                places[territoire.pk] = place
                occupes.append(place[3])
        return places

    def _point(self, territoire: Territoire, place: Place | None, ici: Territoire | None) -> Point:
        x, y = self.centres[territoire.pk]
        classe = "ici" if territoire == ici else "second" if ici is None else "autre"
        libelle = territoire.nom if place else ""
        ancrage, dx, dy, _ = place or ("start", 0.0, 0.0, None)
        return Point(territoire, self._x(x), self._y(y), classe, libelle, ancrage, dx, dy)

    def _cadre_de(self, pk: int) -> Cadre:
        """Rectangle du point ou du contour, en pixels."""
        if pk not in self.emprises:
            (x, y), r = self.centres[pk], self.rayon
            return x - r, y - r, x + r, y + r
        ouest, sud, est, nord = self.emprises[pk]
        return *self.pixels(ouest, nord), *self.pixels(est, sud)

    def _place_libre(self, territoire: Territoire, occupes: Sequence[Cadre]) -> Place | None:
        """À droite, à gauche, puis au-dessus et au-dessous, centré ou d'un côté."""
        x, y = self.centres[territoire.pk]
        gauche, haut, droite, bas = self._cadre_de(territoire.pk)
        # Les places sont écrites pour un point de rayon `RAYON` : un contour les écarte.
        a_droite, a_gauche = droite - x - RAYON, x - gauche - RAYON
        dessus, dessous = y - haut - RAYON, bas - y - RAYON
        for ancrage, dx, dy in PLACES:
            dx += {10.0: a_droite, -10.0: -a_gauche}.get(dx, 0.0)
            dy += {-12.0: -dessus, 21.0: dessous}.get(dy, 0.0)
            cadre = _cadre(x + dx, y + dy, len(territoire.nom) * LARGEUR_SIGNE, ancrage)
            dedans = cadre[0] >= 0 and cadre[2] <= self.largeur
            dedans = dedans and cadre[1] >= 0 and cadre[3] <= self.hauteur
            if dedans and not any(_se_touchent(cadre, autre) for autre in occupes):
                return ancrage, round(dx, 1), round(dy, 1), cadre
        return None


def _cadre(x: float, y: float, largeur: float, ancrage: str) -> Cadre:
    """Rectangle d'un texte de cette largeur, écrit sur la ligne de base `y`."""
    gauche = {"start": x, "end": x - largeur, "middle": x - largeur / 2}[ancrage]
    return gauche, y - MONTANTE, gauche + largeur, y + DESCENDANTE


def _se_touchent(a: Cadre, b: Cadre) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
