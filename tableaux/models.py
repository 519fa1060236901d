"""Ce que des personnes disent à côté des chiffres : météo et constats.

Rien ne s'y modifie : un avis nouveau s'ajoute, le dernier avant une date vaut à cette date.
"""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models import Contrat
from tableaux.enums import EtatConstat, ValeurMeteo


class DuContratQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Ceux des contrats que l'utilisateur voit."""
        return self.filter(contrat__in=Contrat.objects.visibles_par(utilisateur))


class Dit(models.Model):
    """Ce que quelqu'un a dit d'un contrat, et quand."""

    contrat = models.ForeignKey(
        "contrats.Contrat",
        verbose_name="contrat",
        related_name="%(class)ss",
        on_delete=models.CASCADE,
    )
    le = models.DateTimeField("dit le", default=timezone.now)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="auteur",
        related_name="%(class)ss",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    demonstration = models.BooleanField("de démonstration", default=False)

    class Meta:
        abstract = True


class Meteo(Dit):
    """Jugement sur un contrat, ou sur un de ses programmes : un mot, et une phrase qui le fonde."""

    axe = models.ForeignKey(
        "contrats.Axe",
        verbose_name="programme",
        related_name="meteos",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    valeur = models.CharField("météo", max_length=8, choices=ValeurMeteo)
    phrase = models.CharField("pourquoi", max_length=300)

    objects = DuContratQuerySet.as_manager()

    class Meta:
        verbose_name = "météo"
        verbose_name_plural = "météos"
        ordering = ["-le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="tableaux_meteo_valeur_connue",
                condition=Q(valeur__in=ValeurMeteo.values),
                violation_error_message="Météo inconnue.",
            ),
            models.CheckConstraint(
                name="tableaux_meteo_dit_pourquoi",
                condition=~Q(phrase=""),
                violation_error_message="Dites en une phrase ce qui fonde cette météo.",
            ),
        ]

    def __str__(self) -> str:
        return f"{ValeurMeteo(self.valeur).mot} : {self.phrase}"


class Constat(Dit):
    """Une promesse du contrat, engagement ou jalon d'une fiche, tenue ou non.

    Un jalon se désigne par son intitulé : enregistrer sa fiche refait ses lignes.
    """

    engagement = models.ForeignKey(
        "contrats.Engagement",
        verbose_name="engagement",
        related_name="constats",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    fiche = models.ForeignKey(
        "contrats.Fiche",
        verbose_name="fiche",
        related_name="constats",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    jalon = models.CharField("jalon", max_length=500, blank=True)
    etat = models.CharField("constat", max_length=10, choices=EtatConstat)
    phrase = models.CharField("précision", max_length=300, blank=True)

    objects = DuContratQuerySet.as_manager()

    class Meta:
        verbose_name = "constat"
        verbose_name_plural = "constats"
        ordering = ["-le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="tableaux_constat_etat_connu",
                condition=Q(etat__in=EtatConstat.values),
                violation_error_message="Constat inconnu.",
            ),
            models.CheckConstraint(
                name="tableaux_constat_sur_une_promesse",
                condition=Q(engagement__isnull=False, fiche=None, jalon="")
                | (Q(engagement=None, fiche__isnull=False) & ~Q(jalon="")),
                violation_error_message="Un constat porte sur un engagement, ou sur un jalon.",
            ),
        ]

    def __str__(self) -> str:
        return EtatConstat(self.etat).label
