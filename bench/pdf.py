"""Vitesse des PDF contre l'impression de Chromium : `python -m bench.pdf`.

Trois documents de la démonstration (une fiche, le contrat, le contrat à 26 fiches, soit 60
pages), le même HTML pour tous. À chaque tour, l'un après l'autre : notre rendu dans un
processus neuf (entier : Python, Django et WeasyPrint compris ; importé : le rendu seul ; chaud : un
second rendu du même processus) et `chromium --headless --print-to-pdf`. Médianes et rapports.

Chromium n'imprime ni numéros au sommaire, ni PDF/A, ni pièces jointes.
"""

import argparse
import copy
import dataclasses
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

TOURS = 5
FICHES = 26
OBJECTIF = 2.0  # importé / Chromium
CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]


def main() -> None:
    arguments = argparse.ArgumentParser(prog="bench.pdf")
    arguments.add_argument("--tours", type=int, default=TOURS)
    arguments.add_argument("--rendre", metavar="HTML", help="réservé au processus mesuré")
    choix = arguments.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    if choix.rendre:
        rendre(Path(choix.rendre))
        return
    with tempfile.TemporaryDirectory() as dossier:
        pages = ecrire_pages(Path(dossier))
        mesurer(pages, choix.tours)


def rendre(page: Path) -> None:
    """Deux rendus dans ce processus ; imprime leurs durées en secondes."""
    from documents.rendu import imprimer

    html = page.read_text()
    for _ in range(2):
        debut = time.perf_counter()
        octets = imprimer(html, b"0" * 32)
        print(time.perf_counter() - debut)
        page.with_suffix(".pdf").write_bytes(octets)


def ecrire_pages(dossier: Path) -> dict[str, Path]:
    """Charge la démonstration dans une base jetable et écrit le HTML des trois documents."""
    from django.contrib.auth.models import AnonymousUser
    from django.core.management import call_command
    from django.db import connection

    from contrats.models import Contrat
    from documents import rendu
    from documents.plan import plan

    connection.settings_dict["TEST"]["NAME"] = str(dossier / "bench.sqlite3")
    ancien = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        call_command("charger_demo", stdout=open(os.devnull, "w"))  # noqa: SIM115 : fin du programme
        contrat = Contrat.objects.get(slug="reciprocite-toulouse-portes-de-gascogne")
        entier = rendu.contexte(contrat, par=AnonymousUser(), entier=True)
        document = entier["document"]
        fiche = rendu.contexte(contrat, par=AnonymousUser(), cles=[document.fiches[0].fiche.cle])
        long = dataclasses.replace(document, fiches=multiplier(document.fiches))
        contextes = {
            "fiche": fiche,
            "contrat": entier,
            "60 pages": {"document": long, "contrat": contrat, "pieces": plan(long)},
        }
        pages = {nom: dossier / f"{nom.replace(' ', '-')}.html" for nom in contextes}
        for nom, contexte in contextes.items():
            pages[nom].write_text(rendu.html(contexte))
    finally:
        connection.creation.destroy_test_db(ancien, verbosity=0)
    return pages


def multiplier(fiches: list) -> list:
    """Les mêmes fiches, jusqu'à `FICHES`, chacune sous son adresse."""
    copies = []
    for lue in (fiches * FICHES)[:FICHES]:
        fiche = copy.copy(lue.fiche)
        fiche.cle = f"{fiche.cle}-{len(copies)}"
        copies.append(dataclasses.replace(lue, fiche=fiche, rang=len(copies) + 1, total=FICHES))
    return copies


def mesurer(pages: dict[str, Path], tours: int) -> None:
    durees: dict[tuple[str, str], list[float]] = {}
    for _ in range(tours):
        for nom, page in pages.items():
            for mesure, secondes in {**notre_rendu(page), "chromium": chromium(page)}.items():
                durees.setdefault((nom, mesure), []).append(secondes)
    print(f"{'document':<14} {'pages':>5} {'Ko':>5}  chromium   importé      chaud        entier")
    for nom, page in pages.items():
        medianes = {m: statistics.median(d) for (n, m), d in durees.items() if n == nom}
        pdf = page.with_suffix(".pdf")
        ligne = f"{nom:<14} {nb_pages(pdf):>5} {pdf.stat().st_size // 1000:>5}"
        ligne += f"  {medianes['chromium']:.2f} s"
        for mesure in ("importé", "chaud", "entier"):
            rapport = medianes[mesure] / medianes["chromium"]
            ligne += f"   {medianes[mesure]:.2f} s ×{rapport:.2f}"
        print(ligne)
    print(f"Objectif : rendu importé au plus ×{OBJECTIF:g} Chromium sur les 60 pages.")


def notre_rendu(page: Path) -> dict[str, float]:
    debut = time.perf_counter()
    processus = subprocess.run(  # noqa: S603 : notre propre module
        [sys.executable, "-m", "bench.pdf", "--rendre", str(page)],
        capture_output=True,
        text=True,
        check=True,
    )
    total = time.perf_counter() - debut
    importe, chaud = map(float, processus.stdout.split())
    return {"importé": importe, "chaud": chaud, "entier": total - chaud}


def chromium(page: Path) -> float:
    """Le même HTML, ses ressources lues dans `static/`."""
    from django.conf import settings

    base = f'<base href="{(settings.BASE_DIR / "static").as_uri()}/">'
    imprimable = page.with_name(f"chromium-{page.name}")
    imprimable.write_text(page.read_text().replace("<head>", f"<head>{base}", 1))
    binaire = shutil.which("chromium") or shutil.which("chromium-browser") or "google-chrome"
    sortie = imprimable.with_suffix(".pdf")
    with tempfile.TemporaryDirectory() as profil:
        options = [*CHROMIUM, f"--user-data-dir={profil}", f"--print-to-pdf={sortie}"]
        commande = [binaire, *options, imprimable.as_uri()]
        debut = time.perf_counter()
        subprocess.run(  # noqa: S603 : notre propre page
            commande,
            capture_output=True,
            check=True,
        )
        return time.perf_counter() - debut


def nb_pages(pdf: Path) -> int:
    import pikepdf

    with pikepdf.open(pdf) as ouvert:
        return len(ouvert.pages)


if __name__ == "__main__":
    main()
