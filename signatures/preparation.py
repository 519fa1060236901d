"""Préparer une campagne : reprendre du contrat ses parties, ses signataires et ses témoins."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from comptes.models import Utilisateur
from contrats.enums import RoleSignature, TransitionContrat
from contrats.permissions import Acte, peut
from contrats.transitions import TransitionImpossible, conduire_contrat, possibles
from documents.enums import Nature
from signatures.enums import EtatSignataire
from signatures.models import CampagneSignature, Signataire
from signatures.transitions import annuler, exiger


def preparer(campagne: CampagneSignature, *, par: Utilisateur) -> CampagneSignature:
    """Crée la campagne et ses signataires ; chaque partie a le sien, nommé ou à nommer."""
    if not peut(par, Acte.CONDUIRE, campagne.document.contrat):
        raise PermissionDenied("Préparer une signature : votre rôle ne le permet pas.")
    campagne.preparee_par = par
    try:
        with transaction.atomic():
            campagne.save(force_insert=True)
            Signataire.objects.bulk_create(_signataires(campagne))
    except IntegrityError:
        raise TransitionImpossible("Ce document est déjà en cours de signature.") from None
    return campagne


def _signataires(campagne: CampagneSignature) -> list[Signataire]:
    """Ceux que le contrat imprime, dans leur ordre, puis les parties sans signataire."""
    contrat = campagne.document.contrat
    imprimes = contrat.signatures.select_related("personne", "partie").order_by("rang", "pk")
    lignes = [
        Signataire(
            campagne=campagne,
            partie=s.partie,
            role=s.role,
            nom=str(s.personne),
            qualite=s.qualite,
        )
        for s in imprimes
    ]
    nommees = {s.partie_id for s in lignes}
    lignes += [
        Signataire(campagne=campagne, partie=partie, role=RoleSignature.SIGNATAIRE)
        for partie in contrat.parties.order_by("rang", "pk")
        if partie.pk not in nommees
    ]
    for rang, ligne in enumerate(lignes, 1):
        temoin = ligne.role == RoleSignature.TEMOIN
        ligne.rang = rang
        ligne.etat = EtatSignataire.TEMOIN if temoin else EtatSignataire.A_ENVOYER
    return lignes


@transaction.atomic
def renvoyer_en_relecture(campagne: CampagneSignature, *, par: Utilisateur, motif: str) -> None:
    """Le texte se rouvre : tout ce qui était signé est annulé, et chacun l'apprend.

    Le contrat en signature revient en préparation, ce qui annule la campagne (`suites`) ; sinon,
    la campagne seule s'annule.
    """
    exiger(par, campagne)
    contrat = campagne.document.contrat
    refuser = TransitionContrat.REFUSER
    if campagne.document.nature == Nature.CONTRAT and refuser in possibles(contrat, par):
        conduire_contrat(contrat, refuser, version=contrat.version, par=par, motif=motif)
    else:
        annuler(campagne, par=par, motif=motif)
