"""Assistance : l'administration agit au nom de quelqu'un, et cela se sait."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

# Une assistance oubliée se ferme d'elle-même.
DUREE_D_ASSISTANCE = timedelta(hours=1)


class AssistanceQuerySet(models.QuerySet["Assistance"]):
    def ouvertes(self) -> Self:
        """Ni fermées, ni échues, entre deux comptes qui ont encore le droit d'y être."""
        return self.filter(
            fin_le=None,
            debut_le__gt=timezone.now() - DUREE_D_ASSISTANCE,
            agent__is_active=True,
            agent__is_superuser=True,
            au_nom_de__is_active=True,
            au_nom_de__is_staff=False,
            au_nom_de__is_superuser=False,
        )


class Assistance(models.Model):
    """Journal : qui a agi au nom de qui, pourquoi, de quand à quand. Jamais modifié ni supprimé,
    hormis sa fin."""

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="agent",
        related_name="assistances_menees",
        on_delete=models.PROTECT,
    )
    au_nom_de = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="au nom de",
        related_name="assistances_recues",
        on_delete=models.PROTECT,
    )
    motif = models.CharField("motif", max_length=300)
    debut_le = models.DateTimeField("début", default=timezone.now)
    fin_le = models.DateTimeField("fin", null=True, blank=True)

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        verbose_name = "assistance"
        verbose_name_plural = "assistances"
        ordering = ["-debut_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="comptes_assistance_deux_personnes",
                condition=~Q(agent=F("au_nom_de")),
                violation_error_message="Nul n'agit en son propre nom par l'assistance.",
            ),
            models.CheckConstraint(
                name="comptes_assistance_motif_dit",
                condition=~Q(motif=""),
                violation_error_message="Dites pourquoi vous agissez au nom de cette personne.",
            ),
            models.CheckConstraint(
                name="comptes_assistance_dates_ordonnees",
                condition=Q(fin_le=None) | Q(fin_le__gte=F("debut_le")),
                violation_error_message="La fin d'une assistance suit son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent} au nom de {self.au_nom_de}"

    @property
    def echeance(self) -> datetime:
        """Quand elle se fermera d'elle-même."""
        return self.debut_le + DUREE_D_ASSISTANCE


class GesteAssiste(models.Model):
    """Une écriture demandée pendant une assistance : ce que l'historique attribue à la personne
    aidée, le journal le rend à l'agent."""

    assistance = models.ForeignKey(
        Assistance, verbose_name="assistance", related_name="gestes", on_delete=models.PROTECT
    )
    methode = models.CharField("méthode", max_length=10)
    chemin = models.CharField("adresse", max_length=500)
    statut = models.PositiveSmallIntegerField("réponse")
    fait_le = models.DateTimeField("fait le", default=timezone.now)

    class Meta:
        verbose_name = "geste assisté"
        verbose_name_plural = "gestes assistés"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.methode} {self.chemin}"
