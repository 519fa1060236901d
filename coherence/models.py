"""Les constats écartés : la seule chose que le contrôle garde, tout le reste se recalcule."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from coherence.enums import Regle
from comptes.models import Utilisateur
from contrats.models import Contrat


class ConstatEcarteQuerySet(models.QuerySet["ConstatEcarte"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Ceux des contrats où l'utilisateur a un rôle : le public n'en voit rien."""
        return self.filter(contrat__in=Contrat.objects.habilites(utilisateur).values("pk"))

    def en_vigueur(self) -> Self:
        """Ceux que personne n'a repris."""
        return self.filter(repris_le=None)


class ConstatEcarte(models.Model):
    """Discordance admise par quelqu'un, à une date, pour un motif. Ne se supprime pas.

    `cle` vaut pour ce texte et cette donnée : que l'un change, et le constat revient. Repris, il
    compte de nouveau ; la ligne dit par qui et quand.
    """

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="constats_ecartes", on_delete=models.CASCADE
    )
    cle = models.CharField("clé du constat", max_length=32)
    regle = models.CharField("règle", max_length=24, choices=Regle)
    phrase = models.TextField("constat")
    motif = models.CharField("motif", max_length=300)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="écarté par",
        related_name="constats_ecartes",
        on_delete=models.PROTECT,
    )
    le = models.DateTimeField("écarté le", auto_now_add=True)
    repris_le = models.DateTimeField("repris le", null=True, blank=True)
    repris_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="repris par",
        related_name="constats_repris",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )

    objects = ConstatEcarteQuerySet.as_manager()

    class Meta:
        verbose_name = "constat écarté"
        verbose_name_plural = "constats écartés"
        ordering = ["-le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="coherence_constatecarte_regle_connue",
                condition=Q(regle__in=Regle.values),
                violation_error_message="Règle de cohérence inconnue.",
            ),
            models.CheckConstraint(
                name="coherence_constatecarte_motive",
                condition=~Q(motif=""),
                violation_error_message="Un constat écarté dit pourquoi.",
            ),
            models.CheckConstraint(
                name="coherence_constatecarte_repris_par_quelqu_un",
                condition=Q(repris_le=None, repris_par=None)
                | Q(repris_le__isnull=False, repris_par__isnull=False),
                violation_error_message="Un constat repris l'est à une date et par quelqu'un.",
            ),
            models.UniqueConstraint(
                fields=["contrat", "cle"],
                condition=Q(repris_le=None),
                name="coherence_constatecarte_une_fois",
                violation_error_message="Ce constat est déjà écarté.",
            ),
        ]

    def __str__(self) -> str:
        return self.phrase[:80]
