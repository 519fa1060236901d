"""Un parcours de pages ne saute ni ne répète rien, même pendant que d'autres écrivent."""

import pytest

from api.pagination import Curseur
from api.problemes import ParametreInvalide
from partenaires.models import Organisme
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db
ADRESSE = "/api/v1/organismes/"


def parcourir(client, adresse, sens="next", apres_page=lambda: None):
    pages = []
    while adresse:
        corps = client.get(adresse).json()
        pages.append([o["id"] for o in corps["results"]])
        apres_page()
        adresse = corps[sens]
    return pages


def test_les_pages_couvrent_tout_dans_les_deux_sens(client_api):
    cles = [o.cle for o in OrganismeFactory.create_batch(7)]
    pages = parcourir(client_api, f"{ADRESSE}?limit=3")
    assert pages == [cles[:3], cles[3:6], cles[6:]]
    derniere = f"{ADRESSE}?limit=3&cursor={Curseur('-', 10**17)}"
    assert parcourir(client_api, derniere, "previous") == [cles[4:], cles[1:4], cles[:1]]


def test_aucune_page_suivante_quand_le_compte_tombe_juste(client_api):
    OrganismeFactory.create_batch(4)
    assert [len(p) for p in parcourir(client_api, f"{ADRESSE}?limit=2")] == [2, 2]
    corps = client_api.get(ADRESSE).json()
    assert (corps["next"], corps["previous"]) == (None, None)


def test_des_ecritures_pendant_le_parcours_ne_font_rien_perdre(client_api):
    presents = {o.cle for o in OrganismeFactory.create_batch(9)}
    supprimes = set()

    def ecrire():
        OrganismeFactory()
        premier = Organisme.objects.order_by("pk").first()
        supprimes.add(premier.cle)
        premier.delete()

    lus = [c for p in parcourir(client_api, f"{ADRESSE}?limit=2", apres_page=ecrire) for c in p]
    assert len(lus) == len(set(lus))
    assert presents - supprimes <= set(lus)


def test_les_liens_gardent_les_filtres(client_api):
    OrganismeFactory.create_batch(3)
    OrganismeFactory(categorie=True)
    pages = parcourir(client_api, f"{ADRESSE}?limit=2&nature=organisme")
    assert [len(p) for p in pages] == [2, 1]


def test_une_limite_trop_grande_est_ramenee_au_maximum(client_api, monkeypatch):
    monkeypatch.setattr("api.pagination.LIMITE_MAX", 2)
    OrganismeFactory.create_batch(3)
    for limite in ("1000", "9" * 40):
        assert len(client_api.get(f"{ADRESSE}?limit={limite}").json()["results"]) == 2


def test_le_total_n_est_compte_que_sur_demande(client_api, django_assert_num_queries):
    OrganismeFactory.create_batch(3)
    with django_assert_num_queries(3):
        assert "count" not in client_api.get(f"{ADRESSE}?limit=1").json()
    with django_assert_num_queries(4):
        assert client_api.get(f"{ADRESSE}?limit=1&count=true").json()["count"] == 3


@pytest.mark.parametrize("texte", ["", "abc", "KzE", "é", "KzEyMzQ1Njc4OTAxMjM0NTY3ODkw"])
def test_un_curseur_qui_n_est_pas_de_nous_est_refuse(texte):
    with pytest.raises(ParametreInvalide):
        Curseur.lire(texte)


def test_un_curseur_se_relit():
    assert Curseur.lire(str(Curseur("-", 42))) == Curseur("-", 42)
