"""Preuve : un document abîmé comme le font les conversions reste compris, et les doutes se disent.

    python -m bench.reprise [--tirages 200]

Documents : ceux d'origine à côté du dépôt (`../shared/sources`), et un contrat d'une forme jamais
vue. Chaque tirage change libellés (parmi ceux connus), numéros, puces, pages, ordre des fiches et
une lettre sur cent. Imprime la part de blocs bien placés, les blocs perdus, et le calibrage : pour
chaque tranche de confiance annoncée, la part de placements justes.
"""

import argparse
import os
from collections import Counter
from itertools import pairwise

from tests.reprise.perturbations import Mesure

TRANCHES = (0.0, 0.5, 0.65, 0.75, 0.85, 0.92, 0.95, 1.01)


def mesurer_tout(tirages: int) -> None:
    from tests.reprise.documents import texte
    from tests.reprise.outils import SOURCES, comprendre, vocabulaire_livre
    from tests.reprise.perturbations import mesurer, perturber

    vocabulaire, total = vocabulaire_livre(), Mesure()
    documents = {"convention": texte()}
    for fichier in sorted(SOURCES.glob("*.txt")):
        octets = fichier.read_bytes()
        if fichier.name.startswith("003"):  # la délibération : la matrice a son importeur
            octets = b"\n".join(octets.split(b"\n")[:40])
        documents[fichier.name[:3]] = octets
    print(f"{'document':<12}{'blocs':>8}{'justes':>9}{'perdus':>8}{'dits':>7}{'muets':>7}")
    for nom, octets in documents.items():
        compris, mesure = comprendre(octets), Mesure()
        for graine in range(tirages):
            mesure.ajouter(mesurer(perturber(compris, vocabulaire, graine), compris, vocabulaire))
        _ligne(nom, mesure)
        total.ajouter(mesure)
    _ligne("ensemble", total)
    print("\nconfiance annoncée   placements   justes")
    for bas, haut in pairwise(TRANCHES):
        vus = [juste for confiance, juste in total.par_confiance if bas <= confiance < haut]
        if vus:
            print(f"{bas:.2f} à {min(haut, 1):.2f}{len(vus):>15}{sum(vus) / len(vus):>12.1%}")
    print("\nfautes les plus fréquentes")
    for faute, nombre in Counter(f.split(" (")[0] for f in total.fautes).most_common(8):
        print(f"{nombre:>6}  {faute}")


def _ligne(nom: str, m: Mesure) -> None:
    part = m.justes / m.blocs if m.blocs else 0
    print(
        f"{nom:<12}{m.blocs:>8}{part:>9.2%}{m.perdus:>8}{m.doutes_justes:>7}{m.fautes_muettes:>7}"
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django

    django.setup()
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--tirages", type=int, default=200)
    mesurer_tout(arguments.parse_args().tirages)
