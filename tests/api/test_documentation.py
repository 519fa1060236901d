"""Le schéma versionné décrit le code, et la page de documentation décrit le schéma."""

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command

from api.documentation import FICHIER, openapi, ressources
from api.problemes import GENRES
from api.schema import FACULTATIVES


def operations():
    return [op for chemin in openapi()["paths"].values() for op in chemin.values()]


def test_le_schema_versionne_est_celui_du_code():
    """Le remettre à jour : `spectacular --format openapi-json --file docs/api/openapi.json`."""
    sortie = StringIO()
    call_command(
        "spectacular", "--format", "openapi-json", "--fail-on-warn", "--validate", stdout=sortie
    )
    assert json.loads(sortie.getvalue()) == json.loads(FICHIER.read_text())


def test_chaque_operation_est_decrite_en_entier():
    identifiants = [op["operationId"] for op in operations()]
    assert len(set(identifiants)) == len(identifiants) == 30
    for op in operations():
        assert op["summary"]
        assert op["description"]
        propres = {"304"} if "requestBody" not in op else {"401", "403", "409", "412", "428"}
        assert {"200", "400", "401", "406", "500", *propres} <= set(op["responses"])
        for parametre in op["parameters"]:
            if parametre["in"] != "path":
                assert parametre["description"], (op["operationId"], parametre["name"])


def test_chaque_champ_d_une_reponse_est_toujours_present():
    for nom, composant in openapi()["components"]["schemas"].items():
        if "properties" in composant and not nom.endswith("Saisie"):
            facultatifs = set(composant["properties"]) - set(composant["required"])
            assert facultatifs <= FACULTATIVES, nom


@pytest.mark.django_db
def test_le_schema_et_la_page_se_lisent_sans_compte(client):
    schema = client.get("/api/v1/schema/")
    assert schema.json()["openapi"].startswith("3.1")
    assert schema["ETag"]
    page = client.get("/api/v1/documentation/")
    assert page.status_code == 200
    assert client.post("/api/v1/documentation/").status_code == 405


@pytest.mark.django_db
def test_la_page_nomme_chaque_ressource_filtre_et_erreur(client):
    page = client.get("/api/v1/documentation/").content.decode()
    ancres = set(re.findall(r'id="([^"]+)"', page))
    assert {genre.ancre for genre in GENRES.values()} <= ancres
    assert [r["nom"] for r in ressources()] == [
        "actions",
        "contrats",
        "decisions",
        "declinaisons",
        "deliberations",
        "fiches",
        "indicateurs",
        "instances",
        "mesures",
        "organismes",
        "seances",
        "territoires",
    ]
    for ressource in ressources():
        assert ressource["nom"] in ancres
        for filtre in ressource["filtres"]:
            assert f'<code class="nb">{filtre["nom"]}</code>' in page
        if ressource["ecriture"]:
            assert f"PATCH {ressource['objet']}" in page
    assert "<script" not in page
