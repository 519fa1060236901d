"""Tout ce qui est en vigueur, en une archive ZIP et la liste de ses empreintes."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping

from django.contrib.auth.models import AnonymousUser
from django.utils.timezone import localtime

from comptes.models import Utilisateur
from contrats.models import Contrat
from documents.figes import stockage
from documents.models import DocumentFige

EMPREINTES = "SHA256SUMS"


def documents(contrat: Contrat, par: Utilisateur | AnonymousUser) -> list[DocumentFige]:
    """Les documents figés que `par` voit, et qu'aucun autre ne remplace."""
    visibles = DocumentFige.objects.visibles_par(par).filter(contrat=contrat)
    return list(visibles.courants().pour_liste())


def faire(contrat: Contrat, documents: Iterable[DocumentFige]) -> tuple[str, bytes]:
    """(nom, octets) : mêmes documents, mêmes octets."""
    lus = list(documents)
    fichiers = {d.nom_de_fichier: stockage.octets_de(d) for d in lus}
    dernier = max(d.fige_le for d in lus)
    return f"{contrat.slug}-en-vigueur.zip", compresser(
        fichiers, localtime(dernier).timetuple()[:6]
    )


def compresser(fichiers: Mapping[str, bytes], date: tuple[int, ...]) -> bytes:
    """Le ZIP de ces fichiers, précédés de leurs empreintes au format de `sha256sum -c`."""
    sommes = "".join(
        f"{hashlib.sha256(octets).hexdigest()}  {nom}\n" for nom, octets in fichiers.items()
    )
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        for nom, octets in {EMPREINTES: sommes.encode(), **fichiers}.items():
            entree = zipfile.ZipInfo(nom, date)  # type: ignore[arg-type]
            entree.external_attr = 0o644 << 16
            # Un PDF est déjà compressé.
            pdf = nom.endswith(".pdf")
            entree.compress_type = zipfile.ZIP_STORED if pdf else zipfile.ZIP_DEFLATED
            archive.writestr(entree, octets)
    return sortie.getvalue()
