"""Confier un signataire à son parapheur, et relever ce qu'il en est.

L'identifiant s'écrit après la création du dossier ; tué entre les deux, l'envoi se refait et le
parapheur rend le dossier déjà là : jamais deux, jamais un perdu.
"""

from django.utils import timezone

from comptes.models import Utilisateur
from contrats.transitions import DonneeManquante, TransitionImpossible
from documents.figes import stockage
from signatures import pades, transitions
from signatures.enums import EtatCampagne, EtatSignataire, TransitionSignataire
from signatures.models import Signataire
from signatures.parapheurs import Dossier, EtatDossier, Parapheur, parapheur
from signatures.pieces import PieceRefusee


def exiger_un_parapheur() -> Parapheur:
    outil = parapheur()
    if outil is None:
        raise TransitionImpossible("Aucun parapheur n'est réglé sur cette installation.")
    return outil


def confier(signataire: Signataire, *, par: Utilisateur) -> str:
    """Dépose le document dans le parapheur ; rend l'identifiant du dossier.

    Lève `PermissionDenied`, `TransitionImpossible` ou `ParapheurInjoignable` : alors rien n'est
    noté, et l'on recommence.
    """
    campagne = signataire.campagne
    transitions.exiger(par, campagne)
    outil = exiger_un_parapheur()
    if campagne.etat != EtatCampagne.EN_COURS or signataire.etat not in EtatSignataire.attendus():
        raise TransitionImpossible(f"« {signataire} » est {signataire.get_etat_display()}.")
    if signataire.dossier:
        raise TransitionImpossible("Ce document est déjà dans le parapheur.")
    document = campagne.document
    dossier = Dossier(
        reference=f"{signataire.public_id}-{signataire.passages.count()}",
        intitule=f"{document.code} {signataire.pour}",
        nom=document.nom_de_fichier,
        octets=stockage.octets_de(document),
    )
    identifiant = outil.envoyer(dossier)
    Signataire.objects.filter(pk=signataire.pk, dossier="").update(dossier=identifiant)
    signataire.dossier = identifiant
    return identifiant


def relever(signataire: Signataire, *, par: Utilisateur) -> str:
    """Lit le parapheur et constate ce qu'il dit ; rend la phrase à afficher."""
    transitions.exiger(par, signataire.campagne)
    outil = exiger_un_parapheur()
    if not signataire.dossier:
        raise TransitionImpossible("Ce document n'est pas dans le parapheur.")
    releve = outil.relever(signataire.dossier)
    if releve.etat == EtatDossier.EN_COURS:
        return "Le parapheur attend encore la signature."
    if releve.etat == EtatDossier.INCONNU:
        raise TransitionImpossible("Le parapheur ne connaît plus ce dossier.")
    if releve.etat == EtatDossier.REFUSE:
        transitions.constater(
            signataire,
            TransitionSignataire.REFUSER,
            version=signataire.version,
            par=par,
            motif=releve.motif[: transitions.MOTIF_MAX] or "Refusé dans le parapheur.",
        )
        return f"« {signataire} » a refusé dans le parapheur."
    nom = signataire.campagne.document.nom_de_fichier
    try:
        recue = pades.recevoir(nom, releve.octets, signataire.campagne.document)
    except PieceRefusee as refus:
        dits = " ".join([str(refus), *refus.details])
        raise TransitionImpossible(f"Le PDF rendu par le parapheur est refusé. {dits}") from refus
    le = recue.signee_le or timezone.localdate()
    try:
        transitions.signer(signataire, recue, version=signataire.version, le=le, par=par)
    except DonneeManquante as manque:
        raise TransitionImpossible(str(manque)) from manque
    return f"Signature de « {signataire} » relevée dans le parapheur."
