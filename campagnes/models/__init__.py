"""Campagnes : à qui l'on demande où en sont les actions, et ce qu'il répond."""

from campagnes.models.campagne import Campagne, Contact, Demande, Destinataire, Relance
from campagnes.models.reponse import PieceJointe, Reponse

__all__ = [
    "Campagne",
    "Contact",
    "Demande",
    "Destinataire",
    "PieceJointe",
    "Relance",
    "Reponse",
]
