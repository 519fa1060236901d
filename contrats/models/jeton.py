"""Jeton personnel d'API : un utilisateur, un contrat, lire ou écrire, jusqu'à une date."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models.contrat import Contrat


class JetonQuerySet(models.QuerySet["Jeton"]):
    def utilisables(self) -> Self:
        """Ni révoqués, ni échus, d'un compte actif."""
        return self.filter(
            revoque_le=None, expire_le__gt=timezone.now(), utilisateur__is_active=True
        )

    def de(self, utilisateur: Utilisateur) -> Self:
        """Ses jetons, le plus récent d'abord."""
        return self.filter(utilisateur=utilisateur).select_related("contrat").order_by("-pk")


class Jeton(models.Model):
    """Ouvre l'API au nom de son utilisateur, sur un seul contrat, sans jamais dépasser ses droits.

    Le texte du jeton, `rcp_<cle>.<secret>`, n'est montré qu'une fois ; la base n'a que
    l'empreinte du secret : une copie de la base n'ouvre rien.
    """

    cle = models.CharField("clé", max_length=16, unique=True, editable=False)
    empreinte = models.CharField("empreinte du secret", max_length=64, editable=False)
    nom = models.CharField("nom", max_length=100)
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="utilisateur",
        related_name="jetons",
        on_delete=models.CASCADE,
    )
    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="jetons", on_delete=models.CASCADE
    )
    ecriture = models.BooleanField("peut écrire", default=False)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    expire_le = models.DateTimeField("expire le")
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)
    utilise_le = models.DateTimeField("dernière utilisation", null=True, blank=True)

    objects = JetonQuerySet.as_manager()

    class Meta:
        verbose_name = "jeton d'API"
        verbose_name_plural = "jetons d'API"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="contrats_jeton_expire_apres_sa_creation",
                condition=Q(expire_le__gt=F("cree_le")),
                violation_error_message="Un jeton expire après sa création.",
            ),
            models.CheckConstraint(
                name="contrats_jeton_nomme",
                condition=~Q(nom=""),
                violation_error_message="Dites à quoi sert ce jeton.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def etat(self) -> str:
        """En service, échu ou révoqué ; même règle que `utilisables()`."""
        if self.revoque_le is not None:
            return "révoqué"
        return "en service" if self.expire_le > timezone.now() else "échu"

    @property
    def debut(self) -> str:
        """Ce qui le fait reconnaître sans l'ouvrir : son début."""
        return f"rcp_{self.cle}.…"

    def note_son_usage(self, instant: datetime.datetime) -> bool:
        """L'usage se note à l'heure près : une écriture par appel coûterait trop."""
        return self.utilise_le is None or instant - self.utilise_le > datetime.timedelta(hours=1)
