"""Le nombre de requêtes d'une page ne dépend pas du nombre d'objets, et il est connu."""

import pytest
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from contrats import jetons
from contrats.contenu.ecriture import enregistrer
from contrats.contenu.lecture import lire
from contrats.models import Action, Fiche
from documents import rendu
from portail.budgets import (
    BUDGETS,
    BUDGETS_AGENT,
    BUDGETS_ECRITURE,
    BUDGETS_PDF,
)
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import LigneDeLotFactory
from tests.notifications.factories import NotificationFactory
from tests.portail.factories import plateforme

pytestmark = [pytest.mark.django_db, pytest.mark.une_fois]


@pytest.fixture(scope="module", params=[1, 5])
def _plateforme(request, django_db_setup, django_db_blocker):
    """Faite une fois pour toutes les pages, puis défaite : à cinq, elle prend des secondes."""
    with django_db_blocker.unblock(), transaction.atomic():
        plateforme(request.param)
        yield request.param
        transaction.set_rollback(True)


@pytest.fixture
def nb(_plateforme, db):
    """Le nombre d'objets de la plateforme ; ce qu'un test y change est défait après lui."""
    return _plateforme


@pytest.mark.parametrize("budget", BUDGETS, ids=lambda b: b.nom)
def test_une_page_fait_le_meme_nombre_de_requetes_pour_1_et_5_objets(
    client, django_assert_num_queries, budget, nb
):
    adresse = budget.adresse()
    with django_assert_num_queries(budget.requetes):
        reponse = client.get(adresse)
    assert reponse.status_code == 200


@pytest.mark.parametrize("budget", BUDGETS_AGENT, ids=lambda b: b.nom)
def test_une_page_d_agent_fait_le_meme_nombre_de_requetes_pour_1_et_5_objets(
    client, administrateur, django_assert_num_queries, budget, nb
):
    versions(administrateur, nb)
    NotificationFactory.create_batch(nb, destinataire=administrateur, lue_le=timezone.now())
    LigneDeLotFactory.create_batch(nb)
    client.force_login(administrateur)
    adresse = budget.adresse()
    client.get(adresse)  # la première visite remplit le cache des types de contenu
    with django_assert_num_queries(budget.requetes):
        reponse = client.get(adresse)
    assert reponse.status_code == 200


def test_des_notifications_a_lire_coutent_une_requete_de_plus(
    client, administrateur, django_assert_num_queries, nb
):
    budget = next(b for b in BUDGETS_AGENT if b.vue == "contrats:mes-actions")
    versions(administrateur, nb)
    NotificationFactory.create_batch(nb, destinataire=administrateur)
    client.force_login(administrateur)
    client.get(budget.adresse())
    with django_assert_num_queries(budget.requetes + 1):
        reponse = client.get(budget.adresse())
    assert f"Notifications ({nb})" in reponse.content.decode()


@pytest.mark.parametrize("budget", BUDGETS_PDF, ids=lambda b: b.nom)
def test_un_pdf_lit_autant_pour_1_et_5_objets(
    client, monkeypatch, django_assert_num_queries, budget, nb
):
    """La mise en page ne lit rien : elle est remplacée, pour que le test soit court."""
    monkeypatch.setattr(rendu, "rendre", lambda contexte: b"%PDF-")
    adresse = budget.adresse()
    client.get(adresse)
    with django_assert_num_queries(budget.requetes):
        reponse = client.get(adresse)
    assert reponse.status_code == 200


@pytest.mark.parametrize("budget", BUDGETS_ECRITURE, ids=lambda b: b.nom)
def test_ecrire_par_l_api_coute_autant_pour_1_et_5_objets(
    client, django_assert_num_queries, budget, nb
):
    objet = budget.objet()
    contrat = objet.contrat if isinstance(objet, Action) else objet.action.contrat
    agent = UtilisateurFactory(habilitations=[(contrat, "pilotage")])
    entetes = {
        "authorization": f"Bearer {jetons.creer(agent, contrat, nom='Essai', ecriture=True)[1]}"
    }
    # La lecture note l'usage du jeton, une fois par heure.
    entetes["if-match"] = client.get(budget.adresse(), headers=entetes)["ETag"]
    with django_assert_num_queries(budget.requetes):
        reponse = client.patch(
            budget.adresse(), budget.corps, content_type="application/json", headers=entetes
        )
    assert reponse.status_code == 200


def versions(auteur, nb):
    """`nb` versions de plus, toutes différentes, de la fiche qui a le plus d'actions."""
    fiche = Fiche.objects.annotate(nombre=Count("actions")).order_by("-nombre", "pk").first()
    for rang in range(nb + 1):
        contenu = lire(fiche) | {"titre": f"Titre {rang}"}
        enregistrer(fiche, contenu, version=fiche.version, par=auteur)
        fiche.refresh_from_db()
