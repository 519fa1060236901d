"""Ouvre une archive DOCX ou ODT sans lui faire confiance : pièces, tailles, macros, entités."""

import io
import re
import zipfile

from lxml import etree

from reprise.lecture.formes import DEPLIE_MAX, PIECES_MAX, DocumentRefuse

BLOC = 1 << 16
XML_MAX = 20_000_000  # une pièce de texte, dépliée : l'arbre en mémoire en fait dix fois plus
RAPPORT_MAX = 200  # une pièce de texte se réduit 5 à 20 fois ; une bombe, mille
ENREGISTRER = "Ouvrez-le dans votre traitement de texte et enregistrez-le au format DOCX."
INTERDITS = (
    ("vbaproject", "des macros", "Enregistrez-le en « Document Word (.docx) », sans macros."),
    ("basic/", "des macros", "Retirez-les (Outils, Macros) et enregistrez-le à nouveau."),
    ("scripts/", "des macros", "Retirez-les (Outils, Macros) et enregistrez-le à nouveau."),
    ("activex/", "des contrôles ActiveX", "Supprimez-les."),
    (".bin", "des objets incorporés", "Supprimez-les ou remplacez-les par du texte."),
    ("embeddings/", "des objets incorporés", "Supprimez-les ou remplacez-les par du texte."),
    ("object 1/", "des objets incorporés", "Supprimez-les ou remplacez-les par du texte."),
)
AUTRES = (
    ("xl/", "un classeur Excel"),
    ("ppt/", "une présentation"),
    ("META-INF/MANIFEST.MF", "un programme Java"),
    ("Index/Document.iwa", "un document Pages"),
    ("doc.kml", "une carte KMZ"),
    ("OEBPS/", "un livre électronique"),
)
ODT = b"application/vnd.oasis.opendocument.text"
SANS_FIN = "il lui manque la fin"


def illisible(ou: str) -> DocumentRefuse:
    return DocumentRefuse(
        f"L'archive du document est abîmée ou incomplète ({ou}) : déposez-le à nouveau, ou "
        "enregistrez-le une nouvelle fois depuis votre traitement de texte."
    )


def nature_de_l_archive(octets: bytes) -> str:
    """« docx » ou « odt », toutes pièces contrôlées ; `DocumentRefuse` sinon."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(octets))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as erreur:
        raise illisible(SANS_FIN) from erreur
    with archive:
        nature = _nature(archive)
        reste = DEPLIE_MAX
        for piece in archive.infolist():
            reste = _controler(archive, piece, reste)
    return nature


def _nature(archive: zipfile.ZipFile) -> str:
    pieces = archive.infolist()
    noms = [p.filename for p in pieces]
    if len(noms) > PIECES_MAX:
        raise DocumentRefuse(
            f"L'archive a {len(noms)} pièces : ce n'est pas un document ordinaire."
        )
    if any(p.flag_bits & 1 for p in pieces):
        raise DocumentRefuse(f"L'archive est chiffrée : retirez le mot de passe. {ENREGISTRER}")
    if any(n.startswith(("/", "..")) or "/../" in n or "\\" in n for n in noms):
        raise DocumentRefuse(f"L'archive contient un chemin interdit. {ENREGISTRER}")
    if len(set(noms)) != len(noms):
        raise DocumentRefuse(f"L'archive contient deux fois la même pièce. {ENREGISTRER}")
    for morceau, quoi, remede in INTERDITS:
        piece = next((n for n in noms if morceau in n.lower()), None)
        if piece:
            raise DocumentRefuse(f"Le document contient {quoi} ({piece}). {remede}")
    if "word/document.xml" in noms and "[Content_Types].xml" in noms:
        return "docx"
    if "content.xml" in noms and "mimetype" in noms:
        return _odt(archive)
    for debut, nature in AUTRES:
        if any(n.startswith(debut) for n in noms):
            raise DocumentRefuse(f"Ce fichier est {nature}, pas un document. {ENREGISTRER}")
    raise DocumentRefuse(
        "C'est une archive ZIP sans document Word ni ODT complet : décompressez-la et déposez le "
        "document qu'elle contient."
    )


def _odt(archive: zipfile.ZipFile) -> str:
    try:
        genre = archive.read("mimetype")[:100].strip()
        manifeste = (
            archive.read("META-INF/manifest.xml")[:1_000_000]
            if "META-INF/manifest.xml" in archive.namelist()
            else b""
        )
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as erreur:
        raise illisible("pièce mimetype ou META-INF/manifest.xml") from erreur
    if b"encryption-data" in manifeste:
        raise DocumentRefuse(
            "Le document est protégé par un mot de passe : retirez-le, enregistrez et déposez-le "
            "à nouveau."
        )
    if not genre.startswith(ODT):
        raise DocumentRefuse(f"C'est un fichier OpenDocument, mais pas un texte. {ENREGISTRER}")
    return "odt"


def _controler(archive: zipfile.ZipFile, piece: zipfile.ZipInfo, reste: int) -> int:
    """Déplie la pièce sans la garder : la taille annoncée peut mentir."""
    vu, debut = 0, b""
    try:
        with archive.open(piece) as flux:
            while bloc := flux.read(BLOC):
                vu += len(bloc)
                if len(debut) < 4 * BLOC:
                    debut += bloc
                _verifier_la_taille(piece, vu, reste)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as erreur:
        raise illisible(f"pièce {piece.filename}") from erreur
    except Exception as erreur:  # zlib et lzma lèvent leurs propres erreurs
        if isinstance(erreur, DocumentRefuse):
            raise
        raise illisible(f"pièce {piece.filename}") from erreur
    if piece.filename.endswith((".xml", ".rels")):
        sobre = debut.replace(b"\x00", b"").upper()
        if b"<!DOCTYPE" in sobre or b"<!ENTITY" in sobre:
            raise DocumentRefuse(
                f"Le document déclare des entités XML ({piece.filename}) : c'est un piège connu, "
                "il n'est pas lu. Recopiez le texte dans un document neuf."
            )
        if piece.filename.endswith(".rels"):
            _sans_modele_distant(piece.filename, debut)
    return reste - vu


def _verifier_la_taille(piece: zipfile.ZipInfo, vu: int, reste: int) -> None:
    if vu > reste:
        raise DocumentRefuse(
            f"Déplié, le document dépasse {DEPLIE_MAX // 1_000_000} Mo (pièce {piece.filename}) : "
            "retirez les images, ou vérifiez que c'est le bon fichier."
        )
    if vu > XML_MAX and piece.filename.endswith(".xml"):
        raise DocumentRefuse(
            f"Le texte du document (pièce {piece.filename}) dépasse {XML_MAX // 1_000_000} Mo : "
            "découpez-le et reprenez-le partie par partie."
        )
    if vu > 10_000_000 and vu > RAPPORT_MAX * max(piece.compress_size, 1):
        raise DocumentRefuse(
            f"La pièce {piece.filename} se déplie plus de {RAPPORT_MAX} fois : c'est une archive "
            "piégée, elle n'est pas lue."
        )


def _sans_modele_distant(nom: str, contenu: bytes) -> None:
    """Un modèle ou un cadre chargé d'ailleurs s'exécuterait à l'ouverture."""
    for lien in re.findall(rb"<Relationship\b[^>]*>", contenu):
        distant = b'TargetMode="External"' in lien and b"/hyperlink" not in lien
        if distant and b"/image" not in lien:
            raise DocumentRefuse(
                f"Le document charge un modèle ou un objet d'ailleurs ({nom}) : détachez-le "
                "(Fichier, Informations, Modifier les liens) et enregistrez-le à nouveau."
            )


def piece_cassee(octets: bytes) -> str:
    """« pièce word/document.xml, ligne 1 » : la première que rien ne peut lire ; vide sinon."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        for nom in archive.namelist():
            if nom.endswith((".xml", ".rels")):
                try:
                    etree.fromstring(archive.read(nom), etree.XMLParser(resolve_entities=False))
                except etree.XMLSyntaxError as erreur:
                    return f"pièce {nom}, ligne {max(erreur.lineno or 1, 1)}"
    return ""
