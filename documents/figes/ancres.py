"""Les ancres du journal : où il en était, signé (Ed25519, RFC 8032) et gardé hors de la base.

La clé se déduit de SECRET_KEY : rien de plus à régler. Après un changement de SECRET_KEY, les
anciennes ancres se vérifient par SECRET_KEY_FALLBACKS.
"""

import json
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from documents.enums import ActeInscrit
from documents.figes import journal
from documents.figes.stockage import depot
from documents.models import Inscription

DOSSIER = "ancres"


def _cle(secret: str) -> Ed25519PrivateKey:
    derivee = HKDF(hashes.SHA256(), 32, salt=None, info=b"reciproque.journal.ancres")
    return Ed25519PrivateKey.from_private_bytes(derivee.derive(secret.encode()))


def ancrer_le_jour() -> str:
    """L'ancre d'aujourd'hui, si elle n'y est pas déjà ; rend son chemin."""
    jour = f"{timezone.now():%Y-%m-%d}-"
    du_jour = [nom for nom in _noms() if nom.startswith(jour)]
    return f"{DOSSIER}/{du_jour[-1]}" if du_jour else ancrer()


@transaction.atomic
def ancrer() -> str:
    """Écrit l'ancre du moment et rend son chemin. Un journal vide s'ancre aussi : il l'inscrit."""
    derniere = journal.inscrire(ActeInscrit.ANCRER, par=None)
    ancre = signer(
        {
            "rang": derniere.rang,
            "empreinte": derniere.empreinte,
            "le": timezone.now().isoformat(timespec="seconds"),
        }
    )
    chemin = f"{DOSSIER}/{timezone.now():%Y-%m-%d}-{derniere.rang:010d}.json"
    return depot().save(chemin, ContentFile(ancre.encode()))


def signer(donnees: dict[str, Any]) -> str:
    """Ces données et notre signature, en JSON."""
    corps = journal.canonique(donnees)
    signature = _cle(settings.SECRET_KEY).sign(corps.encode()).hex()
    return json.dumps({"corps": corps, "signature": signature}, ensure_ascii=False)


def lire_signe(octets: bytes) -> dict[str, Any] | None:
    """Les données que nous avons signées ; `None` si la signature n'est pas la nôtre. Lève
    `ValueError`, `KeyError` ou `TypeError` si ce n'en est pas la forme."""
    dit = json.loads(octets)
    corps, signature = dit["corps"], bytes.fromhex(dit["signature"])
    if not any(_signe(secret, corps, signature) for secret in _secrets()):
        return None
    lu: dict[str, Any] = json.loads(corps)
    return lu


def ruptures() -> Iterator[str]:
    """Une phrase par ancre contrefaite, ou que le journal ne retrouve pas."""
    for nom in _noms():
        with depot().open(f"{DOSSIER}/{nom}") as fichier:
            yield from _rupture(nom, fichier.read())


def _noms() -> list[str]:
    """Les ancres, dans l'ordre des jours. Un dépôt S3 n'a pas de dossier vide : il n'y a rien."""
    try:
        return sorted(depot().listdir(DOSSIER)[1])
    except FileNotFoundError:
        return []


def _rupture(nom: str, octets: bytes) -> Iterator[str]:
    try:
        dit = lire_signe(octets)
    except (ValueError, KeyError, TypeError, AttributeError):
        yield f"Ancre {nom} : illisible."
        return
    if dit is None:
        yield f"Ancre {nom} : sa signature n'est pas la nôtre."
        return
    ligne = Inscription.objects.filter(rang=dit["rang"]).first()
    if ligne is None:
        yield f"Ancre {nom} : le journal avait {dit['rang']} lignes, il en manque."
    elif ligne.empreinte != dit["empreinte"]:
        yield f"Ancre {nom} : la ligne {dit['rang']} n'est plus celle de ce jour-là."


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _signe(secret: str, corps: str, signature: bytes) -> bool:
    try:
        _cle(secret).public_key().verify(signature, corps.encode())
    except InvalidSignature:
        return False
    return True
