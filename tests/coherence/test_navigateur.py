"""Les deux pages dans un vrai Chromium : axe, petits écrans, sans script."""

import pytest
from django.urls import reverse

from coherence.models import ConstatEcarte
from coherence.service import bilan, ecarter
from contrats.models import Annonce, Signature
from tests.coherence.factories import contrat_propre
from tests.comptes.factories import UtilisateurFactory
from tests.navigateur import violations_axe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.navigateur]
DEBORDEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def abime():
    """Un constat de chaque gravité au moins, et un écarté."""
    contrat = contrat_propre()
    for objet, nombre in (("fiches", 6), ("parties", 9)):
        libelle = f"{nombre} {objet}"
        Annonce.objects.create(contrat=contrat, objet=objet, nombre=nombre, libelle=libelle)
    Signature.objects.first().delete()
    contrat.fiches.update(numero="1", numero_deduit=True)
    return contrat


def test_aucune_page_n_a_de_violation_axe_ni_ne_deborde(page, connecter, live_server):
    contrat = abime()
    pilote = UtilisateurFactory(habilitations=[(contrat, "pilotage")])
    ecarter(contrat, bilan(contrat).restants[0].cle, "La source l'imprime ainsi.", par=pilote)
    connecter(pilote)
    fautes = {}
    for largeur in (1280, 375):
        page.set_viewport_size({"width": largeur, "height": 900})
        page.goto(reverse("coherence:contrat-coherence", args=[contrat.slug]))
        page.locator("summary").first.click()
        fautes["cohérence", largeur] = violations_axe(page) or page.evaluate(DEBORDEMENT)
        page.goto(reverse("documents:fige-list", args=[contrat.slug]))
        page.get_by_role("button", name="Figer").click()
        page.get_by_role("heading", name="Avant de figer", exact=True).wait_for()
        fautes["figer", largeur] = violations_axe(page) or page.evaluate(DEBORDEMENT)
    assert not any(fautes.values()), fautes


def test_un_constat_s_ecarte_sans_script_et_au_clavier(chromium, client, live_server):
    contrat = abime()
    client.force_login(UtilisateurFactory(habilitations=[(contrat, "pilotage")]))
    contexte = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    contexte.add_cookies(
        [{"name": n, "value": b.value, "url": live_server.url} for n, b in client.cookies.items()]
    )
    onglet = contexte.new_page()
    onglet.goto(reverse("coherence:contrat-coherence", args=[contrat.slug]))
    onglet.locator("summary").first.focus()
    onglet.keyboard.press("Enter")
    onglet.get_by_label("Pourquoi l'écarter").first.fill("La source l'imprime ainsi.")
    onglet.keyboard.press("Enter")
    onglet.get_by_text("Écartés (1)").wait_for()
    assert ConstatEcarte.objects.get().motif == "La source l'imprime ainsi."
    contexte.close()
