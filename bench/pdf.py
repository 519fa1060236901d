"""Vitesse, mémoire et taille des PDF contre l'impression de Chromium : `python -m bench.pdf`.

Cinq documents de la démonstration : une fiche, le contrat, un contrat de 60 pages, une annexe A3 de
la matrice, un recueil de fiches de 180 pages (les mêmes fiches, répétées). Le même HTML pour les
deux moteurs, l'un après l'autre à chaque tour :

- froid : un processus neuf, de son lancement à sa fin (le nôtre importe Django et WeasyPrint) ;
- chaud : un second rendu, dans le même processus ou par le même navigateur resté ouvert.

Médianes, et rapport à Chromium. La mémoire est la plus haute du processus et de ses enfants (PSS),
relevée à part. Chromium n'imprime ni numéros au sommaire, ni PDF/A, ni pièces jointes.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.documents import ecrire_pages, regler
from bench.memoire import crete_de

TOURS = 5
OBJECTIF = 2.0  # chaud, nous / Chromium
DELAI = 300  # secondes, pour un seul rendu
CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
MESURES = ("froid", "chaud")


def main() -> None:
    arguments = argparse.ArgumentParser(prog="bench.pdf", description=__doc__)
    arguments.add_argument("--tours", type=int, default=TOURS)
    arguments.add_argument("--rendre", metavar="HTML", help="réservé au processus mesuré")
    arguments.add_argument("--fois", type=int, default=1, help="réservé au processus mesuré")
    choix = arguments.parse_args()
    regler()
    if choix.rendre:
        rendre(Path(choix.rendre), choix.fois)
        return
    with tempfile.TemporaryDirectory() as dossier:
        debut = time.perf_counter()
        pages = ecrire_pages(Path(dossier))
        print(f"HTML des documents écrit en {time.perf_counter() - debut:.0f} s", flush=True)
        mesurer(pages, choix.tours)


def rendre(page: Path, fois: int) -> None:
    """Autant de rendus dans ce processus ; imprime leurs durées en secondes."""
    from documents.rendu import imprimer

    html = page.read_text()
    for _ in range(fois):
        debut = time.perf_counter()
        octets = imprimer(html, b"0" * 32)
        print(time.perf_counter() - debut)
    page.with_suffix(".pdf").write_bytes(octets)


def mesurer(pages: dict[str, Path], tours: int) -> None:
    entete = (
        f"{'document':<10} {'pages':>5} {'mesure':<6} {'nous':>8} {'Chromium':>9} {'rapport':>8}"
    )
    print(f"{entete} {'tours (nous ; Chromium)':>28}", flush=True)
    for nom, page in pages.items():
        durees: dict[tuple[str, str], list[float]] = {}
        for _ in range(tours):
            for mesure, (nous, chromium) in un_tour(page).items():
                durees.setdefault((mesure, "nous"), []).append(nous)
                durees.setdefault((mesure, "chromium"), []).append(chromium)
        ecrire(nom, page, durees)
    print(f"Objectif : au plus ×{OBJECTIF:g} Chromium, à chaud, sur les longs documents.")


def un_tour(page: Path) -> dict[str, tuple[float, float]]:
    """Les deux moteurs l'un après l'autre, pour chaque mesure."""
    return {
        "froid": (chronometrer(nous(page)), chronometrer(chromium(page))),
        "chaud": (notre_second(page), second_de_chromium(page)),
    }


def ecrire(nom: str, page: Path, durees: dict[tuple[str, str], list[float]]) -> None:
    notre, leur = page.with_suffix(".pdf"), imprimable(page).with_suffix(".pdf")
    for mesure in MESURES:
        a, b = (durees[mesure, moteur] for moteur in ("nous", "chromium"))
        ma, mb = statistics.median(a), statistics.median(b)
        etendue = f"{min(a):.2f}-{max(a):.2f} ; {min(b):.2f}-{max(b):.2f}"
        ligne = f"{nom:<10} {nb_pages(notre):>5} {mesure:<6} {ma:>6.2f} s {mb:>7.2f} s"
        print(f"{ligne} {'×':>3}{ma / mb:<5.2f} {etendue:>28}", flush=True)
    memoire, leur_memoire = crete_de(nous(page)), crete_de(chromium(page))
    ligne = f"{nom:<10} {'':>5} {'Mo':<6} {memoire:>8.0f} {leur_memoire:>9.0f}"
    print(f"{ligne} {'×':>3}{memoire / leur_memoire:<5.2f}")
    tailles = [fichier.stat().st_size / 1000 for fichier in (notre, leur)]
    ligne = f"{nom:<10} {'':>5} {'Ko':<6} {tailles[0]:>8.0f} {tailles[1]:>9.0f}"
    print(f"{ligne} {'×':>3}{tailles[0] / tailles[1]:<5.2f}", flush=True)


def chronometrer(commande: list[str]) -> float:
    debut = time.perf_counter()
    subprocess.run(commande, capture_output=True, check=True, timeout=DELAI)  # noqa: S603
    return time.perf_counter() - debut


def nous(page: Path, fois: int = 1) -> list[str]:
    """Notre rendu, dans un processus neuf."""
    return [sys.executable, "-m", "bench.pdf", "--rendre", str(page), "--fois", str(fois)]


def notre_second(page: Path) -> float:
    """Le second de deux rendus du même processus."""
    commande = nous(page, fois=2)
    fait = subprocess.run(  # noqa: S603 : notre propre module
        commande, capture_output=True, text=True, check=True, timeout=2 * DELAI
    )
    return float(fait.stdout.split()[1])


def chromium(page: Path) -> list[str]:
    """L'impression de la même page par un navigateur neuf, sur un profil jetable."""
    copie = imprimable(page)
    profil = f"--user-data-dir={copie.with_suffix('.profil')}"
    options = [*CHROMIUM, profil, f"--print-to-pdf={copie.with_suffix('.pdf')}"]
    return [binaire(), *options, copie.as_uri()]


def binaire() -> str:
    noms = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next(filter(None, map(shutil.which, noms)), "google-chrome")


def second_de_chromium(page: Path) -> float:
    """Le second de deux chargements et impressions du même navigateur."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as pilote:
        navigateur = pilote.chromium.launch(executable_path=binaire(), args=["--no-sandbox"])
        onglet = navigateur.new_page()
        for _ in range(2):
            debut = time.perf_counter()
            onglet.goto(imprimable(page).as_uri())
            onglet.pdf(prefer_css_page_size=True, print_background=True, tagged=True)
            duree = time.perf_counter() - debut
        navigateur.close()
    return duree


def imprimable(page: Path) -> Path:
    """La même page, dont les ressources se lisent dans `static/`."""
    from django.conf import settings

    copie = page.with_name(f"chromium-{page.name}")
    if not copie.exists():
        base = f'<base href="{(settings.BASE_DIR / "static").as_uri()}/">'
        copie.write_text(page.read_text().replace("<head>", f"<head>{base}", 1))
    return copie


def nb_pages(pdf: Path) -> int:
    import pikepdf

    with pikepdf.open(pdf) as ouvert:
        return len(ouvert.pages)


if __name__ == "__main__":
    main()
