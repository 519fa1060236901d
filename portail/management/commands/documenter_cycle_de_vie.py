"""Récrit `docs/cycle-de-vie.md` d'après les tables de transitions et de droits."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portail.cycle_de_vie import en_markdown


class Command(BaseCommand):
    help = "Récrit docs/cycle-de-vie.md d'après les tables de transitions et de droits."

    def handle(self, *args: Any, **options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "cycle-de-vie.md"
        page.write_text(en_markdown(), encoding="utf-8")
        self.stdout.write("docs/cycle-de-vie.md récrit.")
