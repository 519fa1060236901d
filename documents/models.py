"""Les documents figés, leur publication, et le journal des actes : rien ne s'y change.

La base elle-même refuse une modification ou une suppression (déclencheurs de la migration
0002) ; `manage.py verifier_journal` voit ce qui aurait été fait par-dessus elle.
"""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.models.perimetre import borner, raisons
from documents.enums import (
    RAPPORTS,
    ActeInscrit,
    EtatPreparation,
    GenrePreparation,
    Nature,
    Valeur,
)


class DocumentFigeQuerySet(models.QuerySet["DocumentFige"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Publié, pour tous ; sinon pour ceux qui ont un rôle sur le contrat."""
        publie = Q(publication__isnull=False, contrat__publie_le__isnull=False)
        return borner(self, raisons(utilisateur, publie=publie))

    def courants(self) -> Self:
        """Parmi ceux-ci, le dernier de chaque contrat, fiche, annexe ; et chaque rapport."""
        derniers: dict[tuple[int, str, str], int] = {}
        ordre = self.order_by("version", "fige_le", "pk")
        for pk, contrat, nature, cle in ordre.values_list("pk", "contrat", "nature", "cle"):
            derniers[contrat, nature, cle] = pk
        return self.filter(pk__in=derniers.values())

    def pour_liste(self) -> Self:
        """Du plus récent au plus ancien, avec tout ce que montre une ligne."""
        return self.select_related("contrat", "fige_par", "publication__par").order_by(
            "-fige_le", "-pk"
        )

    def pour_servir(self) -> Self:
        """Rien que ce que demandent les octets : leur place, leur nom, s'ils sont publics."""
        return self.select_related("contrat", "publication").only(
            *("public_id", "empreinte", "taille", "titre", "version", "nature", "cle", "code"),
            *("contrat__slug", "publication__document"),
        )


class DocumentFige(models.Model):
    """Les octets d'un document, gardés une fois pour toutes sous leur empreinte.

    N'est écrit que par `documents.figes.depot.figer`.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    code = models.CharField(
        "code de vérification",
        max_length=13,
        unique=True,
        error_messages={"unique": "Un autre document a ce code."},
    )
    contrat = models.ForeignKey(
        Contrat,
        verbose_name="contrat",
        related_name="documents_figes",
        on_delete=models.PROTECT,
    )
    nature = models.CharField("nature", max_length=20, choices=Nature)
    # De la fiche ou de l'annexe ; la date d'un rapport ; rien pour le contrat.
    cle = models.CharField("clé", max_length=60, blank=True)
    titre = models.CharField("titre", max_length=400)
    version = models.PositiveIntegerField("version du texte")
    valeur = models.CharField("valeur", max_length=20, choices=Valeur)
    demonstration = models.BooleanField("contient un suivi de démonstration", default=False)
    empreinte = models.CharField(
        "empreinte SHA-256",
        max_length=64,
        unique=True,
        error_messages={"unique": "Ces octets sont déjà figés."},
    )
    debut = models.CharField("empreinte du début", max_length=64, db_index=True)
    taille = models.PositiveBigIntegerField("taille en octets")
    nb_pages = models.PositiveIntegerField("nombre de pages")
    fige_le = models.DateTimeField("figé le")
    fige_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="figé par",
        related_name="+",
        on_delete=models.PROTECT,
    )

    objects = DocumentFigeQuerySet.as_manager()

    class Meta:
        verbose_name = "document figé"
        verbose_name_plural = "documents figés"
        ordering = ["-fige_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="documents_documentfige_empreinte_sha256",
                condition=Q(empreinte__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="L'empreinte est celle de SHA-256, en hexadécimal.",
            ),
            models.CheckConstraint(
                name="documents_documentfige_nature_connue",
                condition=Q(nature__in=Nature.values),
                violation_error_message="Choisissez une nature de la liste.",
            ),
            models.CheckConstraint(
                name="documents_documentfige_valeur_connue",
                condition=Q(valeur__in=Valeur.values),
                violation_error_message="Choisissez une valeur de la liste.",
            ),
            models.CheckConstraint(
                name="documents_documentfige_cle_selon_la_nature",
                condition=(Q(nature=Nature.CONTRAT) & Q(cle=""))
                | (~Q(nature=Nature.CONTRAT) & ~Q(cle="")),
                violation_error_message=(
                    "Une fiche, une annexe, un rapport dit lequel ; un contrat n'en dit rien."
                ),
            ),
            models.CheckConstraint(
                name="documents_documentfige_non_vide",
                condition=Q(taille__gt=0, nb_pages__gt=0),
                violation_error_message="Un document figé a au moins une page.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.titre}, version {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("documents:fige-detail", args=[self.public_id])

    @property
    def type(self) -> str:
        return "application/pdf"

    @property
    def nom_de_fichier(self) -> str:
        """ASCII, sans espace : le contrat, ce qui en est figé, la version, le code."""
        nature = [self.nature] if self.nature in (Nature.ANNEXE, *RAPPORTS) else []
        cle = [self.cle] if self.cle else []
        morceaux = [self.contrat.slug, *nature, *cle, f"v{self.version}"]
        return f"{'-'.join(morceaux)}-{self.code}.pdf"

    @property
    def chemin(self) -> str:
        """Place des octets dans le dépôt : nommée par leur empreinte."""
        return f"{self.empreinte[:2]}/{self.empreinte}.pdf"


class Publication(models.Model):
    """Le moment où un document figé est devenu public, et qui l'a décidé (CGCT, L. 2131-1)."""

    document = models.OneToOneField(
        DocumentFige,
        verbose_name="document",
        related_name="publication",
        on_delete=models.PROTECT,
        error_messages={"unique": "Ce document est déjà publié."},
    )
    publie_le = models.DateTimeField("publié le")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", related_name="+", on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = "publication d'un document"
        verbose_name_plural = "publications de documents"
        ordering = ["-publie_le", "-pk"]

    def __str__(self) -> str:
        return f"{self.document}, publié le {self.publie_le:%d/%m/%Y}"


class Inscription(models.Model):
    """Une ligne du journal, enchaînée à la précédente par son empreinte.

    `empreinte` = SHA-256 de l'empreinte précédente suivie du contenu : changer, retirer, déplacer
    ou insérer une ligne rompt la chaîne. N'est écrite que par `documents.figes.journal.inscrire`.
    """

    rang = models.PositiveBigIntegerField(
        "rang", unique=True, error_messages={"unique": "Une autre ligne du journal a ce rang."}
    )
    acte = models.CharField("acte", max_length=20, choices=ActeInscrit)
    contenu = models.TextField("contenu", help_text="JSON canonique : qui, quoi, quand.")
    precedente = models.CharField("empreinte précédente", max_length=64)
    empreinte = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "inscription au journal"
        verbose_name_plural = "inscriptions au journal"
        ordering = ["rang"]
        constraints = [
            models.CheckConstraint(
                name="documents_inscription_acte_connu",
                condition=Q(acte__in=ActeInscrit.values),
                violation_error_message="Choisissez un acte de la liste.",
            ),
            models.UniqueConstraint(
                fields=["precedente"],
                name="documents_inscription_sans_fourche",
                violation_error_message="Une autre ligne suit déjà celle-ci.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rang}. {self.get_acte_display()}"


class PreparationQuerySet(models.QuerySet["Preparation"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Ce qui n'est pas restreint, avec son contrat ; le reste, à ceux qui y ont un rôle."""
        publie = Q(restreinte=False, contrat__publie_le__isnull=False)
        return borner(self, raisons(utilisateur, publie=publie))


class Preparation(models.Model):
    """Un fichier long que quelqu'un a demandé : où il en est, puis où sont ses octets.

    `source` est l'empreinte de ce qui le détermine : la même demande, tant que rien n'a changé,
    retrouve la même ligne. N'est écrite que par `documents.etagere.preparations`.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="preparations", on_delete=models.CASCADE
    )
    genre = models.CharField("genre", max_length=12, choices=GenrePreparation)
    objet = models.CharField("objet", max_length=120, blank=True)
    restreinte = models.BooleanField("réservée aux personnes du contrat")
    source = models.CharField("empreinte de la source", max_length=64)
    etat = models.CharField(
        "état", max_length=10, choices=EtatPreparation, default=EtatPreparation.DEMANDEE
    )
    page = models.PositiveIntegerField("page atteinte", default=0)
    motif = models.CharField("pourquoi elle a échoué", max_length=300, blank=True)
    demandee_le = models.DateTimeField("demandée le")
    demandee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="demandée par",
        related_name="+",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    commencee_le = models.DateTimeField("commencée le", null=True, blank=True)
    prete_le = models.DateTimeField("prête le", null=True, blank=True)
    nom = models.CharField("nom du fichier", max_length=200, blank=True)
    taille = models.PositiveBigIntegerField("taille en octets", default=0)
    nb_pages = models.PositiveIntegerField("nombre de pages", default=0)
    empreinte = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    document = models.ForeignKey(
        DocumentFige,
        verbose_name="document figé",
        related_name="preparations",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )

    objects = PreparationQuerySet.as_manager()

    class Meta:
        verbose_name = "préparation"
        verbose_name_plural = "préparations"
        ordering = ["-demandee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "genre", "objet", "restreinte", "source"],
                name="documents_preparation_unique",
                violation_error_message="Ce fichier est déjà demandé.",
            ),
            models.CheckConstraint(
                name="documents_preparation_genre_connu",
                condition=Q(genre__in=GenrePreparation.values),
                violation_error_message="Choisissez un genre de la liste.",
            ),
            models.CheckConstraint(
                name="documents_preparation_etat_connu",
                condition=Q(etat__in=EtatPreparation.values),
                violation_error_message="Choisissez un état de la liste.",
            ),
            models.CheckConstraint(
                name="documents_preparation_prete_complete",
                condition=~Q(etat=EtatPreparation.PRETE)
                | Q(prete_le__isnull=False, document__isnull=False)
                | (Q(prete_le__isnull=False) & ~Q(empreinte="") & ~Q(nom="")),
                violation_error_message="Un fichier prêt a une date, un nom et une empreinte.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} ({self.contrat.intitule_court})"

    def get_absolute_url(self) -> str:
        return reverse("documents:preparation-detail", args=[self.public_id])

    @property
    def nom_de_fichier(self) -> str:
        return self.nom

    @property
    def chemin(self) -> str:
        """Place des octets dans le dépôt : nommée par leur empreinte."""
        suffixe = self.nom.rpartition(".")[2]
        return f"preparations/{self.empreinte[:2]}/{self.empreinte}.{suffixe}"

    @property
    def type(self) -> str:
        return "application/zip" if self.nom.endswith(".zip") else "application/pdf"

    @property
    def pages_prevues(self) -> int:
        """Le nombre de pages de la dernière du même genre ; 0 s'il n'y en a pas eu."""
        pareilles = Preparation.objects.filter(
            contrat_id=self.contrat_id, genre=self.genre, objet=self.objet, nb_pages__gt=0
        )
        return pareilles.order_by("-pk").values_list("nb_pages", flat=True).first() or 0
