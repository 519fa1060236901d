"""Vocabulaires fermés des documents figés et du journal."""

from django.db import models


class Nature(models.TextChoices):
    """Ce qu'un document figé imprime."""

    CONTRAT = "contrat", "Contrat entier"
    FICHE = "fiche", "Fiche"


class Valeur(models.TextChoices):
    """Ce que valait le texte le jour où il a été figé."""

    PROJET = "projet", "Projet, non signé"
    SIGNE = "signe", "Texte signé"
    EXTRAIT = "extrait", "Extrait, non signé"


class ActeInscrit(models.TextChoices):
    """Actes que le journal garde."""

    FIGER = "figer", "Document figé"
    PUBLIER = "publier", "Document publié"
    TELECHARGER = "telecharger", "Document restreint téléchargé"
    ANCRER = "ancrer", "Journal ancré"
