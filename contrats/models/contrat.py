"""Le contrat, ses parties, ses signatures et son arbre d'intitulés."""

import uuid
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse

from comptes.models import Utilisateur
from contrats.enums import (
    LienParent,
    NatureAxe,
    RolePartie,
    RoleSignature,
    StatutContrat,
    TypeContrat,
)
from contrats.models.contraintes import valeurs
from contrats.models.perimetre import PROFONDEUR, Cause, Raison, borner, raisons
from edition.models import Versionne


class ContratQuerySet(models.QuerySet["Contrat"]):
    def raisons(self, utilisateur: Utilisateur | AnonymousUser) -> list[Raison]:
        """Publié, ou l'utilisateur y est habilité, directement ou par un contrat parent."""
        return raisons(utilisateur, publie=Q(publie_le__isnull=False), contrat="pk")

    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        return borner(self, self.raisons(utilisateur))

    def habilites(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Les contrats où l'utilisateur a un rôle en vigueur, direct ou hérité ; jamais par la
        seule publication. Tous pour l'administration."""
        siennes = [r for r in self.raisons(utilisateur) if r.cause != Cause.PUBLICATION]
        return borner(self, siennes) if siennes else self.none()

    def pour_liste(self) -> Self:
        """Ordre total des listes ; `presentation.comptes` y ajoute ce que le lecteur peut voir."""
        return self.order_by("type", "intitule_court", "pk").fetch_mode(models.FETCH_PEERS)

    def pour_page(self) -> Self:
        """Le texte entier du contrat ; fiches et actions se lisent à part, par périmètre."""
        return self.prefetch_related(
            Prefetch("parties", Partie.objects.select_related("organisme").order_by("rang")),
            Prefetch(
                "signatures",
                Signature.objects.select_related("personne").order_by("role", "rang"),
            ),
            "articles",
            "axes",
            "etapes",
            "annonces",
            "annexes",
            "financements__financeur",
            "engagements__porteurs",
            "engagements__beneficiaires",
            "instances__participations__organisme",
            "territoires",
        ).fetch_mode(models.FETCH_PEERS)


class Contrat(Versionne):
    """Accord écrit entre des territoires ou des institutions.

    Le type est une donnée : un contrat de réciprocité n'a ni dotation ni durée imposées (CIR du
    13 mars 2015), un PERR est l'annexe d'un contrat de ville. `statut` est juridique ;
    `publie_le` dit ce que lit le public. Les deux ne s'écrivent que par `contrats.transitions`.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    slug = models.SlugField("adresse", max_length=120, unique=True)
    type = models.CharField("type", max_length=20, choices=TypeContrat)
    parent = models.ForeignKey(
        "self",
        verbose_name="contrat parent",
        related_name="enfants",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    lien = models.CharField("lien au parent", max_length=12, choices=LienParent, blank=True)
    intitule = models.CharField("intitulé", max_length=300)
    intitule_court = models.CharField("intitulé court", max_length=120)
    sous_titre = models.CharField("sous-titre", max_length=300, blank=True)
    source = models.CharField("document source", max_length=300, blank=True)
    preambule = models.TextField("préambule", blank=True)
    nature_juridique = models.TextField("nature juridique", blank=True)
    dotation_propre = models.BooleanField("dotation propre", null=True, blank=True)
    programme = models.CharField("programme", max_length=60, blank=True)
    debut = models.DateField("début", null=True, blank=True)
    fin = models.DateField("fin", null=True, blank=True)
    numero_projet = models.CharField("numéro de projet", max_length=20, blank=True)
    version_source = models.CharField("version de la source", max_length=20, blank=True)
    maj_source_le = models.DateField("mise à jour de la source", null=True, blank=True)
    modele_fiche = models.ForeignKey(
        "contrats.ModeleFiche",
        verbose_name="modèle de fiche",
        related_name="contrats",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    territoires = models.ManyToManyField(
        "territoires.Territoire", verbose_name="territoires", related_name="contrats", blank=True
    )
    statut = models.CharField(
        "statut",
        max_length=20,
        choices=StatutContrat,
        default=StatutContrat.EN_PREPARATION,
        editable=False,
    )
    publie_le = models.DateTimeField("publié le", null=True, blank=True, editable=False)

    objects = ContratQuerySet.as_manager()

    class Meta:
        verbose_name = "contrat"
        verbose_name_plural = "contrats"
        ordering = ["type", "intitule_court", "pk"]
        constraints = [
            valeurs("contrat", "type", TypeContrat, "Type de contrat inconnu."),
            valeurs("contrat", "statut", StatutContrat, "Statut de contrat inconnu."),
            models.CheckConstraint(
                name="contrats_contrat_lien_avec_parent",
                condition=Q(parent=None, lien="")
                | Q(parent__isnull=False, lien__in=LienParent.values),
                violation_error_message="Indiquez un contrat parent et le lien, ou aucun des deux.",
            ),
            models.CheckConstraint(
                name="contrats_contrat_pas_son_parent",
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                violation_error_message="Un contrat n'est pas son propre parent.",
            ),
            models.CheckConstraint(
                name="contrats_contrat_dates_ordonnees",
                condition=Q(debut=None) | Q(fin=None) | Q(fin__gt=F("debut")),
                violation_error_message="La date de fin doit suivre la date de début.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule_court

    def get_absolute_url(self) -> str:
        return reverse("contrats:contrat-detail", args=[self.slug])

    def clean(self) -> None:
        """L'arbre des contrats n'a ni boucle, ni plus de `PROFONDEUR` niveaux sous sa racine."""
        super().clean()
        ancetre, rang = self.parent, 0
        while ancetre is not None:
            rang += 1
            if ancetre == self or rang > PROFONDEUR:
                raise ValidationError(
                    {"parent": "Ce contrat parent fait une boucle, ou une suite trop longue."}
                )
            ancetre = ancetre.parent

    @property
    def est_publie(self) -> bool:
        """Le public lit ce contrat."""
        return self.publie_le is not None

    def garder_version(self, *, par: AbstractBaseUser | None, motif: str = "") -> None:
        """Fait une `Version` du contrat entier, hors ses fiches qui ont les leurs."""
        from contrats.versions import versionner  # qui lit les modèles

        versionner(self, par=par, motif=motif)  # type: ignore[arg-type]  # AUTH_USER_MODEL


class Partie(models.Model):
    """Organisme qui contracte, avec sa place, son rang et la forme imprimée de son nom."""

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="parties", on_delete=models.CASCADE
    )
    organisme = models.ForeignKey(
        "partenaires.Organisme",
        verbose_name="organisme",
        related_name="parties",
        on_delete=models.PROTECT,
    )
    role = models.CharField("rôle", max_length=12, choices=RolePartie)
    rang = models.PositiveSmallIntegerField("rang")
    libelle = models.CharField("nom imprimé", max_length=254, blank=True)
    apport = models.TextField("apport", blank=True)

    class Meta:
        verbose_name = "partie"
        verbose_name_plural = "parties"
        ordering = ["contrat", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "rang"],
                name="contrats_partie_rang_unique",
                violation_error_message="Une autre partie de ce contrat a ce rang.",
            ),
            models.UniqueConstraint(
                fields=["contrat", "organisme"],
                name="contrats_partie_organisme_unique",
                violation_error_message="Cet organisme est déjà partie au contrat.",
            ),
            valeurs("partie", "role", RolePartie, "Rôle de partie inconnu."),
        ]

    def __str__(self) -> str:
        return self.libelle or f"partie {self.rang}"


class Signature(models.Model):
    """Signature d'une partie, ou présence d'un témoin, telle que le contrat l'imprime."""

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="signatures", on_delete=models.CASCADE
    )
    partie = models.ForeignKey(
        Partie,
        verbose_name="pour la partie",
        related_name="signatures",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    personne = models.ForeignKey(
        "partenaires.Personne",
        verbose_name="personne",
        related_name="signatures",
        on_delete=models.PROTECT,
    )
    role = models.CharField("rôle", max_length=12, choices=RoleSignature)
    qualite = models.CharField("qualité", max_length=254)
    rang = models.PositiveSmallIntegerField("rang")
    lieu = models.CharField("lieu", max_length=120, blank=True)
    le = models.DateField("date", null=True, blank=True)

    class Meta:
        verbose_name = "signature"
        verbose_name_plural = "signatures"
        ordering = ["contrat", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "rang"],
                name="contrats_signature_rang_unique",
                violation_error_message="Une autre signature de ce contrat a ce rang.",
            ),
            valeurs("signature", "role", RoleSignature, "Rôle inconnu : signataire ou témoin."),
            models.CheckConstraint(
                name="contrats_signature_pour_une_partie",
                condition=Q(role=RoleSignature.SIGNATAIRE, partie__isnull=False)
                | Q(role=RoleSignature.TEMOIN, partie=None),
                violation_error_message="Un signataire engage une partie ; un témoin, aucune.",
            ),
        ]

    def __str__(self) -> str:
        return self.qualite


class Axe(models.Model):
    """Intitulé de l'arbre stratégique d'un contrat : orientation, programme, thématique, défi…

    Un nouveau genre de contrat demande des axes d'une autre nature, pas du code.
    """

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="axes", on_delete=models.CASCADE
    )
    parent = models.ForeignKey(
        "self",
        verbose_name="axe parent",
        related_name="enfants",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    cle = models.SlugField("clé", max_length=120)
    nature = models.CharField("nature", max_length=20, choices=NatureAxe)
    numero = models.CharField("numéro", max_length=10, blank=True)
    intitule = models.CharField("intitulé", max_length=500)
    texte = models.TextField("texte", blank=True)
    ordre = models.PositiveSmallIntegerField("ordre")

    class Meta:
        verbose_name = "axe"
        verbose_name_plural = "axes"
        ordering = ["contrat", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "cle"],
                name="contrats_axe_cle_unique",
                violation_error_message="Un autre axe de ce contrat a cette clé.",
            ),
            valeurs("axe", "nature", NatureAxe, "Nature d'axe inconnue."),
            models.CheckConstraint(
                name="contrats_axe_pas_son_parent",
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                violation_error_message="Un axe n'est pas son propre parent.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.numero} {self.intitule}".strip()


class LibelleAxe(models.Model):
    """Autre formulation imprimée d'un axe (tableau des actions, annexe), pour le reconnaître."""

    axe = models.ForeignKey(
        Axe, verbose_name="axe", related_name="libelles", on_delete=models.CASCADE
    )
    origine = models.CharField("imprimé dans", max_length=60)
    libelle = models.CharField("libellé", max_length=500)

    class Meta:
        verbose_name = "libellé d'axe"
        verbose_name_plural = "libellés d'axe"
        ordering = ["axe", "origine", "libelle", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["axe", "origine", "libelle"],
                name="contrats_libelleaxe_unique",
                violation_error_message="Cet axe a déjà ce libellé de cette origine.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle
