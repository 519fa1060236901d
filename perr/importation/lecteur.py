"""Ouvre un fichier déposé sans lui faire confiance : taille, nature, puis valeurs seules.

Tout refus est une phrase qui dit l'endroit et quoi faire. Ni formule, ni macro, ni lien, ni entité
externe n'est suivi : un classeur qui en porte est refusé, jamais « nettoyé » en silence.
"""

import csv
import io
import re
from itertools import islice

from django.conf import settings

from perr.importation.classeur import lire_classeur
from perr.importation.formes import Endroit, Feuille, FichierRefuse

NATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"GIF8", "une image GIF"),
    (b"RIFF", "un son ou une image"),
    (b"II*\x00", "une image TIFF"),
    (b"BM", "une image BMP"),
    (b"MZ", "un programme"),
    (b"\x7fELF", "un programme"),
    (b"#!", "un programme"),
    (b"\x1f\x8b", "une archive GZIP"),
    (b"7z\xbc\xaf", "une archive 7-Zip"),
    (b"Rar!", "une archive RAR"),
    (b"BZh", "une archive BZIP2"),
    (b"{\\rtf", "un document RTF"),
    (b"SQLite format 3", "une base SQLite"),
    (b"PAR1", "un fichier Parquet"),
    (b"<?xml", "un fichier XML"),
    (b"<svg", "une image SVG"),
    (b"<!DOCTYPE", "une page web"),
    (b"<html", "une page web"),
    (b"<table", "une page web"),
    (b"From ", "un courriel"),
    (b"BEGIN:VC", "une carte de visite ou un agenda"),
)
ATTENDU = "Déposez un classeur XLSX ou un fichier CSV."
# Un « - » ouvre une puce, un « + » une addition en toutes lettres ; « = » et « @ » une formule.
FORMULE = re.compile(r"^\s*(=|@\w+\(|[+-]\s*\w+\s*[(|])")
CONTROLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd\ufffe\uffff]")


def lire_fichier(octets: bytes, nom: str = "") -> list[Feuille]:
    """Les feuilles d'un XLSX ou d'un CSV, en texte ; `FichierRefuse` pour tout le reste."""
    if not octets.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise FichierRefuse(f"Le fichier est vide. {ATTENDU}")
    verifier_taille(len(octets))
    if octets[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        feuilles = lire_classeur(octets)
    elif octets[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise FichierRefuse(_ole(octets))
    else:
        feuilles = [_csv(_texte(octets))]
    for feuille in feuilles:
        _verifier(feuille)
    if not any(valeurs for feuille in feuilles for _, valeurs in feuille.lignes):
        raise FichierRefuse("Le fichier n'a aucune ligne remplie : vérifiez que c'est le bon.")
    return feuilles


def verifier_taille(taille: int) -> None:
    limite = settings.IMPORT_TAILLE_MAX
    if taille > limite:
        raise FichierRefuse(
            f"Le fichier pèse {taille / 1_000_000:.1f} Mo ; la limite est "
            f"{limite / 1_000_000:.0f} Mo. Retirez images et feuilles inutiles, ou importez une "
            "annexe à la fois.".replace(".", ",", 1)
        )


def _ole(octets: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in octets:
        return (
            "Le classeur est protégé par un mot de passe : ouvrez-le dans votre tableur, retirez "
            "la protection (Fichier, Informations), enregistrez et déposez-le à nouveau."
        )
    return (
        "C'est un document Office d'avant 2007 (.xls ou .doc) : ouvrez-le et enregistrez-le au "
        "format XLSX."
    )


def _texte(octets: bytes) -> str:
    debut = octets.lstrip(b"\xef\xbb\xbf \r\n\t")
    for signature, nature in NATURES:
        if debut[: len(signature)].lower() == signature.lower():
            raise FichierRefuse(f"Ce fichier est {nature}, pas un tableau. {ATTENDU}")
    if debut[:1] in (b"{", b"["):
        raise FichierRefuse(f"Ce fichier est du JSON, pas un tableau. {ATTENDU}")
    codages = ["utf-16"] if octets[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    if codages[0] != "utf-16" and b"\x00" in octets:
        ligne = octets[: octets.index(b"\x00")].count(b"\n") + 1
        raise FichierRefuse(
            f"Ligne {ligne} : le fichier contient des octets qui ne sont pas du texte. {ATTENDU}"
        )
    for codage in codages:
        try:
            return octets.decode(codage)
        except UnicodeDecodeError:
            continue
    raise FichierRefuse(
        "Les accents de ce fichier sont illisibles : enregistrez-le en « CSV UTF-8 »."
    )


def _csv(texte: str) -> Feuille:
    limite = csv.field_size_limit(settings.IMPORT_CASE_MAX * 2)
    try:
        separateur = _separateur(texte)
        lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
        lignes, debut = [], 1
        for valeurs in lecteur:
            # Une case peut tenir sur plusieurs lignes : on dit celle où elle commence.
            lignes.append((debut, valeurs))
            debut = lecteur.line_num + 1
            _verifier_nombre(len(lignes))
    except csv.Error as erreur:
        raise FichierRefuse(
            f"Ligne {debut} : {_csv_en_francais(erreur)} Corrigez cette ligne, ou enregistrez le "
            "tableau au format XLSX."
        ) from erreur
    finally:
        csv.field_size_limit(limite)
    return Feuille("", lignes)


def _csv_en_francais(erreur: csv.Error) -> str:
    if "field larger" in str(erreur):
        return f"une case dépasse {settings.IMPORT_CASE_MAX} caractères."
    return "un guillemet est ouvert et jamais fermé, ou mal placé."


def _separateur(texte: str) -> str:
    """Celui qui découpe le mieux la première ligne qui en a un."""
    remplies = (ligne for ligne in texte.splitlines() if ligne.strip())
    for ligne in islice(remplies, 50):
        comptes = {s: ligne.count(s) for s in ";\t,"}
        meilleur = max(comptes, key=lambda s: comptes[s])
        if comptes[meilleur] >= 2:
            return meilleur
    raise FichierRefuse(
        "Aucune ligne n'est découpée en colonnes (point-virgule, tabulation ou virgule) : "
        f"ce fichier n'est pas un tableau. {ATTENDU}"
    )


def _verifier_nombre(nombre: int) -> None:
    if nombre > settings.IMPORT_LIGNES_MAX:
        raise FichierRefuse(
            f"Le tableau dépasse {settings.IMPORT_LIGNES_MAX} lignes : c'est trop. "
            "Supprimez les lignes vides sous le tableau, ou vérifiez que c'est le bon fichier."
        )


def _verifier(feuille: Feuille) -> None:
    """Bornes et valeurs dangereuses, avec l'endroit ; retire les cases vides en fin de ligne."""
    _verifier_nombre(len(feuille.lignes))
    for numero, valeurs in feuille.lignes:
        while valeurs and not valeurs[-1].strip():
            valeurs.pop()
        if len(valeurs) > settings.IMPORT_COLONNES_MAX:
            raise FichierRefuse(
                f"{_ou(feuille, numero)} : {len(valeurs)} colonnes ; la limite est "
                f"{settings.IMPORT_COLONNES_MAX}. Vérifiez le séparateur ou supprimez des colonnes."
            )
        for rang, valeur in enumerate(valeurs):
            _verifier_case(feuille, numero, rang, valeur)


def _verifier_case(feuille: Feuille, numero: int, rang: int, valeur: str) -> None:
    ou = _ou(feuille, numero, rang)
    if len(valeur) > settings.IMPORT_CASE_MAX:
        raise FichierRefuse(
            f"{ou} : {len(valeur)} caractères ; une case en admet {settings.IMPORT_CASE_MAX}. "
            "Raccourcissez ce texte."
        )
    if not feuille.nom and FORMULE.match(valeur):  # un XLSX type ses cases : `classeur` a vu
        raise FichierRefuse(
            f"{ou} : une formule. Copiez le tableau, puis « Collage spécial, valeurs seules »."
        )
    if CONTROLE.search(valeur):
        raise FichierRefuse(f"{ou} : un caractère invisible ou illisible. Retapez ce texte.")


def _ou(feuille: Feuille, numero: int, rang: int | None = None) -> str:
    return Endroit(feuille.nom, numero, rang).en_tete
