"""La boîte, les préférences, le désabonnement : à soi seul, sans rien perdre, sans connexion."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contrats.transitions import soumettre_fiche
from notifications import liens
from notifications.enums import Cadence
from notifications.models import Notification, Preference
from notifications.registre import EVENEMENTS
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import FicheFactory
from tests.notifications.conftest import membre
from tests.notifications.factories import NotificationFactory, PreferenceFactory

pytestmark = pytest.mark.django_db
BOITE = reverse("notifications:notification-list")
TOUT_LIRE = reverse("notifications:tout-lire")
PREFERENCES = reverse("notifications:preferences")
INCONNUE = {"prenom": "Inès", "nom": "Faure"}


def lire(pk):
    return reverse("notifications:notification-lire", args=[pk])


@pytest.fixture
def boite(client, soumise, relectrice):
    """Le client de la relectrice, qui a une notification non lue."""
    client.force_login(relectrice)
    return client


def test_la_boite_dit_quoi_de_qui_quand_et_mene_a_l_objet(boite, soumise):
    page = boite.get(BOITE).text
    assert soumise.titre in page
    assert soumise.contrat.intitule_court in page
    assert "Awa Diop" in page
    assert soumise.get_absolute_url() in page
    assert "Notifications (1)" in page


def test_le_compteur_de_la_navigation_ne_compte_que_ce_qui_se_lit_encore(boite, relectrice):
    accueil = reverse("portail:accueil")
    assert "Notifications (1)" in boite.get(accueil).text
    relectrice.habilitations.all().delete()
    page = boite.get(accueil).text
    assert "Notifications</a>" in page
    assert "Rien de neuf." in boite.get(BOITE).text


def test_le_compteur_coute_une_requete_a_qui_a_tout_lu_deux_sinon_et_rien_au_public(boite):
    adresse = reverse("portail:mentions-legales")
    for attendues in (2, 1):
        with CaptureQueriesContext(connection) as requetes:
            boite.get(adresse)
        comptes = [r["sql"] for r in requetes if "notifications_notification" in r["sql"]]
        assert len(comptes) == attendues
        Notification.objects.update(lue_le=timezone.now())
    with CaptureQueriesContext(connection) as requetes:
        Client().get(adresse)
    assert len(requetes) == 0


def test_marquer_une_notification_comme_lue(boite):
    notification = Notification.objects.get()
    assert boite.post(lire(notification.pk) + "?etat=non_lues").url == f"{BOITE}?etat=non_lues"
    notification.refresh_from_db()
    assert notification.lue_le is not None
    assert "Notifications</a>" in boite.get(BOITE).text


def test_tout_marquer_ne_touche_pas_ce_qui_est_arrive_depuis(boite, soumise, autrice):
    jusqu_a = boite.get(BOITE).context["jusqu_a"]
    autre = FicheFactory(contrat=soumise.contrat)
    soumettre_fiche(autre, version=autre.version, par=autrice)
    boite.post(TOUT_LIRE, {"jusqu_a": jusqu_a})
    assert Notification.objects.non_lues().get().objet == autre.transitions.get().pk


@pytest.mark.parametrize("jusqu_a", ["", "abc", "-1", "²", "9" * 30, "\0"])
def test_une_borne_absurde_ne_marque_rien(boite, jusqu_a):
    assert boite.post(TOUT_LIRE, {"jusqu_a": jusqu_a}).status_code == 302
    assert Notification.objects.non_lues().count() == 1


def test_les_notifications_d_un_autre_n_existent_pas(client, soumise, relectrice):
    """Même avec les mêmes droits sur le même contrat."""
    client.force_login(membre(soumise, "copilote"))
    notification = Notification.objects.get()
    assert soumise.titre not in client.get(BOITE).text
    assert client.post(lire(notification.pk)).status_code == 404
    client.post(TOUT_LIRE, {"jusqu_a": notification.pk})
    assert Notification.objects.non_lues().count() == 1


def test_filtrer_la_boite(boite):
    assert "Aucune notification ici." in boite.get(BOITE, {"etat": "lues"}).text
    assert boite.get(BOITE, {"etat": "non_lues", "evenement": "relecture"}).context["lignes"]
    assert "Aucune notification ici." in boite.get(BOITE, {"evenement": "action"}).text
    assert boite.get(BOITE, {"etat": "inconnu"}).status_code == 200


def test_sous_assistance_la_boite_se_lit_mais_ne_se_vide_pas(
    client, administrateur, soumise, relectrice
):
    client.force_login(administrateur)
    donnees = {"courriel": relectrice.email, "motif": "Elle ne trouve pas la fiche"}
    client.post(reverse("comptes:assistance-ouvrir"), donnees)
    page = client.get(BOITE).text
    assert soumise.titre in page
    assert "Tout marquer comme lu" not in page
    pk = Notification.objects.get().pk
    assert client.post(lire(pk)).status_code == 403
    assert client.post(TOUT_LIRE, {"jusqu_a": pk}).status_code == 403
    assert Notification.objects.non_lues().count() == 1


@pytest.mark.parametrize("nb", [1, 5])
def test_la_boite_fait_le_meme_nombre_de_requetes_pour_1_et_5_notifications(
    boite, soumise, autrice, django_assert_num_queries, nb
):
    for _ in range(nb - 1):
        fiche = FicheFactory(contrat=soumise.contrat)
        soumettre_fiche(fiche, version=fiche.version, par=autrice)
    # session, utilisateur, nombre, rôles, lignes, objets, compteur en deux
    with django_assert_num_queries(8):
        assert len(boite.get(BOITE).context["lignes"]) == nb


# Préférences


def test_les_preferences_partent_des_defauts_et_se_gardent(client):
    agente = UtilisateurFactory()
    client.force_login(agente)
    champs = client.get(PREFERENCES).context["form"].fields
    assert champs["relecture"].initial == Cadence.IMMEDIAT
    choix = dict.fromkeys(EVENEMENTS, Cadence.HEBDOMADAIRE.value) | {"action": "rien"}
    for _ in range(2):
        assert client.post(PREFERENCES, choix).url == PREFERENCES
    gardees = dict(agente.preferences.values_list("evenement", "cadence"))
    assert gardees == choix


def test_une_preference_absurde_est_refusee_en_francais(client):
    client.force_login(UtilisateurFactory())
    page = client.post(PREFERENCES, {"relecture": "toujours"})
    assert "Cette réponse n&#x27;existe pas." in page.text
    assert not Preference.objects.exists()


# Désabonnement, sans connexion


@pytest.mark.parametrize("evenement", ["", "relecture"])
def test_le_lien_demande_confirmation_puis_desabonne(client, evenement):
    agente = UtilisateurFactory()
    PreferenceFactory(utilisateur=agente, evenement="action", cadence=Cadence.RIEN)
    PreferenceFactory(utilisateur=agente, evenement="fiche", cadence=Cadence.IMMEDIAT)
    adresse = reverse("notifications:desabonnement", args=[liens.jeton(agente.pk, evenement)])
    page = client.get(adresse)
    assert "Ne plus recevoir ces courriels" in page.text
    assert agente.email not in page.text
    assert agente.preferences.count() == 2
    for _ in range(2):
        assert "C’est fait." in client.post(adresse).text
    gardees = dict(agente.preferences.values_list("evenement", "cadence"))
    attendues = {"action": "rien", evenement: "ecran"}
    assert gardees == attendues | ({"fiche": "immediat"} if evenement else {})


def test_la_messagerie_desabonne_sans_session_ni_jeton_csrf():
    agente = UtilisateurFactory()
    adresse = reverse("notifications:desabonnement", args=[liens.jeton(agente.pk)])
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(adresse, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert agente.preferences.get().cadence == Cadence.ECRAN


def test_se_desabonner_de_tout_vaut_pour_un_evenement_a_venir(soumise, relectrice, monkeypatch):
    from notifications import envoi
    from notifications.preferences import desabonner

    desabonner(relectrice)
    assert envoi.envoyer(Cadence.IMMEDIAT) == 0
    assert Notification.objects.visibles_par(relectrice).count() == 1


def forge(jeton, agente):
    return {
        "altéré": jeton[:-2] + ("aa" if jeton[-2:] != "aa" else "bb"),
        "d'un autre": jeton.replace(f"{agente.pk}.", f"{agente.pk + 1}.", 1),
        "d'un autre événement": jeton.replace(".relecture", ".", 1),
        "vide": ":",
        "événement inconnu": liens.jeton(agente.pk, "inconnu"),
        "compte inconnu": liens.jeton(0),
    }


@pytest.mark.parametrize("sorte", forge("1.relecture:x", UtilisateurFactory.build(pk=1)))
def test_un_lien_forge_n_ouvre_rien(client, sorte):
    agente, autre = UtilisateurFactory.create_batch(2)
    jeton = forge(liens.jeton(agente.pk, "relecture"), agente)[sorte]
    adresse = reverse("notifications:desabonnement", args=[jeton])
    assert client.get(adresse).status_code == 404
    assert client.post(adresse).status_code == 404
    assert not Preference.objects.exists()
    assert not autre.preferences.exists()


def test_le_lien_d_un_compte_ferme_n_ouvre_rien(client):
    agente = UtilisateurFactory(is_active=False)
    adresse = reverse("notifications:desabonnement", args=[liens.jeton(agente.pk)])
    assert client.post(adresse).status_code == 404


def test_le_lien_n_ouvre_pas_de_session(client):
    agente = UtilisateurFactory(**INCONNUE)
    page = client.post(reverse("notifications:desabonnement", args=[liens.jeton(agente.pk)]))
    assert "Inès" not in page.text
    assert client.get(BOITE).status_code == 302


def test_une_notification_d_un_evenement_retire_ne_se_montre_plus(client, relectrice, brouillon):
    NotificationFactory(destinataire=relectrice, passage__fiche=brouillon, evenement="ancien")
    client.force_login(relectrice)
    assert "Rien de neuf." in client.get(BOITE).text


def test_une_notification_lue_reste_dans_la_boite(boite):
    Notification.objects.update(lue_le=timezone.now())
    page = boite.get(BOITE)
    assert len(page.context["lignes"]) == 1
    assert "Tout marquer comme lu" not in page.text
