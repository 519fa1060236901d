"""Le schéma OpenAPI exploré au hasard : aucune panne, aucune réponse qu'il ne décrive."""

from collections import Counter

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from contrats import jetons
from contrats.models import Action
from perr.models import Declinaison
from tests.api.conftest import (
    declinaison_complete,
    gouvernance_complete,
    indicateur_complet,
    organisme_complet,
    territoire_complet,
)
from tests.comptes.factories import UtilisateurFactory
from tests.tailles import taille

pytestmark = [pytest.mark.django_db, pytest.mark.lent]

# Deux mille cas en tout, d'un moteur à l'autre ; sur chacun par `python -m bench.preuves`.
CAS_PAR_TIRAGE = taille(30 if connection.vendor == "sqlite" else 20, 50)
CAS_MIN, LUS_MIN = CAS_PAR_TIRAGE * 40, CAS_PAR_TIRAGE * 6
GRAINE = 20170710
VERSION_JAMAIS_ATTEINTE = '"v999999"'
# Une clé d'objet ou un curseur bien formés peuvent ne désigner rien : 400, que le schéma annonce
# sans pouvoir dire lesquels. Toutes les autres vérifications de schemathesis sont faites.
ECARTEES = [positive_data_acceptance]


@pytest.fixture
def existants(client):
    """Identifiants vrais par ressource : les objets doivent aussi être trouvés."""
    gouvernance_complete()
    declinaison_complete()
    indicateur_complet()
    organisme_complet()
    territoire_complet()
    ressources = (
        "contrats",
        "fiches",
        "actions",
        "declinaisons",
        "indicateurs",
        "mesures",
        "organismes",
        "territoires",
    )
    ressources += ("instances", "seances", "decisions", "deliberations")
    return {r: [o["id"] for o in client.get(f"/api/v1/{r}/").json()["results"]] for r in ressources}


@pytest.fixture
def jetons_par_contrat(existants):
    """Un jeton qui écrit, par ressource modifiable : sur le contrat de ses objets."""
    administratrice = UtilisateurFactory(administrateur=True)
    contrats = {
        "actions": Action.objects.get(public_id=existants["actions"][0]).contrat,
        "declinaisons": Declinaison.objects.get().action.contrat,
    }
    return {
        ressource: jetons.creer(administratrice, contrat, nom="Essai", ecriture=True)[1]
        for ressource, contrat in contrats.items()
    }


@pytest.fixture
def connexion_gardee(existants):
    """Une requête WSGI ne ferme pas la connexion du test ; le client de Django le fait de même.

    Après `existants`, car ce client rebranche ce qu'il débranche.
    """
    signaux = (request_started, request_finished)
    for signal in signaux:
        signal.disconnect(close_old_connections)
    yield
    for signal in signaux:
        signal.connect(close_old_connections)


@pytest.fixture
def schema(connexion_gardee):
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
    # Un corps fautif sur une version dépassée peut être refusé pour l'une ou l'autre raison.
    rejet = schema.config.checks.negative_data_rejection
    rejet.expected_statuses = [*rejet.expected_statuses, "412"]
    return schema


def rendre_atteignable(case, rang, existants, porteurs):
    """Une fois sur deux un objet qui existe ; à l'écriture, un jeton et une précondition.

    Seule une partie tirée valide est remplacée : une partie fautive doit le rester, sans quoi
    schemathesis croirait acceptée une faute que nous aurions réparée.
    """
    parties, ressource = case.meta.components, case.operation.path.split("/")[3]
    valide = {
        lieu
        for lieu in (ParameterLocation.PATH, ParameterLocation.HEADER)
        if lieu not in parties or parties[lieu].mode is GenerationMode.POSITIVE
    }
    if case.path_parameters and ParameterLocation.PATH in valide and rang % 2:
        nom, vrais = next(iter(case.path_parameters)), existants[ressource]
        case.path_parameters[nom] = vrais[rang % len(vrais)]
    if case.operation.method == "patch" and ParameterLocation.HEADER in valide:
        case.headers["Authorization"] = f"Bearer {porteurs[ressource]}"
        case.headers["If-Match"] = "*" if rang % 3 else VERSION_JAMAIS_ATTEINTE


def explorer(operation, mode, existants, cas, statuts, porteurs):
    """Tire des requêtes de l'opération, valides ou non, et vérifie chaque réponse."""

    @seed(GRAINE)
    @settings(
        max_examples=CAS_PAR_TIRAGE,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def essayer(case):
        cas[mode.name] += 1
        rendre_atteignable(case, cas[mode.name], existants, porteurs)
        reponse = case.call()
        statuts[reponse.status_code] += 1
        case.validate_response(reponse, excluded_checks=ECARTEES)

    essayer()


def test_le_schema_tient_sous_des_requetes_au_hasard(schema, existants, jetons_par_contrat, capsys):
    cas, statuts = Counter(), Counter()
    for resultat in schema.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            explorer(resultat.ok(), mode, existants, cas, statuts, jetons_par_contrat)
    with capsys.disabled():
        bilan = f"{sum(cas.values())} cas {dict(cas)}, réponses {dict(statuts)}"
        print(f"\nschemathesis : {bilan}")  # noqa: T201 - le jugement demande le nombre de cas
    assert sum(cas.values()) >= CAS_MIN
    assert set(statuts) <= {200, 304, 400, 401, 403, 404, 406, 409, 412, 415, 428}
    assert 412 in statuts
    assert statuts[200] > LUS_MIN
