"""Vocabulaire des indicateurs : valeurs stables en base, libellés modifiables à l'écran."""

from typing import Self

from django.db import models


class Sens(models.TextChoices):
    """Ce que le contrat voudrait voir ; « à apprécier » quand la source ne le dit pas."""

    HAUSSE = "hausse", "Doit monter"
    BAISSE = "baisse", "Doit baisser"
    A_APPRECIER = "a_apprecier", "À apprécier"


class Agregation(models.TextChoices):
    """Ce qu'on a le droit de faire de plusieurs quartiers : presque toujours rien."""

    AUCUNE = "aucune", "Ni somme ni moyenne"
    SOMME = "somme", "Sommable"


class Comparaison(models.TextChoices):
    """Comment une valeur de quartier se compare à celle de la référence."""

    POINTS = "points", "Écart en points"
    DIFFERENCE = "difference", "Écart dans l'unité"
    RAPPORT = "rapport", "Rapport à la référence"
    AUCUNE = "aucune", "Sans comparaison directe"


class Frequence(models.TextChoices):
    """Rythme d'actualisation voulu."""

    ANNUELLE = "annuelle", "Une fois par an, selon les données disponibles"
    PLURIANNUELLE = "pluriannuelle", "Tous les deux ans ou plus"
    PONCTUELLE = "ponctuelle", "À l'occasion"


class FormeMillesime(models.TextChoices):
    """Les quatre façons dont une source date ses chiffres."""

    ANNEE = "annee", "Année"
    LISTE = "liste", "Liste d'années"
    DATE = "date", "Date"
    PERIODE = "periode", "Période"


class StatutMesure(models.TextChoices):
    """Ce que vaut une valeur, ou pourquoi elle manque (signes conventionnels de l'Insee)."""

    PUBLIEE = "publiee", "Publiée"
    PROVISOIRE = "provisoire", "Provisoire"
    SECRET = "secret", "Secret statistique"
    NON_DISPONIBLE = "non_disponible", "Non disponible"
    NON_SIGNIFICATIVE = "non_significative", "Non significative"
    SANS_OBJET = "sans_objet", "Sans objet"

    @classmethod
    def chiffres(cls) -> tuple[Self, ...]:
        """Ceux qui ont une valeur ; les autres n'en ont jamais."""
        return (cls.PUBLIEE, cls.PROVISOIRE)

    @property
    def signe(self) -> str:
        """Le signe conventionnel ; vide pour une valeur publiée."""
        return SIGNES[self]


SIGNES = {
    StatutMesure.PUBLIEE: "",
    StatutMesure.PROVISOIRE: "p",
    StatutMesure.SECRET: "s",
    StatutMesure.NON_DISPONIBLE: "...",
    StatutMesure.NON_SIGNIFICATIVE: "n.s.",
    StatutMesure.SANS_OBJET: "///",
}


class ObjetCible(models.TextChoices):
    """Sur quoi porte une cible."""

    VALEUR = "valeur", "La valeur du quartier"
    ECART = "ecart", "L'écart à la référence"


class Evolution(models.TextChoices):
    """Ce que devient l'écart d'un quartier entre deux millésimes."""

    REDUIT = "reduit", "Réduit"
    CREUSE = "creuse", "Creusé"
    STABLE = "stable", "Inchangé"
    INCONNU = "inconnu", "Inconnu"

    @property
    def marque(self) -> str:
        """Un signe qui se lit sans couleur, à côté du mot."""
        return {"reduit": "▼", "creuse": "▲", "stable": "=", "inconnu": "?"}[self.value]
