"""`manage.py verifier_archive FICHIER` : ce paquet est-il celui qui a été scellé ?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.etagere.archive import fautes


class Command(BaseCommand):
    help = "Vérifie le sceau d'un paquet d'archive et l'empreinte de chacun de ses fichiers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", type=Path)

    def handle(self, *args: Any, fichier: Path, **options: Any) -> None:
        if not fichier.is_file():
            raise CommandError(f"Aucun fichier à cette place : {fichier}")
        if constats := list(fautes(fichier.read_bytes())):
            raise CommandError("Le paquet n'est pas intact :\n" + "\n".join(constats))
        self.stdout.write("Paquet intact.")
