"""Une session publique : programme, intervenants, inscriptions."""

import datetime
import uuid
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models.perimetre import borner, raisons
from edition.models import Versionne
from gouvernance.enums import EtatInscription, StatutIntervention, StatutSession
from gouvernance.models.contraintes import valeurs


class SessionQuerySet(models.QuerySet["Session"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Publiée ou annulée, pour tous ; en préparation, pour qui a un rôle sur son contrat."""
        return borner(
            self, raisons(utilisateur, publie=~Q(statut=StatutSession.BROUILLON), contrat="contrat")
        )

    def pour_page(self) -> Self:
        intervenants = Intervention.objects.order_by("ordre", "pk")
        points = PointDeProgramme.objects.prefetch_related(Prefetch("interventions", intervenants))
        return self.select_related("contrat").prefetch_related(
            Prefetch("programme", points.order_by("ordre", "pk"))
        )

    def pour_liste(self) -> Self:
        inscrites = Q(inscriptions__etat=EtatInscription.INSCRITE)
        return (
            self.select_related("contrat")
            .annotate(nb_inscrits=Count("inscriptions", filter=inscrites))
            .order_by("-le", "-pk")
        )


class Session(Versionne):
    """Rencontre ouverte à l'inscription : un programme, des places comptées, une date de clôture.

    Les données des inscrits ne sont vues que de qui l'organise, et s'effacent
    `conservation` jours après elle : `bilan` n'en garde que des nombres.
    """

    slug = models.SlugField("adresse", max_length=120, unique=True)
    contrat = models.ForeignKey(
        "contrats.Contrat",
        verbose_name="contrat concerné",
        related_name="sessions",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    nature = models.CharField("nature", max_length=60, default="Session")
    intitule = models.CharField("intitulé", max_length=300)
    organisateur = models.CharField("organisée par", max_length=200, blank=True)
    presentation = models.TextField("pourquoi cette session", blank=True)
    le = models.DateField("date")
    debut = models.TimeField("début")
    fin = models.TimeField("fin")
    lieu = models.CharField("lieu", max_length=200)
    capacite = models.PositiveSmallIntegerField(
        "participants au plus", validators=[MinValueValidator(1)]
    )
    cloture_le = models.DateField("inscriptions avant le")
    condition = models.CharField("condition d'adhésion", max_length=300, blank=True)
    profils = models.JSONField("profils visés", default=list, blank=True)
    statut = models.CharField(
        "statut", max_length=10, choices=StatutSession, default=StatutSession.BROUILLON
    )
    rappel = models.PositiveSmallIntegerField("rappel, jours avant", default=3)
    conservation = models.PositiveSmallIntegerField(
        "effacement des inscrits, jours après", default=90
    )
    demonstration = models.BooleanField("session de démonstration", default=False)
    purgee_le = models.DateTimeField("inscrits effacés le", null=True, blank=True, editable=False)
    bilan = models.JSONField("bilan", null=True, blank=True, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "session"
        verbose_name_plural = "sessions"
        ordering = ["-le", "-pk"]
        constraints = [
            valeurs("session", "statut", StatutSession, "Statut de session inconnu."),
            models.CheckConstraint(
                name="gouvernance_session_cloture_avant",
                condition=Q(cloture_le__lt=F("le")),
                violation_error_message="Les inscriptions se closent avant le jour de la session.",
            ),
            models.CheckConstraint(
                name="gouvernance_session_heures_ordonnees",
                condition=Q(fin__gt=F("debut")),
                violation_error_message="La fin suit le début.",
            ),
            models.CheckConstraint(
                name="gouvernance_session_capacite_positive",
                condition=Q(capacite__gte=1),
                violation_error_message="Une session a au moins une place.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    def get_absolute_url(self) -> str:
        return reverse("gouvernance:session-detail", args=[self.slug])

    @property
    def est_ouverte(self) -> bool:
        """On s'inscrit avant le jour de clôture, ce jour exclu."""
        return (
            self.statut == StatutSession.PUBLIEE
            and self.purgee_le is None
            and timezone.localdate() < self.cloture_le
        )

    @property
    def s_efface_le(self) -> datetime.date:
        """Jour où les données des inscrits s'effacent."""
        return self.le + datetime.timedelta(days=self.conservation)


class PointDeProgramme(models.Model):
    """Temps d'une session, avec ses intervenants."""

    session = models.ForeignKey(
        Session, verbose_name="session", related_name="programme", on_delete=models.CASCADE
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    heure = models.TimeField("heure", null=True, blank=True)
    intitule = models.CharField("intitulé", max_length=300)
    visio = models.BooleanField("par visioconférence", default=False)

    class Meta:
        verbose_name = "point du programme"
        verbose_name_plural = "points du programme"
        ordering = ["session", "ordre", "pk"]

    def __str__(self) -> str:
        return self.intitule


class Intervention(models.Model):
    """Personne annoncée au programme, avec sa fonction ; ni téléphone, ni courriel."""

    point = models.ForeignKey(
        PointDeProgramme,
        verbose_name="point",
        related_name="interventions",
        on_delete=models.CASCADE,
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    nom = models.CharField("nom", max_length=150)
    fonction = models.CharField("fonction", max_length=200, blank=True)
    organisme = models.CharField("organisme", max_length=200, blank=True)
    statut = models.CharField(
        "venue",
        max_length=12,
        choices=StatutIntervention,
        default=StatutIntervention.CONFIRME,
    )

    class Meta:
        verbose_name = "intervention"
        verbose_name_plural = "interventions"
        ordering = ["point", "ordre", "pk"]
        constraints = [
            valeurs("intervention", "statut", StatutIntervention, "Venue inconnue."),
        ]

    def __str__(self) -> str:
        return self.nom


class InscriptionQuerySet(models.QuerySet["Inscription"]):
    def inscrites(self) -> Self:
        return self.filter(etat=EtatInscription.INSCRITE).order_by("rang")

    def en_attente(self) -> Self:
        return self.filter(etat=EtatInscription.EN_ATTENTE).order_by("rang")


class Inscription(models.Model):
    """Demande d'une place : l'ordre d'arrivée (`rang`) décide, et ne change jamais."""

    session = models.ForeignKey(
        Session, verbose_name="session", related_name="inscriptions", on_delete=models.CASCADE
    )
    rang = models.PositiveIntegerField("rang d'arrivée")
    prenom = models.CharField("prénom", max_length=80)
    nom = models.CharField("nom", max_length=80)
    email = models.EmailField("courriel")
    organisme = models.CharField("organisme", max_length=150, blank=True)
    profil = models.CharField("profil", max_length=120, blank=True)
    adhesion = models.BooleanField("condition d'adhésion remplie", default=False)
    etat = models.CharField("état", max_length=10, choices=EtatInscription, editable=False)
    cle = models.UUIDField("clé du lien", default=uuid.uuid4, editable=False)
    empreinte = models.CharField("empreinte du lien", max_length=64, unique=True, editable=False)
    recue_le = models.DateTimeField("reçue le", auto_now_add=True)
    promue_le = models.DateTimeField("promue le", null=True, blank=True, editable=False)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True, editable=False)

    objects = InscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        verbose_name_plural = "inscriptions"
        ordering = ["session", "rang"]
        constraints = [
            valeurs("inscription", "etat", EtatInscription, "État d'inscription inconnu."),
            models.UniqueConstraint(
                fields=["session", "rang"],
                name="gouvernance_inscription_rang_unique",
                violation_error_message="Ce rang d'arrivée est déjà pris.",
            ),
            models.UniqueConstraint(
                fields=["session", "email"],
                condition=~Q(etat=EtatInscription.ANNULEE),
                name="gouvernance_inscription_courriel_unique",
                violation_error_message="Cette adresse est déjà inscrite.",
            ),
            models.CheckConstraint(
                name="gouvernance_inscription_annulee_datee",
                condition=Q(etat=EtatInscription.ANNULEE, annulee_le__isnull=False)
                | (~Q(etat=EtatInscription.ANNULEE) & Q(annulee_le=None)),
                violation_error_message="Une inscription annulée l'est à une date.",
            ),
        ]

    def __str__(self) -> str:
        return f"inscription {self.rang}"
