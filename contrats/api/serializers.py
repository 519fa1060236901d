"""Formes publiques des contrats, une par fichier : contrat, fiche, action."""

from contrats.api.actions import ActionSerializer
from contrats.api.contrats import ContratSerializer
from contrats.api.fiches import FicheSerializer

__all__ = ["ActionSerializer", "ContratSerializer", "FicheSerializer"]
