"""`manage.py faire_les_preparations` : ce qu'un ouvrier tué a laissé."""

from typing import Any

from django.core.management.base import BaseCommand

from documents.etagere.preparations import faire_toutes


class Command(BaseCommand):
    help = "Fait les fichiers de l'étagère qui attendent, ou qu'un ouvrier tué a laissés."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{faire_toutes()} fichier(s) préparé(s).")
