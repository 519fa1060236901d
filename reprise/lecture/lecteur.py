"""Reconnaît le format aux octets, jamais au nom, et confie le fichier au bon lecteur."""

from reprise.lecture.archive import nature_de_l_archive
from reprise.lecture.formes import (
    TAILLE_MAX,
    DocumentRefuse,
    Lecture,
    verifier_blocs,
    verifier_signes,
)

ATTENDU = "Déposez un document Word (DOCX), ODT, PDF, HTML, Markdown ou texte."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
AUTRES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"GIF8", "une image GIF"),
    (b"II*\x00", "une image TIFF"),
    (b"MM\x00*", "une image TIFF"),
    (b"RIFF", "un son ou une image"),
    (b"MZ", "un programme"),
    (b"\x7fELF", "un programme"),
    (b"#!", "un programme"),
    (b"\x1f\x8b", "une archive GZIP"),
    (b"7z\xbc\xaf", "une archive 7-Zip"),
    (b"Rar!", "une archive RAR"),
    (b"BZh", "une archive BZIP2"),
    (b"{\\rtf", "un document RTF"),
    (b"SQLite format 3", "une base SQLite"),
    (b"%!PS", "un fichier PostScript"),
    (b"BEGIN:VC", "une carte de visite ou un agenda"),
)
PAGES_WEB = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<!--", b"<div", b"<p>", b"<h1")


def lire(octets: bytes, nom: str = "") -> Lecture:
    """Les blocs d'un document ; `DocumentRefuse` (phrase en français) pour tout le reste."""
    verifier_taille(len(octets))
    if not octets.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise DocumentRefuse(f"Le fichier est vide. {ATTENDU}")
    lecture = _lecteur(octets, nom)
    verifier_blocs(lecture.blocs)
    return lecture


def verifier_taille(taille: int) -> None:
    """Se sait avant de lire."""
    if taille > TAILLE_MAX:
        raise DocumentRefuse(
            f"Le fichier pèse {taille // 1_000_000} Mo ; la limite est "
            f"{TAILLE_MAX // 1_000_000} Mo. Retirez les images, ou enregistrez le texte seul."
        )


def _lecteur(octets: bytes, nom: str) -> Lecture:
    """Les modules se chargent au besoin : chaque format a ses bibliothèques."""
    if octets[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return _archive(octets)
    if b"%PDF-" in octets[:1024]:
        from reprise.lecture.pdf import lire_pdf

        return lire_pdf(octets)
    if octets[:8] == OLE:
        raise DocumentRefuse(_ole(octets))
    debut = octets.lstrip(b"\xef\xbb\xbf \r\n\t")
    for signature, nature in AUTRES:
        if debut.startswith(signature):
            raise DocumentRefuse(f"Ce fichier est {nature}, pas un document de texte. {ATTENDU}")
    texte = decoder(octets)
    verifier_signes(len(texte))
    if debut[:200].lower().startswith(PAGES_WEB):
        from reprise.lecture.html import lire_html

        return lire_html(texte)
    if nom.lower().endswith((".md", ".markdown")):
        from reprise.lecture.markdown import lire_markdown

        return lire_markdown(texte)
    from reprise.lecture.texte import lire_texte

    return lire_texte(texte)


def _archive(octets: bytes) -> Lecture:
    if nature_de_l_archive(octets) == "docx":
        from reprise.lecture.docx import lire_docx

        return lire_docx(octets)
    from reprise.lecture.odt import lire_odt

    return lire_odt(octets)


def _ole(octets: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in octets:
        return (
            "Le document est protégé par un mot de passe : ouvrez-le, retirez la protection "
            "(Fichier, Informations), enregistrez et déposez-le à nouveau."
        )
    return (
        "C'est un document Office d'avant 2007 (.doc) : ouvrez-le et enregistrez-le au format DOCX."
    )


def decoder(octets: bytes) -> str:
    """Le texte d'un fichier sans format ; UTF-8, sinon UTF-16 marqué, sinon Windows."""
    if octets[:2] in (b"\xff\xfe", b"\xfe\xff"):
        codages = ["utf-16"]
    elif b"\x00" in octets:
        ligne = octets[: octets.index(b"\x00")].count(b"\n") + 1
        raise DocumentRefuse(
            f"Ligne {ligne} : le fichier contient des octets qui ne sont pas du texte. {ATTENDU}"
        )
    else:
        codages = ["utf-8-sig", "cp1252"]
    for codage in codages:
        try:
            return octets.decode(codage)
        except UnicodeDecodeError:
            continue
    raise DocumentRefuse(
        "Les accents de ce fichier sont illisibles : enregistrez-le en « texte UTF-8 »."
    )
