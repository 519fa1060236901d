"""Les pièces reçues : contrôler un fichier, garder ses octets, l'attacher à son signataire."""

import datetime
import hashlib
import io
from dataclasses import dataclass, field

import pikepdf
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from campagnes.fichiers import nom_sans_chemin
from comptes.models import Utilisateur
from contrats.transitions import TransitionImpossible
from documents.figes import stockage
from signatures.enums import EtatSignataire, GenrePiece
from signatures.models import CampagneSignature, PieceSignee, Signataire
from signatures.models.piece import EXTENSIONS

DEBUTS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
MANUSCRITE = (
    "Page signée à la main, numérisée : l'image n'est pas une signature électronique, "
    "l'original papier fait foi."
)


class PieceRefusee(Exception):
    """Cette pièce n'est pas reçue ; la phrase dit pourquoi, et quoi faire."""

    def __init__(self, message: str, details: list[str] | None = None) -> None:
        self.details = details or []
        super().__init__(message)


@dataclass(frozen=True)
class Recue:
    """Une pièce contrôlée, prête à garder telle quelle."""

    genre: GenrePiece
    nom: str
    type: str
    octets: bytes
    constat: list[str]
    signatures: list[str] = field(default_factory=list)
    signee_le: datetime.date | None = None

    @property
    def empreinte(self) -> str:
        return hashlib.sha256(self.octets).hexdigest()

    @property
    def chemin(self) -> str:
        return f"{self.empreinte[:2]}/{self.empreinte}.{EXTENSIONS[self.type]}"

    def verifier_nouvelle(self, campagne: CampagneSignature) -> None:
        """Ces octets ne valent pas déjà pour un autre signataire, ni leurs signatures."""
        retenues = PieceSignee.objects.filter(
            signataire__campagne=campagne, signataire__etat__in=EtatSignataire.signes()
        )
        deja = retenues.select_related("signataire").filter(empreinte=self.empreinte).first()
        if deja:
            raise TransitionImpossible(f"Ce fichier vaut déjà pour « {deja.signataire} ».")
        if self.genre == GenrePiece.PADES:
            connues = {s for p in retenues.only("signatures") for s in p.signatures}
            if not set(self.signatures) - connues:
                raise TransitionImpossible(
                    "Ce PDF ne porte aucune signature qui ne soit déjà celle d'un autre."
                )

    def enregistrer(self, signataire: Signataire, *, par: Utilisateur | None) -> PieceSignee:
        """Dans la transaction du constat ; les octets sont déjà au dépôt."""
        return PieceSignee.objects.create(
            signataire=signataire,
            genre=self.genre,
            nom=self.nom,
            type=self.type,
            empreinte=self.empreinte,
            taille=len(self.octets),
            constat=self.constat,
            signatures=self.signatures,
            recue_par=par,
        )


def garder(recue: Recue) -> None:
    """Écrit les octets au dépôt, sous leur empreinte."""
    stockage.garder(recue.octets, recue.chemin)


def lire_envoi(envoye: UploadedFile) -> bytes:
    """Les octets reçus ; lève `PieceRefusee` au-delà du plafond."""
    if (envoye.size or 0) > settings.SIGNATURE_TAILLE_MAX:
        plafond = filesizeformat(settings.SIGNATURE_TAILLE_MAX)
        raise PieceRefusee(f"Ce fichier dépasse {plafond} : réduisez la définition du scan.")
    return envoye.read()


def scan(nom: str, octets: bytes) -> Recue:
    """La page signée, en PDF, JPEG ou PNG, gardée telle quelle."""
    genre = type_de(octets)
    if genre is None:
        raise PieceRefusee("Envoyez la page signée en PDF, en JPEG ou en PNG.")
    if genre == "application/pdf":
        _verifier_pdf(octets)
    return Recue(
        GenrePiece.SCAN, nom_sans_chemin(nom, EXTENSIONS[genre]), genre, octets, [MANUSCRITE]
    )


def type_de(octets: bytes) -> str | None:
    """Le type que disent les premiers octets."""
    return next((t for debut, t in DEBUTS.items() if octets.startswith(debut)), None)


def _verifier_pdf(octets: bytes) -> None:
    try:
        with pikepdf.open(io.BytesIO(octets)) as pdf:
            pages = len(pdf.pages)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError) as erreur:
        raise PieceRefusee("Ce PDF est illisible ou protégé : envoyez-en un autre.") from erreur
    if not pages:
        raise PieceRefusee("Ce PDF n'a pas de page.")
