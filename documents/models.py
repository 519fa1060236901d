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
from documents.enums import ActeInscrit, Nature, Valeur


class DocumentFigeQuerySet(models.QuerySet["DocumentFige"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Publié, pour tous ; sinon pour ceux qui ont un rôle sur le contrat."""
        publie = Q(publication__isnull=False, contrat__publie_le__isnull=False)
        return borner(self, raisons(utilisateur, publie=publie))

    def pour_liste(self) -> Self:
        """Du plus récent au plus ancien, avec tout ce que montre une ligne."""
        return self.select_related("contrat", "fige_par", "publication__par").order_by(
            "-fige_le", "-pk"
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
    cle = models.CharField("clé de la fiche", max_length=60, blank=True)
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
                name="documents_documentfige_fiche_nommee",
                condition=(Q(nature=Nature.FICHE) & ~Q(cle=""))
                | (~Q(nature=Nature.FICHE) & Q(cle="")),
                violation_error_message="Une fiche figée dit laquelle, un contrat n'en dit aucune.",
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
    def nom_de_fichier(self) -> str:
        """ASCII, sans espace : le contrat, la fiche, la version, le code."""
        morceaux = [self.contrat.slug, *([self.cle] if self.cle else []), f"v{self.version}"]
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
