"""Ce qui se garde en base mais ne doit pas se lire dans une copie de la base.

Liens qui ouvrent une session ou une réponse, secrets des codes à usage unique : chiffrés par une
clé tirée de `SECRET_KEY`, qui n'est pas en base. Une clé remplacée reste lisible tant qu'elle est
dans `SECRET_KEY_FALLBACKS`.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Illisible(ValueError):
    """Chiffré par une clé que l'installation n'a plus, ou altéré."""


def chiffrer(clair: str) -> str:
    """Forme à garder en base."""
    return _chiffre(_cles()).encrypt(clair.encode()).decode()


def dechiffrer(chiffre: str) -> str:
    """Texte d'origine ; lève `Illisible`."""
    try:
        return _chiffre(_cles()).decrypt(chiffre.encode()).decode()
    except InvalidToken as erreur:
        raise Illisible("La clé de chiffrement a changé, ou le texte est altéré.") from erreur


def _cles() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _chiffre(cles: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_deriver(cle)) for cle in cles])


def _deriver(cle: str) -> bytes:
    """Une clé propre à cet usage : la connaître ne donne pas `SECRET_KEY`."""
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"reciproque.chiffrement")
    return base64.urlsafe_b64encode(derivation.derive(cle.encode()))
