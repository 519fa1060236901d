"""Les preuves de `python -m bench.ecriture`, en petit, sur la base des tests."""

import pytest

from bench.ecriture import Script, clients_de, fiche_neuve, prouver_soi_meme
from bench.reunion import prouver_triplets
from tests.contrats.factories import ActionFactory
from tests.tailles import taille

pytestmark = pytest.mark.django_db


@pytest.fixture
def modele(fiche):
    ActionFactory(fiche=fiche, horizon="court", ordre=20)
    return fiche


def test_personne_n_est_en_conflit_avec_soi_meme(modele, redactrice):
    [client] = clients_de([redactrice])
    assert prouver_soi_meme(fiche_neuve(modele), client, nombre=taille(8, 200), graine=1) == 0


@pytest.mark.parametrize("graine", range(taille(4, 40)))
def test_aucun_mot_ne_se_perd_a_plusieurs_onglets_et_personnes(
    modele, redactrice, pilote, administrateur, graine
):
    clients = clients_de([redactrice, pilote, administrateur])
    assert Script(fiche_neuve(modele), clients, graine).jouer() == set()


def test_la_reunion_est_celle_de_reference_dans_les_deux_sens(modele, redactrice):
    assert prouver_triplets(modele, redactrice, nombre=taille(40, 500), graine=1) == []
