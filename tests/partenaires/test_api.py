"""L'API des organismes : une ancienne adresse mène toujours quelque part."""

import pytest

from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db


def test_un_organisme_fusionne_mene_a_celui_qui_l_a_repris(client):
    garde = OrganismeFactory()
    ancien = OrganismeFactory(fusionne_dans=garde)
    reponse = client.get(f"/api/v1/organismes/{ancien.cle}/")
    assert reponse.status_code == 301
    assert reponse["Location"] == f"/api/v1/organismes/{garde.cle}/"
    assert [o["id"] for o in client.get("/api/v1/organismes/").json()["results"]] == [garde.cle]
    assert client.get("/api/v1/organismes/absent/").status_code == 404
