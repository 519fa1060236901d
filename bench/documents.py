"""Les documents que mesure `bench.pdf` : leur HTML, écrit depuis la démonstration."""

import copy
import dataclasses
import io
import os
from pathlib import Path
from typing import Any

import django

FICHES = {"60 pages": 26, "recueil": 84}  # de quoi faire 60 et 180 pages
CONTRAT, PERR = "reciprocite-toulouse-portes-de-gascogne", "perr"


def regler() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()


def ecrire_pages(dossier: Path) -> dict[str, Path]:
    """Charge la démonstration dans une base jetable et écrit le HTML de chaque document."""
    from django.core.management import call_command
    from django.db import connection

    from documents import rendu

    connection.settings_dict["TEST"]["NAME"] = str(dossier / "bench.sqlite3")
    ancien = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        call_command("charger_demo", stdout=io.StringIO())
        pages = {}
        for nom, contexte in contextes().items():
            pages[nom] = dossier / f"{nom.replace(' ', '-')}.html"
            pages[nom].write_text(rendu.html(contexte))
    finally:
        connection.creation.destroy_test_db(ancien, verbosity=0)
    return pages


def contextes() -> dict[str, dict[str, Any]]:
    """Ce que lisent les gabarits, par document."""
    from django.contrib.auth.models import AnonymousUser

    from contrats.models import Contrat
    from documents import rendu

    anonyme = AnonymousUser()
    contrat = Contrat.objects.get(slug=CONTRAT)
    entier = rendu.contexte(contrat, par=anonyme, entier=True)
    document = entier["document"]
    return {
        "fiche": rendu.contexte(contrat, par=anonyme, cles=[document.fiches[0].fiche.cle]),
        "contrat": entier,
        "60 pages": multiplie(entier, FICHES["60 pages"]),
        "annexe A3": annexe(),
        "recueil": multiplie(rendu.contexte(contrat, par=anonyme), FICHES["recueil"]),
    }


def annexe() -> dict[str, Any]:
    """La plus grande annexe territoriale de la démonstration."""
    from django.contrib.auth.models import AnonymousUser

    from documents.matrice import contexte_annexe
    from perr.filters import MatriceFilterSet
    from perr.models import AnnexeTerritoriale

    lus = []
    for annexe in AnnexeTerritoriale.objects.select_related("contrat").order_by("pk"):
        filtres = MatriceFilterSet({"annexe": annexe.cle}, contrat=annexe.contrat)
        lus.append(contexte_annexe(annexe.contrat, filtres, par=AnonymousUser(), site=""))
    return max(lus, key=lambda contexte: len(contexte["matrice"].remplies))


def multiplie(contexte: dict[str, Any], nombre: int) -> dict[str, Any]:
    """Le même document, ses fiches répétées jusqu'à ce nombre, chacune sous son ancre."""
    from documents.plan import plan

    document = contexte["document"]
    copies: list[Any] = []
    for lue in (document.fiches * nombre)[:nombre]:
        fiche = copy.copy(lue.fiche)
        fiche.cle = f"{fiche.cle}-{len(copies)}"
        copies.append(dataclasses.replace(lue, fiche=fiche, rang=len(copies) + 1, total=nombre))
    long = dataclasses.replace(document, fiches=copies)
    return {**contexte, "document": long, "pieces": plan(long)}
