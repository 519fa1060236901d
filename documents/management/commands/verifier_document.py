"""`manage.py verifier_document FICHIER…` : ce que la page de vérification en dirait."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.figes.verification import Verdict, examiner, situation

BONS = {Verdict.AUTHENTIQUE, Verdict.SIGNE}


class Command(BaseCommand):
    help = "Dit de chaque fichier s'il est authentique, signé, modifié ; et ce qu'il vaut."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichiers", nargs="+", type=Path)

    def handle(self, *args: Any, fichiers: list[Path], **options: Any) -> None:
        mauvais = 0
        for fichier in fichiers:
            if not fichier.is_file():
                raise CommandError(f"Aucun fichier à cette place : {fichier}")
            examen = examiner(fichier.read_bytes())
            mauvais += examen.verdict not in BONS
            self.stdout.write(f"{fichier} : {examen.verdict.label}. {examen.raison}")
            for phrase in examen.constats:
                self.stdout.write(f"  {phrase}")
            if examen.document:
                vaut = situation(examen.document)
                self.stdout.write(f"  {examen.document.titre} : {vaut.phrase}")
        if mauvais:
            raise CommandError(
                f"{mauvais} fichier sur {len(fichiers)} ne vaut pas ; voir ci-dessus."
            )
