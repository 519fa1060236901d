"""Le dépôt des octets : écrits une fois sous leur empreinte, jamais remplacés.

Le dépôt est `STORAGES["documents"]` : un dossier de la machine, ou tout dépôt de Django.
"""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from documents.models import DocumentFige


class OctetsAlteres(Exception):
    """Les octets gardés ne sont plus ceux qui ont été figés, ou manquent."""


def depot() -> Storage:
    return storages["documents"]


def garder(octets: bytes, chemin: str) -> None:
    """Écrit ces octets s'ils n'y sont pas ; lève `OctetsAlteres` si d'autres y sont."""
    if depot().exists(chemin):
        if lire(chemin) != octets:
            raise OctetsAlteres(f"Le dépôt a d'autres octets à la place {chemin}.")
        return
    ecrit = depot().save(chemin, ContentFile(octets))
    if ecrit != chemin:  # un autre processus vient d'écrire les mêmes octets
        depot().delete(ecrit)


def lire(chemin: str) -> bytes:
    """Les octets gardés à cette place. Lève `OctetsAlteres` s'ils manquent."""
    try:
        with depot().open(chemin) as fichier:
            octets: bytes = fichier.read()
    except FileNotFoundError:
        raise OctetsAlteres(f"Le dépôt n'a plus les octets de {chemin}.") from None
    return octets


def octets_de(document: DocumentFige) -> bytes:
    """Les octets figés, vérifiés à chaque lecture. Lève `OctetsAlteres`."""
    octets = lire(document.chemin)
    if hashlib.sha256(octets).hexdigest() != document.empreinte:
        raise OctetsAlteres(f"Les octets gardés de « {document} » ont été changés.")
    return octets
