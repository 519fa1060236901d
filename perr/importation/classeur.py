"""Ouvre un XLSX : d'abord l'archive et ses pièces, puis les valeurs des feuilles."""

import datetime
import io
import re
import zipfile
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from django.conf import settings
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from perr.importation.formes import Feuille, FichierRefuse

ENREGISTRER = "Ouvrez-le dans votre tableur et enregistrez-le au format XLSX."
AUTRES = (
    ("word/", "un document Word"),
    ("ppt/", "une présentation"),
    ("mimetype", "un document OpenDocument (ODS ou ODT)"),
    ("xl/workbook.bin", "un classeur binaire (XLSB)"),
    ("Index/Document.iwa", "un document Numbers ou Pages"),
    ("META-INF/MANIFEST.MF", "un programme Java"),
    ("doc.kml", "une carte KMZ"),
)
INTERDITS = (
    ("vbaProject", "des macros", "Enregistrez-le en « Classeur Excel (.xlsx) », sans macros."),
    ("macrosheets/", "des macros", "Enregistrez-le en « Classeur Excel (.xlsx) », sans macros."),
    ("externalLinks/", "des liens vers d'autres fichiers", "Rompez-les (Données, Liens)."),
    ("embeddings/", "des objets incorporés", "Supprimez-les."),
    ("activeX/", "des contrôles ActiveX", "Supprimez-les."),
    ("connections.xml", "des connexions à des données", "Supprimez-les (Données, Connexions)."),
)
FUSION = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
BLOC = 1 << 16


def lire_classeur(octets: bytes) -> list[Feuille]:
    """Les feuilles visibles, valeurs seules ; refuse tout ce qui s'exécute ou se suit."""
    fusions = _inspecter(octets)
    try:
        classeur = load_workbook(io.BytesIO(octets), read_only=True, keep_links=False)
    except DefusedXmlException as erreur:
        raise FichierRefuse(_entites("une de ses pièces")) from erreur
    except Exception as erreur:  # openpyxl lève de tout sur un classeur abîmé
        raise FichierRefuse(_abime()) from erreur
    try:
        return [_feuille(f, fusions) for f in classeur.worksheets]
    except (ParseError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile) as erreur:
        raise FichierRefuse(_abime()) from erreur
    finally:
        classeur.close()


def _abime() -> str:
    return (
        "Le classeur est abîmé : une de ses pièces est illisible. Ouvrez-le dans votre tableur, "
        "laissez-le le réparer, enregistrez et déposez-le à nouveau."
    )


def _entites(piece: str) -> str:
    return (
        f"Le classeur déclare des entités XML ({piece}) : c'est un piège connu, il n'est pas lu. "
        "Recopiez les valeurs dans un classeur neuf."
    )


def _inspecter(octets: bytes) -> dict[str, list[tuple[int, int, int, int]]]:
    """Refuse archives piégées ou d'une autre nature ; rend les fusions de chaque feuille."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(octets))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as erreur:
        raise FichierRefuse(
            "L'archive du classeur est abîmée ou incomplète : déposez-le à nouveau, ou "
            "enregistrez-le une nouvelle fois depuis votre tableur."
        ) from erreur
    with archive:
        pieces = archive.infolist()
        _nature(pieces)
        fusions: dict[str, list[tuple[int, int, int, int]]] = {}
        reste = settings.IMPORT_DEPLIE_MAX
        for piece in pieces:
            contenu, reste = _deplier(archive, piece, reste)
            if piece.filename.startswith("xl/worksheets/"):
                fusions[piece.filename.split("/")[-1]] = [
                    (
                        int(haut),
                        column_index_from_string(gauche.decode()) - 1,
                        int(bas),
                        column_index_from_string(droite.decode()) - 1,
                    )
                    for gauche, haut, droite, bas in FUSION.findall(contenu)
                ]
    return fusions


def _nature(pieces: list[zipfile.ZipInfo]) -> None:
    noms = [p.filename for p in pieces]
    if len(noms) > settings.IMPORT_PIECES_MAX:
        raise FichierRefuse(f"L'archive a {len(noms)} pièces : ce n'est pas un classeur ordinaire.")
    if any(p.flag_bits & 1 for p in pieces):
        raise FichierRefuse(f"L'archive est chiffrée : retirez le mot de passe. {ENREGISTRER}")
    for debut, nature in AUTRES:
        if any(n.startswith(debut) for n in noms):
            raise FichierRefuse(f"Ce fichier est {nature}, pas un XLSX. {ENREGISTRER}")
    if "xl/workbook.xml" not in noms or "[Content_Types].xml" not in noms:
        raise FichierRefuse(
            "C'est une archive ZIP sans classeur Excel complet : décompressez-la et déposez le "
            "XLSX qu'elle contient."
        )
    if any(n.startswith(("/", "..")) or "/../" in n or "\\" in n for n in noms):
        raise FichierRefuse(f"L'archive contient un chemin interdit. {ENREGISTRER}")
    if len(set(noms)) != len(noms):
        raise FichierRefuse(f"L'archive contient deux fois la même pièce. {ENREGISTRER}")
    for morceau, quoi, remede in INTERDITS:
        piece = next((n for n in noms if morceau.lower() in n.lower()), None)
        if piece:
            raise FichierRefuse(f"Le classeur contient {quoi} ({piece}). {remede}")


def _deplier(archive: zipfile.ZipFile, piece: zipfile.ZipInfo, reste: int) -> tuple[bytes, int]:
    """Contenu d'une pièce, jamais plus que la limite : la taille écrite peut mentir."""
    contenu = bytearray()
    try:
        with archive.open(piece) as flux:
            while bloc := flux.read(BLOC):
                reste -= len(bloc)
                if reste < 0:
                    raise FichierRefuse(
                        f"Déplié, le classeur dépasse {settings.IMPORT_DEPLIE_MAX // 1_000_000} Mo "
                        f"(pièce {piece.filename}) : supprimez lignes vides, images et feuilles "
                        "inutiles."
                    )
                contenu += bloc
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as erreur:
        raise FichierRefuse(_abime()) from erreur
    except Exception as erreur:
        if isinstance(erreur, FichierRefuse):
            raise
        raise FichierRefuse(_abime()) from erreur
    if piece.filename.endswith((".xml", ".rels", ".vml")):
        sobre = bytes(contenu).replace(b"\x00", b"").upper()
        if b"<!DOCTYPE" in sobre or b"<!ENTITY" in sobre:
            raise FichierRefuse(_entites(piece.filename))
    return bytes(contenu), reste


def _feuille(feuille: Any, fusions: dict[str, list[tuple[int, int, int, int]]]) -> Feuille:
    if feuille.sheet_state != "visible":
        raise FichierRefuse(
            f"La feuille « {feuille.title} » est masquée : affichez-la pour la relire, ou "
            "supprimez-la."
        )
    lignes = []
    feuille.reset_dimensions()  # l'étendue écrite dans le fichier peut mentir
    for numero, cases in enumerate(feuille.iter_rows(), 1):
        if numero > settings.IMPORT_LIGNES_MAX:
            raise FichierRefuse(
                f"La feuille « {feuille.title} » dépasse {settings.IMPORT_LIGNES_MAX} lignes : "
                "supprimez les lignes vides sous le tableau, ou vérifiez que c'est le bon fichier."
            )
        lignes.append((numero, [_valeur(feuille.title, case) for case in cases]))
    piece = str(getattr(feuille, "_worksheet_path", "")).split("/")[-1]
    return Feuille(feuille.title, lignes, fusions.get(piece, []))


def _valeur(titre: str, case: Any) -> str:
    if case.value is None:
        return ""
    ou = f"Feuille « {titre} », cellule {case.coordinate}"
    if case.data_type == "f":
        raise FichierRefuse(
            f"{ou} : une formule. Copiez le tableau, puis « Collage spécial, valeurs seules »."
        )
    if case.data_type == "e":
        raise FichierRefuse(f"{ou} : une erreur de calcul ({case.value}). Écrivez la valeur.")
    valeur = case.value
    if isinstance(valeur, datetime.datetime | datetime.date | datetime.time):
        raise FichierRefuse(
            f"{ou} : une date là où un texte est attendu. Mettez la cellule au format Texte et "
            "retapez-la."
        )
    if isinstance(valeur, bool):
        return "vrai" if valeur else "faux"
    if isinstance(valeur, float) and valeur.is_integer():
        return str(int(valeur))
    return str(valeur)
