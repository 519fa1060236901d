"""Les pages du portail dans un vrai Chromium : accessibles, légères, sans débordement."""

import pytest

from tests.navigateur import violations_axe

PAGES = ["/style/?statut=en_cours&q=gare", "/connexion/", "/accessibilite/", "/mentions-legales/"]
PAGES += ["/plan-du-site/", "/nulle-part/"]
ESPACER = """document.querySelectorAll('*').forEach(e => {
  e.style.setProperty('line-height', '1.5', 'important');
  e.style.setProperty('letter-spacing', '.12em', 'important');
  e.style.setProperty('word-spacing', '.16em', 'important');
})"""
DEBORDEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("adresse", PAGES)
def test_une_page_du_portail_est_accessible_et_tient_dans_320_px(page, adresse):
    """Axe à 1280 et 375 px ; WCAG 1.4.10 (redisposition) et 1.4.12 (espacement du texte)."""
    page.goto(adresse)
    for largeur in (1280, 375):
        page.set_viewport_size({"width": largeur, "height": 800})
        assert violations_axe(page) == [], largeur
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(DEBORDEMENT) == 0
    page.evaluate(ESPACER)
    assert page.evaluate(DEBORDEMENT) == 0


def test_une_page_publique_tient_en_six_requetes(page):
    requetes = []
    page.on("request", lambda r: requetes.append(r.url))
    page.goto("/style/", wait_until="networkidle")
    assert len(requetes) <= 6, requetes


def test_le_lien_d_evitement_est_le_premier_foyer_et_mene_au_contenu(page):
    page.goto("/accessibilite/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_en_couleurs_forcees_le_lieu_courant_et_les_signes_restent(page):
    """Le navigateur ôte fonds et ombres : il faut une bordure visible et des signes pleins."""
    page.emulate_media(forced_colors="active")
    page.goto("/connexion/")
    bordure = "s => getComputedStyle(document.querySelector(s)).borderBottomColor"
    fond = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.evaluate(bordure, ".nav [aria-current]") != fond
    page.goto("/style/")
    signe = "getComputedStyle(document.querySelector('.e-retard'), '::before').backgroundColor"
    assert page.evaluate(signe) == page.evaluate("getComputedStyle(document.body).color")


def test_sans_javascript_les_pages_sont_les_memes(chromium, live_server):
    contexte = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    onglet = contexte.new_page()
    onglet.goto("/style/")
    assert onglet.locator("h2").count() >= 10
    contexte.close()
