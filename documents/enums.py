"""Vocabulaires fermés des documents figés et du journal."""

from django.db import models


class Nature(models.TextChoices):
    """Ce qu'un document figé imprime."""

    CONTRAT = "contrat", "Contrat entier"
    FICHE = "fiche", "Fiche"
    ANNEXE = "annexe", "Annexe territoriale"
    # Les mêmes mots que `tableaux.enums.GenreRapport`.
    COMITE = "comite", "Dossier de comité"
    ANNUEL = "annuel", "Rapport annuel"


# Ceux qui disent où l'on en est à une date, et non ce qui engage.
RAPPORTS = (Nature.COMITE, Nature.ANNUEL)


class Valeur(models.TextChoices):
    """Ce que valait le texte le jour où il a été figé."""

    PROJET = "projet", "Projet, non signé"
    SIGNE = "signe", "Texte signé"
    EXTRAIT = "extrait", "Extrait, non signé"
    RAPPORT = "rapport", "Rapport, à sa date"


class ActeInscrit(models.TextChoices):
    """Actes que le journal garde."""

    FIGER = "figer", "Document figé"
    PUBLIER = "publier", "Document publié"
    TELECHARGER = "telecharger", "Document restreint téléchargé"
    ENVOYER = "envoyer", "Document envoyé à un signataire"
    SIGNER = "signer", "Signature reçue"
    REFUSER = "refuser", "Signature refusée"
    ANNULER = "annuler", "Signature annulée"
    ASSEMBLER = "assembler", "PDF signé assemblé"
    ANCRER = "ancrer", "Journal ancré"


class GenrePreparation(models.TextChoices):
    """Les fichiers longs de l'étagère d'un contrat."""

    FIGER = "figer", "Document à figer"
    RECUEIL = "recueil", "Recueil des fiches"
    PARTENAIRE = "partenaire", "Tout ce qui concerne un organisme"
    LOT = "lot", "Documents en vigueur, en une archive ZIP"
    ARCHIVE = "archive", "Paquet d'archive scellé"


class EtatPreparation(models.TextChoices):
    """Où en est un fichier demandé."""

    DEMANDEE = "demandee", "Demandé"
    EN_COURS = "en_cours", "En cours"
    PRETE = "prete", "Prêt"
    ECHOUEE = "echouee", "Non préparé"
