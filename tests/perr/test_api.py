"""La matrice et les déclinaisons par l'API : périmètre, budget, revalidation, refus."""

import datetime

import pytest
from django.utils import timezone

from perr.models import Declinaison
from tests.api.conftest import declinaison_complete
from tests.perr.factories import DeclinaisonFactory

pytestmark = pytest.mark.django_db

BUDGET = 14  # contrat, matrice lue, puis les cellules et leurs relations


def adresse(contrat):
    return f"/api/v1/contrats/{contrat.slug}/matrice/"


@pytest.fixture
def contrat():
    """Contrat publié, une cellule qui a de tout."""
    return declinaison_complete().action.contrat


@pytest.mark.parametrize("nb", [0, 4])
def test_la_matrice_fait_le_meme_nombre_de_requetes_pour_1_et_5_cellules(
    client, contrat, django_assert_num_queries, nb
):
    colonne = Declinaison.objects.get().colonne
    DeclinaisonFactory.create_batch(nb, colonne=colonne)
    with django_assert_num_queries(BUDGET):
        reponse = client.get(adresse(contrat))
    assert reponse.json()["totaux"]["declinaisons"] == nb + 1


def test_une_cellule_de_la_matrice_est_celle_des_declinaisons(client, contrat):
    [ligne] = [x for x in client.get(adresse(contrat)).json()["lignes"] if x["cellules"]]
    [cellule] = ligne["cellules"]
    [lue] = client.get("/api/v1/declinaisons/").json()["results"]
    assert cellule | {"annexe": lue["annexe"], "colonne": lue["colonne"]} == {
        champ: valeur for champ, valeur in lue.items() if champ in cellule
    }
    assert (ligne["action"], ligne["programme"]) == (lue["action"], lue["programme"])
    assert client.get(cellule["url"]).json() == lue


def test_une_ligne_nomme_ses_cellules_vides(client, contrat):
    lignes = client.get(adresse(contrat)).json()["lignes"]
    colonne = Declinaison.objects.get().colonne
    place = {"annexe": colonne.annexe.cle, "colonne": colonne.cle}
    assert [x["vides"] for x in lignes if not x["cellules"]] == [[place]]


def test_une_matrice_inchangee_repond_304_et_une_cellule_ecrite_change_l_empreinte(client, contrat):
    etag = client.get(adresse(contrat))["ETag"]
    assert client.get(adresse(contrat), headers={"If-None-Match": etag}).status_code == 304
    Declinaison.objects.update(texte="Autre chose.")
    reponse = client.get(adresse(contrat), headers={"If-None-Match": etag})
    assert (reponse.status_code, reponse["ETag"] != etag) == (200, True)


@pytest.mark.parametrize(
    "requete", ["contrat=x", "inconnu=1", "programme=99", "statut=x", "vides=x"]
)
def test_un_parametre_inconnu_ou_invalide_est_refuse_en_francais(client, contrat, requete):
    reponse = client.get(f"{adresse(contrat)}?{requete}")
    assert reponse.status_code == 400
    [erreur] = reponse.json()["errors"]
    assert erreur["parameter"] == requete.partition("=")[0]


def test_un_contrat_non_publie_n_a_pas_de_matrice_pour_le_public(client, contrat, administrateur):
    contrat.publie_le = None
    contrat.save()
    url = f"/api/v1/declinaisons/{Declinaison.objects.get().public_id}/"
    assert {client.get(adresse(contrat)).status_code, client.get(url).status_code} == {404}
    assert client.get("/api/v1/declinaisons/").json()["results"] == []
    client.force_login(administrateur)
    assert {client.get(adresse(contrat)).status_code, client.get(url).status_code} == {200}


def test_un_renvoi_ne_nomme_pas_une_action_invisible(client, contrat):
    cachee = DeclinaisonFactory(colonne__annexe__contrat__publie_le=None).action
    Declinaison.objects.get(action__contrat=contrat).renvois.filter(ordre=1).update(action=cachee)
    [lue] = client.get("/api/v1/declinaisons/").json()["results"]
    assert lue["renvois"][0]["action"] is None
    assert str(cachee.public_id) not in str(lue)


def test_on_ne_relit_que_les_cellules_modifiees_depuis_un_instant(client, contrat):
    ancienne = DeclinaisonFactory()
    hier = timezone.now() - datetime.timedelta(days=1)
    Declinaison.objects.filter(pk=ancienne.pk).update(modifie_le=hier - datetime.timedelta(days=1))
    lues = client.get("/api/v1/declinaisons/", {"modifie_apres": hier.isoformat()}).json()
    assert [d["contrat"] for d in lues["results"]] == [contrat.slug]
