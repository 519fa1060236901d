"""Vocabulaire des territoires : valeurs stables en base, libellés modifiables à l'écran."""

from django.db import models


class TypeTerritoire(models.TextChoices):
    """Niveau d'un territoire, du plus large au plus fin."""

    PAYS = "pays", "Pays"
    REGION = "region", "Région"
    DEPARTEMENT = "departement", "Département"
    METROPOLE = "metropole", "Métropole"
    COMMUNAUTE = "communaute", "Communauté"
    PETR = "petr", "Pôle d'équilibre territorial et rural"
    COMMUNE = "commune", "Commune"
    QPV = "qpv", "Quartier prioritaire"
    QUARTIER_VEILLE = "quartier_veille", "Quartier de veille"
    QUARTIER_USAGE = "quartier_usage", "Quartier d'usage"
    SECTEUR = "secteur", "Secteur"
    REGROUPEMENT = "regroupement", "Regroupement"


class Couverture(models.TextChoices):
    """Part d'un territoire comprise dans un autre."""

    TOTALE = "totale", "Totale"
    PARTIELLE = "partielle", "Partielle"


class NatureFiliation(models.TextChoices):
    """Ce que devient un quartier d'une génération à l'autre."""

    INCHANGE = "inchange", "Inchangé"
    MODIFIE = "modifie", "Contour modifié"
    FUSION = "fusion", "Fusionné"
    SCISSION = "scission", "Scindé"
    SORTIE = "sortie", "Sorti"
    ENTREE = "entree", "Entré"
