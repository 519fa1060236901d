"""Ce qu'un contrat mesure : thèmes, sources, millésimes, indicateurs retenus ou écartés."""

import uuid
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from comptes.models import Utilisateur
from contrats.models import Axe, Contrat
from contrats.models.perimetre import PROFONDEUR, borner, raisons
from edition.models import Versionne
from indicateurs.enums import Agregation, Comparaison, FormeMillesime, Frequence, Sens
from partenaires.models import Organisme
from territoires.models import Territoire

PUBLIE = Q(contrat__publie_le__isnull=False)


class Theme(models.Model):
    """Rubrique du tableau des indicateurs ; ses mots ne sont pas ceux des piliers du contrat."""

    cle = models.SlugField("clé", max_length=60, unique=True)
    nom = models.CharField("nom", max_length=120)
    ordre = models.PositiveSmallIntegerField("ordre", default=1)

    class Meta:
        verbose_name = "thème d'indicateurs"
        verbose_name_plural = "thèmes d'indicateurs"
        ordering = ["ordre", "nom", "pk"]

    def __str__(self) -> str:
        return self.nom


class Source(models.Model):
    """D'où viennent les chiffres : producteur, adresse publique, licence, précautions."""

    cle = models.SlugField("clé", max_length=60, unique=True)
    nom = models.CharField("nom imprimé", max_length=120)
    nom_long = models.CharField("nom développé", max_length=200, blank=True)
    organisme = models.ForeignKey(
        Organisme,
        verbose_name="producteur",
        related_name="sources_d_indicateurs",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    adresse = models.URLField("adresse publique", max_length=300, blank=True)
    licence = models.CharField("licence", max_length=120, blank=True)
    precaution = models.TextField("précaution de lecture", blank=True)

    class Meta:
        verbose_name = "source d'indicateurs"
        verbose_name_plural = "sources d'indicateurs"
        ordering = ["nom", "pk"]

    def __str__(self) -> str:
        return self.nom


class Millesime(models.Model):
    """À quand se rapporte un chiffre : année, liste d'années, date ou période.

    `cle` en est l'écriture unique (« 2019 », « 2014+2015 », « 2015-01-01 », « 2013/2017 ») :
    `indicateurs.millesimes.lire` la donne. `debut` et `fin` ordonnent ; ils ne se saisissent pas.
    """

    forme = models.CharField("forme", max_length=10, choices=FormeMillesime)
    cle = models.CharField("clé", max_length=60, unique=True)
    libelle = models.CharField("libellé", max_length=80)
    debut = models.DateField("début")
    fin = models.DateField("fin")

    class Meta:
        verbose_name = "millésime"
        verbose_name_plural = "millésimes"
        ordering = ["fin", "debut", "pk"]
        constraints = [
            models.CheckConstraint(
                name="indicateurs_millesime_forme_connue",
                condition=Q(forme__in=FormeMillesime.values),
                violation_error_message="Forme de millésime inconnue.",
            ),
            models.CheckConstraint(
                name="indicateurs_millesime_bornes_ordonnees",
                condition=Q(fin__gte=F("debut")),
                violation_error_message="La fin d'un millésime ne précède pas son début.",
            ),
            models.CheckConstraint(
                name="indicateurs_millesime_date_d_un_jour",
                condition=~Q(forme=FormeMillesime.DATE) | Q(fin=F("debut")),
                violation_error_message="Un millésime à une date dure un jour.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle

    def recouvre(self, autre: "Millesime") -> bool:
        """Deux périodes qui se recouvrent comptent en partie les mêmes choses."""
        return self.debut <= autre.fin and autre.debut <= self.fin


class IndicateurQuerySet(models.QuerySet["Indicateur"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Un indicateur se lit avec son contrat."""
        return borner(self, raisons(utilisateur, publie=PUBLIE))

    def suivis_par(self, contrat: Contrat) -> Self:
        """Ceux du contrat et de ses parents : un PERR suit les indicateurs du contrat de ville."""
        lignee = Q()
        for rang in range(PROFONDEUR + 1):
            lignee |= Q(**{"__".join(["enfants"] * rang) or "pk": contrat.pk})
        return self.filter(contrat__in=Contrat.objects.filter(lignee).values("pk"))

    def retenus(self) -> Self:
        return self.filter(motif_ecart="")

    def pour_liste(self) -> Self:
        """Ordre total des listes, tout ce qu'une ligne affiche."""
        return (
            self.select_related("contrat", "theme", "source", "reference")
            .order_by("contrat__intitule_court", "contrat", "ordre", "pk")
            .fetch_mode(models.FETCH_PEERS)
        )


class Indicateur(Versionne):
    """Ce qu'un contrat suit, ou a choisi de ne pas suivre (`motif_ecart`).

    `comparaison` dit comment un quartier se lit face à `reference`, `agregation` ce qu'on a le
    droit d'additionner : rien ne s'additionne ni ne se moyenne sans elle. `millesimes_imprimes` et
    `millesimes_attendus` viennent de la source : ce qu'elle annonce, valeur connue ou non.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="indicateurs", on_delete=models.CASCADE
    )
    cle = models.SlugField("clé", max_length=80)
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    intitule = models.CharField("intitulé", max_length=200)
    theme = models.ForeignKey(
        Theme,
        verbose_name="thème",
        related_name="indicateurs",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    source = models.ForeignKey(
        Source,
        verbose_name="source",
        related_name="indicateurs",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    definition = models.TextField("définition", blank=True)
    unite = models.CharField("unité", max_length=60, blank=True)
    decimales = models.PositiveSmallIntegerField("décimales affichées", default=0)
    sens = models.CharField("sens voulu", max_length=12, choices=Sens, default=Sens.A_APPRECIER)
    agregation = models.CharField(
        "règle d'agrégation", max_length=10, choices=Agregation, default=Agregation.AUCUNE
    )
    comparaison = models.CharField(
        "comparaison", max_length=12, choices=Comparaison, default=Comparaison.DIFFERENCE
    )
    reference = models.ForeignKey(
        Territoire,
        verbose_name="territoire de référence",
        related_name="indicateurs_de_reference",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    frequence = models.CharField(
        "fréquence", max_length=14, choices=Frequence, default=Frequence.ANNUELLE
    )
    prioritaire = models.BooleanField("à actualiser en priorité", default=False)
    orientations = models.ManyToManyField(
        Axe, verbose_name="orientations liées", related_name="indicateurs", blank=True
    )
    millesimes_imprimes = models.CharField("millésimes imprimés", max_length=120, blank=True)
    millesimes_attendus = models.ManyToManyField(
        Millesime, verbose_name="millésimes attendus", related_name="indicateurs", blank=True
    )
    motif_ecart = models.CharField("écarté parce que", max_length=300, blank=True)
    a_verifier = models.CharField("à faire vérifier", max_length=300, blank=True)

    objects = IndicateurQuerySet.as_manager()

    class Meta:
        verbose_name = "indicateur"
        verbose_name_plural = "indicateurs"
        ordering = ["contrat", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "cle"],
                name="indicateurs_indicateur_cle_unique",
                violation_error_message="Un autre indicateur de ce contrat a cette clé.",
            ),
            models.CheckConstraint(
                name="indicateurs_indicateur_retenu_complet",
                condition=~Q(motif_ecart="") | Q(theme__isnull=False, source__isnull=False),
                violation_error_message="Un indicateur retenu a un thème et une source.",
            ),
            models.CheckConstraint(
                name="indicateurs_indicateur_vocabulaire_connu",
                condition=Q(
                    sens__in=Sens.values,
                    agregation__in=Agregation.values,
                    comparaison__in=Comparaison.values,
                    frequence__in=Frequence.values,
                ),
                violation_error_message="Sens, agrégation, comparaison ou fréquence inconnus.",
            ),
            models.CheckConstraint(
                name="indicateurs_indicateur_decimales_bornees",
                condition=Q(decimales__lte=6),
                violation_error_message="Six décimales au plus.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def est_ecarte(self) -> bool:
        return bool(self.motif_ecart)

    def get_absolute_url(self) -> str:
        return reverse("indicateurs:indicateur-detail", args=[self.contrat.slug, self.cle])
