"""Fichiers de l'ANCT : GeoJSON ou CSV des quartiers prioritaires, lus et contrôlés sans la base."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from territoires.importation.geometrie import ContourInvalide, Surface, surfaces
from territoires.importation.refus import Refus

OCTETS_MAX = 100_000_000
CODES = {
    2015: re.compile(r"QP(\d{3}|02[AB])\d{3}"),
    2024: re.compile(r"QN(\d{3}|02[AB])\d{2}[NMI]"),
}
EXEMPLES = {2015: "QP031008", 2024: "QN03101M"}
CODE_COMMUNE = re.compile(r"(\d{2}|2[AB])\d{3}")
# Noms de colonne ou de propriété, du plus récent au plus ancien ; la casse ne compte pas.
NOMS = {
    "code": ("code_qp",),
    "nom": ("lib_qp", "nom_qp"),
    "communes": ("insee_com", "code_commune", "code_com"),
    "noms_communes": ("lib_com", "nom_commune", "nom_com", "commune_qp"),
}
WGS_84 = ("CRS84", "4326", "WGS84", "WGS 84")
ENROBAGE_EXCEL = re.compile(r'^="|"$')


# Code de l'Insee et nom, l'un des deux parfois vide.
Commune = tuple[str, str]


@dataclass
class QuartierLu:
    """Un quartier du fichier ; ses lignes d'une autre commune s'y sont jointes."""

    endroit: str
    code: str
    nom: str
    communes: list[Commune] = field(default_factory=list)
    surfaces: list[Surface] = field(default_factory=list)


Ligne = tuple[str, dict[str, Any], Any]


def lire(chemin: Path, generation: int) -> list[QuartierLu]:
    """Les quartiers du fichier ; lève `Refus` qui dit toutes les fautes à la fois."""
    texte = _texte(chemin)
    lignes = _geojson(texte) if texte.lstrip().startswith(("{", "[")) else _csv(texte)
    quartiers: dict[str, QuartierLu] = {}
    fautes: list[str] = []
    for endroit, proprietes, geometrie in lignes:
        try:
            _joindre(quartiers, _quartier(endroit, proprietes, geometrie, generation))
        except (ContourInvalide, ValueError) as erreur:
            nom = proprietes.get("code") or proprietes.get("nom")
            fautes.append(f"{endroit}{f' ({nom})' if nom else ''} : {erreur}.")
    if fautes:
        raise Refus(*fautes)
    if not quartiers:
        raise Refus("Le fichier ne contient aucun quartier.")
    return list(quartiers.values())


def _texte(chemin: Path) -> str:
    if not chemin.is_file():
        raise Refus(f"Fichier introuvable : {chemin}.")
    if chemin.stat().st_size > OCTETS_MAX:
        raise Refus(f"Le fichier dépasse {OCTETS_MAX // 1_000_000} Mo.")
    octets = chemin.read_bytes()
    if not octets.strip():
        raise Refus("Le fichier est vide.")
    if octets.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise Refus("C'est une archive ou un classeur : extrayez-en le GeoJSON ou le CSV.")
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refus("Le fichier n'est pas en UTF-8 : enregistrez-le dans ce codage.") from None
    if "\x00" in texte:
        raise Refus("Le fichier contient des octets nuls : il est abîmé, ou n'est pas du texte.")
    return texte


def _geojson(texte: str) -> Iterator[Ligne]:
    try:
        donnees = json.loads(texte, parse_constant=_constante)
    except json.JSONDecodeError as erreur:
        raise Refus(f"JSON abîmé, ligne {erreur.lineno}, colonne {erreur.colno}.") from None
    except (RecursionError, ValueError) as erreur:
        raise Refus(f"JSON refusé : {erreur}.") from None
    entites = donnees.get("features") if isinstance(donnees, dict) else None
    if not isinstance(entites, list) or donnees.get("type") != "FeatureCollection":
        raise Refus("Ce JSON n'est pas une FeatureCollection GeoJSON.")
    _verifier_le_systeme(donnees.get("crs"))
    for rang, entite in enumerate(entites, 1):
        endroit = f"Entité {rang}"
        proprietes = entite.get("properties") if isinstance(entite, dict) else None
        if not isinstance(proprietes, dict):
            raise Refus(f"{endroit} : elle n'a pas de propriétés.")
        if rang == 1:
            _exiger(proprietes, "propriété")
        yield endroit, _reconnaitre(proprietes), entite.get("geometry")


def _constante(nom: str) -> None:
    raise ValueError(f"« {nom} » n'est pas un nombre")


def _verifier_le_systeme(crs: Any) -> None:
    """Sans `crs`, un GeoJSON est en WGS 84 (RFC 7946)."""
    if crs is not None and not any(nom in str(crs).upper() for nom in WGS_84):
        raise Refus(
            f"Le fichier annonce un autre système de coordonnées que WGS 84 : {crs!s:.120}. "
            "Donnez la version WGS 84 (EPSG:4326), non Lambert 93."
        )


def _csv(texte: str) -> Iterator[Ligne]:
    entete = texte.lstrip("\r\n").split("\n", 1)[0]
    separateur = max(";,\t", key=entete.count)
    lecteur = csv.reader(io.StringIO(texte), delimiter=separateur, strict=True)
    try:
        colonnes = next(ligne for ligne in lecteur if any(ligne))
        _exiger(dict.fromkeys(colonnes), "colonne")
        for cellules in lecteur:
            if not any(cellule.strip() for cellule in cellules):
                continue
            if len(cellules) != len(colonnes):
                raise Refus(
                    f"Ligne {lecteur.line_num} : {len(cellules)} cellules pour {len(colonnes)} "
                    "colonnes. Une liste jointe par « ; » s'écrit entre guillemets."
                )
            proprietes = dict(zip(colonnes, cellules, strict=True))
            yield f"Ligne {lecteur.line_num}", _reconnaitre(proprietes), None
    except csv.Error as erreur:
        raise Refus(f"Ligne {lecteur.line_num} : CSV abîmé ({erreur}).") from None


def _exiger(proprietes: dict[str, Any], quoi: str) -> None:
    presentes = {nom.strip().lower() for nom in proprietes}
    for sens in ("code", "nom"):
        if not presentes & set(NOMS[sens]):
            raise Refus(f"Il manque la {quoi} {' ou '.join(NOMS[sens])}.")


def _reconnaitre(proprietes: dict[str, Any]) -> dict[str, str]:
    """Les valeurs utiles, sous nos noms, sans blancs ni enrobage de tableur (`="01004"`)."""
    minuscules = {nom.strip().lower(): valeur for nom, valeur in proprietes.items()}
    trouvees = {}
    for sens, noms in NOMS.items():
        valeur = next((minuscules[nom] for nom in noms if minuscules.get(nom)), "")
        trouvees[sens] = " ".join(ENROBAGE_EXCEL.sub("", str(valeur).strip()).split())
    return trouvees


def _quartier(endroit: str, lu: dict[str, str], geometrie: Any, generation: int) -> QuartierLu:
    code, nom = lu["code"].upper(), lu["nom"]
    if not code:
        raise ValueError("il manque le code")
    _verifier_le_code(code, generation)
    if not nom:
        raise ValueError("il manque le nom")
    if len(nom) > 254:
        raise ValueError("le nom dépasse 254 caractères")
    # Un CSV n'a pas de contour ; une entité GeoJSON en a un, ou elle est refusée.
    contour = surfaces(geometrie) if endroit.startswith("Entité") else []
    return QuartierLu(endroit, code, nom, _communes(lu), contour)


def _verifier_le_code(code: str, generation: int) -> None:
    if CODES[generation].fullmatch(code):
        return
    for autre, forme in CODES.items():
        if forme.fullmatch(code):
            raise ValueError(f"ce code est de la génération {autre}, non {generation}")
    raise ValueError(f"ce n'est pas un code de quartier de {generation} ({EXEMPLES[generation]})")


def _communes(lu: dict[str, str]) -> list[Commune]:
    codes, noms = (
        [mot.strip() for mot in lu[sens].split(";") if mot.strip()]
        for sens in ("communes", "noms_communes")
    )
    for code in codes:
        if not CODE_COMMUNE.fullmatch(code):
            raise ValueError(f"« {code} » n'est pas un code de commune de l'Insee (cinq signes)")
    if codes and noms and len(noms) != len(codes):
        raise ValueError(f"{len(codes)} codes de commune pour {len(noms)} noms")
    return list(zip_longest(codes, noms, fillvalue=""))


def _joindre(quartiers: dict[str, QuartierLu], lu: QuartierLu) -> None:
    """L'ANCT publie une entité par quartier et par commune : les mêmes codes se joignent."""
    deja = quartiers.setdefault(lu.code, lu)
    if deja is lu:
        return
    if deja.nom != lu.nom:
        raise ValueError(f"déjà nommé « {deja.nom} » ({deja.endroit}), ici « {lu.nom} »")
    if not lu.communes or set(lu.communes) & set(deja.communes):
        raise ValueError(f"en double : déjà lu ({deja.endroit})")
    deja.communes += lu.communes
    deja.surfaces += lu.surfaces
