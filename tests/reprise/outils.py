"""Vocabulaire livré et documents de départ, sans base de données ; un document prêt à écrire."""

from functools import cache
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from reprise.lecture import lire
from reprise.reconnaissance.analyse import analyser
from reprise.reconnaissance.vocabulaire import Vocabulaire, modele_connu, vocabulaire
from reprise.sessions import compris_de, decider, deposer

RACINE = Path(settings.BASE_DIR)
# Hors du dépôt : ce ne sont pas nos textes. À côté de lui, ou d'un dossier qui le contient.
SOURCES = next(
    (s for p in RACINE.parents if (s := p / "shared" / "sources").is_dir()),
    RACINE.parent / "absent",
)
SANS_SOURCES = "les documents d'origine ne sont pas à côté du dépôt"


@cache
def vocabulaire_livre() -> Vocabulaire:
    """Les repères livrés et les modèles de fiche de `fixtures/`."""
    fichier = RACINE / "fixtures" / "reference" / "modeles_fiche.yaml"
    modeles = yaml.safe_load(fichier.read_text(encoding="utf-8"))
    return vocabulaire([modele_connu(m["cle"], m["type_contrat"], m["sections"]) for m in modeles])


def source(numero: str, *, entier: bool = False) -> bytes:
    """Un des documents d'origine ; le test est passé s'ils ne sont pas là.

    Du 003, la délibération seule, sauf `entier` : sa matrice a son importeur.
    """
    fichiers = sorted(SOURCES.glob(f"{numero}_*.txt"))
    if not fichiers:
        pytest.skip(SANS_SOURCES)
    octets = fichiers[0].read_bytes()
    if numero == "003" and not entier:
        octets = b"\n".join(octets.split(b"\n")[:40])
    return octets


def comprendre(octets: bytes, nom: str = "document.txt", decisions=None):
    return analyser(lire(octets, nom), vocabulaire_livre(), decisions)


def complet(octets, nom, *, par=None):
    """Un document déposé dont l'agent a ignoré ce qui n'est pas placé."""
    document = deposer(nom, octets, par=par)
    ignores = {p.element.id: "ignore" for p in compris_de(document).non_places}
    raisons = dict.fromkeys(ignores, "Sans objet.")
    decider(document, {"places": ignores, "raisons": raisons}, version=document.version, par=par)
    return document
