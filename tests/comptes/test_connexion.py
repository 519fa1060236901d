"""La connexion par courriel."""

import pytest
from django.urls import reverse

from comptes.models import Utilisateur
from tests.comptes.factories import MOT_DE_PASSE, UtilisateurFactory

pytestmark = pytest.mark.django_db


def connecter(client, email):
    client.login(username=email, password=MOT_DE_PASSE)
    return "_auth_user_id" in client.session


def test_le_courriel_se_lit_sans_egard_a_la_casse(client):
    UtilisateurFactory(email="Claire.Martin@exemple.invalid")
    assert connecter(client, "claire.martin@EXEMPLE.invalid")


def test_deux_comptes_ne_partagent_pas_un_courriel():
    UtilisateurFactory(email="agent@exemple.invalid")
    doublon = Utilisateur(email="AGENT@exemple.invalid", password="x")
    with pytest.raises(Exception, match="déjà ce courriel"):
        doublon.full_clean()


@pytest.mark.parametrize("demonstration", [True, False])
def test_un_compte_de_demonstration_ne_sert_qu_en_demonstration(client, settings, demonstration):
    UtilisateurFactory(email="lea@demonstration.invalid")
    settings.DEMONSTRATION = demonstration
    assert connecter(client, "lea@demonstration.invalid") is demonstration


def test_une_session_de_demonstration_se_ferme_hors_demonstration(client, settings):
    compte = UtilisateurFactory(email="lea@demonstration.invalid", administrateur=True)
    client.force_login(compte)
    settings.DEMONSTRATION = False
    assert client.get(reverse("admin:index")).status_code == 302


def test_un_compte_desactive_ne_se_connecte_pas(client):
    UtilisateurFactory(email="parti@exemple.invalid", is_active=False)
    assert not connecter(client, "parti@exemple.invalid")


def test_un_refus_ne_dit_pas_si_le_compte_existe(client):
    UtilisateurFactory(email="agent@exemple.invalid")
    phrases = set()
    for courriel in ("agent@exemple.invalid", "inconnu@exemple.invalid"):
        reponse = client.post(reverse("comptes:connexion"), {"login": courriel, "password": "faux"})
        phrases.add(str(reponse.context["form"].non_field_errors()))
        assert f'value="{courriel}"' in reponse.text  # rien de saisi n'est perdu
    assert len(phrases) == 1
    assert "Le courriel ou le mot de passe est inexact." in phrases.pop()


@pytest.mark.parametrize("demonstration", [True, False])
def test_la_page_de_connexion_ne_liste_les_comptes_qu_en_demonstration(
    client, settings, demonstration
):
    UtilisateurFactory(email="lea@demonstration.invalid", administrateur=True)
    UtilisateurFactory(email="vraie@exemple.invalid")
    settings.DEMONSTRATION = demonstration
    texte = client.get(reverse("comptes:connexion")).text
    assert ("lea@demonstration.invalid" in texte) is demonstration
    assert "vraie@exemple.invalid" not in texte


@pytest.mark.parametrize("nombre", [1, 5])
def test_la_liste_des_comptes_coute_deux_requetes(client, django_assert_num_queries, nombre):
    for rang in range(nombre):
        UtilisateurFactory(email=f"agent{rang}@demonstration.invalid")
    with django_assert_num_queries(2):
        client.get(reverse("comptes:connexion"))
