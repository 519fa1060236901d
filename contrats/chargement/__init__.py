"""Chargement de contrats écrits en YAML : `contrat` pour le texte, `fiche` pour les fiches."""

from contrats.chargement.contrat import charger_contrat, charger_modeles

__all__ = ["charger_contrat", "charger_modeles"]
