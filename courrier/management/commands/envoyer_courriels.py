"""Envoie ce qui attend dans la boîte d'envoi, sans passer par l'ouvrier."""

from typing import Any

from django.core.management.base import BaseCommand

from courrier import envoi


class Command(BaseCommand):
    help = "Envoie les courriels en attente et dit combien sont partis."

    def handle(self, *args: Any, **options: Any) -> None:
        bilan = envoi.envoyer()
        self.stdout.write(
            f"{bilan.envoyes} envoyé(s), {bilan.echecs} échec(s), "
            f"{bilan.incertains} incertain(s) à décider dans l'administration."
        )
