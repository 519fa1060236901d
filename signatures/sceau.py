"""Le sceau du serveur : la plateforme signe ce qu'elle produit (PAdES), si on lui en donne de quoi.

Le certificat est un PKCS#12, ou dans un module PKCS#11. L'heure vient d'un horodateur (RFC 3161),
jamais de l'horloge du serveur : pas d'horodatage, pas de sceau.
"""

from typing import Any

from django.conf import settings


class SceauImpossible(Exception):
    """Rien n'est scellé ; la phrase dit pourquoi."""


def est_regle() -> bool:
    """Cette installation a de quoi sceller : un certificat et un horodateur."""
    return bool(settings.SCEAU["pkcs12"] or settings.SCEAU["pkcs11_module"])


def sceller(octets: bytes, *, horodateur: Any = None) -> bytes:
    """Ces octets, puis le sceau horodaté en mise à jour incrémentale. Lève `SceauImpossible`."""
    if not est_regle():
        raise SceauImpossible("Aucun sceau n'est réglé sur cette installation.")
    from signatures.scellement import poser

    return poser(octets, horodateur)
