"""La séance d'une instance : ordre du jour, présences, décisions."""

import datetime
import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.models.perimetre import PROFONDEUR, borner, raisons
from edition.models import Versionne
from gouvernance.enums import (
    EtatPresence,
    GenrePoint,
    StatutSeance,
    TypeInstance,
)
from gouvernance.models.contraintes import valeurs
from gouvernance.models.instance import Instance


class SeanceQuerySet(models.QuerySet["Seance"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Annoncée, ouverte au public et d'un contrat publié ; ou l'utilisateur a un rôle sur le
        contrat."""
        publie = Q(
            publique=True,
            statut__in=StatutSeance.annoncees(),
            instance__contrat__publie_le__isnull=False,
        )
        return borner(self, raisons(utilisateur, publie=publie, contrat="instance__contrat"))

    def closes(self) -> Self:
        return self.filter(statut=StatutSeance.CLOSE)

    def comites(self, contrat: Contrat) -> Self:
        """Séances de pilotage du contrat, ou d'un contrat dont il est l'annexe : le comité du
        contrat de ville est aussi celui de son PERR. De la plus récente à la plus ancienne."""
        lignee = Q(instance__contrat=contrat)
        for rang in range(1, PROFONDEUR + 1):
            lignee |= Q(**{f"instance__contrat__{'enfants__' * rang}pk": contrat.pk})
        return self.filter(
            pk__in=Seance.objects.filter(lignee, instance__type=TypeInstance.PILOTAGE).values("pk")
        ).order_by("-le", "-pk")

    def dernier_comite(
        self, contrat: Contrat, avant: datetime.date | None = None
    ) -> "Seance | None":
        """Le dernier comité clos, au plus tard à cette date : ce qui a changé « depuis »."""
        lignes = self.comites(contrat).closes()
        return (lignes.filter(le__lt=avant) if avant else lignes).first()

    def pour_liste(self) -> Self:
        return (
            self.select_related("instance__contrat")
            .annotate(
                nb_points=Count("points", distinct=True),
                nb_decisions=Count("decisions", distinct=True),
            )
            .order_by("-le", "-pk")
        )


class Seance(Versionne):
    """Réunion d'une instance : préparée, convoquée, ouverte, close.

    `statut` ne s'écrit que par `gouvernance.transitions`. À la clôture, `etat_fige` garde les
    chiffres et les actions du jour, `versions` les textes en vigueur : le dossier se relit tel
    qu'il était. Une date seule est admise : un compte rendu ancien n'imprime pas l'heure.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    instance = models.ForeignKey(
        Instance, verbose_name="instance", related_name="seances", on_delete=models.PROTECT
    )
    le = models.DateField("date")
    heure = models.TimeField("heure", null=True, blank=True)
    fin = models.TimeField("heure de fin", null=True, blank=True)
    lieu = models.CharField("lieu", max_length=200, blank=True)
    objet = models.CharField("objet", max_length=200, blank=True)
    quorum = models.PositiveSmallIntegerField("quorum (membres présents)", null=True, blank=True)
    publique = models.BooleanField("le public voit sa date, puis ses décisions", default=False)
    demonstration = models.BooleanField("séance de démonstration", default=False)
    statut = models.CharField(
        "statut",
        max_length=10,
        choices=StatutSeance,
        default=StatutSeance.PREPAREE,
        editable=False,
    )
    convoquee_le = models.DateTimeField("convoquée le", null=True, blank=True, editable=False)
    ouverte_le = models.DateTimeField("ouverte le", null=True, blank=True, editable=False)
    close_le = models.DateTimeField("close le", null=True, blank=True, editable=False)
    close_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="close par",
        related_name="seances_closes",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
    )
    etat_fige = models.JSONField("état figé", null=True, blank=True, editable=False)
    versions = models.ManyToManyField(
        "contrats.Version",
        verbose_name="textes en vigueur à la clôture",
        related_name="seances",
        blank=True,
        editable=False,
    )

    objects = SeanceQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        verbose_name_plural = "séances"
        ordering = ["-le", "-pk"]
        constraints = [
            valeurs("seance", "statut", StatutSeance, "Statut de séance inconnu."),
            models.CheckConstraint(
                name="gouvernance_seance_close_par_quelqu_un",
                condition=Q(close_le=None, close_par=None)
                | Q(statut=StatutSeance.CLOSE, close_le__isnull=False, close_par__isnull=False),
                violation_error_message="Une séance close ici l'est à une date et par quelqu'un.",
            ),
            models.CheckConstraint(
                name="gouvernance_seance_fin_apres_debut",
                condition=Q(fin=None) | Q(heure__isnull=False, fin__gt=models.F("heure")),
                violation_error_message="La fin suit le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instance.nom[:1].upper()}{self.instance.nom[1:]} du {self.le:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("gouvernance:seance-detail", args=[self.public_id])

    def garder_version(self, *, par: Any, motif: str = "") -> None:
        """Une séance n'a pas d'historique propre : ses points et décisions en sont la trace."""

    @property
    def contrat(self) -> Contrat:
        return self.instance.contrat

    @property
    def instant(self) -> datetime.datetime:
        """Quand elle s'est tenue ; sans heure connue, la fin du jour."""
        if self.close_le:
            return self.close_le
        heure = self.fin or self.heure or datetime.time(23, 59)
        return timezone.make_aware(datetime.datetime.combine(self.le, heure))

    @property
    def se_prepare(self) -> bool:
        return self.statut in StatutSeance.a_venir()


class Convocation(models.Model):
    """Une personne attendue à une séance : ce qu'elle y représente, et si elle y était.

    Le nom et le courriel ne sortent jamais de l'atelier ; le procès-verbal dit la qualité.
    """

    seance = models.ForeignKey(
        Seance, verbose_name="séance", related_name="convocations", on_delete=models.CASCADE
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    libelle = models.CharField("qualité", max_length=254)
    nom = models.CharField("nom", max_length=150, blank=True)
    email = models.EmailField("courriel", blank=True)
    deliberatif = models.BooleanField("compte pour le quorum", default=True)
    presence = models.CharField(
        "présence", max_length=10, choices=EtatPresence, default=EtatPresence.ATTENDU
    )
    represente_par = models.CharField("représenté par", max_length=150, blank=True)
    convoquee_le = models.DateTimeField("convoquée le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "convocation"
        verbose_name_plural = "convocations"
        ordering = ["seance", "ordre", "pk"]
        constraints = [
            valeurs("convocation", "presence", EtatPresence, "Présence inconnue."),
            models.CheckConstraint(
                name="gouvernance_convocation_representee",
                condition=~Q(presence=EtatPresence.REPRESENTE) | ~Q(represente_par=""),
                violation_error_message="Représenté : dites par qui.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle


class Point(models.Model):
    """Point de l'ordre du jour : ce dont on parle, pourquoi, et ce qu'il s'en est dit."""

    seance = models.ForeignKey(
        Seance, verbose_name="séance", related_name="points", on_delete=models.CASCADE
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    genre = models.CharField("genre", max_length=10, choices=GenrePoint)
    intitule = models.CharField("intitulé", max_length=300)
    raison = models.CharField("pourquoi", max_length=300, blank=True)
    note = models.TextField("ce qui s'est dit", blank=True)
    action = models.ForeignKey(
        "contrats.Action",
        verbose_name="action",
        related_name="points",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    fiche = models.ForeignKey(
        "contrats.Fiche",
        verbose_name="fiche",
        related_name="points",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    article = models.ForeignKey(
        "contrats.Article",
        verbose_name="article",
        related_name="points",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    indicateur = models.ForeignKey(
        "indicateurs.Indicateur",
        verbose_name="indicateur",
        related_name="points",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    deliberation = models.ForeignKey(
        "gouvernance.Deliberation",
        verbose_name="délibération",
        related_name="points",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    decision_suivie = models.ForeignKey(
        "gouvernance.Decision",
        verbose_name="décision suivie",
        related_name="rappels",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    vu_le = models.DateTimeField("dernier passage", null=True, blank=True, editable=False)
    traite_le = models.DateTimeField("traité le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "point de l'ordre du jour"
        verbose_name_plural = "points de l'ordre du jour"
        ordering = ["seance", "ordre", "pk"]
        constraints = [
            valeurs("point", "genre", GenrePoint, "Genre de point inconnu."),
            models.UniqueConstraint(
                fields=["seance", "action", "genre"],
                condition=Q(action__isnull=False, decision_suivie=None),
                name="gouvernance_point_action_une_fois",
                violation_error_message="Cette action est déjà à l'ordre du jour.",
            ),
            models.UniqueConstraint(
                fields=["seance", "decision_suivie"],
                condition=Q(decision_suivie__isnull=False),
                name="gouvernance_point_decision_une_fois",
                violation_error_message="Cette décision est déjà à l'ordre du jour.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule
