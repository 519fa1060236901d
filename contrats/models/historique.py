"""L'histoire des actions : leur état entier à chaque changement, pour lire « à la date du »."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.enums import StatutFiche
from contrats.models.action import Action
from contrats.models.contrat import Contrat
from contrats.models.fiche import Fiche
from contrats.models.perimetre import borner, raisons


class EtatActionQuerySet(models.QuerySet["EtatAction"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Comme les actions : le passé d'une fiche se lit si la fiche se lit aujourd'hui."""
        publie = Q(contrat__publie_le__isnull=False) & (
            Q(fiche=None) | Q(fiche__statut=StatutFiche.PUBLIEE)
        )
        return borner(self, raisons(utilisateur, publie=publie))

    def derniers(self) -> Self:
        """Le dernier état de chaque action, parmi ceux-ci."""
        rang = Window(
            RowNumber(), partition_by="identifiant", order_by=[F("le").desc(), F("pk").desc()]
        )
        return self.annotate(rang=rang).filter(rang=1).order_by("contrat", "pk")


class EtatAction(models.Model):
    """État entier d'une action depuis un instant : jamais modifié ni supprimé.

    `etat` vide : l'action n'est plus au contrat (retirée, ou sa fiche à la corbeille). Le dernier
    état dont `le` précède une date donne l'action à cette date. Ne s'écrit que par
    `contrats.historique`. Sans auteur : chargement, ligne de commande.
    """

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="etats_d_action", on_delete=models.CASCADE
    )
    fiche = models.ForeignKey(
        Fiche,
        verbose_name="fiche",
        related_name="etats_d_action",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    action = models.ForeignKey(
        Action,
        verbose_name="action",
        related_name="etats",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    identifiant = models.UUIDField("identifiant public de l'action")
    etat = models.JSONField("état", null=True, blank=True)
    le = models.DateTimeField("depuis le", default=timezone.now)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="auteur",
        related_name="etats_d_action",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )

    objects = EtatActionQuerySet.as_manager()

    class Meta:
        verbose_name = "état d'action"
        verbose_name_plural = "états d'action"
        ordering = ["-le", "-pk"]
        indexes = [models.Index(fields=["contrat", "le"], name="contrats_etat_date")]

    def __str__(self) -> str:
        return f"état de {self.identifiant} depuis le {self.le:%d/%m/%Y}"
