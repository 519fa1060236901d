"""Les ancres du journal : où il en était, signé (Ed25519, RFC 8032) et gardé hors de la base.

La clé se déduit de SECRET_KEY : rien de plus à régler. Après un changement de SECRET_KEY, les
anciennes ancres se vérifient par SECRET_KEY_FALLBACKS.
"""

import json
from collections.abc import Iterator

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


@transaction.atomic
def ancrer() -> str:
    """Écrit l'ancre du moment et rend son chemin. Un journal vide s'ancre aussi : il l'inscrit."""
    derniere = journal.inscrire(ActeInscrit.ANCRER, par=None)
    corps = journal.canonique(
        {
            "rang": derniere.rang,
            "empreinte": derniere.empreinte,
            "le": timezone.now().isoformat(timespec="seconds"),
        }
    )
    signature = _cle(settings.SECRET_KEY).sign(corps.encode()).hex()
    ancre = json.dumps({"corps": corps, "signature": signature}, ensure_ascii=False)
    chemin = f"{DOSSIER}/{timezone.now():%Y-%m-%d}-{derniere.rang:010d}.json"
    return depot().save(chemin, ContentFile(ancre.encode()))


def ruptures() -> Iterator[str]:
    """Une phrase par ancre contrefaite, ou que le journal ne retrouve pas."""
    if not depot().exists(DOSSIER):
        return
    for nom in sorted(depot().listdir(DOSSIER)[1]):
        with depot().open(f"{DOSSIER}/{nom}") as fichier:
            yield from _rupture(nom, fichier.read())


def _rupture(nom: str, octets: bytes) -> Iterator[str]:
    try:
        ancre = json.loads(octets)
        corps, signature = ancre["corps"], bytes.fromhex(ancre["signature"])
    except (ValueError, KeyError, TypeError):
        yield f"Ancre {nom} : illisible."
        return
    if not any(_signe(secret, corps, signature) for secret in _secrets()):
        yield f"Ancre {nom} : sa signature n'est pas la nôtre."
        return
    dit = json.loads(corps)
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
