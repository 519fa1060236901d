"""Un document en cours de reprise, puis repris ; ce que les reprises ont appris."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from comptes.models import Utilisateur
from contrats.enums import TypeContrat
from contrats.models import Contrat
from edition.models import Versionne


class DocumentReprisQuerySet(models.QuerySet["DocumentRepris"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Ceux qu'on a déposés, et ceux des contrats où l'on a un rôle ; jamais le public."""
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.is_superuser:
            return self
        siens = Contrat.objects.habilites(utilisateur)
        return self.filter(
            Q(depose_par=utilisateur) | Q(contrat__in=siens) | Q(session__contrat__in=siens)
        )

    def pour_liste(self) -> Self:
        """Tout sauf les octets et les blocs, du plus récent au plus ancien."""
        lourds = ("fichier", "lecture", "decisions", "passe")
        return (
            self.select_related("depose_par", "contrat", "session")
            .defer(*lourds)
            .order_by("-depose_le", "-pk")
        )


class DocumentRepris(Versionne):
    """Fichier déposé : ses octets et leur empreinte, ses blocs, les décisions de l'agent.

    Ce qui est compris se recalcule à chaque lecture ; seules les décisions s'enregistrent, et les
    précédentes, pour annuler. Écrit, il reste attaché au contrat ou à la session, et ne change
    plus.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    nom = models.CharField("nom du fichier", max_length=200)
    format = models.CharField("format lu", max_length=12)
    fichier = models.BinaryField("fichier déposé")
    taille = models.PositiveIntegerField("taille (octets)")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    lecture = models.JSONField("blocs lus", default=dict)
    decisions = models.JSONField("décisions", default=dict, blank=True)
    passe = models.JSONField("décisions d'avant", default=list, blank=True)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="déposé par",
        related_name="documents_repris",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    depose_le = models.DateTimeField("déposé le", auto_now_add=True)
    contrat = models.OneToOneField(
        Contrat,
        verbose_name="contrat écrit",
        related_name="document_repris",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    session = models.OneToOneField(
        "gouvernance.Session",
        verbose_name="session écrite",
        related_name="document_repris",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    ecrit_le = models.DateTimeField("écrit le", null=True, blank=True)
    abandonne_le = models.DateTimeField("abandonné le", null=True, blank=True)
    bilan = models.JSONField("bilan", default=dict, blank=True)

    objects = DocumentReprisQuerySet.as_manager()

    class Meta:
        verbose_name = "document repris"
        verbose_name_plural = "documents repris"
        ordering = ["-depose_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="reprise_documentrepris_ecrit_a_son_contrat",
                condition=Q(ecrit_le=None, contrat=None, session=None)
                | Q(ecrit_le__isnull=False, contrat__isnull=False, session=None)
                | Q(ecrit_le__isnull=False, contrat=None, session__isnull=False),
                violation_error_message=(
                    "Un document écrit l'est dans un contrat ou une session, à une date."
                ),
            ),
            models.CheckConstraint(
                name="reprise_documentrepris_ecrit_ou_abandonne",
                condition=Q(ecrit_le=None) | Q(abandonne_le=None),
                violation_error_message="Un document écrit dans un contrat ne s'abandonne plus.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("reprise:document-detail", args=[self.public_id])

    @property
    def est_ouvert(self) -> bool:
        return self.ecrit_le is None and self.abandonne_le is None

    @property
    def etat(self) -> str:
        if self.ecrit_le:
            return "Repris"
        return "Abandonné" if self.abandonne_le else "À relire"


class Repere(models.Model):
    """Libellé appris d'une correction acceptée : il fera reconnaître la même partie ailleurs.

    Il nomme une section d'un modèle de fiche, ou un rôle dans un type de contrat.
    """

    libelle = models.CharField("libellé", max_length=200)
    section = models.ForeignKey(
        "contrats.SectionModele",
        verbose_name="section",
        related_name="reperes",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    role = models.CharField("rôle", max_length=30, blank=True)
    type_contrat = models.CharField(
        "type de contrat", max_length=20, choices=TypeContrat, blank=True
    )
    appris_de = models.ForeignKey(
        DocumentRepris,
        verbose_name="appris de",
        related_name="reperes",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    appris_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="appris par",
        related_name="reperes",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    appris_le = models.DateTimeField("appris le", auto_now_add=True)

    class Meta:
        verbose_name = "repère"
        verbose_name_plural = "repères"
        ordering = ["libelle", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["libelle", "section"],
                condition=Q(section__isnull=False),
                name="reprise_repere_section_unique",
                violation_error_message="Cette section a déjà ce libellé.",
            ),
            models.CheckConstraint(
                name="reprise_repere_section_ou_role",
                condition=Q(section__isnull=False, role="") | (Q(section=None) & ~Q(role="")),
                violation_error_message="Un repère nomme une section ou un rôle, pas les deux.",
            ),
            models.CheckConstraint(
                name="reprise_repere_type_contrat_connu",
                condition=Q(type_contrat__in=[*TypeContrat.values, ""]),
                violation_error_message="Type de contrat inconnu.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle


class RetourQuerySet(models.QuerySet["Retour"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Ceux des contrats où l'on a un rôle ; jamais le public."""
        return self.filter(contrat__in=Contrat.objects.habilites(utilisateur))

    def pour_liste(self) -> Self:
        return self.select_related("depose_par").defer("fichier").order_by("-depose_le", "-pk")


class Retour(Versionne):
    """Export DOCX revenu annoté : comparé au texte en vigueur, accepté ou refusé pièce à pièce."""

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="retours", on_delete=models.CASCADE
    )
    nom = models.CharField("nom du fichier", max_length=200)
    fichier = models.BinaryField("fichier déposé")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    refuses = models.JSONField("pièces refusées", default=dict, blank=True)
    acceptes = models.PositiveIntegerField("pièces acceptées", default=0)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="déposé par",
        related_name="retours",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    depose_le = models.DateTimeField("déposé le", auto_now_add=True)

    objects = RetourQuerySet.as_manager()

    class Meta:
        verbose_name = "retour"
        verbose_name_plural = "retours"
        ordering = ["-depose_le", "-pk"]

    def __str__(self) -> str:
        return self.nom
