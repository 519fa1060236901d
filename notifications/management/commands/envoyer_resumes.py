"""Envoie les résumés du jour et de la semaine ; à lancer chaque matin."""

from typing import Any

from django.core.management.base import BaseCommand

from notifications import envoi


class Command(BaseCommand):
    help = (
        "Relève les échéances proches ou passées, puis envoie les résumés qui attendent, et les "
        "courriels immédiats qu'une tâche tuée aurait laissés. Se relance sans risque."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for cadence, nombre in envoi.envoyer_resumes().items():
            self.stdout.write(f"{cadence.label} : {nombre} courriel(s).")
