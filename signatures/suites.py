"""Ce que la vie du contrat fait à ses campagnes de signature."""

from contrats.enums import TransitionContrat
from contrats.models import Transition
from contrats.transitions.socle import TransitionImpossible
from signatures.enums import EtatCampagne
from signatures.models import CampagneSignature
from signatures.transitions import annuler

# Le texte se rouvre ou le contrat s'abandonne : ce qui était signé ne vaut plus.
RETIRENT = {
    TransitionContrat.RENVOYER,
    TransitionContrat.REFUSER,
    TransitionContrat.ABANDONNER,
}


def suivre_le_contrat(passage: Transition) -> None:
    """Dans la transaction du statut du contrat : annule, ou refuse de signer trop tôt."""
    if passage.contrat is None:
        return
    campagnes = CampagneSignature.objects.filter(document__contrat=passage.contrat)
    if passage.transition in RETIRENT:
        for campagne in campagnes.exclude(etat=EtatCampagne.ANNULEE).order_by("pk"):
            annuler(campagne, par=passage.par, motif=passage.motif)
    if passage.transition == TransitionContrat.SIGNER:
        for campagne in campagnes.filter(etat=EtatCampagne.EN_COURS).order_by("pk"):
            restants = [s for s in campagne.signataires.qui_signent() if not s.a_signe]
            s = "s" if len(restants) > 1 else ""
            raise TransitionImpossible(
                f"Constater la signature : il manque {len(restants)} signature{s} à « {campagne} »."
            )
