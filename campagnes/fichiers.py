"""Le fichier d'une réponse : jugé sur son contenu, refait s'il est une image, nommé par nous.

Une image est redessinée : ni position, ni appareil, ni rien qui s'y cache ne reste.
"""

import hashlib
import io
import re
import warnings
from dataclasses import dataclass

import pikepdf
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

TAILLE_MAX = 10_000_000
PIXELS_MAX = 60_000_000  # un téléphone de 2026 en donne 50 millions
COTE_MAX = 2400
NOM_MAX = 100
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


class FichierRefuse(Exception):
    """Ce fichier ne peut pas être joint ; la phrase dit quoi faire."""


@dataclass(frozen=True)
class Fichier:
    """Fichier contrôlé, prêt à garder."""

    nom: str
    type: str
    contenu: bytes

    @property
    def empreinte(self) -> str:
        return hashlib.sha256(self.contenu).hexdigest()


def controler(envoye: UploadedFile) -> Fichier:
    """Le fichier à garder ; lève `FichierRefuse`. Le nom et le type annoncés ne font pas foi."""
    if (envoye.size or 0) > TAILLE_MAX:
        raise FichierRefuse(f"Ce fichier dépasse {TAILLE_MAX // 1_000_000} Mo : réduisez-le.")
    octets = envoye.read()
    if octets.startswith(b"%PDF-"):
        _verifier_pdf(octets)
        return Fichier(nom_sans_chemin(envoye.name, "pdf"), "application/pdf", octets)
    contenu, genre = _redessiner(octets)
    return Fichier(nom_sans_chemin(envoye.name, EXTENSIONS[genre]), genre, contenu)


def _verifier_pdf(octets: bytes) -> None:
    try:
        with pikepdf.open(io.BytesIO(octets)) as pdf:
            pages = len(pdf.pages)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError) as erreur:
        raise FichierRefuse("Ce PDF est illisible ou protégé : envoyez-en un autre.") from erreur
    if not pages:
        raise FichierRefuse("Ce PDF n'a pas de page.")


def _redessiner(octets: bytes) -> tuple[bytes, str]:
    """L'image seule, à l'endroit, réduite ; une photo en JPEG, une image à plat en PNG."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # les anomalies d'un fichier ne sont pas les nôtres
            with Image.open(io.BytesIO(octets), formats=["JPEG", "PNG", "WEBP"]) as lue:
                if lue.width * lue.height > PIXELS_MAX:
                    raise FichierRefuse("Cette image est trop grande : réduisez-la.")
                genre = "image/png" if lue.format == "PNG" else "image/jpeg"
                droite = ImageOps.exif_transpose(lue).convert("RGB")
                droite.thumbnail((COTE_MAX, COTE_MAX))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as erreur:
        raise FichierRefuse(
            "Ce fichier n'est ni une photo (JPEG, PNG, WebP) ni un PDF lisible."
        ) from erreur
    # Une image neuve n'a ni EXIF, ni commentaire, ni profil.
    neuve, sortie = Image.new("RGB", droite.size), io.BytesIO()
    neuve.paste(droite)
    neuve.save(sortie, "PNG" if genre == "image/png" else "JPEG", quality=85)
    return sortie.getvalue(), genre


def nom_sans_chemin(annonce: str | None, extension: str) -> str:
    """Nom sans chemin, sans signe de mise en page ni extension trompeuse."""
    base = re.split(r"[/\\]", annonce or "")[-1].rpartition(".")[0] or annonce or ""
    propre = " ".join(re.sub(r"[^\w -]", " ", base).split())[:NOM_MAX].strip(" -_")
    return f"{propre or 'fichier'}.{extension}"
