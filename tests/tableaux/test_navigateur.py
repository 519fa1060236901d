"""La page du comité dans un vrai Chromium : accessible, sans débord, imprimée sur quatre A4."""

import io

import pikepdf
import pytest
from django.urls import reverse

from tests.navigateur import violations_axe
from tests.tableaux.test_budget import contrat_fourni

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.navigateur]
DEBORDEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_la_page_du_comite_est_accessible_et_s_imprime(page):
    contrat = contrat_fourni(5)
    adresses = [
        reverse("tableaux:contrat", args=[contrat.slug]),
        reverse("tableaux:contrat-chiffre", args=[contrat.slug, "a_lancer"]),
    ]
    for largeur in (1280, 375):
        page.set_viewport_size({"width": largeur, "height": 900})
        for adresse in adresses:
            page.goto(adresse)
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
            assert violations_axe(page) == []
            assert page.evaluate(DEBORDEMENT) == 0
    page.goto(adresses[0])
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as pdf:
        assert len(pdf.pages) <= 4
