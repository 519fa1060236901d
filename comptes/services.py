"""Écritures sur un compte qui touchent plusieurs lignes."""

from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from comptes.models import SessionOuverte, Utilisateur
from courrier.depot import composer, deposer


@transaction.atomic
def retirer_les_seconds_facteurs(utilisateur: Utilisateur) -> None:
    """Pour qui a perdu appareil et codes : retire tout, ferme ses sessions, le lui dit."""
    Authenticator.objects.filter(user=utilisateur).delete()
    SessionOuverte.objects.filter(utilisateur=utilisateur).delete()
    phrase = "L'administration a retiré les seconds facteurs de votre compte."
    message = composer("compte_modifie", {"phrase": phrase, "le": timezone.now()})
    deposer(
        cle=f"seconds-facteurs-retires-{uuid4()}",
        destinataire=utilisateur.email,
        sujet=message.sujet,
        texte=message.texte,
    )
