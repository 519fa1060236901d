"""Actes des assemblées sur un contrat : délibérations et avis."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.models.perimetre import borner, raisons
from edition.models import Versionne
from gouvernance.enums import SensAvis, StatutDeliberation
from gouvernance.models.contraintes import valeurs
from gouvernance.models.instance import Instance


class DeliberationQuerySet(models.QuerySet["Deliberation"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """D'un contrat publié, les actes et les projets ouverts au public ; ou l'utilisateur a un
        rôle sur le contrat."""
        ouverte = Q(statut=StatutDeliberation.ADOPTEE) | Q(publique=True)
        publie = ouverte & Q(contrat__publie_le__isnull=False)
        return borner(self, raisons(utilisateur, publie=publie))

    def ordonnees(self) -> Self:
        return self.order_by("contrat", "numero", "pk")


class Deliberation(Versionne):
    """Acte d'une assemblée sur un contrat, ou son projet : visas et articles, dans l'ordre.

    `statut` ne s'écrit que par `gouvernance.transitions`. Adoptée, elle a une date de séance ; un
    projet n'est jamais exporté comme acte (SCDL).
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    contrat = models.ForeignKey(
        "contrats.Contrat",
        verbose_name="contrat",
        related_name="deliberations",
        on_delete=models.CASCADE,
    )
    numero = models.CharField("numéro", max_length=40)
    point = models.CharField("point de l'ordre du jour", max_length=20, blank=True)
    statut = models.CharField(
        "statut", max_length=10, choices=StatutDeliberation, default=StatutDeliberation.PROJET
    )
    publique = models.BooleanField("le public lit le projet", default=False)
    objet = models.CharField("objet", max_length=500)
    organe = models.CharField("organe", max_length=200)
    rapporteur = models.CharField("rapporteur", max_length=200, blank=True)
    commission = models.CharField("commission", max_length=200, blank=True)
    avis = models.CharField("avis de la commission", max_length=60, blank=True)
    avis_le = models.DateField("avis rendu le", null=True, blank=True)
    seance_le = models.DateField("séance du", null=True, blank=True)
    expose = models.TextField("exposé", blank=True)
    visas = models.JSONField("visas", default=list, blank=True)
    articles = models.JSONField("articles", default=list, blank=True)
    collectivite = models.CharField("collectivité", max_length=200, blank=True)
    siret = models.CharField("SIRET de la collectivité", max_length=14, blank=True)
    matiere_code = models.CharField("code de la matière", max_length=10, blank=True)
    matiere_nom = models.CharField("matière", max_length=200, blank=True)
    prefecture_ref = models.CharField("référence en préfecture", max_length=60, blank=True)
    prefecture_le = models.DateField("reçue en préfecture le", null=True, blank=True)
    vote_effectif = models.PositiveSmallIntegerField("membres en exercice", null=True, blank=True)
    vote_pour = models.PositiveSmallIntegerField("pour", null=True, blank=True)
    vote_contre = models.PositiveSmallIntegerField("contre", null=True, blank=True)
    vote_abstention = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    statut_le = models.DateTimeField("statut constaté le", null=True, blank=True, editable=False)
    statut_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="statut constaté par",
        related_name="deliberations_constatees",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
    )
    motif_statut = models.CharField(
        "pourquoi elle est redevenue un projet", max_length=300, blank=True, editable=False
    )

    objects = DeliberationQuerySet.as_manager()

    class Meta:
        verbose_name = "délibération"
        verbose_name_plural = "délibérations"
        ordering = ["contrat", "numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "numero"],
                name="gouvernance_deliberation_numero_unique",
                violation_error_message="Une autre délibération de ce contrat a ce numéro.",
            ),
            models.CheckConstraint(
                name="gouvernance_deliberation_statut_connu",
                condition=Q(statut__in=StatutDeliberation.values),
                violation_error_message="Statut de délibération inconnu.",
            ),
            models.CheckConstraint(
                name="gouvernance_deliberation_adoptee_datee",
                condition=Q(statut=StatutDeliberation.PROJET, seance_le=None)
                | Q(statut=StatutDeliberation.ADOPTEE, seance_le__isnull=False),
                violation_error_message="Adoptée, elle a une date de séance ; elle seule.",
            ),
            models.CheckConstraint(
                name="gouvernance_deliberation_vote_entier",
                condition=Q(vote_pour=None, vote_contre=None, vote_abstention=None)
                | Q(
                    statut=StatutDeliberation.ADOPTEE,
                    vote_pour__isnull=False,
                    vote_contre__isnull=False,
                    vote_abstention__isnull=False,
                ),
                violation_error_message=(
                    "Un vote dit ses pour, ses contre et ses abstentions ; un projet n'en a pas."
                ),
            ),
            models.CheckConstraint(
                name="gouvernance_deliberation_vote_possible",
                condition=Q(vote_effectif=None)
                | Q(vote_pour=None)
                | Q(vote_effectif__gte=F("vote_pour") + F("vote_contre") + F("vote_abstention")),
                violation_error_message="Plus de votes que de membres en exercice.",
            ),
        ]

    def __str__(self) -> str:
        return self.numero

    def get_absolute_url(self) -> str:
        return reverse("gouvernance:deliberation-detail", args=[self.public_id])

    def garder_version(self, *, par: Any, motif: str = "") -> None:
        """Un acte garde sa date, son vote et qui l'a constaté ; il n'a pas d'autre historique."""

    @property
    def vote_reel(self) -> int | None:
        """Votes exprimés et abstentions ; inconnu si le vote n'est pas imprimé."""
        votes = (self.vote_pour, self.vote_contre, self.vote_abstention)
        return None if None in votes else sum(v for v in votes if v is not None)


class AvisQuerySet(models.QuerySet["Avis"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Ceux des contrats que l'utilisateur voit."""
        return self.filter(contrat__in=Contrat.objects.visibles_par(utilisateur))


class Avis(models.Model):
    """Avis d'une instance ou d'un organisme sur un contrat : conférence des maires, commission."""

    contrat = models.ForeignKey(
        "contrats.Contrat", verbose_name="contrat", related_name="avis", on_delete=models.CASCADE
    )
    deliberation = models.ForeignKey(
        Deliberation,
        verbose_name="délibération éclairée",
        related_name="avis_rendus",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    instance = models.ForeignKey(
        Instance,
        verbose_name="instance",
        related_name="avis",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    auteur = models.CharField("rendu par", max_length=200)
    objet = models.CharField("objet", max_length=500)
    sens = models.CharField("sens", max_length=12, choices=SensAvis)
    rendu_le = models.DateField("rendu le", null=True, blank=True)
    texte = models.TextField("motifs", blank=True)

    objects = AvisQuerySet.as_manager()

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["contrat", "rendu_le", "pk"]
        constraints = [
            valeurs("avis", "sens", SensAvis, "Sens d'avis inconnu."),
            models.UniqueConstraint(
                fields=["contrat", "auteur", "objet"],
                name="gouvernance_avis_unique",
                violation_error_message="Cet avis est déjà là.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auteur} : {self.get_sens_display().lower()}"
