"""Figer un document et le publier : les deux seules façons d'écrire un `DocumentFige`."""

import hashlib

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from documents import rendu
from documents.enums import RAPPORTS, ActeInscrit, Nature, Valeur
from documents.figes import codes, journal, stockage
from documents.figes.sujets import Sujet
from documents.figes.sujets import contexte as contexte_du_sujet
from documents.figes.verification import empreinte_du_debut
from documents.imprime import Imprime
from documents.models import DocumentFige, Publication


class DejaPublie(Exception):
    """Le document est déjà publié : sa date ne change plus."""


def figer(
    contrat: Contrat, *, par: Utilisateur, sujet: Sujet | None = None, site: str = ""
) -> DocumentFige:
    """Rend le document tel qu'il est (sans `sujet`, le contrat entier), et garde ses octets pour
    toujours.

    Lève `PermissionDenied` sans le droit, `SujetInconnu` si le contrat n'a rien de tel,
    `rendu.RenduImpossible` si le PDF ne peut être produit.
    Les octets sont gardés d'abord : interrompu, il reste un fichier sans ligne, que rien ne cite.
    """
    if not peut(par, Acte.FIGER, contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'en figer un document.")
    sujet = sujet or Sujet()
    contexte = contexte_du_sujet(contrat, sujet, par=par, site=site, code=codes.nouveau())
    octets = rendu.rendre(contexte)
    document = _decrire(contexte["document"], octets, par=par, sujet=sujet)
    stockage.garder(octets, document.chemin)
    with transaction.atomic():
        document.save(force_insert=True)
        faits = journal.faits_de(document)
        journal.inscrire(ActeInscrit.FIGER, par=par.pk, **faits)
    return document


def _decrire(imprime: Imprime, octets: bytes, *, par: Utilisateur, sujet: Sujet) -> DocumentFige:
    return DocumentFige(
        code=imprime.code,
        contrat=imprime.contrat,
        nature=sujet.nature,
        cle=sujet.cle,
        titre=imprime.titre,
        version=imprime.version or imprime.contrat.version,
        valeur=_valeur(imprime, sujet),
        demonstration=imprime.est_de_demonstration,
        empreinte=hashlib.sha256(octets).hexdigest(),
        debut=empreinte_du_debut(octets),
        taille=len(octets),
        nb_pages=rendu.nb_pages(octets),
        fige_le=timezone.now(),
        fige_par=par,
    )


def _valeur(imprime: Imprime, sujet: Sujet) -> Valeur:
    if sujet.nature in RAPPORTS:
        return Valeur.RAPPORT
    if sujet.nature != Nature.CONTRAT:
        return Valeur.EXTRAIT
    return Valeur.SIGNE if imprime.est_signe else Valeur.PROJET


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
