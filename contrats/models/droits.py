"""Les rôles sur un contrat, et l'invitation qui en donne un."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contrats.enums import RoleHabilitation
from contrats.models.contraintes import valeurs
from contrats.models.contrat import Contrat


class HabilitationQuerySet(models.QuerySet["Habilitation"]):
    def en_vigueur(self, le: datetime.date | None = None) -> Self:
        """Celles qui valent à cette date (aujourd'hui par défaut) ; `fin` est le dernier jour."""
        return self.filter(Q(fin=None) | Q(fin__gte=le or timezone.localdate()))


class Habilitation(models.Model):
    """Rôle d'un utilisateur sur un contrat : un seul par contrat.

    Elle vaut aussi pour les contrats enfants, sauf si `aux_enfants` dit non ; sur un enfant, le
    rôle donné au plus près l'emporte. Passé `fin`, elle ne vaut plus rien.
    """

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="utilisateur",
        related_name="habilitations",
        on_delete=models.CASCADE,
    )
    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="habilitations", on_delete=models.CASCADE
    )
    role = models.CharField("rôle", max_length=12, choices=RoleHabilitation)
    aux_enfants = models.BooleanField("vaut aussi pour les contrats enfants", default=True)
    fin = models.DateField("dernier jour", null=True, blank=True)

    objects = HabilitationQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitation"
        verbose_name_plural = "habilitations"
        ordering = ["contrat", "utilisateur"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "contrat"],
                name="contrats_habilitation_unique",
                violation_error_message="Cet utilisateur a déjà un rôle sur ce contrat.",
            ),
            valeurs("habilitation", "role", RoleHabilitation, "Rôle inconnu."),
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur_id} : {self.get_role_display()}"

    @property
    def est_en_vigueur(self) -> bool:
        """Même règle que `en_vigueur()`."""
        return self.fin is None or self.fin >= timezone.localdate()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def ouvertes(self) -> Self:
        """Celles qu'on peut encore accepter : ni acceptées, ni révoquées, ni expirées."""
        return self.filter(acceptee_le=None, revoquee_le=None, expire_le__gt=timezone.now())


class Invitation(models.Model):
    """Proposition d'un rôle, envoyée par courriel : une personne, une fois, jusqu'à `expire_le`.

    Le jeton n'est que dans le courriel ; la base en garde l'empreinte.
    """

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="invitations", on_delete=models.CASCADE
    )
    email = models.EmailField("courriel")
    role = models.CharField("rôle", max_length=12, choices=RoleHabilitation)
    aux_enfants = models.BooleanField("vaut aussi pour les contrats enfants", default=True)
    fin = models.DateField("dernier jour du rôle", null=True, blank=True)
    empreinte = models.CharField("empreinte du jeton", max_length=64, unique=True, editable=False)
    invitee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="invitée par",
        related_name="invitations_envoyees",
        on_delete=models.PROTECT,
    )
    cree_le = models.DateTimeField("créée le", auto_now_add=True)
    expire_le = models.DateTimeField("expire le")
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    acceptee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="acceptée par",
        related_name="invitations_acceptees",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    revoquee_le = models.DateTimeField("révoquée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            valeurs("invitation", "role", RoleHabilitation, "Rôle inconnu."),
            models.CheckConstraint(
                name="contrats_invitation_une_issue",
                condition=Q(acceptee_le=None, acceptee_par=None)
                | Q(acceptee_le__isnull=False, acceptee_par__isnull=False, revoquee_le=None),
                violation_error_message="Une invitation est acceptée par quelqu'un, ou révoquée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} : {self.get_role_display()}"

    @property
    def est_ouverte(self) -> bool:
        """Même règle que `ouvertes()`."""
        return (
            self.acceptee_le is None
            and self.revoquee_le is None
            and self.expire_le > timezone.now()
        )
