"""La mesure d'un indicateur en un lieu et un temps, et tous ses états passés."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models.perimetre import borner, raisons
from edition.models import Versionne
from indicateurs.enums import StatutMesure
from indicateurs.models.referentiel import Indicateur, Millesime
from territoires.models import Territoire

CHIFFRES = [s.value for s in StatutMesure.chiffres()]
PUBLIE = Q(indicateur__contrat__publie_le__isnull=False)


class MesureQuerySet(models.QuerySet["Mesure"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Une mesure se lit avec le contrat de son indicateur."""
        return borner(self, raisons(utilisateur, publie=PUBLIE, contrat="indicateur__contrat"))

    def de_statut(self, statuts: list[str]) -> Self:
        """Par statut montré : une valeur tue pour en protéger une autre est « secret »."""
        montre = Q(statut__in=statuts, secret_induit=False)
        if StatutMesure.SECRET in statuts:
            montre |= Q(secret_induit=True)
        return self.filter(montre)


class Mesure(Versionne):
    """Valeur d'un indicateur dans un territoire à un millésime, ou raison de son absence.

    Zéro n'est pas « absent » : `valeur` n'existe qu'aux statuts publiée et provisoire. Un quartier
    appartient à une génération, donc la mesure aussi. `secret_induit` : la valeur, publiable
    seule, est tue pour qu'aucune soustraction ne rende une valeur secrète ; seul
    `indicateurs.ecriture` l'écrit. Une valeur inventée porte `demonstration`, partout où elle est.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    indicateur = models.ForeignKey(
        Indicateur, verbose_name="indicateur", related_name="mesures", on_delete=models.CASCADE
    )
    territoire = models.ForeignKey(
        Territoire, verbose_name="territoire", related_name="mesures", on_delete=models.PROTECT
    )
    millesime = models.ForeignKey(
        Millesime, verbose_name="millésime", related_name="mesures", on_delete=models.PROTECT
    )
    valeur = models.DecimalField("valeur", max_digits=18, decimal_places=6, null=True, blank=True)
    statut = models.CharField("statut", max_length=18, choices=StatutMesure)
    secret_induit = models.BooleanField("tue pour en protéger une autre", default=False)
    note = models.CharField("note", max_length=300, blank=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    objects = MesureQuerySet.as_manager()

    class Meta:
        verbose_name = "mesure"
        verbose_name_plural = "mesures"
        ordering = ["indicateur", "millesime", "territoire"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicateur", "territoire", "millesime"],
                name="indicateurs_mesure_unique",
                violation_error_message=(
                    "Cet indicateur a déjà une mesure pour ce territoire et ce millésime."
                ),
            ),
            models.CheckConstraint(
                name="indicateurs_mesure_statut_connu",
                condition=Q(statut__in=StatutMesure.values),
                violation_error_message="Statut de mesure inconnu.",
            ),
            models.CheckConstraint(
                name="indicateurs_mesure_valeur_selon_statut",
                condition=Q(statut__in=CHIFFRES, valeur__isnull=False)
                | (~Q(statut__in=CHIFFRES) & Q(valeur=None)),
                violation_error_message=(
                    "Une mesure publiée ou provisoire a une valeur ; une autre n'en a pas."
                ),
            ),
            models.CheckConstraint(
                name="indicateurs_mesure_secret_induit_d_un_chiffre",
                condition=Q(secret_induit=False) | Q(statut__in=CHIFFRES),
                violation_error_message="Seule une valeur chiffrée se tait pour une autre.",
            ),
        ]

    def __str__(self) -> str:
        return f"mesure {self.public_id}"


class VersionMesure(models.Model):
    """Un état d'une mesure, du jour de son écriture au suivant : jamais modifié ni supprimé.

    `statut` vide : la mesure a été retirée. Les valeurs passées d'une mesure devenue secrète
    restent ici et ne se montrent plus (`indicateurs.lecture`).
    """

    indicateur = models.ForeignKey(
        Indicateur, verbose_name="indicateur", related_name="versions", on_delete=models.CASCADE
    )
    territoire = models.ForeignKey(
        Territoire,
        verbose_name="territoire",
        related_name="versions_de_mesures",
        on_delete=models.PROTECT,
    )
    millesime = models.ForeignKey(
        Millesime,
        verbose_name="millésime",
        related_name="versions_de_mesures",
        on_delete=models.PROTECT,
    )
    numero = models.PositiveIntegerField("numéro")
    valeur = models.DecimalField("valeur", max_digits=18, decimal_places=6, null=True, blank=True)
    statut = models.CharField("statut", max_length=18, choices=StatutMesure, blank=True)
    note = models.CharField("note", max_length=300, blank=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)
    ecrite_le = models.DateTimeField("écrite le", default=timezone.now)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="auteur",
        related_name="versions_de_mesures",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    motif = models.CharField("motif", max_length=300, blank=True)
    depot = models.ForeignKey(
        "indicateurs.ImportMesures",
        verbose_name="import",
        related_name="versions",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "version de mesure"
        verbose_name_plural = "versions de mesures"
        ordering = ["-ecrite_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicateur", "territoire", "millesime", "numero"],
                name="indicateurs_version_numero_unique",
                violation_error_message="Cette version de la mesure existe déjà.",
            ),
            models.CheckConstraint(
                name="indicateurs_version_valeur_selon_statut",
                condition=Q(statut__in=CHIFFRES, valeur__isnull=False)
                | (~Q(statut__in=CHIFFRES) & Q(valeur=None)),
                violation_error_message="Seul un état publié ou provisoire a une valeur.",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.numero}"
