"""Chaque page publique, avec les données de démonstration, dans un vrai Chromium.

Les pages d'une largeur partagent un chargement des données : le résultat les nomme toutes.
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


@pytest.mark.parametrize("largeur", [1280, 375])
def test_aucune_page_publique_n_a_de_violation_axe(page, adresses, largeur):
    page.set_viewport_size({"width": largeur, "height": 900})
    fautes = {}
    for adresse in adresses:
        page.goto(adresse)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        if violations := violations_axe(page):
            fautes[adresse] = violations
    assert fautes == {}


def test_aucune_page_publique_ne_deborde_a_320_px(page, adresses):
    page.set_viewport_size({"width": 320, "height": 640})
    debordent = {}
    for adresse in adresses:
        page.goto(adresse)
        if largeur := page.evaluate(DEBORDEMENT):
            debordent[adresse] = largeur
    assert debordent == {}


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
    assert "statut=realisee" in onglet.url
    onglet.get_by_role("link", name="Enlever le filtre Statut : Réalisée").click()
    assert onglet.url.endswith("/actions/")
    contexte.close()
