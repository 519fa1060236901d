"""Les signatures reçues contre le journal : `manage.py verifier_journal` les relit aussi."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator

from documents.enums import ActeInscrit
from documents.figes import stockage
from documents.models import Inscription
from signatures.models import PieceSignee


def ruptures() -> Iterator[str]:
    """Chaque pièce a ses octets et sa ligne au journal ; chaque ligne « signer » a sa pièce."""
    inscrites = Counter(_inscrites())
    for piece in PieceSignee.objects.select_related("signataire").order_by("pk"):
        cle = (str(piece.signataire.public_id), piece.empreinte)
        inscrites[cle] -= 1
        if inscrites[cle] < 0:
            yield f"« {piece} » : reçue sans être inscrite au journal."
        yield from _octets(piece)
    for signataire, empreinte in +inscrites:
        yield f"Signature {signataire} ({empreinte[:12]}…) : inscrite au journal, sans sa pièce."


def _inscrites() -> Iterator[tuple[str, str]]:
    lignes = Inscription.objects.filter(acte=ActeInscrit.SIGNER).order_by("rang")
    for contenu in lignes.values_list("contenu", flat=True):
        faits = json.loads(contenu)
        yield faits["signataire"], faits["empreinte"]


def _octets(piece: PieceSignee) -> Iterator[str]:
    try:
        octets = stockage.lire(piece.chemin)
    except stockage.OctetsAlteres as erreur:
        yield str(erreur)
        return
    if hashlib.sha256(octets).hexdigest() != piece.empreinte:
        yield f"Les octets gardés de « {piece} » ont été changés."
