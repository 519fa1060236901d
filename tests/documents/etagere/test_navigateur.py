"""L'étagère et la page d'attente dans un vrai Chromium : axe, petits écrans, sans script."""

import pytest
from django.urls import reverse

from documents import views_etagere
from documents.enums import EtatPreparation
from documents.models import Preparation
from tests.comptes.factories import UtilisateurFactory
from tests.documents.factories import DocumentFigeFactory, PreparationFactory, contrat_riche
from tests.navigateur import violations_axe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.navigateur]
DEBORDEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def adresses(live_server, connecter, monkeypatch):
    """L'étagère vue de qui conduit, les quatre états d'un fichier, un document, la vérification."""
    monkeypatch.setattr(views_etagere, "PATIENCE", 3600)  # la page se rechargerait pendant axe
    contrat = contrat_riche()
    connecter(UtilisateurFactory(habilitations=[(contrat, "pilotage")]))
    fige = DocumentFigeFactory(contrat=contrat)
    etats = [
        PreparationFactory(contrat=contrat, etat=etat, motif="Une image manque.", page=12)
        for etat in EtatPreparation
    ]
    return [
        reverse("documents:fige-list", args=[contrat.slug]),
        fige.get_absolute_url(),
        reverse("documents:verification"),
        reverse("documents:verification-code", args=[fige.code]),
        *(preparation.get_absolute_url() for preparation in etats),
    ]


@pytest.mark.parametrize("largeur", [1280, 375])
def test_aucune_page_de_l_etagere_n_a_de_violation_axe_ni_ne_deborde(page, adresses, largeur):
    page.set_viewport_size({"width": largeur, "height": 900})
    fautes = {}
    for adresse in adresses:
        page.goto(adresse)
        if violations := violations_axe(page) or page.evaluate(DEBORDEMENT):
            fautes[adresse] = violations
    assert fautes == {}


def test_un_fichier_se_demande_et_se_telecharge_sans_script(chromium, live_server):
    contrat = contrat_riche()
    DocumentFigeFactory(contrat=contrat)
    contexte = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    onglet = contexte.new_page()
    onglet.goto(reverse("documents:fige-list", args=[contrat.slug]))
    onglet.get_by_role("button", name="Préparer l’archive ZIP").click()
    onglet.wait_for_url("**/preparations/**")
    with onglet.expect_download() as telechargement:
        onglet.get_by_role("link", name="Télécharger").click()
    assert telechargement.value.suggested_filename == f"{contrat.slug}-en-vigueur.zip"
    assert Preparation.objects.get().etat == EtatPreparation.PRETE
    contexte.close()
