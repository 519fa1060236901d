"""Preuve de vérification : chaque altération d'un document figé est vue, aucun bon n'est accusé.

    python -m bench.verification [--attaques 2000] [--bons 200]

Un contrat est figé sur une base jetable, puis son PDF est altéré au hasard (graine fixe) : un bit
changé, coupé, allongé, mis à jour à la suite, réenregistré, code effacé. `detected` compte celles
que la page de vérification dirait « modifié », pour la bonne raison ; `false_alarm`, les bons
fichiers qui ne seraient pas dits authentiques sous un autre nom.
"""

import argparse
import io
import os
import random
import tempfile
from pathlib import Path

from bench.concurrence import base_jetable, preparer
from tests.documents.figes import attaques


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--attaques", type=int, default=2000)
    options.add_argument("--bons", type=int, default=200)
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as dossier, base_jetable(Path(dossier)) as base:
        os.environ |= {"DATABASE_URL": base, "DONNEES": dossier}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
        fiche = preparer(1)
        eprouver(fiche, args.attaques, args.bons)


def eprouver(fiche: object, nb_attaques: int, nb_bons: int) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from comptes.models import Utilisateur
    from documents.figes import stockage
    from documents.figes.depot import figer
    from documents.figes.verification import Verdict, examiner
    from documents.forms import FichierForm

    par = Utilisateur.objects.create_superuser("preuve@exemple.invalid", "preuve-de-verification")
    document = figer(fiche.contrat, par=par)  # type: ignore[attr-defined]
    octets, alea = stockage.octets_de(document), random.Random(20170710)
    vues = raisons = 0
    sortes = list(attaques.RAISONS.items())
    for rang in range(nb_attaques):
        attaque, raison = sortes[rang % len(sortes)]
        examen = examiner(attaque(octets, alea))
        vues += examen.verdict == Verdict.MODIFIE
        raisons += raison in examen.raison
    accuses = 0
    for rang in range(nb_bons):
        envoi = SimpleUploadedFile(f"piece-{rang}.{rang % 7}", io.BytesIO(octets).read())
        form = FichierForm({}, {"fichier": envoi})
        juste = form.is_valid() and (
            examiner(form.cleaned_data["fichier"].read()).verdict == Verdict.AUTHENTIQUE
        )
        accuses += not juste
    print(f"attacks={nb_attaques} detected={vues} right_reason={raisons}")
    print(f"good={nb_bons} false_alarm={accuses}")


if __name__ == "__main__":
    main()
