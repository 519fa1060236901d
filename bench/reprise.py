"""Preuve : un document abîmé comme le font les conversions reste compris, et les doutes se disent.

    python -m bench.reprise [--tirages 200] [--fautes]
    python -m bench.reprise --calibrer

Documents : ceux d'origine à côté du dépôt (`../shared/sources`), une convention, et, à part, des
documents d'autres formes qui n'ont servi à aucun réglage. Chaque tirage change libellés (parmi
ceux connus), numéros, puces, pages, ordre des fiches, une lettre sur cent ; « plus abîmés », trois
sur cent, et deux fois plus de puces et de pages. Imprime la part de blocs bien placés, les perdus,
les fautes dites et tues, et le calibrage : pour chaque tranche de confiance annoncée, la part de
placements justes. `--calibrer` mesure les poids de `reprise/reconnaissance/calibrage.yaml` sur les
graines 0 à 29 ; la mesure commence à la graine 1000.
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.regression import ajuster
from reprise.reconnaissance.confiance import ATTENDUS
from tests.reprise.perturbations import DUR, Mesure, Reglage

TRANCHES = (0.0, 0.25, 0.5, 0.75, 0.85, 0.9, 0.95, 0.98, 1.01)
REGLAGE = ((range(15), None), (range(15, 30), DUR))
MESURE = 1_000  # première graine de mesure
CALIBRAGE = Path(__file__).parents[1] / "reprise" / "reconnaissance" / "calibrage.yaml"
TETE = """\
# Poids des indices de confiance (`confiance.py`), mesurés : ne se corrige pas à la main.
# Refaire : `python -m bench.reprise --calibrer` (graines 0 à 29, {blocs} blocs abîmés).
poids:
"""


def connus() -> dict[str, Any]:
    """Les documents qui ont servi au réglage, compris tels quels."""
    from tests.reprise.documents import docx
    from tests.reprise.outils import SOURCES, comprendre

    documents = {"convention": comprendre(docx(), "convention.docx")}
    for fichier in sorted(SOURCES.glob("*.txt")):
        octets = fichier.read_bytes()
        if fichier.name.startswith("003"):  # la délibération : la matrice a son importeur
            octets = b"\n".join(octets.split(b"\n")[:40])
        documents[fichier.name[:3]] = comprendre(octets)
    return documents


def neufs() -> dict[str, Any]:
    """Les documents d'autres formes, qu'aucun réglage n'a vus."""
    from tests.reprise.documents import docx
    from tests.reprise.formes_neuves import NEUVES
    from tests.reprise.outils import comprendre

    return {nom: comprendre(docx(contenu), "a.docx") for nom, contenu in NEUVES.items()}


def mesures(
    documents: dict[str, Any], graines: Iterable[int], reglage: Reglage | None = None
) -> Iterator[tuple[str, Mesure]]:
    from tests.reprise.outils import vocabulaire_livre
    from tests.reprise.perturbations import mesurer, perturber

    vocabulaire = vocabulaire_livre()
    for nom, compris in documents.items():
        mesure = Mesure()
        for graine in graines:
            abime = perturber(compris, vocabulaire, graine, reglage)
            mesure.ajouter(mesurer(abime, compris, vocabulaire))
        yield nom, mesure


def mesurer_tout(tirages: int, *, fautes: bool) -> None:
    graines = range(MESURE, MESURE + tirages)
    vus, neuves = connus(), neufs()
    for titre, documents, reglage in (
        ("documents du réglage, graines neuves", vus, None),
        ("formes jamais vues", neuves, None),
        ("documents du réglage, plus abîmés", vus, DUR),
        ("formes jamais vues, plus abîmées", neuves, DUR),
    ):
        total = Mesure()
        print(f"\n{titre}\n{'':<22}{'blocs':>8}{'justes':>9}{'perdus':>8}{'fautes':>8}", end="")
        print(f"{'dites':>8}{'justes en doute':>17}")
        for nom, mesure in mesures(documents, graines, reglage):
            _ligne(nom, mesure)
            total.ajouter(mesure)
        _ligne("ensemble", total)
        _calibrage(total)
        if fautes:
            for faute, nombre in Counter(total.fautes).most_common(60):
                print(f"{nombre:>6}  {faute}")


def _ligne(nom: str, m: Mesure) -> None:
    fautes = m.blocs - m.justes
    dites = m.doutes_justes / fautes if fautes else 1
    en_doute = m.justes_en_doute / m.justes if m.justes else 0
    print(
        f"{nom:<22}{m.blocs:>8}{m.justes / max(m.blocs, 1):>9.2%}{m.perdus:>8}{fautes:>8}"
        f"{dites:>8.1%}{en_doute:>17.1%}"
    )


def _calibrage(total: Mesure) -> None:
    print("\nconfiance annoncée   placements   annoncé    justes")
    for bas, haut in pairwise(TRANCHES):
        vus = [(c, juste) for c, juste in total.par_confiance if bas <= c < haut]
        if vus:
            annonce = sum(c for c, _ in vus) / len(vus)
            justes = sum(juste for _, juste in vus) / len(vus)
            print(f"{bas:.2f} à {min(haut, 1):.2f}{len(vus):>19}{annonce:>10.1%}{justes:>10.1%}")


def calibrer() -> None:
    """Mesure les poids sur les graines de réglage, et les écrit."""
    documents = connus()
    cas = [
        c
        for graines, reglage in REGLAGE
        for _, m in mesures(documents, graines, reglage)
        for c in m.cas
    ]
    poids = ajuster(cas, ATTENDUS)
    tete = TETE.format(blocs=len(cas))
    lignes = [f"  {nom}: {p:.3f}\n" for nom, p in sorted(poids.items())]
    CALIBRAGE.write_text(tete + "".join(lignes), encoding="utf-8")
    print(f"{len(cas)} blocs, {len(poids)} poids : {CALIBRAGE.name}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django

    django.setup()
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--tirages", type=int, default=200)
    arguments.add_argument("--fautes", action="store_true")
    arguments.add_argument("--calibrer", action="store_true")
    choix = arguments.parse_args()
    if choix.calibrer:
        calibrer()
    else:
        mesurer_tout(choix.tirages, fautes=choix.fautes)
