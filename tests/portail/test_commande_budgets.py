"""`manage.py budgets` mesure chaque page sur la base en place, et n'y laisse rien."""

import pytest
from django.core.management import CommandError, call_command

from comptes.models import SessionOuverte
from contrats.models import Action, Contrat, Jeton
from portail import budgets
from portail.budgets import (
    BUDGETS,
    BUDGETS_AGENT,
    BUDGETS_CAMPAGNES,
    BUDGETS_ECRITURE,
    BUDGETS_LIEN,
    BUDGETS_PDF,
)
from portail.management.commands import budgets as commande
from tests.gouvernance.factories import SeanceFactory
from tests.portail.factories import plateforme
from tests.portail.test_budgets import versions
from tests.portail.test_budgets_campagnes import campagne

pytestmark = [pytest.mark.django_db, pytest.mark.une_fois]


def seance():
    """Une séance publique, ouverte, d'un contrat publié."""
    contrat = Contrat.objects.filter(publie_le__isnull=False).order_by("pk").first()
    SeanceFactory(instance__contrat=contrat, ouverte=True, publique=True)


def test_chaque_page_publique_de_liste_ou_de_detail_a_un_budget():
    vues = {b.vue for b in BUDGETS}
    for espace in ("contrats", "indicateurs", "partenaires", "territoires"):
        for genre in ("list", "detail"):
            assert any(v.startswith(f"{espace}:") and v.endswith(genre) for v in vues)


def test_la_commande_imprime_une_ligne_par_page(capsys):
    plateforme(1)
    campagne(1)
    seance()
    call_command("budgets")
    lignes = capsys.readouterr().out.splitlines()
    sans_compte = (*BUDGETS, *BUDGETS_PDF, *budgets.BUDGETS_API, *BUDGETS_LIEN)
    assert len(lignes) == len(sans_compte) + 1


def test_la_commande_mesure_les_pages_d_agent_sans_laisser_de_session(capsys, administrateur):
    plateforme(1)
    campagne(1)
    seance()
    versions(administrateur, 1)
    call_command("budgets")
    sortie = capsys.readouterr().out
    mesures = (*BUDGETS_AGENT, *BUDGETS_CAMPAGNES, *BUDGETS_ECRITURE)
    assert all(budget.nom in sortie for budget in mesures)
    assert not SessionOuverte.objects.exists()
    assert not Jeton.objects.exists()
    assert not Action.objects.filter(avancement=40).exclude(statut="en_cours").exists()


def test_la_commande_refuse_un_budget_depasse(monkeypatch):
    plateforme(1)
    serre = budgets.Budget("Accueil", "portail:accueil", 1)
    monkeypatch.setattr(commande, "BUDGETS", (serre,))
    with pytest.raises(CommandError, match="Accueil"):
        call_command("budgets")


def test_une_base_vide_n_a_que_les_pages_sans_objet(capsys):
    call_command("budgets", "--markdown")
    assert "Contrat |" not in capsys.readouterr().out
