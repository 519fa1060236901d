"""La boîte, les préférences et le désabonnement dans Chromium : axe, clavier, sans JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from contrats.transitions import soumettre_fiche
from notifications import liens
from notifications.models import Notification
from tests.contrats.factories import FicheFactory
from tests.navigateur import violations_axe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.navigateur]
BOITE = reverse("notifications:notification-list")
PREFERENCES = reverse("notifications:preferences")


def test_aucune_page_n_a_de_violation_axe_ni_ne_deborde(page, connecter, soumise, relectrice):
    connecter(relectrice)
    lien = reverse("notifications:desabonnement", args=[liens.jeton(relectrice.pk, "relecture")])
    fautes = {}
    for largeur in (1280, 375):
        page.set_viewport_size({"width": largeur, "height": 900})
        for adresse in (BOITE, f"{BOITE}?etat=lues", PREFERENCES, lien):
            page.goto(adresse)
            debord = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if (violations := violations_axe(page)) or debord > 0:
                fautes[largeur, adresse] = (violations, debord)
    page.get_by_role("button", name="Ne plus recevoir ces courriels").click()
    page.get_by_text("C’est fait.").wait_for()
    assert violations_axe(page) == []
    assert fautes == {}


def test_suivre_une_notification_la_marque_comme_lue(page, connecter, soumise, relectrice):
    connecter(relectrice)
    page.goto(BOITE)
    page.get_by_role("link", name=soumise.titre).click()
    page.get_by_role("heading", level=1, name=soumise.titre).wait_for()
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
    assert Notification.objects.get().lue_le is not None


def test_lire_et_regler_au_clavier_et_sans_javascript(
    chromium, live_server, connecter, page, soumise, autrice, relectrice
):
    autre = FicheFactory(contrat=soumise.contrat)
    soumettre_fiche(autre, version=autre.version, par=autrice)
    connecter(relectrice)
    contexte = chromium.new_context(
        base_url=live_server.url,
        java_script_enabled=False,
        storage_state=page.context.storage_state(),
    )
    onglet = contexte.new_page()
    onglet.goto(BOITE)
    onglet.get_by_role("button", name=f"Marquer comme lue : {autre.titre}").focus()
    onglet.keyboard.press("Enter")
    onglet.get_by_role("link", name="Notifications (1)").wait_for()
    onglet.get_by_role("button", name="Tout marquer comme lu").focus()
    onglet.keyboard.press("Space")
    onglet.get_by_role("link", name="Choisir ce que je reçois").focus()
    onglet.keyboard.press("Enter")
    onglet.get_by_label("Une fiche ou un contrat attend votre relecture").select_option("rien")
    onglet.get_by_role("button", name="Enregistrer").focus()
    onglet.keyboard.press("Enter")
    onglet.get_by_text("Vos préférences sont enregistrées.").wait_for()
    contexte.close()
    assert not Notification.objects.non_lues().exists()
    assert relectrice.preferences.get(evenement="relecture").cadence == "rien"
