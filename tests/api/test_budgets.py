"""Requêtes SQL : le même nombre exact pour 1 et pour 5 objets, en page, export ou objet."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portail.budgets import BUDGETS_API
from tests.api.conftest import (
    contrat_complet,
    declinaison_complete,
    gouvernance_complete,
    indicateur_complet,
    organisme_complet,
    territoire_complet,
)

pytestmark = [pytest.mark.django_db, pytest.mark.une_fois]

# Une requête pour les lignes, une par relation ; les lignes de section, une par nature présente ;
# les territoires des cellules, si une action n'en a pas en propre.
BUDGETS = {budget.nom.removeprefix("API "): budget.requetes for budget in BUDGETS_API}
FORMATS = ["json", "json-complet", "csv", "xlsx"]
SEMENCES = {
    "organismes": organisme_complet,
    "territoires": territoire_complet,
    "declinaisons": declinaison_complete,
    "indicateurs": indicateur_complet,
    "mesures": indicateur_complet,
    **dict.fromkeys(("instances", "seances", "decisions", "deliberations"), gouvernance_complete),
}


def semer(ressource, nb):
    for _ in range(nb):
        SEMENCES.get(ressource, contrat_complet)()


@pytest.mark.parametrize("nb", [1, 5])
@pytest.mark.parametrize("ressource", BUDGETS)
def test_le_budget_d_une_liste_ne_depend_pas_du_nombre(
    client_api, django_assert_num_queries, ressource, nb
):
    semer(ressource, nb)
    for forme in [*FORMATS, *(["geojson"] if ressource == "territoires" else [])]:
        with django_assert_num_queries(BUDGETS[ressource], info=forme):
            reponse = client_api.get(f"/api/v1/{ressource}/?format={forme}")
            octets = reponse.getvalue()
        assert len(octets) > 300, forme


@pytest.mark.parametrize("ressource", BUDGETS)
def test_le_budget_d_un_objet_est_celui_d_une_liste(client_api, ressource):
    """Aucun ne coûte plus que la liste ; un au moins demande tout ce qu'elle demande."""
    semer(ressource, 1)
    couts = []
    for objet in client_api.get(f"/api/v1/{ressource}/").json()["results"]:
        with CaptureQueriesContext(connection) as requetes:
            assert client_api.get(f"/api/v1/{ressource}/{objet['id']}/").json() == objet
        couts.append(len(requetes))
    assert max(couts) == BUDGETS[ressource]


def test_un_compte_ne_coute_que_sa_session(client_api, django_assert_num_queries, administrateur):
    semer("actions", 1)
    client_api.force_login(administrateur)
    with django_assert_num_queries(BUDGETS["actions"] + 2):
        client_api.get("/api/v1/actions/")
