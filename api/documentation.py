"""Documentation de l'API : le schéma publié et sa page, tous deux tirés du fichier versionné."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from api import pagination
from api.problemes import GENRES

FICHIER = Path(settings.BASE_DIR) / "docs" / "api" / "openapi.json"
Schema = dict[str, Any]

TYPES = {
    "string": "texte",
    "integer": "entier",
    "number": "nombre",
    "boolean": "true ou false",
    "object": "objet",
    "date": "date (AAAA-MM-JJ)",
    "date-time": "instant (ISO 8601)",
    "uuid": "UUID",
    "uri": "adresse",
}


@cache
def openapi() -> Schema:
    """Le schéma versionné ; un test vérifie qu'il décrit le code."""
    return orjson.loads(FICHIER.read_bytes())


@login_not_required
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Schéma OpenAPI 3.1, en JSON."""
    octets = FICHIER.read_bytes()
    empreinte = hashlib.blake2b(octets, digest_size=16).hexdigest()
    entetes = {"ETag": f'"{empreinte}"', "Cache-Control": "public, max-age=3600"}
    return HttpResponse(octets, content_type="application/json", headers=entetes)


@login_not_required
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Page française de l'API, sans script."""
    contexte = {
        "racine": request.build_absolute_uri(reverse("api:api-root")),
        "ressources": ressources(),
        "problemes": GENRES,
        "pagination": pagination,
        "debits": settings.API_DEBITS,
    }
    return render(request, "api/documentation.html", contexte)


@cache
def ressources() -> list[Schema]:
    """Ce que la page montre de chaque ressource : filtres, formats, champs, exemple."""
    chemins = openapi()["paths"]
    # Une liste sans objets (les délibérations au schéma SCDL) est à la suite de sa ressource.
    listes = [c for c in chemins if any(o.startswith(f"{c}{{") for o in chemins)]
    return [_ressource(chemin, chemins[chemin]["get"], chemins) for chemin in listes]


def _ressource(chemin: str, operation: Schema, chemins: Schema) -> Schema:
    parametres = {p["name"]: p for p in operation["parameters"] if p["in"] == "query"}
    objet = next(c for c in chemins if c.startswith(f"{chemin}{{"))
    forme = chemins[objet]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    autres = [c for c in chemins if c.startswith(chemin) and c not in {chemin, objet}]
    return {
        "nom": operation["tags"][0],
        "description": operation["description"],
        "chemin": chemin,
        "objet": objet,
        "autres": autres,
        "ecriture": _ecriture(chemins[objet].get("patch")),
        "formats": parametres["format"]["schema"]["enum"],
        "filtres": [
            {"nom": nom, "type": _type(p["schema"]), "dit": p["description"]}
            for nom, p in parametres.items()
            if nom not in {*pagination.PARAMETRES, "format"}
        ],
        "champs": _champs(_composant(forme)),
        "exemple": _exemple(chemins[objet]["get"]),
    }


def _ecriture(operation: Schema | None) -> Schema | None:
    """Ce qu'un PATCH de l'objet admet : champs et exemple ; None s'il se lit seulement."""
    if operation is None:
        return None
    corps = operation["requestBody"]["content"]["application/json"]
    (exemple,) = corps["examples"].values()
    return {
        "champs": _champs(_composant(corps["schema"])),
        "exemple": orjson.dumps(exemple["value"]).decode(),
    }


def _exemple(operation: Schema) -> str:
    """L'objet d'exemple du schéma, mis en forme."""
    contenu = operation["responses"]["200"]["content"]["application/json"]
    (exemple,) = contenu["examples"].values()
    return orjson.dumps(exemple["value"], option=orjson.OPT_INDENT_2).decode()


def _composant(forme: Schema) -> Schema:
    return openapi()["components"]["schemas"][forme["$ref"].rpartition("/")[2]]


def _champs(composant: Schema) -> list[Schema]:
    return [
        {"nom": nom, "type": _type(p), "dit": p.get("description") or p.get("title", "")}
        for nom, p in composant["properties"].items()
    ]


def _type(forme: Schema) -> str:
    """Une forme de schéma dite en français : « liste : objet (id, nom) », « texte ou null »."""
    if "$ref" in forme:
        return _type(_composant(forme))
    for jonction in ("oneOf", "allOf"):
        if jonction in forme:
            return " ou ".join(dict.fromkeys(_type(f) for f in forme[jonction]))
    if "enum" in forme:
        return ", ".join({None: "null", "": "vide"}.get(v, str(v)) for v in forme["enum"])
    if "properties" in forme:
        return f"objet ({', '.join(forme['properties'])})"
    if forme.get("type") == "array":
        return f"liste : {_type(forme['items'])}"
    types = forme.get("type", "object")
    types = types if isinstance(types, list) else [types]
    precis = TYPES.get(forme.get("format", ""))
    return " ou ".join(t if t == "null" else precis or TYPES.get(t, t) for t in types)
