"""`manage.py ancrer_journal` : à lancer chaque jour, et à copier hors de la machine."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from documents.figes.ancres import ancrer, ancrer_le_jour


class Command(BaseCommand):
    help = "Signe où en est le journal, dans un fichier hors de la base. Une fois par jour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--encore", action="store_true", help="une ancre de plus, même s'il y en a une du jour"
        )

    def handle(self, *args: Any, encore: bool = False, **options: Any) -> None:
        self.stdout.write(f"Ancre : {ancrer() if encore else ancrer_le_jour()}")
