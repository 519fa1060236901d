"""L'historique de la matrice : des lots d'écriture, et l'état entier de chaque cellule touchée."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models import Action, Contrat
from contrats.models.perimetre import borner, raisons
from perr.models.matrice import Colonne


class LotQuerySet(models.QuerySet["Lot"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """L'historique se lit avec un rôle sur le contrat : le public n'en voit rien."""
        return borner(self, raisons(utilisateur, publie=Q(pk__in=[])))


class Lot(models.Model):
    """Cellules écrites ensemble : une saisie, un bloc collé, un import, une annulation.

    Ne s'écrit que par `perr.ecriture` et ne se supprime pas ; seul `annule_le` change, une fois.
    Sans auteur : ligne de commande.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="lots", on_delete=models.CASCADE
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="auteur",
        related_name="lots",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    motif = models.CharField("motif", max_length=300, blank=True)
    cree_le = models.DateTimeField("écrit le", default=timezone.now)
    defait = models.OneToOneField(
        "self",
        verbose_name="lot qu'il annule",
        related_name="defait_par",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = "lot de cellules"
        verbose_name_plural = "lots de cellules"
        ordering = ["-cree_le", "-pk"]

    def __str__(self) -> str:
        return self.motif or f"lot {self.pk}"


class VersionDeclinaison(models.Model):
    """État entier d'une cellule avant et après un lot : jamais modifié ni supprimé.

    `avant` ou `apres` vide : la cellule l'était. `numero` croît sans retour pour une cellule, même
    vidée puis remplie : une version lue ne désigne jamais deux états. La dernière version dont le
    lot précède une date donne la cellule à cette date (sinon `avant` de la suivante).
    """

    lot = models.ForeignKey(
        Lot, verbose_name="lot", related_name="versions", on_delete=models.CASCADE
    )
    action = models.ForeignKey(
        Action,
        verbose_name="action",
        related_name="versions_de_declinaisons",
        on_delete=models.CASCADE,
    )
    colonne = models.ForeignKey(
        Colonne, verbose_name="colonne", related_name="versions", on_delete=models.CASCADE
    )
    declinaison = models.UUIDField("identifiant public de la déclinaison")
    numero = models.PositiveIntegerField("numéro")
    avant = models.JSONField("avant", null=True, blank=True)
    apres = models.JSONField("après", null=True, blank=True)

    class Meta:
        verbose_name = "version de déclinaison"
        verbose_name_plural = "versions de déclinaisons"
        ordering = ["-lot", "action", "colonne"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "colonne", "numero"],
                name="perr_version_numero_unique",
                violation_error_message="Cette version de la cellule existe déjà.",
            ),
            models.CheckConstraint(
                name="perr_version_d_une_cellule_remplie",
                condition=Q(avant__isnull=False) | Q(apres__isnull=False),
                violation_error_message="Une version a un état avant ou un état après.",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.numero}"
