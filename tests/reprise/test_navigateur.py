"""L'écran de reprise dans un vrai navigateur : clavier seul, axe, 1280 et 375 px."""

import pytest

from contrats.enums import RoleHabilitation
from contrats.models import Contrat
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import fiche_complete
from tests.navigateur import violations_axe
from tests.reprise.documents import docx
from tests.reprise.outils import SOURCES
from tests.territoires.factories import TerritoireFactory


@pytest.fixture
def territoire(modeles):
    fiche = fiche_complete()
    territoire = TerritoireFactory(nom="Midi-Quercy")
    fiche.contrat.territoires.add(territoire)
    return territoire


@pytest.fixture
def agent(connecter, territoire):
    contrat = territoire.contrats.get()
    connecter(UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)]))


def deposer(page, nom, octets):
    page.goto("/atelier/reprises/")
    page.set_input_files(
        "input[type=file]", {"name": nom, "mimeType": "application/octet-stream", "buffer": octets}
    )
    page.get_by_role("button", name="Déposer et relire").click()
    page.wait_for_url("**/atelier/reprises/*-*/")


@pytest.mark.django_db(transaction=True)
def test_un_agent_place_un_document_au_clavier(page, agent, territoire):
    """Source 002 si elle est là, sinon notre convention : quelques touches, puis le contrat."""
    fichiers = sorted(SOURCES.glob("002_*.txt"))
    octets = fichiers[0].read_bytes() if fichiers else docx()
    deposer(page, "projet.txt" if fichiers else "projet.docx", octets)
    assert violations_axe(page) == []
    page.set_viewport_size({"width": 375, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.set_viewport_size({"width": 1280, "height": 900})
    for _ in range(20):
        if not page.locator(".synopse .a-decider").count():
            break
        page.keyboard.press("n")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert not page.locator(".synopse .a-decider").count()
    page.get_by_label("Territoire", exact=True).select_option(territoire.cle)
    page.get_by_role("button", name="Écrire le contrat").click()
    page.wait_for_url("**/atelier/contrats/**")
    assert Contrat.objects.filter(document_repris__isnull=False).count() == 1
