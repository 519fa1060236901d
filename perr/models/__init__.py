"""Modèles de la matrice ; tout s'importe d'ici."""

from perr.models.historique import Lot, VersionDeclinaison
from perr.models.importation import Import
from perr.models.matrice import (
    AliasColonne,
    AnnexeTerritoriale,
    AxePrioritaire,
    Colonne,
    Declinaison,
    QuartierDeColonne,
    RegardSpecifique,
    RenvoiDeclinaison,
    TitreVariante,
)

__all__ = [
    "AliasColonne",
    "AnnexeTerritoriale",
    "AxePrioritaire",
    "Colonne",
    "Declinaison",
    "Import",
    "Lot",
    "QuartierDeColonne",
    "RegardSpecifique",
    "RenvoiDeclinaison",
    "TitreVariante",
    "VersionDeclinaison",
]
