"""Preuve : un document abîmé comme le font les conversions reste compris, et les doutes se disent.

    python -m bench.reprise [--tirages 200] [--fautes] [--doc]
    python -m bench.reprise --calibrer

Documents : ceux d'origine à côté du dépôt (`../shared/sources`), une convention, et, à part, des
documents d'autres formes qui n'ont servi à aucun réglage. Chaque tirage change libellés (parmi
ceux connus), numéros, puces, pages, ordre des fiches, une lettre sur cent ; « plus abîmés », trois
sur cent, et deux fois plus de puces et de pages. Imprime la part de blocs bien placés, les perdus,
les fautes dites et tues, et le calibrage : pour chaque tranche de confiance annoncée, la part de
placements justes. `--calibrer` mesure les poids de `reprise/reconnaissance/calibrage.yaml` sur les
graines 0 à 35 ; la mesure commence à la graine 1000 ; `--doc` l'écrit dans `docs/reprise.md`.
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
from reprise.reconnaissance.formes import DOUTE
from tests.reprise.perturbations import DUR, Mesure, Reglage

TRANCHES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 1.01)
REGLAGE = ((range(12), None), (range(12, 36), DUR))
MESURE = 1_000  # première graine de mesure
RACINE = Path(__file__).parents[1]
DOC = RACINE / "docs" / "reprise.md"
DEBUT, FIN = "<!-- mesures : début -->", "<!-- mesures : fin -->"
ENTETE = [
    "| document | blocs | justes | perdus | fautes | dites | justes mis en doute |",
    "|---|---:|---:|---:|---:|---:|---:|",
]
CALIBRAGE = RACINE / "reprise" / "reconnaissance" / "calibrage.yaml"
TETE = """\
# Poids des indices de confiance (`confiance.py`), mesurés : ne se corrige pas à la main.
# Refaire : `python -m bench.reprise --calibrer` (graines 0 à 35, {blocs} blocs abîmés).
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


def mesurer_tout(tirages: int, *, fautes: bool, doc: bool) -> None:
    graines = range(MESURE, MESURE + tirages)
    vus, neuves = connus(), neufs()
    ecrit: list[str] = []
    for titre, documents, reglage in (
        ("Documents du réglage, graines neuves", vus, None),
        ("Formes jamais vues", neuves, None),
        ("Documents du réglage, plus abîmés", vus, DUR),
        ("Formes jamais vues, plus abîmées", neuves, DUR),
    ):
        total = Mesure()
        lignes = [f"### {titre}", "", *ENTETE]
        for nom, mesure in mesures(documents, graines, reglage):
            lignes.append(_ligne(nom, mesure))
            total.ajouter(mesure)
        lignes += [_ligne("**ensemble**", total), "", *_calibrage(total), ""]
        print("\n".join(lignes), flush=True)
        ecrit += lignes
        if fautes:
            for faute, nombre in Counter(total.fautes).most_common(60):
                print(f"{nombre:>6}  {faute}")
    if doc:
        texte = DOC.read_text(encoding="utf-8")
        avant, _, suite = texte.partition(DEBUT)
        apres = suite.partition(FIN)[2]
        mesure_le = f"Mesuré sur {tirages} tirages par document (graines {MESURE} et suivantes)."
        corps = "\n".join([mesure_le, "", *ecrit]).rstrip()
        DOC.write_text(f"{avant}{DEBUT}\n{corps}\n{FIN}{apres}", encoding="utf-8")


def _ligne(nom: str, m: Mesure) -> str:
    fautes = m.blocs - m.justes
    dites = f"{m.doutes_justes} ({m.doutes_justes / fautes:.0%})" if fautes else "–"
    en_doute = m.justes_en_doute / m.justes if m.justes else 0
    return (
        f"| {nom} | {m.blocs} | {m.justes / max(m.blocs, 1):.2%} | {m.perdus} | {fautes} "
        f"| {dites} | {en_doute:.1%} |"
    )


def _calibrage(total: Mesure) -> list[str]:
    """Par classe de confiance annoncée : combien de placements, et la part de justes."""
    lignes = ["| confiance annoncée | n | annoncé, en moyenne | justes |", "|---|---:|---:|---:|"]
    for bas, haut in pairwise(TRANCHES):
        vus = [(c, juste) for c, juste in total.par_confiance if bas <= c < haut]
        if vus:
            annonce = sum(c for c, _ in vus) / len(vus)
            justes = sum(juste for _, juste in vus) / len(vus)
            classe = f"{bas:.2f} à {min(haut, 1):.2f}" + (" (doute)" if haut <= DOUTE else "")
            lignes.append(f"| {classe} | {len(vus)} | {annonce:.1%} | {justes:.1%} |")
    return lignes


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
    # Un soupçon ne rassure jamais : celui que les cas rares disent rassurant ne compte pas.
    muets = {nom for nom, attendu in ATTENDUS.items() if attendu < 0 < poids[nom]}
    if muets:
        attendus = {nom: p for nom, p in ATTENDUS.items() if nom not in muets}
        sans = [(tuple(i for i in indices if i[0] not in muets), juste) for indices, juste in cas]
        poids = ajuster(sans, attendus) | dict.fromkeys(muets, 0.0)
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
    arguments.add_argument("--doc", action="store_true")
    arguments.add_argument("--calibrer", action="store_true")
    choix = arguments.parse_args()
    if choix.calibrer:
        calibrer()
    else:
        mesurer_tout(choix.tirages, fautes=choix.fautes, doc=choix.doc)
