"""Chaque page publique, avec les données de démonstration, dans un vrai Chromium.

Les pages partagent un chargement des données : le résultat nomme toutes les fautives.
"""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from contrats.models import Contrat, Fiche
from portail.budgets import BUDGETS
from tests.navigateur import violations_axe

DEBORDEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
AUTRES = [
    "/actions/?statut=realisee&horizon=court&page=1",
    "/actions/?statut=inconnu",
    "/actions/?type=ville",
    "/recherche/",
    "/recherche/?q=fleurance",
    "/recherche/?q=introuvable",
    "/territoires/fleurance/",
    "/territoires/occitanie/",
    "/organismes/etat/",
]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.navigateur]


@pytest.fixture
def adresses():
    """Toutes les pages de budget, les trois formes de contrat, une fiche de chacune, des listes."""
    call_command("charger_demo", verbosity=0)
    contrats = Contrat.objects.visibles_par(AnonymousUser()).order_by("pk")
    fiches = [Fiche.objects.filter(contrat=c).order_by("ordre").last() for c in contrats]
    objets = [objet.get_absolute_url() for objet in (*contrats, *filter(None, fiches))]
    return list(dict.fromkeys([*(b.adresse() for b in BUDGETS), *objets, *AUTRES]))


@pytest.mark.lent
def test_aucune_page_publique_n_a_de_violation_axe_ni_ne_deborde(page, adresses):
    """Axe à 1280 et à 375 px, débordement à 320 px : chaque page se charge une fois."""
    fautes = {}
    for adresse in adresses:
        page.goto(adresse)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        for largeur in (1280, 375):
            page.set_viewport_size({"width": largeur, "height": 900})
            if violations := violations_axe(page):
                fautes[adresse, largeur] = violations
        page.set_viewport_size({"width": 320, "height": 640})
        if en_trop := page.evaluate(DEBORDEMENT):
            fautes[adresse, 320] = en_trop
    assert fautes == {}


def test_la_recherche_se_fait_au_clavier_et_sans_javascript(chromium, live_server, adresses):
    contexte = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    onglet = contexte.new_page()
    onglet.goto("/")
    onglet.locator("#q").focus()
    onglet.keyboard.type("fleurance")
    onglet.keyboard.press("Enter")
    onglet.wait_for_url("**/recherche/?q=fleurance")
    assert onglet.locator("mark").count() >= 3
    onglet.goto("/actions/")
    onglet.get_by_role("checkbox", name="Réalisée").check()
    onglet.get_by_role("button", name="Filtrer").click()
    onglet.wait_for_url("**statut=realisee**")
    onglet.get_by_role("link", name="Enlever le filtre Statut : Réalisée").click()
    onglet.wait_for_url("**/actions/")
    contexte.close()
