"""Ce qu'un gabarit de PDF a le droit de charger : nos fichiers statiques et les `data:`."""

import mimetypes
from pathlib import Path

from django.contrib.staticfiles import finders
from weasyprint.urls import URLFetcher, URLFetcherResponse

# Adresse réservée (RFC 2606), jamais résolue : elle ne sert qu'à reconnaître nos fichiers.
RACINE = "https://statique.invalid/"


class RessourcesLocales(URLFetcher):
    """Refuse tout le reste (`http`, `file`, redirections) et arrête le rendu à la première erreur.

    Le lecteur d'origine admet tous les protocoles et n'émet qu'un avertissement : un contrat
    sortirait sans sa feuille de style.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Le fichier statique ou le contenu `data:` ; `ValueError` pour toute autre adresse."""
        if not url.startswith(RACINE):
            return super().fetch(url, headers)
        chemin = finders.find(url.removeprefix(RACINE).partition("?")[0])
        if not chemin:
            raise ValueError(f"Fichier statique absent : {url.removeprefix(RACINE)}")
        nature = mimetypes.guess_type(chemin)[0] or "application/octet-stream"
        return URLFetcherResponse(url, Path(chemin).read_bytes(), {"Content-Type": nature})
