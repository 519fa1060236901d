"""Un document gardé se sert-il comme un fichier statique ? `python -m bench.service`.

Les mêmes octets, par le même serveur (gunicorn, réglages de production hors HTTPS) : fichier
statique collecté, que sert WhiteNoise, et document figé et publié, par son adresse. À chaque tour,
l'un après l'autre, sur une connexion gardée ; médianes de la durée entière et rapport. Une fiche
et un recueil.
"""

import argparse
import http.client
import os
import statistics
import tempfile
import time
from pathlib import Path

from bench.concurrence import base_jetable, migrer, serveur

TAILLES = {"fiche (40 Ko)": 40_000, "contrat (200 Ko)": 200_000, "recueil (1 Mo)": 1_000_000}
TOURS, CHAUFFE = 300, 20


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.service", description=__doc__)
    options.add_argument("--tours", type=int, default=TOURS)
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as nom, base_jetable(Path(nom)) as base:
        dossier = Path(nom)
        os.environ |= {
            "DATABASE_URL": base,
            "DONNEES": nom,
            "STATIQUES": str(dossier / "statiques"),
        }
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.reglages_service"
        adresses = preparer(dossier)
        with serveur(dossier, 1) as (port, _):
            mesurer(port, adresses, args.tours)


def preparer(dossier: Path) -> dict[str, tuple[str, str]]:
    """Range chaque fichier des deux côtés ; rend ses deux adresses."""
    import django

    django.setup()
    from django.conf import settings
    from django.urls import reverse

    from tests.documents.factories import DocumentFigeFactory

    migrer()
    statiques = Path(settings.STATIC_ROOT)
    statiques.mkdir()
    adresses = {}
    for nom, taille in TAILLES.items():
        octets = b"%PDF-1.7\n" + os.urandom(taille)
        (statiques / f"{taille}.pdf").write_bytes(octets)
        document = DocumentFigeFactory(octets=octets)
        fige = reverse("documents:fige-pdf", args=[document.public_id])
        adresses[nom] = (f"{settings.STATIC_URL}{taille}.pdf", fige)
    return adresses


def mesurer(port: int, adresses: dict[str, tuple[str, str]], tours: int) -> None:
    print(f"{'fichier':<18} {'statique':>10} {'document':>10} {'rapport':>8}   ms, médianes")
    lien = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for nom, paire in adresses.items():
        durees: tuple[list[float], list[float]] = ([], [])
        for tour in range(tours + CHAUFFE):
            for adresse, siennes in zip(paire, durees, strict=True):
                duree = demander(lien, adresse)
                if tour >= CHAUFFE:
                    siennes.append(duree)
        statique, document = (statistics.median(siennes) * 1000 for siennes in durees)
        print(f"{nom:<18} {statique:>10.2f} {document:>10.2f} {'×':>3}{document / statique:<5.2f}")


def demander(lien: http.client.HTTPConnection, adresse: str) -> float:
    debut = time.perf_counter()
    lien.request("GET", adresse)
    reponse = lien.getresponse()
    corps = reponse.read()
    duree = time.perf_counter() - debut
    if reponse.status != 200 or not corps.startswith(b"%PDF"):
        raise RuntimeError(f"{adresse} : {reponse.status}")
    return duree


if __name__ == "__main__":
    main()
