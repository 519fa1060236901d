"""Ce qu'une campagne de signature notifie : un constat, une annulation."""

from django.db.models import QuerySet

from comptes.models import Utilisateur
from contrats.permissions import Acte, qui_peut
from notifications.enums import Cadence
from notifications.registre import Avis, Evenement, Genre, declarer
from signatures.models import CampagneSignature, Passage
from signatures.transitions import ANNULATION, PASSAGE


def conducteurs(passage: Passage) -> list[Utilisateur]:
    return qui_peut(Acte.CONDUIRE, passage.signataire.campagne.document.contrat)


def membres(campagne: CampagneSignature) -> list[Utilisateur]:
    """Tous ceux qui ont un rôle sur le contrat."""
    return qui_peut(Acte.LIRE_ATELIER, campagne.document.contrat)


def _passages(utilisateur: Utilisateur) -> QuerySet[Passage]:
    lisibles = Passage.objects.visibles_par(utilisateur)
    return lisibles.select_related(
        "signataire__partie__organisme", "signataire__campagne__document__contrat"
    )


def _annulees(utilisateur: Utilisateur) -> QuerySet[CampagneSignature]:
    lisibles = CampagneSignature.objects.visibles_par(utilisateur)
    return lisibles.exclude(motif="").select_related("document__contrat")


def _dire_le_passage(passage: Passage) -> Avis:
    signataire = passage.signataire
    detail = f"{signataire.pour} : {passage.get_vers_display().lower()}"
    detail += f" ; motif : {passage.motif}." if passage.motif else "."
    return Avis(str(signataire.campagne), detail, signataire.campagne.get_absolute_url())


def _dire_l_annulation(campagne: CampagneSignature) -> Avis:
    detail = f"{campagne.document.contrat.intitule_court} ; motif : {campagne.motif}."
    return Avis(f"{campagne} : annulée", detail, campagne.get_absolute_url())


def declarer_les_evenements() -> None:
    """Au démarrage (`apps.py`)."""
    declarer(
        Genre(PASSAGE, _passages),
        Evenement(
            cle=PASSAGE,
            libelle="Signature",
            quand="Une partie a signé ou refusé de signer un contrat que vous conduisez",
            genre=PASSAGE,
            destinataires=conducteurs,
            dire=_dire_le_passage,
        ),
    )
    declarer(
        Genre(ANNULATION, _annulees),
        Evenement(
            cle=ANNULATION,
            libelle="Signature annulée",
            quand="Un document d'un contrat où vous avez un rôle est retiré de la signature",
            genre=ANNULATION,
            destinataires=membres,
            dire=_dire_l_annulation,
            defaut=Cadence.IMMEDIAT,
        ),
    )
