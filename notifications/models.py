"""Notifications et préférences de chaque personne."""

from collections.abc import Collection
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from comptes.models import Utilisateur
from notifications.enums import Cadence
from notifications.registre import EVENEMENTS, GENRES

# Passé ce délai, ce qui n'est pas parti n'est plus une nouvelle : il reste à l'écran.
DELAI_DE_COURRIEL = timedelta(days=14)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visibles_par(
        self, utilisateur: Utilisateur | AnonymousUser, genres: Collection[str] | None = None
    ) -> Self:
        """Les siennes, et d'elles seules celles dont il a encore le droit de lire l'objet ;
        `genres` : de ces genres seulement, la question en étant plus courte."""
        if not utilisateur.is_authenticated or not utilisateur.is_active:
            return self.none()
        lisible = Q(pk__in=[])
        for genre in GENRES.values():
            if genres is not None and genre.cle not in genres:
                continue
            objets = genre.lisibles(utilisateur).filter(pk=OuterRef("objet")).order_by()
            lisible |= Q(Exists(objets), genre=genre.cle)
        return self.filter(lisible, destinataire=utilisateur, evenement__in=list(EVENEMENTS))

    def non_lues(self) -> Self:
        return self.filter(lue_le=None)

    def a_envoyer(self) -> Self:
        """Ni lues, ni parties, ni trop vieilles ; la cadence de chacun se regarde à part."""
        return self.non_lues().filter(
            envoyee_le=None, cree_le__gte=timezone.now() - DELAI_DE_COURRIEL
        )

    def pour_liste(self) -> Self:
        """De la plus récente à la plus ancienne."""
        return self.select_related("auteur").order_by("-cree_le", "-pk")


class Notification(models.Model):
    """Un fait porté à la connaissance d'une personne, une seule fois : `cle` nomme le fait.

    Elle ne garde aucun texte : l'objet concerné (`genre`, `objet`) se relit, avec les droits du
    destinataire, chaque fois qu'elle se montre ou s'envoie. Sans auteur : un fait du calendrier.
    """

    destinataire = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="destinataire",
        related_name="notifications",
        on_delete=models.CASCADE,
    )
    evenement = models.CharField("événement", max_length=40)
    genre = models.CharField("genre de l'objet", max_length=40)
    objet = models.PositiveBigIntegerField("identifiant de l'objet")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="auteur",
        related_name="notifications_causees",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    cle = models.CharField("clé du fait", max_length=200)
    cree_le = models.DateTimeField("créée le", default=timezone.now)
    lue_le = models.DateTimeField("lue le", null=True, blank=True)
    envoyee_le = models.DateTimeField("mise dans un courriel le", null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = "notification"
        verbose_name_plural = "notifications"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(
                fields=["destinataire", "cree_le"],
                name="notifications_non_lues",
                condition=Q(lue_le=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["destinataire", "cle"],
                name="notifications_notification_un_fait",
                violation_error_message="Cette personne a déjà été prévenue de ce fait.",
            ),
            models.CheckConstraint(
                name="notifications_notification_pas_a_l_auteur",
                condition=Q(auteur=None) | ~Q(auteur=models.F("destinataire")),
                violation_error_message="On ne prévient pas quelqu'un de ce qu'il a fait.",
            ),
        ]

    def __str__(self) -> str:
        return self.cle


class Preference(models.Model):
    """Cadence qu'une personne a choisie pour un événement ; sans événement, pour tous les autres,
    y compris ceux qui n'existent pas encore."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="utilisateur",
        related_name="preferences",
        on_delete=models.CASCADE,
    )
    evenement = models.CharField("événement", max_length=40, blank=True)
    cadence = models.CharField("cadence", max_length=12, choices=Cadence)

    class Meta:
        verbose_name = "préférence"
        verbose_name_plural = "préférences"
        ordering = ["utilisateur", "evenement"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "evenement"],
                name="notifications_preference_unique",
                violation_error_message="Cette personne a déjà choisi pour cet événement.",
            ),
            models.CheckConstraint(
                name="notifications_preference_cadence_connue",
                condition=Q(cadence__in=Cadence.values),
                violation_error_message="Cette cadence n'existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evenement or 'tout'} : {self.get_cadence_display()}"
