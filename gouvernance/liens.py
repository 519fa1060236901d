"""Le lien personnel d'un inscrit : signé, haché en base ; il montre et annule, rien d'autre.

Le jeton est un code d'authentification (HMAC) de la clé de l'inscription, tiré de `SECRET_KEY` :
une copie de la base ne le donne pas.
"""

import base64
import hashlib

from django.conf import settings
from django.utils.crypto import salted_hmac

from gouvernance.models import Inscription

SEL = "gouvernance.inscription"


class LienInvalide(Exception):
    """Ce lien n'ouvre rien : la cause n'est pas dite."""


def attribuer(inscription: Inscription) -> None:
    """Pose l'empreinte du jeton d'une inscription qui n'est pas encore en base."""
    inscription.empreinte = empreinte(_jeton(inscription, str(settings.SECRET_KEY)))


def ouvrir(jeton: str) -> Inscription:
    """L'inscription d'un lien ; lève `LienInvalide`."""
    lignes = Inscription.objects.select_related("session__contrat")
    inscription = lignes.filter(empreinte=empreinte(jeton)).first()
    if inscription is None:
        raise LienInvalide
    return inscription


def jeton_de(inscription: Inscription) -> str:
    """Le jeton en vigueur : calculé, jamais gardé. Une copie de la base ne le donne pas."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        jeton = _jeton(inscription, str(secret))
        if empreinte(jeton) == inscription.empreinte:
            return jeton
    jeton = _jeton(inscription, str(settings.SECRET_KEY))
    Inscription.objects.filter(pk=inscription.pk).update(empreinte=empreinte(jeton))
    return jeton


def empreinte(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


def _jeton(inscription: Inscription, secret: str) -> str:
    code = salted_hmac(SEL, inscription.cle.hex, secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(code).rstrip(b"=").decode()
