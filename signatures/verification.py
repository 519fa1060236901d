"""Ce que la page de vérification dit d'un PDF signé : reçu ici, assemblé ici, ou seulement signé.

Ouverte à tous : une personne n'y est nommée que si le fichier présenté la nomme déjà.
"""

import re
from collections.abc import Iterator
from contextlib import suppress

from django.db.models import Q
from django.utils import timezone

from documents.figes import stockage
from documents.figes.verification import Examen, Verdict
from documents.models import DocumentFige
from signatures import pades
from signatures.enums import EtatCampagne, GenrePiece
from signatures.models import CampagneSignature, PieceSignee
from signatures.pieces import PieceRefusee
from signatures.transitions import SIGNABLE

# Ce qu'une signature écrit toujours hors des flux comprimés.
TRACE = re.compile(rb"/ByteRange|/FT\s*/Sig|/Type\s*/Sig\b")
LUS_AU_PLUS = 100_000_000
COUPE = (
    "Le document figé est entier, mais ce qui le suit est coupé ou abîmé : ses signatures ne se "
    "vérifient pas."
)


def reconnaitre(empreinte: str) -> Examen | None:
    """Une pièce reçue, ou un PDF assemblé : à l'octet près."""
    pieces = PieceSignee.objects.filter(empreinte=empreinte).select_related(
        "signataire__campagne__document__contrat", "signataire__partie__organisme"
    )
    if piece := pieces.order_by("-recue_le", "-pk").first():
        return _piece(piece)
    campagnes = CampagneSignature.objects.filter(assemblage=empreinte)
    if campagne := campagnes.select_related("document__contrat").first():
        raison = "Ce fichier est, à l'octet près, le PDF signé de toutes les parties."
        return Examen(Verdict.SIGNE, raison, campagne.document)
    return None


def _piece(piece: PieceSignee) -> Examen:
    signataire = piece.signataire
    quoi = "le PDF signé reçu" if piece.genre == GenrePiece.PADES else "la page signée reçue"
    raison = (
        f"Ce fichier est, à l'octet près, {quoi} le {piece.recue_le:%d/%m/%Y} pour "
        f"« {signataire.pour} »."
    )
    vaut = signataire.a_signe and signataire.campagne.etat != EtatCampagne.ANNULEE
    if not vaut or piece != signataire.pieces.order_by("-recue_le", "-pk").first():
        raison += " Cette signature a été annulée depuis : elle ne vaut plus."
    return Examen(Verdict.SIGNE, raison, signataire.campagne.document, list(piece.constat))


def completer(octets: bytes, figes: bytes, document: DocumentFige) -> Examen | None:
    """Le document figé, entier, suivi de signatures : valables, fausses, retirées."""
    if not TRACE.search(octets, len(figes)):
        return None
    try:
        signatures = pades.controler(figes, octets)
    except PieceRefusee as refus:
        if str(refus) == pades.ILLISIBLE:
            return Examen(Verdict.MODIFIE, COUPE, document)
        return Examen(Verdict.MODIFIE, str(refus), document, refus.details)
    if refus_dits := [phrase for s in signatures for phrase in pades.reserves(s)]:
        raison = "Le document figé est entier, mais on ne sait pas dire qui l'a signé."
        return Examen(Verdict.NON_RECONNU, raison, document, refus_dits)
    raison = "Ce document figé porte une signature valable, et rien d'autre n'y a été ajouté."
    if len(signatures) > 1:
        raison = (
            f"Ce document figé porte {len(signatures)} signatures valables, et rien d'autre n'y a "
            "été ajouté."
        )
    raison += " Ce fichier n'a pas été remis ici."
    return Examen(Verdict.SIGNE, raison, document, pades.constats(signatures))


def autres(document: DocumentFige, taille: int) -> Iterator[tuple[str, bytes]]:
    """Les PDF signés gardés de ce document, du plus proche en taille, dans la limite lue."""
    pieces = PieceSignee.objects.filter(
        signataire__campagne__document=document, genre=GenrePiece.PADES
    )
    lus = 0
    for piece in sorted(pieces, key=lambda p: (abs(p.taille - taille), p.pk)):
        lus += piece.taille
        if lus > LUS_AU_PLUS:
            break
        yield from _lus(f"le PDF signé reçu le {piece.recue_le:%d/%m/%Y}", piece.chemin)
    for campagne in CampagneSignature.objects.filter(document=document).exclude(assemblage=""):
        yield from _lus("le PDF signé de toutes les parties", campagne.chemin_assemblage)


def de_taille(taille: int) -> Q:
    """Les documents dont une pièce reçue a cette taille."""
    pieces = PieceSignee.objects.filter(taille=taille, genre=GenrePiece.PADES)
    return Q(pk__in=pieces.values("signataire__campagne__document"))


def _lus(nom: str, chemin: str) -> Iterator[tuple[str, bytes]]:
    with suppress(stockage.OctetsAlteres):  # la ronde le dira
        yield nom, stockage.lire(chemin)


def situation_signee(document: DocumentFige) -> str | None:
    """Où en est la signature de ce document : rien s'il n'y en a pas, vide si elle est acquise."""
    campagne = CampagneSignature.objects.filter(document=document).order_by("preparee_le").last()
    if campagne is None or campagne.etat == EtatCampagne.EN_PREPARATION:
        return None
    if campagne.etat == EtatCampagne.ANNULEE:
        return "Retiré de la signature : il n'engage personne."
    if campagne.etat == EtatCampagne.EN_COURS:
        return "En cours de signature : il n'engage encore personne."
    if document.contrat.statut in SIGNABLE:
        return "Signé de toutes les parties, mais le contrat n'est pas encore constaté signé."
    if campagne.effet_le and campagne.effet_le > timezone.localdate():
        return f"Signé de toutes les parties : il prend effet le {campagne.effet_le:%d/%m/%Y}."
    return ""
