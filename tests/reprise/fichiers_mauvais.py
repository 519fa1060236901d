"""Plus de trente fichiers hostiles ou abîmés : (nom, octets, mots attendus dans le refus)."""

import io
import zipfile

import pikepdf

from tests.reprise import documents

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-'
    'types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)
CORPS = (
    '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/'
    'wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
)


def archive(**pieces: bytes | str) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as z:
        for nom, contenu in pieces.items():
            z.writestr(nom, contenu)
    return sortie.getvalue()


def docx_avec(**pieces: bytes | str) -> bytes:
    """Un vrai DOCX, dont on ajoute ou remplace des pièces."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(documents.docx())) as source:
        garde = {n: source.read(n) for n in source.namelist() if n not in pieces}
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as z:
        for nom, contenu in {**garde, **pieces}.items():
            z.writestr(nom, contenu)
    return sortie.getvalue()


def pdf_vide(pages: int = 1, **reglages) -> bytes:
    sortie = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        pdf.save(sortie, **reglages)
    return sortie.getvalue()


def pdf_a_script() -> bytes:
    sortie = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.save(sortie)
    return sortie.getvalue()


def pdf_protege() -> bytes:
    return pdf_vide(encryption=pikepdf.Encryption(owner="a", user="b"))


def pdf_bombe() -> bytes:
    """Une page dont le dessin se déplie en 200 Mo de dessin."""
    import zlib

    dessin = zlib.compress(b"BT /F1 9 Tf (aaaaaaaaaa) Tj ET\n" * 6_000_000, 9)
    sortie = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        flux = pikepdf.Stream(pdf, b"")
        flux.write(dessin, filter=pikepdf.Name.FlateDecode)
        page.Contents = flux
        pdf.save(sortie)
    return sortie.getvalue()


def ole(chiffre: bool) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\x00" * 600
        + ("EncryptedPackage".encode("utf-16-le") if chiffre else b"")
    )


def odt_avec(**pieces: bytes | str) -> bytes:
    return archive(mimetype="application/vnd.oasis.opendocument.text", **pieces)


ENTITE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'
RIRES = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
    "<a>&c;</a>"
)
MAUVAIS = {
    "vide.docx": (b"", "vide"),
    "blancs.txt": (b" \n\n \t", "vide"),
    "image.docx": (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "image PNG"),
    "photo.pdf": (b"\xff\xd8\xff\xe0" + b"0" * 99, "image JPEG"),
    "programme.docx": (b"MZ\x90\x00" + b"0" * 99, "programme"),
    "script.txt": (b"#!/bin/sh\nrm -rf x\n", "programme"),
    "archive.docx": (b"\x1f\x8b\x08" + b"0" * 99, "GZIP"),
    "archive.7z": (b"7z\xbc\xaf\x27\x1c" + b"0" * 99, "7-Zip"),
    "texte.rtf": (b"{\\rtf1 bonjour}", "RTF"),
    "base.txt": (b"SQLite format 3\x00" + b"0" * 99, "base SQLite"),
    "binaire.txt": (b"Bonjour\nle \x00\x01\x02 monde", "Ligne 2"),
    "ancien.doc": (ole(False), "avant 2007"),
    "chiffre.docx": (ole(True), "mot de passe"),
    "coupe.docx": (lambda: documents.docx()[:2000], "il lui manque la fin"),
    "zip.docx": (lambda: archive(a="b"), "sans document"),
    "classeur.docx": (lambda: archive(**{"xl/workbook.xml": "a"}), "classeur Excel"),
    "programme.odt": (lambda: archive(**{"META-INF/MANIFEST.MF": "a"}), "programme Java"),
    "macros.docx": (lambda: docx_avec(**{"word/vbaProject.bin": b"x"}), "macros"),
    "objet.docx": (lambda: docx_avec(**{"word/embeddings/o.xlsx": b"x"}), "objets incorporés"),
    "activex.docx": (lambda: docx_avec(**{"word/activeX/a.xml": "x"}), "ActiveX"),
    "entites.docx": (lambda: docx_avec(**{"word/document.xml": ENTITE}), "entités XML"),
    "rires.docx": (lambda: docx_avec(**{"word/styles.xml": RIRES}), "entités XML"),
    "chemin.docx": (lambda: docx_avec(**{"../evasion": "x"}), "chemin interdit"),
    "bombe.docx": (lambda: docx_avec(**{"word/media/i.png": b"0" * 60_000_000}), "piégée"),
    "enorme.docx": (
        lambda: docx_avec(**{"word/document.xml": CORPS.format("<w:p/>" * 4_000_000)}),
        "pièce",
    ),
    "pieces.docx": (lambda: archive(**{f"p{i}": "x" for i in range(2100)}), "pièces"),
    "casse.docx": (
        lambda: docx_avec(**{"word/document.xml": "<w:document"}),
        "word/document.xml, ligne 1",
    ),
    "vide-dedans.docx": (
        lambda: docx_avec(**{"word/document.xml": CORPS.format("")}),
        "aucun texte",
    ),
    "modele.docx": (
        lambda: docx_avec(
            **{
                "word/_rels/settings.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats'
                '.org/package/2006/relationships"><Relationship Id="r1" Type="x/attachedTemplate" '
                'Target="http://exemple.test/a.dotm" TargetMode="External"/></Relationships>'
            }
        ),
        "d'ailleurs",
    ),
    "tableur.odt": (
        lambda: archive(
            mimetype="application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": "<a/>"}
        ),
        "pas un texte",
    ),
    "macros.odt": (
        lambda: odt_avec(**{"content.xml": "<a/>", "Basic/script-lc.xml": "<a/>"}),
        "macros",
    ),
    "entites.odt": (lambda: odt_avec(**{"content.xml": ENTITE}), "entités XML"),
    "casse.odt": (lambda: odt_avec(**{"content.xml": "<a"}), "content.xml, ligne 1"),
    "chiffre.odt": (
        lambda: odt_avec(**{"content.xml": "x", "META-INF/manifest.xml": "<m:encryption-data/>"}),
        "mot de passe",
    ),
    "casse.pdf": (b"%PDF-1.7\n%%EOF", "table des pages"),
    "coupe.pdf": (lambda: documents.pdf()[:300], "abîmé ("),
    "sans-texte.pdf": (pdf_vide, "pas de texte"),
    "cinq-cents-pages.pdf": (lambda: pdf_vide(500), "500 pages"),
    "script.pdf": (pdf_a_script, "script"),
    "protege.pdf": (pdf_protege, "mot de passe"),
    "imbrique.html": (lambda: b"<html><body>" + b"<div>" * 3000 + b"x", "imbrique"),
    "sans-texte.html": (b"<html><body><script>alert(1)</script></body></html>", "aucun texte"),
    "cinquante-mo.txt": (lambda: b"abcd efgh\n" * 5_000_000, "limite"),
    "trop-long.txt": (lambda: b"phrase de trop\n\n" * 300_000, "signes"),
}


def octets_de(nom: str) -> bytes:
    contenu = MAUVAIS[nom][0]
    return contenu() if callable(contenu) else contenu
