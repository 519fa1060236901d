"""Ce que des personnes disent d'un indicateur : ce qu'on vise, ce qu'on en comprend."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from comptes.models import Utilisateur
from contrats.models.perimetre import borner, raisons
from edition.models import Versionne
from indicateurs.enums import ObjetCible
from indicateurs.models.referentiel import Indicateur
from territoires.models import Territoire

PUBLIE = Q(indicateur__contrat__publie_le__isnull=False)


class SuiviQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Ce qui se dit d'un indicateur se lit avec son contrat."""
        return borner(self, raisons(utilisateur, publie=PUBLIE, contrat="indicateur__contrat"))


class Cible(Versionne):
    """Ce qu'on vise pour une échéance, dans un quartier ou, sans `territoire`, dans tous."""

    indicateur = models.ForeignKey(
        Indicateur, verbose_name="indicateur", related_name="cibles", on_delete=models.CASCADE
    )
    territoire = models.ForeignKey(
        Territoire,
        verbose_name="quartier",
        related_name="cibles",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    porte_sur = models.CharField(
        "porte sur", max_length=10, choices=ObjetCible, default=ObjetCible.VALEUR
    )
    valeur = models.DecimalField("valeur visée", max_digits=18, decimal_places=6)
    echeance = models.DateField("échéance")
    origine = models.CharField("qui l'a fixée", max_length=200, blank=True)
    demonstration = models.BooleanField("cible de démonstration", default=False)

    objects = SuiviQuerySet.as_manager()

    class Meta:
        verbose_name = "cible"
        verbose_name_plural = "cibles"
        ordering = ["indicateur", "echeance", "pk"]
        constraints = [
            models.CheckConstraint(
                name="indicateurs_cible_objet_connu",
                condition=Q(porte_sur__in=ObjetCible.values),
                violation_error_message="Une cible porte sur la valeur ou sur l'écart.",
            ),
            models.UniqueConstraint(
                fields=["indicateur", "territoire", "porte_sur", "echeance"],
                name="indicateurs_cible_unique",
                violation_error_message="Une cible est déjà fixée là pour cette échéance.",
            ),
            models.UniqueConstraint(
                fields=["indicateur", "porte_sur", "echeance"],
                condition=Q(territoire=None),
                name="indicateurs_cible_de_tous_unique",
                violation_error_message="Une cible de tous les quartiers a déjà cette échéance.",
            ),
        ]

    def __str__(self) -> str:
        return f"cible au {self.echeance:%d/%m/%Y}"


class Analyse(Versionne):
    """Ce qu'une personne comprend d'un indicateur, un jour donné ; une autre lecture s'ajoute.

    `auteur` : le compte qui l'a écrite ; `signature` : au nom de qui, telle qu'imprimée.
    """

    indicateur = models.ForeignKey(
        Indicateur, verbose_name="indicateur", related_name="analyses", on_delete=models.CASCADE
    )
    le = models.DateField("datée du")
    texte = models.TextField("analyse")
    signature = models.CharField("signée", max_length=200)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="auteur",
        related_name="analyses",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    demonstration = models.BooleanField("analyse de démonstration", default=False)

    objects = SuiviQuerySet.as_manager()

    class Meta:
        verbose_name = "analyse"
        verbose_name_plural = "analyses"
        ordering = ["-le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="indicateurs_analyse_dite",
                condition=~Q(texte="") & ~Q(signature=""),
                violation_error_message="Une analyse a un texte et une signature.",
            )
        ]

    def __str__(self) -> str:
        return f"analyse du {self.le:%d/%m/%Y}"
