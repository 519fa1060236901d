"""Ce que lit un document : le périmètre du lecteur, en un nombre fixe de requêtes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contrats.enums import Horizon, RoleHabilitation
from documents import rendu
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ActionFactory, FicheFactory, fiche_complete
from tests.documents.factories import contrat_riche, fiche_de_toutes_natures

pytestmark = pytest.mark.django_db

REQUETES_DU_CONTRAT = 38
REQUETES_D_UN_EXTRAIT = 24


@pytest.mark.parametrize("nb", [1, 5])
@pytest.mark.parametrize(
    ("entier", "budget"), [(True, REQUETES_DU_CONTRAT), (False, REQUETES_D_UN_EXTRAIT)]
)
def test_le_budget_ne_depend_pas_du_nombre_de_fiches(anonyme, nb, entier, budget):
    contrat = contrat_riche(nb_fiches=nb)
    fiche_de_toutes_natures(contrat)
    contrat = type(contrat).objects.get(pk=contrat.pk)
    with CaptureQueriesContext(connection) as requetes:
        contexte = rendu.contexte(contrat, par=anonyme, entier=entier)
        rendu.html(contexte)
    assert len(contexte["document"].fiches) == nb + 1
    assert len(requetes) == budget


def test_le_public_ne_lit_que_les_fiches_publiees(contrat, anonyme):
    FicheFactory(contrat=contrat, titre="Brouillon secret")
    agente = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.LECTURE)])
    assert "Brouillon secret" not in rendu.html(rendu.contexte(contrat, par=anonyme, entier=True))
    assert "Brouillon secret" in rendu.html(rendu.contexte(contrat, par=agente, entier=True))


def test_une_action_sans_section_s_imprime_quand_meme(contrat, anonyme):
    fiche = fiche_complete(contrat=contrat, statut="publiee", publiee=False)
    fiche.sections.filter(modele__horizon=Horizon.COURT).delete()
    ActionFactory(fiche=None, contrat=contrat, intitule="Action portée par le contrat")
    document = rendu.contexte(contrat, par=anonyme, entier=True)["document"]
    imprimees = {action.pk for action in document.actions}
    assert imprimees == set(contrat.actions.values_list("pk", flat=True))


def test_les_fiches_suivent_l_ordre_imprime(contrat, anonyme):
    premiere, seconde = contrat.fiches.order_by("ordre")
    contrat.fiches.filter(pk=premiere.pk).update(ordre=seconde.ordre + 1)
    document = rendu.contexte(contrat, par=anonyme, entier=True)["document"]
    assert [(lue.fiche, lue.rang, lue.total) for lue in document.fiches] == [
        (seconde, 1, 2),
        (premiere, 2, 2),
    ]


def test_la_date_du_document_est_celle_de_sa_derniere_modification(contrat, anonyme):
    document = rendu.contexte(contrat, par=anonyme, entier=True)["document"]
    objets = [contrat, *contrat.fiches.all(), *contrat.actions.all()]
    attendue = max(objet.modifie_le for objet in objets)
    assert document.modifie_le == attendue.replace(microsecond=0)
