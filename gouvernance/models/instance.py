"""Instances d'un contrat et leurs participants."""

import uuid
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse

from comptes.models import Utilisateur
from contrats.models import Contrat
from gouvernance.enums import RoleParticipation, TypeInstance


class InstanceQuerySet(models.QuerySet["Instance"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Celles des contrats que l'utilisateur voit."""
        return self.filter(contrat__in=Contrat.objects.visibles_par(utilisateur))

    def pour_page(self) -> Self:
        """Chaque instance et ses participants, dans l'ordre imprimé."""
        participants = Participation.objects.select_related("organisme").order_by("ordre", "pk")
        return self.prefetch_related(Prefetch("participations", participants)).order_by(
            "contrat", "ordre", "pk"
        )


class Instance(models.Model):
    """Comité, groupe ou conférence que le contrat institue.

    `frequence` est le texte imprimé ; `par_an`, ce qu'il impose au moins : un comité de pilotage
    ou une conférence des maires manqués se voient.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    contrat = models.ForeignKey(
        "contrats.Contrat",
        verbose_name="contrat",
        related_name="instances",
        on_delete=models.CASCADE,
    )
    cle = models.SlugField("clé", max_length=120)
    ordre = models.PositiveSmallIntegerField("ordre")
    nom = models.CharField("nom", max_length=254)
    type = models.CharField("type", max_length=14, choices=TypeInstance)
    mission = models.TextField("mission", blank=True)
    frequence = models.CharField("fréquence", max_length=120, blank=True)
    par_an = models.PositiveSmallIntegerField("réunions par an, au moins", null=True, blank=True)

    objects = InstanceQuerySet.as_manager()

    class Meta:
        verbose_name = "instance"
        verbose_name_plural = "instances"
        ordering = ["contrat", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "cle"],
                name="gouvernance_instance_cle_unique",
                violation_error_message="Une autre instance de ce contrat a cette clé.",
            ),
            models.CheckConstraint(
                name="gouvernance_instance_type_connu",
                condition=Q(type__in=TypeInstance.values),
                violation_error_message="Type d'instance inconnu.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        adresse = reverse("gouvernance:contrat-gouvernance", args=[self.contrat.slug])
        return f"{adresse}#{self.cle}"


class Participation(models.Model):
    """Place d'un organisme, ou d'une catégorie d'acteurs, dans une instance."""

    instance = models.ForeignKey(
        Instance, verbose_name="instance", related_name="participations", on_delete=models.CASCADE
    )
    organisme = models.ForeignKey(
        "partenaires.Organisme",
        verbose_name="organisme",
        related_name="participations",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    libelle = models.CharField("participant imprimé", max_length=254)
    role = models.CharField("rôle", max_length=16, choices=RoleParticipation)
    ordre = models.PositiveSmallIntegerField("ordre")

    class Meta:
        verbose_name = "participation"
        verbose_name_plural = "participations"
        ordering = ["instance", "ordre", "pk"]
        constraints = [
            models.CheckConstraint(
                name="gouvernance_participation_role_connu",
                condition=Q(role__in=RoleParticipation.values),
                violation_error_message="Rôle de participation inconnu.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle
