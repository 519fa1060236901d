"""Preuve de vérification : chaque altération d'un document figé est vue, aucun bon n'est accusé.

    python -m bench.verification [--attaques 2000] [--bons 200]

Un contrat est figé sur une base jetable, puis son PDF est altéré au hasard (graine fixe) : un bit
changé, coupé, allongé, mis à jour à la suite, réenregistré, code effacé. Puis il est signé, et ses
signatures sont retirées, échangées, greffées, suivies de mises à jour (`signed_`). `detected`
compte celles que la page de vérification dirait « modifié », pour la bonne raison ; `false_alarm`,
les bons fichiers qui ne seraient pas dits authentiques sous un autre nom.
"""

import argparse
import io
import logging
import os
import random
import tempfile
from pathlib import Path

from bench.concurrence import base_jetable, preparer
from tests.documents.figes import attaques


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--attaques", type=int, default=2000)
    options.add_argument("--signees", type=int, default=600)
    options.add_argument("--bons", type=int, default=200)
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as dossier, base_jetable(Path(dossier)) as base:
        os.environ |= {"DATABASE_URL": base, "DONNEES": dossier}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
        fiche = preparer(1)
        eprouver(fiche, args.attaques, args.bons)
        eprouver_les_signatures(args.signees, args.bons, Path(dossier) / "racines")


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


def eprouver_les_signatures(nb_attaques: int, nb_bons: int, racines: Path) -> None:
    """Le même contrat figé, signé de deux personnes, l'une reçue, puis attaqué."""
    from django.conf import settings

    from documents.figes import stockage
    from documents.figes.verification import Verdict, examiner
    from documents.models import DocumentFige
    from signatures import pades
    from tests.signatures import attaques as attaques_signees
    from tests.signatures.autorite import Autorite, examiner_sur_place
    from tests.signatures.factories import PieceSigneeFactory, pdf

    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # il dit chaque fraude, pile comprise
    pades._examiner = examiner_sur_place
    document = DocumentFige.objects.get()
    autorite, envoye = Autorite(), stockage.octets_de(document)
    settings.SIGNATURE_RACINES = autorite.poser(racines)
    anne, paul = (autorite.signer(envoye, nom) for nom in ("Anne Roux", "Paul Bel"))
    autre = pdf(code=document.code)
    cas = attaques_signees.Cas(envoye, anne, paul, autre, autorite.signer(autre, "Anne Roux"))
    PieceSigneeFactory(
        signataire__campagne__document=document,
        signataire__campagne__preparee_par=document.fige_par,
        genre="pades",
        type="application/pdf",
        octets=anne,
        constat=["Signé."],
    )
    alea, vues, raisons = random.Random(20170710), 0, 0
    sortes = list(attaques_signees.RAISONS.items())
    for rang in range(nb_attaques):
        attaque, attendues = sortes[rang % len(sortes)]
        examen = examiner(attaque(cas, alea))
        dits = " ".join([examen.raison, *examen.constats])
        vues += examen.verdict == Verdict.MODIFIE
        juste = any(raison in dits for raison in attendues)
        raisons += juste
        if not juste:
            print(f"  {attaque.__name__} : {dits}")
    bons = [anne, paul, autorite.signer(anne, "Paul Bel")]
    accuses = sum(
        examiner(bons[rang % len(bons)]).verdict != Verdict.SIGNE for rang in range(nb_bons)
    )
    print(f"signed_attacks={nb_attaques} detected={vues} right_reason={raisons}")
    print(f"signed_good={nb_bons} false_alarm={accuses}")


if __name__ == "__main__":
    main()
