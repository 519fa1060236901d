"""`manage.py ancrer_journal` : à lancer chaque jour, et à copier hors de la machine."""

from typing import Any

from django.core.management.base import BaseCommand

from documents.figes.ancres import ancrer


class Command(BaseCommand):
    help = "Signe où en est le journal, dans un fichier hors de la base. Une fois par jour."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Ancre écrite : {ancrer()}")
