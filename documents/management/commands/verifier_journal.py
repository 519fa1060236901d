"""`manage.py verifier_journal` : le journal est-il intact ?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.figes.journal import ruptures
from documents.models import DocumentFige, Inscription


class Command(BaseCommand):
    help = "Vérifie la chaîne du journal, chaque document figé et chaque ancre ; dit où elle rompt."

    def handle(self, *args: Any, **options: Any) -> None:
        constats = list(ruptures())
        if constats:
            raise CommandError("Le journal n'est pas intact :\n" + "\n".join(constats))
        self.stdout.write(
            f"Journal intact : {Inscription.objects.count()} lignes, "
            f"{DocumentFige.objects.count()} documents figés."
        )
