"""Modèles des indicateurs ; s'importent d'ici."""

from indicateurs.models.importation import ImportMesures
from indicateurs.models.mesure import Mesure, VersionMesure
from indicateurs.models.referentiel import Indicateur, Millesime, Source, Theme
from indicateurs.models.suivi import Analyse, Cible

__all__ = [
    "Analyse",
    "Cible",
    "ImportMesures",
    "Indicateur",
    "Mesure",
    "Millesime",
    "Source",
    "Theme",
    "VersionMesure",
]
