"""Liste filtrée entière, en flux : CSV, XLSX, GeoJSON, JSON. La mémoire reste bornée à un lot."""

import csv
import datetime
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

import orjson
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

Objet = dict[str, Any]
Lots = Iterable[list[Objet]]

OPTIONS = orjson.OPT_UTC_Z
FORMULES = ("=", "+", "-", "@", "\t", "\r")
SEPARATEUR = " ; "
OCTETS = 64 * 1024
LONGUEUR_CELLULE = 32767  # au-delà, Excel refuse le classeur


class Colonnes:
    """Colonnes d'un tableau : nom d'en-tête → chemin dans l'objet JSON (`axe.numero`).

    Un chemin qui traverse une liste en joint les valeurs par « ; ».
    """

    def __init__(self, **chemins: str) -> None:
        self.noms = list(chemins)
        self._lire = [_lecteur(chemin.split(".")) for chemin in chemins.values()]

    def ligne(self, objet: Objet) -> list[Any]:
        return [lire(objet) for lire in self._lire]


def _lecteur(chemin: list[str]) -> Callable[[Any], Any]:
    if len(chemin) == 1:
        cle = chemin[0]
        return lambda objet: _joint(objet[cle])
    return lambda objet: _suivre(objet, chemin)


def _suivre(objet: Any, chemin: list[str]) -> Any:
    for rang, cle in enumerate(chemin):
        if objet is None:
            return None
        if isinstance(objet, list):
            return SEPARATEUR.join(str(_suivre(o, chemin[rang:])) for o in objet)
        objet = objet[cle]
    return _joint(objet)


def _joint(valeur: Any) -> Any:
    return SEPARATEUR.join(map(str, valeur)) if isinstance(valeur, list) else valeur


def json_serialise(valeur: Any) -> bytes:
    """JSON compact ; instants en temps universel (`Z`), nombres décimaux en chaînes exactes."""
    return orjson.dumps(valeur, default=str, option=OPTIONS)


def en_json(lots: Lots) -> Iterator[bytes]:
    """Même corps qu'une page, sans suivante : `{"results": […], "next": null, …}`."""
    yield b'{"results":['
    debut = b""
    for lot in lots:
        yield debut + json_serialise(lot)[1:-1]
        debut = b","
    yield b'],"next":null,"previous":null}'


def en_geojson(lots: Lots) -> Iterator[bytes]:
    """`FeatureCollection` RFC 7946 ; l'objet sans sa `geometrie` fait les propriétés."""
    yield b'{"type":"FeatureCollection","features":['
    debut = b""
    for lot in lots:
        entites = [
            {"type": "Feature", "id": o["id"], "geometry": o.pop("geometrie"), "properties": o}
            for o in lot
        ]
        yield debut + json_serialise(entites)[1:-1]
        debut = b","
    yield b"]}"


def en_csv(lots: Lots, colonnes: Colonnes) -> Iterator[bytes]:
    """RFC 4180 ; un texte qui commencerait une formule est précédé d’une apostrophe."""
    tampon = io.StringIO()
    ecrire = csv.writer(tampon, lineterminator="\r\n")
    ecrire.writerow(colonnes.noms)
    for lot in lots:
        ecrire.writerows([_cellule(v) for v in colonnes.ligne(o)] for o in lot)
        yield tampon.getvalue().encode()
        tampon.seek(0)
        tampon.truncate()
    yield tampon.getvalue().encode()


def _cellule(valeur: Any) -> Any:
    if isinstance(valeur, str):
        return f"'{valeur}" if valeur.startswith(FORMULES) else valeur
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    if isinstance(valeur, datetime.datetime):
        return valeur.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    return valeur


def en_xlsx(lots: Lots, colonnes: Colonnes, titre: str) -> Iterator[bytes]:
    """Classeur d'une feuille, écrit dans un fichier temporaire puis lu par morceaux."""
    classeur = Workbook(write_only=True)
    feuille = classeur.create_sheet(titre[:31])
    feuille.freeze_panes = "A2"
    feuille.append(colonnes.noms)
    for lot in lots:
        for objet in lot:
            feuille.append([_cellule_typee(feuille, v) for v in colonnes.ligne(objet)])
    with tempfile.TemporaryFile() as fichier:
        classeur.save(fichier)
        fichier.seek(0)
        yield from _morceaux(fichier)


def _morceaux(fichier: IO[bytes]) -> Iterator[bytes]:
    while morceau := fichier.read(OCTETS):
        yield morceau


def _cellule_typee(feuille: Any, valeur: Any) -> Any:
    """Texte toujours texte (jamais formule), instant à l'heure de Paris, le reste tel quel."""
    if isinstance(valeur, str):
        texte = ILLEGAL_CHARACTERS_RE.sub("", valeur)[:LONGUEUR_CELLULE]
        if not texte.startswith(("=", "#")):
            return texte
        cellule = WriteOnlyCell(feuille, texte)  # openpyxl y lirait une formule, une erreur
        cellule.data_type = "s"
        return cellule
    if isinstance(valeur, datetime.datetime):
        return timezone.make_naive(valeur)
    if valeur is None or isinstance(valeur, bool | int | float | datetime.date):
        return valeur
    return str(valeur)
