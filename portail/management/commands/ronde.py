"""Ce que l'installation fait chaque matin : secrets, relances, résumés, courriels restés."""

import logging
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

ETAPES = (
    "recalculer_secrets",
    "relancer_campagnes",
    "relancer_signatures",
    "tenir_les_sessions",
    "faire_les_preparations",
    "ancrer_journal",
    "verifier_journal",
    "envoyer_resumes",
    "envoyer_courriels",
)
journal = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Refait le secret statistique induit, fait les relances de campagnes, de signatures et les "
        "rappels de sessions du jour, efface les inscrits des sessions anciennes, finit les "
        "fichiers de l'étagère restés en plan, ancre et vérifie le journal, envoie les résumés de "
        "notifications, puis les courriels qu'un ouvrier tué aurait laissés. "
        "Se relance sans risque : rien ne part deux fois."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--toutes-les",
            type=int,
            metavar="MINUTES",
            help="recommence sans fin, sans ordonnanceur (la démonstration)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        minutes = options["toutes_les"]
        while True:
            manquees = self.passer()
            if not minutes:
                break
            close_old_connections()
            time.sleep(minutes * 60)
        if manquees:
            raise CommandError(f"Étapes manquées : {', '.join(manquees)}.")

    def passer(self) -> list[str]:
        """Une ronde ; une étape qui échoue se journalise et n'empêche pas les suivantes."""
        manquees = []
        for etape in ETAPES:
            try:
                call_command(etape, stdout=self.stdout)
            except Exception:  # noqa: BLE001 : une étape en panne ne prive pas des autres
                journal.exception("La ronde n'a pas pu faire « %s ».", etape)
                manquees.append(etape)
        return manquees
