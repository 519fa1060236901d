"""Vocabulaires fermés des campagnes de signature."""

from django.db import models


class EtatCampagne(models.TextChoices):
    """Où en est une campagne ; ne s'écrit que par `signatures.transitions`."""

    EN_PREPARATION = "en_preparation", "En préparation"
    EN_COURS = "en_cours", "En cours"
    COMPLETE = "complete", "Toutes les signatures reçues"
    ANNULEE = "annulee", "Annulée"


class RegleEffet(models.TextChoices):
    """Quand le texte prend effet, une fois signé de tous."""

    DERNIERE = "derniere", "Le jour de la dernière signature"
    DATE = "date", "À une date fixée"


class EtatSignataire(models.TextChoices):
    """Où en est un signataire ; ne s'écrit que par `signatures.transitions`."""

    A_ENVOYER = "a_envoyer", "À envoyer"
    ENVOYE = "envoye", "Envoyé"
    RECU = "recu", "Reçu"
    SIGNE_PAPIER = "signe_papier", "Signé sur papier"
    SIGNE_AILLEURS = "signe_ailleurs", "Signé électroniquement"
    REFUSE = "refuse", "Refusé"
    ANNULE = "annule", "Annulé"
    TEMOIN = "temoin", "Témoin, ne signe pas"

    @classmethod
    def signes(cls) -> list["EtatSignataire"]:
        return [cls.SIGNE_PAPIER, cls.SIGNE_AILLEURS]

    @classmethod
    def attendus(cls) -> list["EtatSignataire"]:
        """Le document est chez lui : on attend sa réponse."""
        return [cls.ENVOYE, cls.RECU]


class TransitionSignataire(models.TextChoices):
    """Changement d'état d'un signataire, du point de vue de l'agent qui le constate."""

    ENVOYER = "envoyer", "Envoyer"
    RECEVOIR = "recevoir", "Noter qu'il l'a reçu"
    SIGNER_PAPIER = "signer_papier", "Constater la signature sur papier"
    SIGNER_AILLEURS = "signer_ailleurs", "Constater la signature électronique"
    REFUSER = "refuser", "Constater un refus"
    ANNULER = "annuler", "Annuler"
    RENVOYER = "renvoyer", "Envoyer de nouveau"

    @classmethod
    def motivees(cls) -> list["TransitionSignataire"]:
        """Celles qui disent pourquoi."""
        return [cls.REFUSER, cls.ANNULER]


class GenrePiece(models.TextChoices):
    """Ce qu'est une pièce reçue."""

    SCAN = "scan", "Page signée, numérisée"
    PADES = "pades", "PDF signé électroniquement"
