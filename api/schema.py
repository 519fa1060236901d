"""Schéma OpenAPI 3.1 : chaque ressource décrit ses filtres, ses formats, ses écritures, ses
erreurs."""

from pathlib import Path
from typing import Any

import django_filters
import orjson
from django.conf import settings
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiRequest,
    OpenApiResponse,
    inline_serializer,
)
from rest_framework import serializers

from api import formats, pagination
from api.filtres import Choix, OuiNon, ParCle
from api.problemes import GENRES, TYPE_MIME
from api.saisie import Saisie
from texte.recherche import LONGUEUR_MAX, FiltreRecherche


class Erreur(serializers.Serializer):
    """Ce qui ne va pas : dans un paramètre, un en-tête, ou un champ du corps."""

    parameter = serializers.CharField(
        required=False, help_text="Paramètre de l'adresse, ou en-tête."
    )
    pointer = serializers.CharField(
        required=False, help_text="Pointeur JSON (RFC 6901) du champ du corps."
    )
    message = serializers.CharField(help_text="Phrase française à montrer telle quelle.")


class Probleme(serializers.Serializer):
    """Erreur au format RFC 9457."""

    type = serializers.CharField(help_text="Adresse qui explique ce genre d'erreur.")
    title = serializers.CharField()
    status = serializers.IntegerField(min_value=400, max_value=599)
    detail = serializers.CharField()
    instance = serializers.CharField(help_text="Chemin de la requête.")
    errors = Erreur(many=True, required=False)
    current = serializers.DictField(
        required=False, help_text="412 : l'objet tel qu'il est à présent."
    )


# Un objet vrai par ressource, rejoué par un test sur les données de démonstration.
EXEMPLES = Path(settings.BASE_DIR) / "docs" / "api" / "exemples"

# Borne d'un entier court de PostgreSQL : au-delà, une borne vient du moteur, pas du domaine.
PLUS_PETIT_MAXIMUM_DE_MOTEUR = 32767

# Les seules propriétés qui peuvent manquer d'une réponse ; toutes les autres y sont toujours.
FACULTATIVES = {"count", "errors", "current", "parameter", "pointer"}

GEOJSON = {
    "type": "object",
    "description": "FeatureCollection (RFC 7946, WGS 84).",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "id", "geometry", "properties"],
                "properties": {
                    "type": {"const": "Feature"},
                    "id": {"type": "string"},
                    "geometry": {"type": ["object", "null"]},
                    "properties": {"type": "object"},
                },
            },
        },
    },
}


class ChampCalcule(OpenApiSerializerFieldExtension):
    """Un champ calculé a la forme qu'il déclare."""

    target_class = "api.lecture.Calcule"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        return auto_schema._map_serializer_field(self.target.forme, direction)


VERBES = {"list": "lister", "retrieve": "lire", "partial_update": "modifier"}
# Erreurs propres à une écriture ; celles de toute opération s'y ajoutent.
ERREURS_D_ECRITURE = (400, 401, 403, 404, 409, 412, 413, 415, 428)


class SchemaLecture(AutoSchema):
    """Opérations d'une ressource : liste (avec filtres, page et formats), objet, modification."""

    def est_liste(self) -> bool:
        return getattr(self.view, "action", "") == "list"

    def est_ecriture(self) -> bool:
        return getattr(self.view, "action", "") == "partial_update"

    def _is_list_view(self, serializer: Any = None) -> bool:
        # La page est décrite en entier : le cadre n'a pas à l'envelopper dans un tableau.
        return False

    def _map_basic_serializer(
        self, serializer: serializers.Serializer, direction: str
    ) -> dict[str, Any]:
        objet = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, Saisie):
            objet.pop("required", None)
            return objet | {"additionalProperties": False}
        objet["required"] = sorted(set(objet["properties"]) - FACULTATIVES)
        for propriete in objet["properties"].values():
            propriete.pop("readOnly", None)  # tout l'est : l'API se lit seulement
            if propriete.get("maximum", 0) >= PLUS_PETIT_MAXIMUM_DE_MOTEUR:
                del propriete["maximum"]
                propriete.pop("format", None)
        return objet

    def _get_parameters(self) -> list[dict[str, Any]]:
        parametres = super()._get_parameters()
        for parametre in parametres:
            if parametre["in"] == "query":
                parametre["allowEmptyValue"] = True  # un champ vide de formulaire ne filtre pas
        return parametres

    def get_auth(self) -> list[dict[str, Any]]:
        """Lire ne demande rien : un compte ajoute seulement ses brouillons."""
        return [{"jeton": []}, {"session": []}] if self.est_ecriture() else []

    def get_operation_id(self) -> str:
        return f"{self._verbe()}_{self._nom()}"

    def get_tags(self) -> list[str]:
        return [self.view.ressource]

    def get_summary(self) -> str:
        return f"{self._verbe().capitalize()} : {self._nom()}"

    def get_description(self) -> str:
        return (type(self.view).__doc__ or "").strip()

    def _verbe(self) -> str:
        return VERBES[self.view.action]

    def _nom(self) -> str:
        pluriel = self.view.ressource
        return pluriel if self.est_liste() else pluriel.removesuffix("s")

    def get_override_parameters(self) -> list[OpenApiParameter]:
        if self.est_ecriture():
            return [FORMAT_JSON, PRECONDITION, _empreinte(200, 412)]
        formes = [forme.format for forme in self.view.get_renderers()]
        format_ = OpenApiParameter(
            "format", str, enum=formes, description="Format ; l'en-tête Accept convient aussi."
        )
        empreinte = _empreinte(200, 304)
        filtres = [parametre(nom, filtre) for nom, filtre in self.view.filtres().items()]
        if not self.est_liste():
            return [*(filtres if self.view.filtres_de_l_objet else []), format_, empreinte]
        return [
            *filtres,
            *_parametres_de_page(),
            format_,
            empreinte,
        ]

    def get_request_serializer(self) -> Any:
        if not self.est_ecriture():
            return None
        saisie = self.view.saisie_class
        exemple = OpenApiExample("Exemple", saisie.exemple, request_only=True)
        return OpenApiRequest(saisie, examples=[exemple])

    def get_response_serializers(self) -> dict[Any, Any]:
        objet = self.view.get_serializer_class()
        json = (200, formats.Json.media_type)
        if self.est_ecriture():
            exemple = _avec_exemple(objet, self.view.ressource)
            return {json: exemple, **_erreurs(*ERREURS_D_ECRITURE)}
        if not self.est_liste():
            reponses = {
                json: _avec_exemple(objet, self.view.ressource),
                **INCHANGE,
                **_erreurs(400, 404),
            }
            if self.view.redirections:
                reponses[301] = OpenApiResponse(description="Déménagé : suivez Location.")
            return reponses
        page = inline_serializer(
            f"Page{self.view.ressource.capitalize()}",
            {
                "results": objet(many=True),
                "next": serializers.URLField(allow_null=True),
                "previous": serializers.URLField(allow_null=True),
                "count": serializers.IntegerField(
                    required=False, help_text="Nombre total, si `count=true`."
                ),
            },
        )
        corps = {json: page}
        for forme in self.view.get_renderers():
            if forme.format == formats.GeoJson.format:
                corps[200, forme.media_type] = GEOJSON
            elif forme.media_type != formats.Json.media_type:
                binaire = forme.format == formats.Xlsx.format
                corps[200, forme.media_type] = OpenApiTypes.BINARY if binaire else OpenApiTypes.STR
        return {**corps, **INCHANGE, **_erreurs(400)}


def _avec_exemple(objet: type[serializers.Serializer], ressource: str) -> OpenApiResponse:
    exemple = orjson.loads((EXEMPLES / f"{ressource}.json").read_bytes())
    titre = "Données de démonstration"
    return OpenApiResponse(objet, examples=[OpenApiExample(titre, exemple, response_only=True)])


PROBLEME = OpenApiExample(
    "Paramètre inconnu",
    {
        "type": "/api/v1/documentation/#requete-invalide",
        "title": GENRES[400].titre,
        "status": 400,
        "detail": GENRES[400].detail,
        "instance": "/api/v1/contrats/reciprocite-toulouse-portes-de-gascogne/",
        "errors": [
            {"parameter": "limit", "message": "Paramètre inconnu ici. Paramètres admis : format."}
        ],
    },
    response_only=True,
    status_codes=["400"],
)


INCHANGE = {
    304: OpenApiResponse(description="Inchangé depuis l'empreinte envoyée (If-None-Match).")
}


def _erreurs(*statuts: int) -> dict[Any, Any]:
    """Les erreurs communes à toutes les opérations et celles données."""
    return {
        (statut, TYPE_MIME): OpenApiResponse(
            Probleme,
            description=GENRES[statut].detail,
            examples=[PROBLEME] if statut == 400 else [],
        )
        for statut in sorted({*statuts, 401, 406, 429, 500})
    }


def _empreinte(*statuts: int) -> OpenApiParameter:
    return OpenApiParameter(
        "ETag",
        str,
        OpenApiParameter.HEADER,
        response=list(statuts),
        description="Étiquette forte ; absente des exports en flux.",
    )


FORMAT_JSON = OpenApiParameter("format", str, enum=["json"], description="JSON seulement.")
PRECONDITION = OpenApiParameter(
    "If-Match",
    {"type": "string", "examples": ['"v7"']},
    OpenApiParameter.HEADER,
    required=True,
    description="Étiquette (ETag) de l'objet lu ; `\"v7\"`, d'après son champ `version`, convient.",
)


def _parametres_de_page() -> list[OpenApiParameter]:
    return [
        OpenApiParameter(
            "limit",
            {"type": "integer", "minimum": 1, "default": pagination.LIMITE},
            description=f"Objets par page ; au-delà de {pagination.LIMITE_MAX}, y est ramené.",
        ),
        OpenApiParameter(
            "cursor", str, description="Place dans la liste : suivez `next` et `previous`."
        ),
        OpenApiParameter("count", bool, description="`true` ajoute le nombre total d'objets."),
    ]


def parametre(nom: str, filtre: django_filters.Filter) -> OpenApiParameter:
    """Paramètre d'adresse qui correspond à un filtre."""
    dit = ". ".join(t.rstrip(".") for t in (filtre.label, filtre.extra.get("help_text")) if t)
    if isinstance(filtre, Choix):
        description = f"{dit}. Plusieurs valeurs : répétées ou séparées par des virgules."
        return OpenApiParameter(
            nom, str, many=True, enum=filtre.choix.values, description=description
        )
    return OpenApiParameter(nom, _type(filtre), description=f"{dit}.")


def _type(filtre: django_filters.Filter) -> Any:
    if isinstance(filtre, FiltreRecherche):
        return {"type": "string", "maxLength": LONGUEUR_MAX}
    types = {
        OuiNon: OpenApiTypes.BOOL,
        ParCle: OpenApiTypes.STR,
        django_filters.DateFilter: OpenApiTypes.DATE,
        django_filters.IsoDateTimeFilter: OpenApiTypes.DATETIME,
        django_filters.NumberFilter: OpenApiTypes.INT,
    }
    return next((t for classe, t in types.items() if isinstance(filtre, classe)), OpenApiTypes.STR)
