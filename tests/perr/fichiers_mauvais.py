"""Plus de quarante genres de mauvais fichiers : (comment le faire, ce que la phrase nomme)."""

import datetime
import gzip
import io
import zipfile

import pytest
from openpyxl import Workbook

from tests.perr.tableaux import TETES, en_classeur, en_csv

ENTETE = [*TETES, "Quartier nord", "Quartier sud"]
LIGNE = ["CADRE DE VIE", "1", "Renouveler", "Action n°1 : Améliorer", "Animer la place.", ""]
BON = {"Ouest": [ENTETE, LIGNE]}
LONGUE = ["annexe", "colonne", "action", "texte"]


def modifier(pieces=None, retirer=(), remplacer=None, **options):
    """Un bon classeur, dont on change les pièces de l'archive."""
    source = zipfile.ZipFile(io.BytesIO(en_classeur(BON)))
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for piece in source.infolist():
            if piece.filename not in retirer:
                contenu = source.read(piece)
                for avant, apres in (remplacer or {}).items():
                    contenu = contenu.replace(avant, apres)
                archive.writestr(piece.filename, contenu)
        for nom, contenu in (pieces or {}).items():
            archive.writestr(nom, contenu)
    return sortie.getvalue()


def classeur(valeurs=None, **gestes):
    """Un bon classeur, des cases changées (`{"E2": "=1+1"}`), puis un geste sur la feuille."""
    livre = Workbook()
    feuille = livre.active
    feuille.title = "Ouest"
    feuille.append(ENTETE)
    feuille.append(LIGNE)
    for case, valeur in (valeurs or {}).items():
        feuille[case] = valeur
    for geste in gestes.values():
        geste(livre)
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def fusionner(livre):
    livre.active.merge_cells("E2:F2")


def masquer(livre):
    livre.create_sheet("Cachée").sheet_state = "hidden"


def bombe():
    """Dix mégaoctets de zéros par pièce, deux cents fois : peu de place, beaucoup de vide."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\x20" * 3_000_000)
    return sortie.getvalue()


def zip_de(*noms):
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        for nom in noms:
            archive.writestr(nom, "contenu")
    return sortie.getvalue()


def chiffre():
    octets = bytearray(en_classeur(BON))
    # Le drapeau « chiffré » de chaque entrée, locale et centrale.
    for signature, ecart in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        depart = octets.find(signature)
        while depart >= 0:
            octets[depart + ecart] |= 1
            depart = octets.find(signature, depart + 4)
    return bytes(octets)


def entites():
    return modifier(
        remplacer={
            b"<worksheet": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet'
        }
    )


def deux_fois():
    octets = io.BytesIO(en_classeur(BON))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(octets, "a") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return octets.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LONGUE_OK = ["Ouest", "Quartier nord", "1", "Animer la place."]

MAUVAIS = {
    "vide": (lambda: b"", "vide"),
    "blanc": (lambda: b"\n\n   \n", "vide"),
    "octets nuls": (lambda: b"\x00" * 500, "vide"),
    "50 Mo": (lambda: b"a;b;c\n" * 8_400_000, "Mo"),
    "100 000 lignes CSV": (lambda: en_csv([LONGUE, *[LONGUE_OK] * 100_000]), "lignes"),
    "100 000 lignes XLSX": (
        lambda: modifier(
            remplacer={
                b"</sheetData>": b"".join(b'<row r="%d"/>' % n for n in range(3, 100_003))
                + b"</sheetData>"
            }
        ),
        "Ouest",
    ),
    "PDF": (lambda: b"%PDF-1.7\n...", "PDF"),
    "image PNG": (lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "PNG"),
    "photo JPEG": (lambda: b"\xff\xd8\xff\xe0 JFIF", "JPEG"),
    "programme Windows": (lambda: b"MZ\x90\x00", "programme"),
    "programme Linux": (lambda: b"\x7fELF\x02", "programme"),
    "script": (lambda: b"#!/bin/sh\nrm -rf /\n", "programme"),
    "page web": (lambda: b"<!DOCTYPE html><table><tr><td>1</td></tr></table>", "page web"),
    "tableau HTML nommé .xls": (lambda: b"<html><table></table></html>", "page web"),
    "XML": (lambda: b'<?xml version="1.0"?><Workbook/>', "XML"),
    "JSON": (lambda: b'[{"action": 1}]', "JSON"),
    "RTF": (lambda: b"{\\rtf1 texte}", "RTF"),
    "base SQLite": (lambda: b"SQLite format 3\x00", "SQLite"),
    "GZIP": (lambda: gzip.compress(b"a;b;c\n1;2;3"), "GZIP"),
    "7-Zip": (lambda: b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    "RAR": (lambda: b"Rar!\x1a\x07", "RAR"),
    "archive ZIP": (lambda: zip_de("tableau.txt"), "archive ZIP"),
    "document Word": (lambda: zip_de("[Content_Types].xml", "word/document.xml"), "Word"),
    "présentation": (lambda: zip_de("ppt/presentation.xml"), "présentation"),
    "OpenDocument": (lambda: zip_de("mimetype", "content.xml"), "OpenDocument"),
    "XLSB": (lambda: zip_de("xl/workbook.bin"), "XLSB"),
    "Numbers": (lambda: zip_de("Index/Document.iwa"), "Numbers"),
    "ancien Excel": (lambda: OLE + b"\x00" * 600, ".xls"),
    "mot de passe": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
    "archive chiffrée": (chiffre, "chiffrée"),
    "archive tronquée": (lambda: en_classeur(BON)[:2000], "abîmée"),
    "pièce abîmée": (
        lambda: modifier(remplacer={b"<sheetData>": b"<sheetData"}),
        "abîmé",
    ),
    "bombe zip": (bombe, "sheet1.xml"),
    "entités externes": (entites, "entités"),
    "macros": (lambda: modifier({"xl/vbaProject.bin": b"x"}), "macros"),
    "macros Excel 4": (lambda: modifier({"xl/macrosheets/sheet1.xml": "<a/>"}), "macros"),
    "liens externes": (lambda: modifier({"xl/externalLinks/link1.xml": "<a/>"}), "liens"),
    "objets incorporés": (lambda: modifier({"xl/embeddings/a.bin": b"x"}), "incorporés"),
    "ActiveX": (lambda: modifier({"xl/activeX/a.xml": "<a/>"}), "ActiveX"),
    "connexions": (lambda: modifier({"xl/connections.xml": "<a/>"}), "connexions"),
    "chemin qui remonte": (lambda: modifier({"../../evade.txt": "x"}), "chemin"),
    "pièce en double": (deux_fois, "deux fois"),
    "trop de pièces": (lambda: modifier({f"a/{n}.txt": "" for n in range(600)}), "pièces"),
    "sans classeur": (lambda: modifier(retirer=("xl/workbook.xml",)), "archive ZIP"),
    "formule": (lambda: classeur({"E2": "=SUM(A1:A3)"}), "E2"),
    "lien hypertexte calculé": (lambda: classeur({"F2": '=HYPERLINK("http://a")'}), "F2"),
    "erreur de calcul": (lambda: classeur({"E2": "#REF!"}), "E2"),
    "date": (
        lambda: classeur({"E2": datetime.date(2021, 6, 1)}),
        "E2",
    ),
    "feuille masquée": (lambda: classeur(geste=masquer), "Cachée"),
    "case fusionnée": (lambda: classeur(geste=fusionner), "ligne 2, colonne E"),
    "case énorme": (lambda: en_csv([LONGUE, [*LONGUE_OK[:3], "a" * 25_000]]), "caractères"),
    "trop de colonnes": (lambda: en_csv([LONGUE, ["x"] * 150]), "Ligne 2"),
    "colonne répétée": (
        lambda: en_classeur({"Ouest": [[*TETES, "Nord", "Nord"], LIGNE]}),
        "ligne 1, colonne F",
    ),
    "formule dans un CSV": (lambda: en_csv([LONGUE, [*LONGUE_OK[:3], "=1+1"]]), "Ligne 2"),
    "appel DDE": (lambda: en_csv([LONGUE, [*LONGUE_OK[:3], "+cmd|' /C calc'!A0"]]), "Ligne 2"),
    "octet nul": (lambda: b"annexe;colonne;action;texte\nA;B;1;te\x00xte\n", "Ligne 2"),
    "caractère de contrôle": (
        lambda: en_csv([LONGUE, [*LONGUE_OK[:3], "te\x07xte"]]),
        "Ligne 2, colonne D",
    ),
    "guillemet jamais fermé": (
        lambda: b'annexe;colonne;action;texte\nA;B;1;"ouvert\n',
        "Ligne 2",
    ),
    "UTF-16 coupé": (lambda: b"\xff\xfea", "accents"),
    "valeur en trop": (lambda: en_csv([LONGUE, [*LONGUE_OK, "reste"]]), "Ligne 2"),
    "action absente": (
        lambda: en_csv([LONGUE, ["Ouest", "Quartier nord", "", "Texte."]]),
        "Ligne 2, colonne C",
    ),
    "colonne absente": (
        lambda: en_csv([LONGUE, ["Ouest", "", "1", "Texte."]]),
        "Ligne 2, colonne B",
    ),
    "sans colonnes": (lambda: b"Un texte suivi.\nSans tableau.\n", "tableau"),
    "autre tableau": (
        lambda: en_csv([["nom", "prénom", "courriel"], ["A", "B", "C"]]),
        "ligne 1",
    ),
    "en-tête seul": (lambda: en_classeur({"Ouest": [ENTETE]}), "aucune ligne d'action"),
    "classeur vide": (lambda: en_classeur({"Ouest": [[]]}), "aucune ligne"),
}
