"""Refait le secret induit, après un changement des rattachements de territoires."""

from typing import Any

from django.core.management.base import BaseCommand

from indicateurs.ecriture import tout_recalculer


class Command(BaseCommand):
    help = "Recalcule les valeurs à taire pour qu'aucune soustraction ne rende une valeur secrète."

    def handle(self, *args: Any, **options: Any) -> None:
        nombre = tout_recalculer()
        if options["verbosity"]:
            self.stdout.write(f"{nombre} mesure(s) tue(s) ou découverte(s).")
