"""Référentiel des territoires, de la région au quartier : codes, générations, noms usuels."""

from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from edition.models import Versionne
from territoires.enums import Couverture, NatureFiliation, TypeTerritoire


class TerritoireQuerySet(models.QuerySet["Territoire"]):
    def visibles_par(self, utilisateur: AbstractBaseUser | AnonymousUser) -> Self:
        """Le référentiel géographique est public : tout le monde voit tout."""
        return self

    def pour_liste(self) -> Self:
        """Ordre total des listes et des sélecteurs."""
        return self.order_by("type", "nom", "pk").fetch_mode(models.FETCH_PEERS)


class Territoire(Versionne):
    """Entité géographique de tout niveau.

    `cle` fait l'adresse permanente. `code` suit la nomenclature du niveau : SIREN pour un EPCI,
    code géographique de l'Insee pour une commune, code ANCT (QP…, QN…) pour un QPV. Un QPV
    appartient à une génération (2015, 2024) ; deux générations ne se confondent jamais.
    """

    cle = models.SlugField("clé", max_length=120, unique=True)
    nom = models.CharField("nom", max_length=254)
    type = models.CharField("type", max_length=20, choices=TypeTerritoire)
    code = models.CharField("code officiel", max_length=20, blank=True)
    generation = models.PositiveSmallIntegerField("génération", null=True, blank=True)
    valide_du = models.DateField("valide du", null=True, blank=True)
    valide_au = models.DateField("valide au", null=True, blank=True)
    longitude = models.DecimalField(
        "longitude (WGS 84)", max_digits=9, decimal_places=6, null=True, blank=True
    )
    latitude = models.DecimalField(
        "latitude (WGS 84)", max_digits=9, decimal_places=6, null=True, blank=True
    )
    contour = models.JSONField("contour (GeoJSON, WGS 84)", null=True, blank=True)

    objects = TerritoireQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        verbose_name_plural = "territoires"
        ordering = ["type", "nom", "pk"]
        constraints = [
            models.CheckConstraint(
                name="territoires_territoire_type_connu",
                condition=Q(type__in=TypeTerritoire.values),
                violation_error_message="Type de territoire inconnu.",
            ),
            models.UniqueConstraint(
                fields=["type", "code"],
                condition=~Q(code=""),
                name="territoires_territoire_code_unique",
                violation_error_message="Un territoire de ce type porte déjà ce code.",
            ),
            models.CheckConstraint(
                name="territoires_territoire_generation_des_qpv",
                condition=Q(type=TypeTerritoire.QPV, generation__isnull=False)
                | ~Q(type=TypeTerritoire.QPV),
                violation_error_message="Un quartier prioritaire a une génération (2015 ou 2024).",
            ),
            models.CheckConstraint(
                name="territoires_territoire_dates_ordonnees",
                condition=Q(valide_du=None) | Q(valide_au=None) | Q(valide_au__gt=F("valide_du")),
                violation_error_message="La fin de validité doit suivre le début.",
            ),
            models.CheckConstraint(
                name="territoires_territoire_point_complet",
                condition=Q(longitude=None, latitude=None)
                | Q(
                    longitude__isnull=False,
                    latitude__isnull=False,
                    longitude__gte=-180,
                    longitude__lte=180,
                    latitude__gte=-90,
                    latitude__lte=90,
                ),
                violation_error_message=(
                    "Indiquez la longitude (-180 à 180) et la latitude (-90 à 90), ou aucune."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("territoires:territoire-detail", args=[self.cle])


class Rattachement(models.Model):
    """Un territoire est compris, en tout ou partie, dans un autre."""

    enfant = models.ForeignKey(
        Territoire,
        verbose_name="territoire",
        related_name="rattachements",
        on_delete=models.CASCADE,
    )
    parent = models.ForeignKey(
        Territoire,
        verbose_name="compris dans",
        related_name="rattachements_enfants",
        on_delete=models.PROTECT,
    )
    couverture = models.CharField(
        "couverture", max_length=10, choices=Couverture, default=Couverture.TOTALE
    )

    class Meta:
        verbose_name = "rattachement"
        verbose_name_plural = "rattachements"
        ordering = ["enfant", "parent"]
        constraints = [
            models.UniqueConstraint(
                fields=["enfant", "parent"],
                name="territoires_rattachement_unique",
                violation_error_message="Ce rattachement existe déjà.",
            ),
            models.CheckConstraint(
                name="territoires_rattachement_pas_a_soi",
                condition=~Q(enfant=F("parent")),
                violation_error_message="Un territoire ne se rattache pas à lui-même.",
            ),
            models.CheckConstraint(
                name="territoires_rattachement_couverture_connue",
                condition=Q(couverture__in=Couverture.values),
                violation_error_message="Couverture inconnue : totale ou partielle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enfant_id} dans {self.parent_id}"


class AliasTerritoire(models.Model):
    """Autre nom ou graphie imprimée d'un territoire, pour le retrouver et dédoublonner."""

    territoire = models.ForeignKey(
        Territoire, verbose_name="territoire", related_name="alias", on_delete=models.CASCADE
    )
    libelle = models.CharField("libellé", max_length=254)

    class Meta:
        verbose_name = "alias de territoire"
        verbose_name_plural = "alias de territoires"
        ordering = ["libelle", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territoire", "libelle"],
                name="territoires_alias_unique",
                violation_error_message="Ce territoire porte déjà cet alias.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle


class Filiation(models.Model):
    """Passage d'un quartier d'une génération à la suivante.

    Une sortie n'a pas de successeur, une entrée n'a pas d'ancien ; une fusion se dit par
    plusieurs anciens d'un même nouveau (décrets 2014-1750 et 2023-1314).
    """

    ancien = models.ForeignKey(
        Territoire,
        verbose_name="ancien",
        related_name="filiations_suivantes",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    nouveau = models.ForeignKey(
        Territoire,
        verbose_name="nouveau",
        related_name="filiations_precedentes",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    nature = models.CharField("nature", max_length=10, choices=NatureFiliation)
    a_verifier = models.CharField("à faire vérifier", max_length=300, blank=True)

    class Meta:
        verbose_name = "filiation"
        verbose_name_plural = "filiations"
        ordering = ["ancien", "nouveau", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ancien", "nouveau"],
                name="territoires_filiation_unique",
                violation_error_message="Cette filiation existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["ancien"],
                condition=Q(nouveau=None),
                name="territoires_filiation_sortie_unique",
                violation_error_message="La sortie de ce quartier est déjà dite.",
            ),
            models.UniqueConstraint(
                fields=["nouveau"],
                condition=Q(ancien=None),
                name="territoires_filiation_entree_unique",
                violation_error_message="L'entrée de ce quartier est déjà dite.",
            ),
            models.CheckConstraint(
                name="territoires_filiation_bouts_selon_nature",
                condition=Q(nature=NatureFiliation.SORTIE, ancien__isnull=False, nouveau=None)
                | Q(nature=NatureFiliation.ENTREE, ancien=None, nouveau__isnull=False)
                | Q(
                    nature__in=[
                        NatureFiliation.INCHANGE,
                        NatureFiliation.MODIFIE,
                        NatureFiliation.FUSION,
                        NatureFiliation.SCISSION,
                    ],
                    ancien__isnull=False,
                    nouveau__isnull=False,
                ),
                violation_error_message=(
                    "Une sortie n'a qu'un ancien, une entrée qu'un nouveau, le reste a les deux."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ancien_id or '—'} → {self.nouveau_id or '—'}"
