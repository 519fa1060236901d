"""Le moteur d'impression, et ce qu'un gabarit a le droit de charger : nos fichiers et les `data:`.

Il se charge au premier PDF, par `documents.rendu` : une seconde que ni une page ni une commande de
chaque minute n'a à attendre.
"""

import io
import mimetypes
from collections.abc import Sequence
from pathlib import Path

import weasyprint
from django.contrib.staticfiles import finders
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from documents.imprime import Jointe

__all__ = ["RACINE", "VERSION", "FatalURLFetchingError", "RessourcesLocales", "ecrire"]

VERSION: str = weasyprint.VERSION

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


def ecrire(page: str, identifiant: bytes, jointes: Sequence[Jointe]) -> bytes:
    """Les octets du PDF de cette page. Lève `FatalURLFetchingError`."""
    attachees = [
        weasyprint.Attachment(
            file_obj=io.BytesIO(jointe.octets),
            name=jointe.nom,
            description=jointe.description,
            created=jointe.le,
            modified=jointe.le,
            relationship=jointe.lien,
        )
        for jointe in jointes
    ]
    source = weasyprint.HTML(string=page, base_url=RACINE, url_fetcher=RessourcesLocales())
    octets: bytes = source.write_pdf(
        pdf_variant="pdf/a-3a", pdf_identifier=identifiant, attachments=attachees
    )
    return octets
