"""Liens de désabonnement : signés, sans connexion, bons pour cela seul.

Ils n'expirent pas : un vieux courriel doit toujours permettre de se désabonner.
"""

from django.core import signing
from django.urls import reverse

from comptes.models import Utilisateur
from courrier.depot import adresse_absolue
from notifications.preferences import TOUS
from notifications.registre import EVENEMENTS

_SIGNATURE = signing.Signer(salt="notifications.desabonnement")


def jeton(utilisateur: int, evenement: str = TOUS) -> str:
    return _SIGNATURE.sign(f"{utilisateur}.{evenement}")


def lien(utilisateur: int, evenement: str = TOUS) -> str:
    """Adresse complète qui désabonne cette personne de cet événement, ou de tout."""
    chemin = reverse("notifications:desabonnement", args=[jeton(utilisateur, evenement)])
    return adresse_absolue(chemin)


def lire(jeton: str) -> tuple[Utilisateur, str] | None:
    """La personne et l'événement du jeton ; rien s'il est altéré ou si le compte n'est plus."""
    try:
        qui, _, evenement = _SIGNATURE.unsign(jeton).partition(".")
    except signing.BadSignature:
        return None
    utilisateur = Utilisateur.objects.actifs().filter(pk=qui).first()
    if utilisateur is None or (evenement != TOUS and evenement not in EVENEMENTS):
        return None
    return utilisateur, evenement
