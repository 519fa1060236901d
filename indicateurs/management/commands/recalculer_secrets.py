"""Refait le secret induit, après un changement des rattachements de territoires."""

from typing import Any

from django.core.management.base import BaseCommand

from indicateurs.ecriture import tout_recalculer


class Command(BaseCommand):
    help = "Recalcule les valeurs à taire pour qu'aucune soustraction ne rende une valeur secrète."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{tout_recalculer()} mesure(s) tue(s) ou découverte(s).")
