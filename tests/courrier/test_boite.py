"""La boîte à l'écran de la démonstration, et l'administration du courrier."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from courrier.enums import EtatCourriel
from tests.courrier.factories import CourrielFactory
from tests.navigateur import violations_axe

LISTE = reverse("courrier:courriel-list")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("demonstration", [True, False])
def test_la_boite_n_existe_qu_en_demonstration(client, administrateur, settings, demonstration):
    courriel = CourrielFactory()
    settings.DEMONSTRATION = demonstration
    client.force_login(administrateur)
    for adresse in (LISTE, reverse("courrier:courriel-detail", args=[courriel.pk])):
        assert client.get(adresse).status_code == (200 if demonstration else 404)
    assert (LISTE in client.get(reverse("portail:accueil")).text) is demonstration


@pytest.mark.parametrize("nombre", [1, 5])
def test_la_boite_coute_deux_requetes(client, django_assert_num_queries, nombre):
    CourrielFactory.create_batch(nombre)
    with django_assert_num_queries(2):
        assert client.get(LISTE).text.count("<tr>") == nombre + 1


def test_un_courriel_se_lit_en_texte_et_ses_liens_se_suivent(page, live_server):
    CourrielFactory(
        sujet="Votre lien", texte=f"Suivez :\n{live_server.url}/donnees/\n\n<b>brut</b>"
    )
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(LISTE)
    assert violations_axe(page) == []
    page.get_by_role("link", name="Votre lien").click()
    expect(page.get_by_text("<b>brut</b>")).to_be_visible()
    assert violations_axe(page) == []
    page.get_by_role("link", name="/donnees/").click()
    page.wait_for_url("**/donnees/")


def test_l_administration_relance_sans_montrer_le_texte(client, administrateur):
    client.force_login(administrateur)
    echec = CourrielFactory(etat=EtatCourriel.ECHEC, texte="lien personnel")
    fiche = client.get(reverse("admin:courrier_courriel_change", args=[echec.pk]))
    assert "lien personnel" not in fiche.text
    assert echec.contenu not in fiche.text
    client.post(
        reverse("admin:courrier_courriel_changelist"),
        {"action": "relancer", "_selected_action": [echec.pk]},
    )
    echec.refresh_from_db()
    assert echec.etat in (EtatCourriel.A_ENVOYER, EtatCourriel.ENVOYE)
