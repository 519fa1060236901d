"""`manage.py assembler_css` : une seule feuille de style, donc une seule requête."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

DOSSIER = Path(settings.BASE_DIR) / "static" / "css"
SOURCES = ("jetons.css", "composants.css", "pages.css", "tableaux.css", "editeur.css", "medias.css")
FEUILLE = DOSSIER / "reciproque.css"


def assemblee() -> str:
    """Jetons, composants, pages, éditeur, supports, sans commentaires ni blancs inutiles.

    Les sources n’ont ni chaîne contenant `/*`, ni deux-points significatif précédé d'un
    blanc hors d'un sélecteur : les règles ci-dessous ne touchent que la mise en page du fichier.
    """
    texte = "\n".join((DOSSIER / nom).read_text(encoding="utf-8") for nom in SOURCES)
    texte = re.sub(r"/\*.*?\*/", "", texte, flags=re.DOTALL)
    texte = re.sub(r"\s*([{};])\s*", r"\1", texte)
    texte = re.sub(r"\s+", " ", texte).replace(";}", "}").replace("}", "}\n").strip()
    entete = "/* Produite par manage.py assembler_css : ne pas modifier. */"
    return f'@charset "utf-8";\n{entete}\n{texte}\n'


class Command(BaseCommand):
    help = "Joint les feuilles de static/css en reciproque.css."
    requires_system_checks: list[str] = []  # ne lit que ces fichiers

    def handle(self, *args: Any, **options: Any) -> None:
        FEUILLE.write_text(assemblee(), encoding="utf-8")
        self.stdout.write(f"{FEUILLE.name} : {FEUILLE.stat().st_size} octets")
