"""Chaque formulaire de l'administration, rempli n'importe comment : aucune erreur 500.

Ceux du site : `test_routes.py`.
"""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.administration.objets import OBJETS
from tests.formulaires import formulaires, malmener, pannes
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db

MODELES = sorted(admin.site._registry, key=lambda modele: modele._meta.label)


def test_le_lecteur_trouve_les_formulaires_d_une_page(client):
    recherche = formulaires(client.get("/").content.decode())
    assert [("q", "")] in [f.champs for f in recherche]
    assert malmener(client, "/recherche/", fois=2)


@pytest.mark.parametrize("page", ["changelist", "add", "change"])
@pytest.mark.parametrize("modele", MODELES, ids=lambda m: m._meta.label)
def test_aucun_formulaire_de_l_administration_ne_tombe(client, administrateur, modele, page):
    client.force_login(administrateur)
    objet = OBJETS[modele](1)
    arguments = [objet.pk] if page == "change" else []
    nom = f"admin:{modele._meta.app_label}_{modele._meta.model_name}_{page}"
    assert pannes(client, reverse(nom, args=arguments), fois=2) == []


def test_la_fusion_d_organismes_ne_tombe_pas(client, administrateur):
    client.force_login(administrateur)
    url = reverse("admin:partenaires_organisme_fusionner", args=[OrganismeFactory().pk])
    OrganismeFactory()
    assert pannes(client, url, fois=20) == []
