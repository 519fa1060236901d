"""La campagne, ses signataires et leurs changements d'état."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from comptes.models import Utilisateur
from contrats.enums import RoleSignature
from contrats.models import Contrat, Partie
from documents.models import DocumentFige
from signatures.enums import EtatCampagne, EtatSignataire, RegleEffet, TransitionSignataire

SIGNE = Q(etat__in=EtatSignataire.signes())


class CampagneSignatureQuerySet(models.QuerySet["CampagneSignature"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Celles des contrats où l'utilisateur a un rôle ; jamais par la seule publication."""
        return self.filter(document__contrat__in=Contrat.objects.habilites(utilisateur))

    def pour_liste(self) -> Self:
        """De la plus récente à la plus ancienne, avec ses comptes."""
        siens = Q(signataires__role=RoleSignature.SIGNATAIRE)
        signes = siens & Q(signataires__etat__in=EtatSignataire.signes())
        return (
            self.select_related("document__contrat", "preparee_par")
            .annotate(
                nb_signataires=Count("signataires", filter=siens),
                nb_signes=Count("signataires", filter=signes),
            )
            .order_by("-preparee_le", "-pk")
        )

    def vivantes(self) -> Self:
        """Ni annulées, ni en préparation : des signatures y sont attendues ou reçues."""
        return self.filter(etat__in=[EtatCampagne.EN_COURS, EtatCampagne.COMPLETE])


class CampagneSignature(models.Model):
    """Faire signer un document figé par les parties d'un contrat, chacune à sa façon.

    `effet_le` : la date fixée, ou celle de la dernière signature, écrite quand toutes sont là.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    document = models.ForeignKey(
        DocumentFige,
        verbose_name="document à signer",
        related_name="campagnes_de_signature",
        on_delete=models.PROTECT,
    )
    etat = models.CharField(
        "état",
        max_length=16,
        choices=EtatCampagne,
        default=EtatCampagne.EN_PREPARATION,
        editable=False,
    )
    ordonnee = models.BooleanField("chacun à son tour, dans l'ordre", default=False)
    regle_effet = models.CharField(
        "prise d'effet", max_length=10, choices=RegleEffet, default=RegleEffet.DERNIERE
    )
    effet_le = models.DateField("date d'effet", null=True, blank=True)
    relance_jours = models.PositiveSmallIntegerField("relancer tous les (jours)", default=14)
    motif = models.CharField("motif de l'annulation", max_length=500, blank=True, editable=False)
    preparee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="préparée par",
        related_name="campagnes_de_signature",
        on_delete=models.PROTECT,
    )
    preparee_le = models.DateTimeField("préparée le", auto_now_add=True)
    lancee_le = models.DateTimeField("lancée le", null=True, blank=True, editable=False)
    terminee_le = models.DateTimeField("terminée le", null=True, blank=True, editable=False)
    assemblage = models.CharField(
        "empreinte du PDF assemblé", max_length=64, blank=True, editable=False
    )

    objects = CampagneSignatureQuerySet.as_manager()

    class Meta:
        verbose_name = "campagne de signature"
        verbose_name_plural = "campagnes de signature"
        ordering = ["-preparee_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="signatures_campagnesignature_etat_connu",
                condition=Q(etat__in=EtatCampagne.values),
                violation_error_message="État de campagne inconnu.",
            ),
            models.CheckConstraint(
                name="signatures_campagnesignature_dates_de_l_etat",
                condition=Q(etat=EtatCampagne.EN_PREPARATION, lancee_le=None, terminee_le=None)
                | Q(etat=EtatCampagne.EN_COURS, lancee_le__isnull=False, terminee_le=None)
                | Q(etat=EtatCampagne.COMPLETE, lancee_le__isnull=False, terminee_le__isnull=False)
                | Q(etat=EtatCampagne.ANNULEE, terminee_le__isnull=False),
                violation_error_message="Une campagne lancée ou terminée dit quand.",
            ),
            models.CheckConstraint(
                name="signatures_campagnesignature_annulee_motivee",
                condition=(Q(etat=EtatCampagne.ANNULEE) & ~Q(motif=""))
                | (~Q(etat=EtatCampagne.ANNULEE) & Q(motif="")),
                violation_error_message="Une campagne annulée dit pourquoi ; elle seule.",
            ),
            models.CheckConstraint(
                name="signatures_campagnesignature_effet_regle",
                condition=Q(regle_effet=RegleEffet.DATE, effet_le__isnull=False)
                | Q(regle_effet=RegleEffet.DERNIERE, etat=EtatCampagne.COMPLETE)
                | Q(regle_effet=RegleEffet.DERNIERE, effet_le=None),
                violation_error_message="Dites la date d'effet, ou laissez la dernière signature "
                "la fixer.",
            ),
            models.CheckConstraint(
                name="signatures_campagnesignature_complete_prend_effet",
                condition=~Q(etat=EtatCampagne.COMPLETE) | Q(effet_le__isnull=False),
                violation_error_message="Une campagne complète a sa date d'effet.",
            ),
            models.UniqueConstraint(
                fields=["document"],
                condition=~Q(etat=EtatCampagne.ANNULEE),
                name="signatures_campagnesignature_une_par_document",
                violation_error_message="Ce document est déjà en cours de signature.",
            ),
        ]

    def __str__(self) -> str:
        return f"Signature de « {self.document} »"

    def get_absolute_url(self) -> str:
        return reverse("signatures:signature-detail", args=[self.public_id])

    @property
    def chemin_assemblage(self) -> str:
        """Place du PDF assemblé dans le dépôt."""
        return f"{self.assemblage[:2]}/{self.assemblage}.pdf"


class SignataireQuerySet(models.QuerySet["Signataire"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Ceux des campagnes que l'utilisateur voit."""
        return self.filter(campagne__in=CampagneSignature.objects.visibles_par(utilisateur))

    def pour_page(self) -> Self:
        """Dans l'ordre où ils signent, témoins à la fin."""
        return self.select_related("campagne__document__contrat", "partie__organisme").order_by(
            "role", "rang", "pk"
        )

    def qui_signent(self) -> Self:
        return self.filter(role=RoleSignature.SIGNATAIRE)


class Signataire(models.Model):
    """Personne qui engage une partie, ou témoin (« en présence de ») qui n'en engage aucune.

    `deliberation_adoptee` vide : aucune délibération n'est nécessaire (l'État). `version` s'ajoute
    à l'état lu : deux constats simultanés ne passent pas tous les deux.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    campagne = models.ForeignKey(
        CampagneSignature,
        verbose_name="campagne",
        related_name="signataires",
        on_delete=models.CASCADE,
    )
    partie = models.ForeignKey(
        Partie,
        verbose_name="pour la partie",
        related_name="signataires_attendus",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    role = models.CharField("rôle", max_length=12, choices=RoleSignature)
    rang = models.PositiveSmallIntegerField("rang")
    nom = models.CharField("nom", max_length=200, blank=True)
    qualite = models.CharField("qualité", max_length=254, blank=True)
    email = models.EmailField("courriel", blank=True)
    delegation = models.CharField("par délégation de", max_length=254, blank=True)
    deliberation_numero = models.CharField("délibération n°", max_length=60, blank=True)
    deliberation_le = models.DateField("délibération du", null=True, blank=True)
    deliberation_adoptee = models.BooleanField("délibération adoptée", null=True, blank=True)
    etat = models.CharField("état", max_length=16, choices=EtatSignataire, editable=False)
    motif = models.CharField("motif", max_length=500, blank=True, editable=False)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True, editable=False)
    signe_le = models.DateField("signé le", null=True, blank=True, editable=False)
    relance_le = models.DateTimeField("relancé le", null=True, blank=True, editable=False)
    nb_relances = models.PositiveSmallIntegerField("relances", default=0, editable=False)
    dossier = models.CharField("dossier de parapheur", max_length=120, blank=True, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)

    objects = SignataireQuerySet.as_manager()

    class Meta:
        verbose_name = "signataire"
        verbose_name_plural = "signataires"
        ordering = ["campagne", "role", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["campagne", "rang"],
                name="signatures_signataire_rang_unique",
                violation_error_message="Un autre signataire a ce rang.",
            ),
            models.CheckConstraint(
                name="signatures_signataire_etat_connu",
                condition=Q(etat__in=EtatSignataire.values),
                violation_error_message="État de signataire inconnu.",
            ),
            models.CheckConstraint(
                name="signatures_signataire_temoin_sans_partie",
                condition=Q(role=RoleSignature.TEMOIN, partie=None, etat=EtatSignataire.TEMOIN)
                | (
                    Q(role=RoleSignature.SIGNATAIRE, partie__isnull=False)
                    & ~Q(etat=EtatSignataire.TEMOIN)
                ),
                violation_error_message="Un signataire engage une partie ; un témoin, aucune.",
            ),
            models.CheckConstraint(
                name="signatures_signataire_signe_date",
                condition=(SIGNE & Q(signe_le__isnull=False)) | (~SIGNE & Q(signe_le=None)),
                violation_error_message="Une signature a sa date ; elle seule.",
            ),
            models.CheckConstraint(
                name="signatures_signataire_refus_motive",
                condition=~Q(etat=EtatSignataire.REFUSE) | ~Q(motif=""),
                violation_error_message="Un refus dit pourquoi.",
            ),
            models.CheckConstraint(
                name="signatures_signataire_sans_deliberation_pas_de_signature",
                condition=~SIGNE | ~Q(deliberation_adoptee=False),
                violation_error_message="La délibération n'est pas adoptée : rien ne se signe.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom or self.qualite or f"signataire {self.rang}"

    def get_absolute_url(self) -> str:
        return reverse("signatures:signataire-detail", args=[self.public_id])

    @property
    def pour(self) -> str:
        """La partie qu'il engage, sous son nom imprimé."""
        if self.partie is None:
            return "En présence de"
        return self.partie.libelle or self.partie.organisme.nom

    @property
    def a_signe(self) -> bool:
        return self.etat in EtatSignataire.signes()


class PassageQuerySet(models.QuerySet["Passage"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Ceux des campagnes que l'utilisateur voit."""
        return self.filter(
            signataire__campagne__in=CampagneSignature.objects.visibles_par(utilisateur)
        )


class Passage(models.Model):
    """Changement d'état d'un signataire : qui l'a constaté, quand, pourquoi."""

    signataire = models.ForeignKey(
        Signataire, verbose_name="signataire", related_name="passages", on_delete=models.CASCADE
    )
    transition = models.CharField("transition", max_length=20, choices=TransitionSignataire)
    de = models.CharField("de", max_length=16, choices=EtatSignataire)
    vers = models.CharField("vers", max_length=16, choices=EtatSignataire)
    motif = models.CharField("motif", max_length=500, blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="par",
        related_name="+",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    le = models.DateTimeField("le", auto_now_add=True)

    objects = PassageQuerySet.as_manager()

    class Meta:
        verbose_name = "passage d'un signataire"
        verbose_name_plural = "passages de signataires"
        ordering = ["-le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="signatures_passage_transition_connue",
                condition=Q(transition__in=TransitionSignataire.values),
                violation_error_message="Transition inconnue.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_transition_display()} ({self.get_de_display()})"
