"""Administration des contrats, des fiches, des actions et de leur historique."""

from contrats.admin import contrat, fiche, suivi

__all__ = ["contrat", "fiche", "suivi"]
