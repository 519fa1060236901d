"""Pages du portail : ouvertes à tous, en français, sans base quand il le faut."""

from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.template.base import Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import instrumented_test_render
from django.urls import reverse

from portail import erreurs

PAGES = ["mentions-legales", "accessibilite", "plan-du-site", "style"]


@pytest.mark.parametrize("nom", PAGES)
def test_une_page_du_portail_est_ouverte_a_tous_sans_base(client, nom):
    """Pas de marque `django_db` : une requête ferait échouer le test."""
    reponse = client.get(reverse(f"portail:{nom}"))
    assert reponse.status_code == 200
    assert '<html lang="fr">' in reponse.text
    assert reponse.text.count("<h1") == 1


def test_style_montre_chaque_composant(client, monkeypatch):
    """Un composant ajouté sans être montré fait échouer ce test."""
    monkeypatch.setattr(Template, "_render", instrumented_test_render)  # chaque gabarit inclus
    reponse = client.get(reverse("portail:style"), {"statut": "en_cours", "q": "gare"})
    montres = {g.name for g in reponse.templates if g.name}
    dossier = Path(settings.BASE_DIR) / "templates" / "composants"
    attendus = {f"composants/{g.name}" for g in dossier.glob("*.html")}
    assert attendus - montres == set()


def test_style_n_est_ni_dans_les_menus_ni_dans_les_moteurs(client):
    adresse = reverse("portail:style")
    assert f'href="{adresse}"' not in client.get(reverse("portail:plan-du-site")).text
    assert '<meta name="robots" content="noindex">' in client.get(adresse).text
    assert f"Disallow: {adresse}" in client.get(reverse("portail:robots")).text


def test_le_titre_sert_aussi_a_og_title(client):
    reponse = client.get(reverse("portail:plan-du-site"))
    assert "<title>Plan du site · Réciproque</title>" in reponse.text
    assert '<meta property="og:title" content="Plan du site">' in reponse.text


def test_la_declaration_d_accessibilite_dit_non_conforme(client):
    reponse = client.get(reverse("portail:accessibilite"))
    assert "État de conformité\u00a0: non conforme. Aucun audit n’a été réalisé." in reponse.text
    assert "Défenseur des droits" in reponse.text
    assert "mailto:" not in reponse.text


def test_le_bandeau_suit_le_mode_demonstration(client, settings):
    settings.DEMONSTRATION = True
    assert 'class="bandeau"' in client.get(reverse("portail:accessibilite")).text
    settings.DEMONSTRATION = False
    assert 'class="bandeau"' not in client.get(reverse("portail:accessibilite")).text


def test_une_adresse_inconnue_donne_une_page_francaise(client):
    reponse = client.get("/nulle-part/")
    assert reponse.status_code == 404
    assert "Cette page n’existe pas" in reponse.text


@pytest.mark.parametrize("gabarit", ["400.html", "500.html"])
def test_les_pages_d_erreur_se_rendent_sans_requete_ni_base(gabarit):
    """Django les rend sans contexte : elles ne doivent rien en attendre."""
    assert '<html lang="fr">' in render_to_string(gabarit)


def test_l_echec_csrf_dit_que_rien_n_est_perdu():
    client = Client(enforce_csrf_checks=True)
    reponse = client.post(reverse("comptes:connexion"), {"login": "a@exemple.fr"})
    assert reponse.status_code == 403
    assert "Rien n’est perdu" in reponse.text
    assert "CSRF" not in reponse.text


def test_l_echec_csrf_ne_repete_pas_la_raison_technique():
    reponse: HttpResponse = erreurs.csrf_refuse(RequestFactory().post("/"), reason="token missing")
    assert "token missing" not in reponse.content.decode()


def test_le_favicon_par_defaut_mene_a_la_marque(client):
    reponse = client.get("/favicon.ico")
    assert (reponse.status_code, reponse.url) == (302, "/statique/marque.svg")


@pytest.mark.parametrize("demonstration", [True, False])
def test_les_mentions_legales_disent_l_editeur_ou_son_absence(client, settings, demonstration):
    settings.DEMONSTRATION, settings.EDITEUR = demonstration, "PETR d’exemple, Fleurance"
    texte = client.get(reverse("portail:mentions-legales")).text
    assert ("PETR d’exemple, Fleurance" in texte) is not demonstration
    assert ("Non renseigné" in texte) is not demonstration  # l'hébergeur n'est pas réglé


@pytest.mark.django_db
def test_le_menu_suit_le_compte(client, administrateur):
    """Le public lit ; l'agent a l'atelier ; l'administration n'est montrée qu'à qui y entre."""
    adresse = reverse("portail:plan-du-site")
    anonyme = client.get(adresse).text
    assert reverse("comptes:connexion") in anonyme
    assert reverse("admin:index") not in anonyme
    client.force_login(administrateur)
    connecte = client.get(adresse).text
    assert reverse("admin:index") in connecte
    assert f'<form method="post" action="{reverse("comptes:deconnexion")}">' in connecte
