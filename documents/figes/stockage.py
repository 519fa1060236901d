"""Le dépôt des octets : écrits une fois sous leur empreinte, jamais remplacés.

Le dépôt est `STORAGES["documents"]` : un dossier de la machine, ou un service compatible S3.
"""

import hashlib
import os

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

from documents.models import DocumentFige

# Ce qui change quand on touche à un fichier : sa place sur le disque, sa taille, ses dates.
type Etat = tuple[int, int, int, int, int]
BLOC = 1 << 20
RETENUS_MAX = 10_000
# Ce que ce processus a déjà vérifié : chemin → empreinte et état du fichier à ce moment. Un fichier
# qui n'a pas bougé depuis se sert sans être relu ; la ronde relit tout.
_verifies: dict[str, tuple[str, Etat]] = {}


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
    try:
        ecrit = depot().save(chemin, ContentFile(octets))
    except FileExistsError:  # un autre processus vient d'y écrire, et le service refuse d'écraser
        if lire(chemin) != octets:
            raise OctetsAlteres(f"Le dépôt a d'autres octets à la place {chemin}.") from None
        return
    if ecrit != chemin:  # de même sur un disque : il a donné un autre nom
        depot().delete(ecrit)


def lire(chemin: str) -> bytes:
    """Les octets gardés à cette place. Lève `OctetsAlteres` s'ils manquent."""
    with _ouvrir(chemin) as fichier:
        octets: bytes = fichier.read()
    return octets


def octets_de(document: DocumentFige) -> bytes:
    """Les octets figés, vérifiés à cette lecture. Lève `OctetsAlteres`."""
    octets = lire(document.chemin)
    if hashlib.sha256(octets).hexdigest() != document.empreinte:
        raise OctetsAlteres(_phrase(document))
    return octets


def flux(chemin: str, empreinte: str, nom: str) -> File:
    """Le fichier ouvert, à servir en flux. Lève `OctetsAlteres`.

    Relu chaque fois, sauf sur un disque, où ne pas avoir bougé suffit.
    """
    fichier = _ouvrir(chemin)
    lu = sur_disque(chemin, fichier)
    etat = (empreinte, etat_de(lu)) if lu else None
    if etat is None or _verifies.get(chemin) != etat:
        if _empreinte(fichier) != empreinte:
            fichier.close()
            raise OctetsAlteres(_phrase(nom))
        if len(_verifies) >= RETENUS_MAX:
            _verifies.clear()
        if etat is not None:
            _verifies[chemin] = etat
    return fichier


def _ouvrir(chemin: str) -> File:
    try:
        return depot().open(chemin)
    except FileNotFoundError:
        raise OctetsAlteres(f"Le dépôt n'a plus les octets de {chemin}.") from None


def sur_disque(chemin: str, fichier: File) -> os.stat_result | None:
    """Ce que le disque dit du fichier ouvert ; `None` si le dépôt n'est pas sur cette machine."""
    try:
        depot().path(chemin)
        return os.fstat(fichier.fileno())
    except (NotImplementedError, OSError):
        return None


def etat_de(lu: os.stat_result) -> Etat:
    return lu.st_dev, lu.st_ino, lu.st_size, lu.st_mtime_ns, lu.st_ctime_ns


def _empreinte(fichier: File) -> str:
    calcul = hashlib.sha256()
    for bloc in fichier.chunks(BLOC):
        calcul.update(bloc)
    fichier.seek(0)
    return calcul.hexdigest()


def _phrase(nom: object) -> str:
    return f"Les octets gardés de « {nom} » ont été changés."
