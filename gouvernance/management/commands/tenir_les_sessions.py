"""`manage.py tenir_les_sessions` : rappels et effacements du jour, pour un ordonnanceur."""

from typing import Any

from django.core.management.base import BaseCommand

from gouvernance.taches import tenir_les_sessions


class Command(BaseCommand):
    help = "Rappelle les sessions qui viennent et efface les inscrits dont le délai est passé."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{tenir_les_sessions.call()} rappel(s) déposé(s).")
