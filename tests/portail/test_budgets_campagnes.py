"""Les pages d'une campagne, d'agent et de destinataire : un nombre de requêtes connu."""

import pytest
from django.db import transaction

from campagnes.conduite import prevoir_relance
from campagnes.reponses import accepter_en_lot
from portail.budgets import BUDGETS_CAMPAGNES, BUDGETS_LIEN
from tests.campagnes.factories import ReponseFactory, ouverte, preparee

pytestmark = [pytest.mark.django_db, pytest.mark.une_fois]


@pytest.fixture(scope="module", params=[1, 5])
def _campagne(request, django_db_setup, django_db_blocker):
    """Faite une fois pour toutes les pages, puis défaite."""
    with django_db_blocker.unblock(), transaction.atomic():
        campagne(request.param)
        yield request.param
        transaction.set_rollback(True)


@pytest.fixture
def nb(_campagne, db):
    """Le nombre d'objets de la campagne ; ce qu'un test y change est défait après lui."""
    return _campagne


@pytest.mark.parametrize("budget", [*BUDGETS_CAMPAGNES, *BUDGETS_LIEN], ids=lambda b: b.nom)
def test_une_page_de_campagne_fait_le_meme_nombre_de_requetes_pour_1_et_5_objets(
    client, administrateur, django_assert_num_queries, budget, nb
):
    if budget in BUDGETS_CAMPAGNES:
        client.force_login(administrateur)
    adresse = budget.adresse()
    with django_assert_num_queries(budget.requetes):
        reponse = client.get(adresse)
    assert reponse.status_code == 200


def campagne(nb):
    """Une campagne préparée, une ouverte : réponses à relire, pièces, relance, lot accepté."""
    brouillon = preparee(nb_actions=nb, nb_organismes=nb)
    envoyee = ouverte(nb_actions=nb, nb_organismes=nb, contrat=brouillon.contrat)
    for demande in envoyee.destinataires.order_by("pk").first().demandes.all():
        acceptee = ReponseFactory(demande=demande)
        accepter_en_lot([(acceptee, 1)], par=envoyee.cree_par)
        reponse = ReponseFactory(demande=demande)
        reponse.pieces.create(nom="a.jpg", type="image/jpeg", taille=1, contenu=b"a")
    prevoir_relance(envoyee, envoyee.fin, par=envoyee.cree_par)
