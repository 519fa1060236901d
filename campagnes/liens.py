"""Le lien personnel d'un destinataire : signé, haché en base, borné à ses actions.

Le jeton est un code d'authentification (HMAC) de la clé du destinataire, tiré de `SECRET_KEY` :
une copie de la base ne le donne pas. On le cherche par son empreinte ; forgé, expiré, révoqué ou
d'un autre, il lève la même erreur. Il n'ouvre aucune session.
"""

import base64
import hashlib

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from campagnes.models import Destinataire
from courrier.depot import adresse_absolue

SEL = "campagnes.lien"


class LienInvalide(Exception):
    """Ce lien n'ouvre rien : la cause n'est pas dite."""


def ouvrir(jeton: str) -> Destinataire:
    """Le destinataire d'un lien en vigueur ; lève `LienInvalide`."""
    joignables = Destinataire.objects.joignables().select_related("campagne__contrat")
    destinataire = joignables.filter(empreinte=empreinte(jeton)).first()
    if destinataire is None:
        raise LienInvalide
    return destinataire


def adresse(destinataire: Destinataire) -> str:
    """L'adresse complète de son lien, pour un courriel."""
    return adresse_absolue(reverse("campagnes:repondre", args=[jeton_de(destinataire)]))


def jeton_de(destinataire: Destinataire) -> str:
    """Le jeton en vigueur. Une clé de l'installation abandonnée l'a rendu incalculable : il est
    renouvelé."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        jeton = _jeton(destinataire, str(secret))
        if empreinte(jeton) == destinataire.empreinte:
            return jeton
    return renouveler(destinataire)


def attribuer(destinataire: Destinataire) -> None:
    """Pose l'empreinte du jeton d'un destinataire qui n'est pas encore en base."""
    destinataire.empreinte = empreinte(_jeton(destinataire, settings.SECRET_KEY))


def renouveler(destinataire: Destinataire) -> str:
    """Un nouveau jeton ; l'ancien n'ouvre plus rien. Une révocation est levée."""
    destinataire.generation += 1
    attribuer(destinataire)
    destinataire.revoque_le = None
    destinataire.save(update_fields=["generation", "empreinte", "revoque_le"])
    return _jeton(destinataire, settings.SECRET_KEY)


def revoquer(destinataire: Destinataire) -> None:
    """Le lien n'ouvre plus rien, tout de suite."""
    destinataire.revoque_le = timezone.now()
    destinataire.save(update_fields=["revoque_le"])


def empreinte(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


def _jeton(destinataire: Destinataire, secret: str) -> str:
    valeur = f"{destinataire.cle}:{destinataire.generation}"
    code = salted_hmac(SEL, valeur, secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(code).rstrip(b"=").decode()
