"""De ce qui est compris à un contrat en préparation : une transaction, le texte mot à mot."""

from reprise.ecriture.contrat import RepriseImpossible, ecrire

__all__ = ["RepriseImpossible", "ecrire"]
