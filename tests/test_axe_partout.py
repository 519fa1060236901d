"""Chaque page qu'un agent ouvre, et son premier formulaire refusé, dans Chromium : 0 violation.

Les parcours ont leurs propres tests ; ici rien n'échappe, les adresses viennent de l'urlconf. Une
part dans la suite ; toutes par `python -m bench.preuves tests/test_axe_partout.py`.
"""

import sys

import pytest

from tests.comptes.factories import avec_seconds_facteurs, vient_de_se_connecter
from tests.navigateur import violations_axe
from tests.routes import ACTES, MENENT_AILLEURS, SELON_REGLAGE
from tests.tailles import taille
from tests.test_routes import ROUTES, adresse, agente, peupler  # noqa: F401 : fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lent]
DEBORDEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PARTS = 24
PAGES = sorted(
    nom
    for nom in ROUTES
    if nom not in ACTES | MENENT_AILLEURS | SELON_REGLAGE and not nom.startswith("api:")
)
FORMULAIRE = "main form[method=post]"
# Vidé, puis envoyé sans que le navigateur ni un script ne l'arrêtent.
VIDER = """formulaire => {
  for (const champ of formulaire.querySelectorAll('input:not([type=hidden]), textarea, select')) {
    if (['checkbox', 'radio'].includes(champ.type)) champ.checked = false;
    else champ.value = '';
  }
  HTMLFormElement.prototype.submit.call(formulaire);
}"""


@pytest.fixture
def _site(db):
    """Les objets de `tests.test_routes`, écrits en base : le serveur de test les lit."""
    return peupler()


def ouvrir(page, url):
    """Vrai si c'est une page : un fichier se télécharge, un flux n'est pas du HTML."""
    if "text/html" not in page.request.head(url).headers.get("content-type", ""):
        return False
    return page.goto(url).status < 400


def fautes(page):
    """Violations d'axe à 1280 et 375 px, et ce qui déborde ; tout déplié."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    relevees = []
    for largeur in (1280, 375):
        page.set_viewport_size({"width": largeur, "height": 900})
        relevees += [(largeur, v) for v in violations_axe(page)]
        relevees += [(largeur, "déborde")] * (page.evaluate(DEBORDEMENT) > 0)
    return relevees


@pytest.mark.parametrize("part", range(taille(1, PARTS)))
def test_aucune_page_ni_aucun_refus_n_a_de_violation_axe(
    page,
    connecter,
    agente,  # noqa: F811
    adresse,  # noqa: F811
    client,
    live_server,
    part,
):
    connecter(agente)
    vient_de_se_connecter(client, agente)
    cle = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cle])
    page.on("dialog", lambda question: question.accept())  # « quitter la page ? »
    trouvees, vues = {}, []
    for nom in PAGES[part::PARTS]:
        url = adresse(nom)
        if nom.startswith("mfa_") and not agente.authenticator_set.exists():
            avec_seconds_facteurs(agente)
        if not ouvrir(page, url):
            continue
        vues.append(nom)
        trouvees[nom] = fautes(page)
        if page.locator(FORMULAIRE).count():
            with page.expect_navigation() as suite:
                page.locator(FORMULAIRE).first.evaluate(VIDER)
            assert suite.value.status < 500, nom
            trouvees[f"{nom} : {suite.value.status}"] = fautes(page)
    sys.stdout.write(f"\naxe : {len(vues)} pages, {len(trouvees)} états\n")
    assert vues
    assert {nom: f for nom, f in trouvees.items() if f} == {}
