"""Un document repris, écrit dans un contrat, et un retour de ce contrat."""

import hashlib

from django.utils import timezone

from reprise.models import DocumentRepris, Retour
from reprise.retour.comparaison import exporter

OCTETS = b"Contrat\n"


def repris(contrat=None, **champs):
    """Écrit dans `contrat` ; sans contrat, en cours de relecture."""
    return DocumentRepris.objects.create(
        nom="contrat.txt",
        format="texte",
        fichier=OCTETS,
        taille=len(OCTETS),
        empreinte=hashlib.sha256(OCTETS).hexdigest(),
        lecture={"format": "texte", "blocs": [], "remarques": [], "pages": 0},
        contrat=contrat,
        ecrit_le=timezone.now() if contrat else None,
        **champs,
    )


def revenu(contrat):
    octets = exporter(contrat)
    return Retour.objects.create(
        contrat=contrat,
        nom="retour.docx",
        fichier=octets,
        empreinte=hashlib.sha256(octets).hexdigest(),
    )
