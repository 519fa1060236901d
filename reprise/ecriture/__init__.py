"""De ce qui est compris à un contrat en préparation : une transaction, le texte mot à mot."""

from reprise.ecriture.contrat import ecrire
from reprise.ecriture.refus import RepriseImpossible

__all__ = ["RepriseImpossible", "ecrire"]
