"""Vocabulaire des campagnes."""

from django.db import models


class EtatCampagne(models.TextChoices):
    """Où en est une campagne ; ne s'écrit que par `campagnes.conduite`."""

    EN_PREPARATION = "en_preparation", "En préparation"
    OUVERTE = "ouverte", "Ouverte"
    ARRETEE = "arretee", "Arrêtée"


class Destination(models.TextChoices):
    """À qui la campagne s'adresse, pour chaque action."""

    PILOTES = "pilotes", "Les pilotes"
    TOUS = "tous", "Les pilotes, les chefs de file et les partenaires"


class EtatReponse(models.TextChoices):
    """Où en est une réponse ; ne s'écrit que par `campagnes.reponses`.

    `REMPLACEE` : son auteur en a envoyé une autre avant qu'elle soit relue.
    """

    RECUE = "recue", "À relire"
    ACCEPTEE = "acceptee", "Acceptée"
    MODIFIEE = "modifiee", "Acceptée, modifiée"
    RENVOYEE = "renvoyee", "Renvoyée"
    REMPLACEE = "remplacee", "Remplacée"

    @classmethod
    def relues(cls) -> list["EtatReponse"]:
        """Un agent a décidé."""
        return [cls.ACCEPTEE, cls.MODIFIEE, cls.RENVOYEE]

    @classmethod
    def valables(cls) -> list["EtatReponse"]:
        """La question a sa réponse : reçue, ou acceptée."""
        return [cls.RECUE, cls.ACCEPTEE, cls.MODIFIEE]
