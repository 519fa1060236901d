"""Gabarits de fiche : une forme de contrat est une donnée, pas du code."""

from django.db import models
from django.db.models import Q

from contrats.enums import Horizon, NatureSection, TypeContrat
from contrats.models.contraintes import valeurs


class ModeleFiche(models.Model):
    """Suite ordonnée de sections qu'une fiche de ce modèle peut porter."""

    cle = models.SlugField("clé", max_length=60, unique=True)
    nom = models.CharField("nom", max_length=120)
    description = models.TextField("description", blank=True)
    type_contrat = models.CharField("type de contrat", max_length=20, choices=TypeContrat)

    class Meta:
        verbose_name = "modèle de fiche"
        verbose_name_plural = "modèles de fiche"
        ordering = ["nom", "pk"]
        constraints = [
            valeurs("modelefiche", "type_contrat", TypeContrat, "Type de contrat inconnu.")
        ]

    def __str__(self) -> str:
        return self.nom


class SectionModele(models.Model):
    """Section d'un modèle : sa place, sa nature et, pour les actions, son horizon.

    `variantes` garde les libellés imprimés connus, qui servent à reconnaître la section.
    """

    modele = models.ForeignKey(
        ModeleFiche, verbose_name="modèle", related_name="sections", on_delete=models.CASCADE
    )
    cle = models.SlugField("clé", max_length=60)
    ordre = models.PositiveSmallIntegerField("ordre")
    libelle = models.CharField("libellé", max_length=200)
    nature = models.CharField("nature", max_length=14, choices=NatureSection)
    horizon = models.CharField("horizon", max_length=12, choices=Horizon, blank=True)
    aide = models.CharField("aide à la rédaction", max_length=300, blank=True)
    obligatoire = models.BooleanField("obligatoire", default=False)
    variantes = models.JSONField("libellés imprimés connus", default=list, blank=True)

    class Meta:
        verbose_name = "section de modèle"
        verbose_name_plural = "sections de modèle"
        ordering = ["modele", "ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["modele", "cle"],
                name="contrats_sectionmodele_cle_unique",
                violation_error_message="Une autre section de ce modèle a cette clé.",
            ),
            valeurs("sectionmodele", "nature", NatureSection, "Nature de section inconnue."),
            valeurs("sectionmodele", "horizon", Horizon, "Horizon inconnu.", vide=True),
            models.CheckConstraint(
                name="contrats_sectionmodele_horizon_a_propos",
                condition=Q(horizon="")
                | Q(nature__in=[NatureSection.ACTIONS, NatureSection.PARTENAIRES]),
                violation_error_message="Seules les actions et les partenaires ont un horizon.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle
