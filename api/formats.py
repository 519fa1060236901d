"""Formats de lecture : ce que `?format=` et l'en-tête Accept peuvent demander."""

from typing import Any

from rest_framework import renderers
from rest_framework.negotiation import DefaultContentNegotiation

from api.problemes import ParametreInvalide


class Format(renderers.BaseRenderer):
    """Format négocié. Les vues écrivent elles-mêmes leurs octets : rien n'est rendu ici."""

    charset = None

    def render(self, data: Any, media_type: str | None = None, contexte: Any = None) -> bytes:
        raise NotImplementedError("Les vues de l'API rendent une réponse déjà écrite.")


class Json(Format):
    """Une page, ou un objet."""

    media_type = "application/json"
    format = "json"


class JsonComplet(Format):
    """La liste filtrée entière, en un seul corps de même forme qu'une page."""

    media_type = "application/json"
    format = "json-complet"


class Csv(Format):
    """UTF-8, virgule, RFC 4180, une ligne d'en-tête."""

    media_type = "text/csv"
    format = "csv"


class Xlsx(Format):
    """Classeur à cellules typées, en-tête figé."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"


class GeoJson(Format):
    """RFC 7946, WGS 84."""

    media_type = "application/geo+json"
    format = "geojson"


class Negociation(DefaultContentNegotiation):
    """Un `?format=` inconnu est un paramètre invalide (400), pas une adresse introuvable."""

    def filter_renderers(self, renderers: list[Format], format: str) -> list[Format]:
        retenus = [r for r in renderers if r.format == format]
        if not retenus:
            admis = ", ".join(r.format for r in renderers)
            raise ParametreInvalide({"format": [f"Format inconnu. Formats admis : {admis}."]})
        return retenus
