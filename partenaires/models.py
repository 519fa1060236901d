"""Organismes, personnes et mandats."""

import datetime
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from edition.models import Versionne
from partenaires.enums import Diffusion, GenreCharte, NatureOrganisme
from partenaires.validateurs import valider_siren
from texte.recherche import SansAccents


class OrganismeQuerySet(models.QuerySet["Organisme"]):
    def visibles_par(self, utilisateur: AbstractBaseUser | AnonymousUser) -> Self:
        """L'annuaire des organismes est public ; un organisme fusionné ne se montre plus."""
        return self.filter(fusionne_dans=None)

    def pour_liste(self) -> Self:
        """Ordre alphabétique, accents et casse à part, total ; listes et sélecteurs."""
        return self.order_by(SansAccents("nom"), "pk").fetch_mode(models.FETCH_PEERS)


class Organisme(Versionne):
    """Acteur cité par un contrat.

    Une mention de partenaire peut désigner un organisme, une catégorie d'acteurs (« EPCI
    concernés ») ou un financement. `composants` décrit une entité composée (« PETR & EPCI
    membres »). Après fusion, `fusionne_dans` garde l'ancienne adresse valable.
    """

    cle = models.SlugField("clé", max_length=120, unique=True)
    nom = models.CharField("nom", max_length=254)
    sigle = models.CharField("sigle", max_length=50, blank=True)
    nature = models.CharField(
        "nature", max_length=12, choices=NatureOrganisme, default=NatureOrganisme.ORGANISME
    )
    siren = models.CharField("SIREN", max_length=9, blank=True, validators=[valider_siren])
    territoire = models.ForeignKey(
        "territoires.Territoire",
        verbose_name="territoire administré",
        related_name="organismes",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    association = models.BooleanField(
        "association",
        default=False,
        help_text="Elle signe la charte ou le contrat d'engagement républicain avant d'être "
        "financée.",
    )
    composants = models.ManyToManyField(
        "self", verbose_name="composants", symmetrical=False, related_name="ensembles", blank=True
    )
    fusionne_dans = models.ForeignKey(
        "self",
        verbose_name="fusionné dans",
        related_name="fusionnes",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
    )

    objects = OrganismeQuerySet.as_manager()

    class Meta:
        verbose_name = "organisme"
        verbose_name_plural = "organismes"
        ordering = ["nom", "pk"]
        constraints = [
            models.CheckConstraint(
                name="partenaires_organisme_nature_connue",
                condition=Q(nature__in=NatureOrganisme.values),
                violation_error_message="Nature inconnue : organisme, catégorie ou financement.",
            ),
            models.UniqueConstraint(
                fields=["siren"],
                condition=~Q(siren=""),
                name="partenaires_organisme_siren_unique",
                violation_error_message="Un organisme porte déjà ce SIREN.",
            ),
            models.CheckConstraint(
                name="partenaires_organisme_siren_des_organismes",
                condition=Q(siren="") | Q(nature=NatureOrganisme.ORGANISME),
                violation_error_message="Une catégorie ou un financement n'a pas de SIREN.",
            ),
            models.CheckConstraint(
                name="partenaires_organisme_pas_fusionne_en_soi",
                condition=Q(fusionne_dans=None) | ~Q(fusionne_dans=F("pk")),
                violation_error_message="Un organisme ne fusionne pas avec lui-même.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("partenaires:organisme-detail", args=[self.cle])

    def peut_etre_finance(self, le: datetime.date) -> bool:
        """Une association a signé, à cette date, la charte ou le contrat d'engagement républicain
        (loi n° 2021-1109) ; les autres n'en signent pas."""
        return not self.association or self.chartes.filter(signee_le__lte=le).exists()


class AliasOrganisme(models.Model):
    """Autre nom d'un organisme, tel qu'un contrat l'imprime : sert à dédoublonner."""

    organisme = models.ForeignKey(
        Organisme, verbose_name="organisme", related_name="alias", on_delete=models.CASCADE
    )
    libelle = models.CharField("libellé", max_length=254, unique=True)

    class Meta:
        verbose_name = "alias d'organisme"
        verbose_name_plural = "alias d'organismes"
        ordering = ["libelle", "pk"]

    def __str__(self) -> str:
        return self.libelle


class Charte(models.Model):
    """Charte des valeurs de la République ou contrat d'engagement républicain (décret 2021-1947)
    signé par un organisme : le préalable à tout financement."""

    organisme = models.ForeignKey(
        Organisme, verbose_name="organisme", related_name="chartes", on_delete=models.CASCADE
    )
    genre = models.CharField("genre", max_length=10, choices=GenreCharte)
    signee_le = models.DateField("signée le")

    class Meta:
        verbose_name = "charte signée"
        verbose_name_plural = "chartes signées"
        ordering = ["organisme", "signee_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "genre", "signee_le"],
                name="partenaires_charte_unique",
                violation_error_message="Cette charte est déjà notée à cette date.",
            ),
            models.CheckConstraint(
                name="partenaires_charte_genre_connu",
                condition=Q(genre__in=GenreCharte.values),
                violation_error_message="Charte, ou contrat d'engagement républicain.",
            ),
        ]

    def __str__(self) -> str:
        return f"{GenreCharte(self.genre).label}, {self.signee_le:%d/%m/%Y}"


class Personne(models.Model):
    """Personne citée ès qualités ; jamais de téléphone ni de courriel personnels."""

    cle = models.SlugField("clé", max_length=120, unique=True)
    civilite = models.CharField("civilité", max_length=10, blank=True)
    prenom = models.CharField("prénom", max_length=100)
    nom = models.CharField("nom", max_length=100)

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        ordering = ["nom", "prenom", "pk"]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}"


class Mandat(models.Model):
    """Qualité d'une personne dans un organisme."""

    personne = models.ForeignKey(
        Personne, verbose_name="personne", related_name="mandats", on_delete=models.CASCADE
    )
    organisme = models.ForeignKey(
        Organisme, verbose_name="organisme", related_name="mandats", on_delete=models.PROTECT
    )
    qualite = models.CharField("qualité", max_length=254)
    diffusion = models.CharField(
        "diffusion", max_length=10, choices=Diffusion, default=Diffusion.INTERNE
    )

    class Meta:
        verbose_name = "mandat"
        verbose_name_plural = "mandats"
        ordering = ["personne", "organisme", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["personne", "organisme", "qualite"],
                name="partenaires_mandat_unique",
                violation_error_message="Cette personne a déjà ce mandat.",
            ),
            models.CheckConstraint(
                name="partenaires_mandat_diffusion_connue",
                condition=Q(diffusion__in=Diffusion.values),
                violation_error_message="Diffusion inconnue : publique ou interne.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.personne_id} : {self.qualite}"
