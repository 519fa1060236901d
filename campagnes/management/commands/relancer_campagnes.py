"""`manage.py relancer_campagnes` : les relances du jour, pour un ordonnanceur ; rejouable."""

from typing import Any

from django.core.management.base import BaseCommand

from campagnes.taches import faire_les_relances


class Command(BaseCommand):
    help = "Écrit à ceux qui n'ont pas répondu aux campagnes dont une relance est prévue."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{faire_les_relances.call()} relance(s) déposée(s).")
