"""Vocabulaire des notifications."""

from django.db import models


class Cadence(models.TextChoices):
    """Comment une personne apprend un événement. Un courriel n'empêche pas l'écran."""

    ECRAN = "ecran", "À l'écran seulement"
    IMMEDIAT = "immediat", "Courriel, tout de suite"
    QUOTIDIEN = "quotidien", "Courriel, résumé du jour"
    HEBDOMADAIRE = "hebdomadaire", "Courriel, résumé de la semaine"
    RIEN = "rien", "Rien"

    @classmethod
    def par_courriel(cls) -> list["Cadence"]:
        return [cls.IMMEDIAT, cls.QUOTIDIEN, cls.HEBDOMADAIRE]
