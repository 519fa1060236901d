"""Entrer un contrat signé avant l'outil : l'essentiel, son PDF, et le statut « signé ».

Un contrat se reprend là où l'on en pilote déjà un : sur un territoire de ce contrat.
"""

import datetime
import hashlib
import io
from dataclasses import dataclass

import pikepdf
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.duplication import adresse_libre, confier
from contrats.enums import TransitionContrat
from contrats.models import Contrat, OriginalSigne
from contrats.permissions import Acte, contrats_permis
from contrats.transitions import conduire_contrat
from partenaires.models import Organisme
from territoires.models import Territoire

TAILLE_MAX = 20 * 1024 * 1024


@dataclass(frozen=True)
class PDFSigne:
    """Un fichier contrôlé : son nom et ses octets, tels que déposés."""

    nom: str
    octets: bytes


@dataclass(frozen=True)
class Reprise:
    """Ce qui se dit en deux minutes d'un contrat déjà signé."""

    intitule: str
    intitule_court: str
    type: str
    territoire: Territoire
    parties: list[tuple[Organisme, str]]
    signe_le: datetime.date
    original: PDFSigne
    motif: str
    debut: datetime.date | None = None
    fin: datetime.date | None = None


def territoires_de_reprise(utilisateur: Utilisateur) -> list[Territoire]:
    """Tous pour l'administration ; sinon ceux des contrats que l'on pilote."""
    visibles = Territoire.objects.visibles_par(utilisateur).order_by("nom", "pk")
    if not utilisateur.is_superuser:
        visibles = visibles.filter(
            pk__in=Contrat.territoires.through.objects.filter(
                contrat__in=contrats_permis(utilisateur, Acte.OUVRIR)
            ).values("territoire")
        )
    return list(visibles)


def controler_pdf(nom: str, octets: bytes) -> PDFSigne:
    """Un PDF lisible, non protégé, sans script ; lève `ValidationError`, phrase à l'appui."""
    if len(octets) > TAILLE_MAX:
        raise ValidationError("Ce fichier dépasse 20 Mo : réduisez-le.")
    if not octets.startswith(b"%PDF-"):
        raise ValidationError("Ce fichier n'est pas un PDF.")
    try:
        with pikepdf.open(io.BytesIO(octets)) as pdf:
            pages, racine = len(pdf.pages), pdf.Root
            actif = "/OpenAction" in racine and "/JS" in str(racine.OpenAction)
            actif |= "/JavaScript" in racine.get("/Names", {})
    except pikepdf.PasswordError:
        raise ValidationError("Ce PDF est protégé par un mot de passe.") from None
    except pikepdf.PdfError:
        raise ValidationError("Ce PDF est abîmé : il ne s'ouvre pas.") from None
    if actif:
        raise ValidationError("Ce PDF contient un script : enregistrez-le sans, puis redéposez-le.")
    if not pages:
        raise ValidationError("Ce PDF n'a aucune page.")
    return PDFSigne(nom.rpartition("/")[2].rpartition("\\")[2][-200:], octets)


@transaction.atomic
def reprendre(reprise: Reprise, *, par: Utilisateur) -> Contrat:
    """Le contrat signé, ses parties et son original. Qui le reprend le pilote.

    Lève `PermissionDenied` hors d'un territoire permis, `ValidationError` si les dates ou les
    parties se contredisent, `DonneeManquante` sans motif.
    """
    if reprise.territoire not in territoires_de_reprise(par):
        raise PermissionDenied("Reprendre un contrat : votre rôle ne le permet pas ici.")
    contrat = Contrat(
        slug=adresse_libre(reprise.intitule_court),
        type=reprise.type,
        intitule=reprise.intitule,
        intitule_court=reprise.intitule_court,
        debut=reprise.debut,
        fin=reprise.fin,
    )
    contrat.full_clean()
    contrat.save()
    confier(contrat, par)
    contrat.territoires.add(reprise.territoire)
    for rang, (organisme, role) in enumerate(reprise.parties, 1):
        contrat.parties.create(organisme=organisme, role=role, rang=rang, libelle=str(organisme))
    OriginalSigne.objects.create(
        contrat=contrat,
        nom=reprise.original.nom,
        octets=reprise.original.octets,
        taille=len(reprise.original.octets),
        empreinte=hashlib.sha256(reprise.original.octets).hexdigest(),
        signe_le=reprise.signe_le,
        depose_par=par,
    )
    conduire_contrat(
        contrat,
        TransitionContrat.REPRENDRE,
        version=contrat.version,
        par=par,
        motif=reprise.motif,
    )
    return contrat


def signature_possible(le: datetime.date) -> None:
    """Un contrat signé avant l'outil ne l'est pas demain."""
    if le > timezone.localdate():
        raise ValidationError("La signature est passée : donnez une date d'hier ou d'aujourd'hui.")
