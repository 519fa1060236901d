"""Lignes des sections : jalons, livrables, risques, facteurs, critères, projets, responsables."""

from django.db import models

from contrats.enums import NatureCritere, Precision
from contrats.models.contraintes import valeurs
from contrats.models.fiche import Section


class LigneDeSection(models.Model):
    """Ligne d'une section, à son rang."""

    section = models.ForeignKey(
        Section, verbose_name="section", related_name="%(class)ss", on_delete=models.CASCADE
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    intitule = models.CharField("intitulé", max_length=500)

    class Meta:
        abstract = True
        ordering = ["section", "ordre", "pk"]

    def __str__(self) -> str:
        return self.intitule


class Echeance(LigneDeSection):
    """Ligne attendue à une date, à la précision imprimée (« fin 2015 », « été 2016 »)."""

    echeance_texte = models.CharField("échéance imprimée", max_length=60, blank=True)
    echeance = models.DateField("échéance", null=True, blank=True)
    precision = models.CharField(
        "précision", max_length=10, choices=Precision, default=Precision.JOUR
    )

    class Meta(LigneDeSection.Meta):
        abstract = True


class Jalon(Echeance):
    """Date que le comité pourra vérifier."""

    class Meta(Echeance.Meta):
        verbose_name = "jalon"
        verbose_name_plural = "jalons"
        constraints = [valeurs("jalon", "precision", Precision, "Précision de date inconnue.")]


class Livrable(Echeance):
    """Document ou résultat attendu."""

    class Meta(Echeance.Meta):
        verbose_name = "livrable"
        verbose_name_plural = "livrables"
        constraints = [valeurs("livrable", "precision", Precision, "Précision de date inconnue.")]


class Risque(LigneDeSection):
    """Risque identifié ; `imprime_sous` dit qu'il l'est sous une autre rubrique de la source."""

    imprime_sous = models.CharField("imprimé sous", max_length=200, blank=True)

    class Meta(LigneDeSection.Meta):
        verbose_name = "risque"
        verbose_name_plural = "risques"


class Facteur(LigneDeSection):
    """Facteur clé de succès."""

    class Meta(LigneDeSection.Meta):
        verbose_name = "facteur de succès"
        verbose_name_plural = "facteurs de succès"


class Critere(LigneDeSection):
    """Critère d'impact, qualitatif ou quantitatif."""

    nature = models.CharField("nature", max_length=12, choices=NatureCritere)

    class Meta(LigneDeSection.Meta):
        verbose_name = "critère d'impact"
        verbose_name_plural = "critères d'impact"
        constraints = [
            valeurs("critere", "nature", NatureCritere, "Critère qualitatif ou quantitatif.")
        ]


class ProjetLie(LigneDeSection):
    """Lien à un autre projet ; sans `cible`, ce projet n'est pas décrit sur la plateforme."""

    cible = models.ForeignKey(
        "contrats.Contrat",
        verbose_name="contrat visé",
        related_name="projets_lies",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )

    class Meta(LigneDeSection.Meta):
        verbose_name = "projet lié"
        verbose_name_plural = "projets liés"


class Responsable(LigneDeSection):
    """Personne désignée par la fiche ; `intitule` est sa qualité, quand la fiche l'imprime."""

    intitule = models.CharField("qualité imprimée", max_length=500, blank=True)
    personne = models.ForeignKey(
        "partenaires.Personne",
        verbose_name="personne",
        related_name="responsabilites",
        on_delete=models.PROTECT,
    )
    organisme = models.ForeignKey(
        "partenaires.Organisme",
        verbose_name="organisme",
        related_name="responsables",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )

    class Meta(LigneDeSection.Meta):
        verbose_name = "responsable"
        verbose_name_plural = "responsables"
