"""Comptes des agents et des partenaires, leurs sessions et l'assistance."""

from comptes.models.assistance import Assistance, GesteAssiste
from comptes.models.session import SessionOuverte
from comptes.models.utilisateur import Utilisateur, UtilisateurManager, UtilisateurQuerySet

__all__ = [
    "Assistance",
    "GesteAssiste",
    "SessionOuverte",
    "Utilisateur",
    "UtilisateurManager",
    "UtilisateurQuerySet",
]
