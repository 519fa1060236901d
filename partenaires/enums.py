"""Vocabulaire des partenaires."""

from django.db import models


class NatureOrganisme(models.TextChoices):
    """Ce que désigne une mention de partenaire : pas toujours un organisme."""

    ORGANISME = "organisme", "Organisme"
    CATEGORIE = "categorie", "Catégorie d'acteurs"
    FINANCEMENT = "financement", "Financement"


class GenreCharte(models.TextChoices):
    """Ce qu'un organisme signe avant d'être financé."""

    CHARTE = "charte", "Charte des valeurs de la République"
    CER = "cer", "Contrat d'engagement républicain"


class Diffusion(models.TextChoices):
    """Qui peut lire le mandat d'une personne (CRPA, art. L. 312-1-2)."""

    PUBLIQUE = "publique", "Publique"
    INTERNE = "interne", "Interne"
