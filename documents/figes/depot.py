"""Figer un document et le publier : les deux seules façons d'écrire un `DocumentFige`."""

import hashlib
import io
from typing import Any

import pikepdf
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models import Contrat, Fiche
from contrats.permissions import Acte, peut
from documents import rendu
from documents.document import Document
from documents.enums import ActeInscrit, Nature, Valeur
from documents.figes import codes, journal, stockage
from documents.figes.verification import empreinte_du_debut
from documents.models import DocumentFige, Publication


class DejaPublie(Exception):
    """Le document est déjà publié : sa date ne change plus."""


def figer(
    contrat: Contrat, *, par: Utilisateur, fiche: Fiche | None = None, site: str = ""
) -> DocumentFige:
    """Rend le document tel qu'il est, et garde ses octets pour toujours.

    Lève `PermissionDenied` sans le droit, `rendu.RenduImpossible` si le PDF ne peut être produit.
    Les octets sont gardés d'abord : interrompu, il reste un fichier sans ligne, que rien ne cite.
    """
    if not peut(par, Acte.FIGER, contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'en figer un document.")
    code = codes.nouveau()
    etendue: dict[str, Any] = {"entier": True} if fiche is None else {"cles": [fiche.cle]}
    contexte = rendu.contexte(contrat, par=par, site=site, code=code, **etendue)
    octets = rendu.rendre(contexte)
    document = _decrire(contexte["document"], octets, par=par, fiche=fiche)
    stockage.garder(octets, document.chemin)
    with transaction.atomic():
        document.save(force_insert=True)
        faits = journal.faits_de(document)
        journal.inscrire(ActeInscrit.FIGER, par=par.pk, **faits)
    return document


def _decrire(
    imprime: Document, octets: bytes, *, par: Utilisateur, fiche: Fiche | None
) -> DocumentFige:
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        nb_pages = len(pdf.pages)
    if fiche is not None:
        valeur = Valeur.EXTRAIT
    else:
        valeur = Valeur.SIGNE if imprime.est_signe else Valeur.PROJET
    return DocumentFige(
        code=imprime.code,
        contrat=imprime.contrat,
        nature=Nature.CONTRAT if fiche is None else Nature.FICHE,
        cle="" if fiche is None else fiche.cle,
        titre=imprime.titre,
        version=imprime.version or 0,
        valeur=valeur,
        demonstration=imprime.est_de_demonstration,
        empreinte=hashlib.sha256(octets).hexdigest(),
        debut=empreinte_du_debut(octets),
        taille=len(octets),
        nb_pages=nb_pages,
        fige_le=timezone.now(),
        fige_par=par,
    )


def publier(document: DocumentFige, *, par: Utilisateur) -> Publication:
    """Rend le document public, daté et signé de son auteur (CGCT, L. 2131-1).

    Lève `PermissionDenied` sans le droit, `DejaPublie` la seconde fois.
    """
    if not peut(par, Acte.FIGER, document.contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'en publier un document.")
    try:
        with transaction.atomic():
            publication = Publication.objects.create(
                document=document, publie_le=timezone.now(), par=par
            )
            journal.inscrire(ActeInscrit.PUBLIER, par=par.pk, document=str(document.public_id))
    except IntegrityError:
        raise DejaPublie(f"« {document} » est déjà publié.") from None
    return publication
