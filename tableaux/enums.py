"""Vocabulaire des tableaux de bord."""

from django.db import models


class ValeurMeteo(models.TextChoices):
    """Jugement d'une personne sur la marche des choses ; sans jugement, « non renseignée »."""

    ORAGE = "orage", "Orage : bloqué, le comité doit décider"
    COUVERT = "couvert", "Couvert : en difficulté"
    NUAGE = "nuage", "Nuage : à surveiller"
    SOLEIL = "soleil", "Soleil : comme prévu"

    @property
    def mot(self) -> str:
        return self.label.split(" : ")[0]


class EtatConstat(models.TextChoices):
    """Ce qu'une personne constate d'une promesse : un engagement, un jalon."""

    TENU = "tenu", "Tenu"
    EN_PARTIE = "en_partie", "Tenu en partie"
    NON_TENU = "non_tenu", "Non tenu"


class GenreRapport(models.TextChoices):
    """Ce qui se compose du tableau de bord : à imprimer, à modifier, à figer."""

    COMITE = "comite", "Dossier de comité"
    ANNUEL = "annuel", "Rapport annuel"
