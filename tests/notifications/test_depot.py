"""Qui est prévenu : une fois, jamais l'auteur, jamais sous assistance, jamais contre son choix."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from comptes.models import Assistance
from contrats.transitions import soumettre_fiche
from courrier.models import Courriel
from notifications.depot import notifier
from notifications.enums import Cadence
from notifications.models import Notification
from notifications.registre import EVENEMENTS, GENRES, Evenement, Genre, declarer
from tests.comptes.factories import UtilisateurFactory
from tests.notifications.conftest import membre
from tests.notifications.factories import NotificationFactory, PreferenceFactory

pytestmark = pytest.mark.django_db


def prevenus():
    return set(Notification.objects.values_list("destinataire", flat=True))


def test_une_transition_previent_ceux_que_l_evenement_designe(soumise, relectrice):
    [notification] = Notification.objects.all()
    assert notification.destinataire == relectrice
    assert notification.evenement == "relecture"
    assert notification.objet == soumise.transitions.get().pk


def test_l_auteur_de_l_acte_n_est_pas_prevenu(brouillon, relectrice):
    pilote = membre(brouillon, "pilotage")  # il relit aussi, mais c'est lui qui soumet
    soumettre_fiche(brouillon, version=brouillon.version, par=pilote)
    assert prevenus() == {relectrice.pk}


def test_la_base_refuse_une_notification_a_l_auteur():
    qui = UtilisateurFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        NotificationFactory(destinataire=qui, auteur=qui)


def test_le_meme_fait_ne_previent_pas_deux_fois(soumise, relectrice, autrice):
    passage = soumise.transitions.get()
    notifier("relecture", passage, par=autrice)
    assert Notification.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        NotificationFactory(destinataire=relectrice, passage=passage)


def test_un_compte_ferme_n_est_pas_prevenu(brouillon, autrice, relectrice):
    type(relectrice).objects.filter(pk=relectrice.pk).update(is_active=False)
    soumettre_fiche(brouillon, version=brouillon.version, par=autrice)
    assert prevenus() == set()


def test_sous_assistance_personne_n_est_prevenu(
    client, administrateur, autrice, relectrice, brouillon
):
    """Par la vraie requête : l'assistance ouverte, la fiche publiée au nom de la personne."""
    pilote = membre(brouillon, "pilotage")
    client.force_login(administrateur)
    donnees = {"courriel": pilote.email, "motif": "Fiche introuvable"}
    client.post(reverse("comptes:assistance-ouvrir"), donnees)
    adresse = reverse("contrats:fiche-franchir", args=[brouillon.public_id, "publier"])
    client.post(adresse, {"version": brouillon.version})
    assert brouillon.transitions.get().par == pilote
    assert prevenus() == set()


@pytest.mark.parametrize("assistee", [True, False])
def test_seule_l_assistance_fait_taire_un_acte(
    brouillon, autrice, relectrice, administrateur, assistee
):
    """Même mise en place : l'assistance fait la différence."""
    if assistee:
        autrice.assistance = Assistance(agent=administrateur, au_nom_de=autrice, motif="Aide")
    soumettre_fiche(brouillon, version=brouillon.version, par=autrice)
    assert prevenus() == (set() if assistee else {relectrice.pk})


@pytest.mark.parametrize("cadence", Cadence)
def test_seul_rien_prive_de_l_ecran(brouillon, autrice, relectrice, cadence):
    PreferenceFactory(utilisateur=relectrice, cadence=cadence)
    soumettre_fiche(brouillon, version=brouillon.version, par=autrice)
    assert prevenus() == (set() if cadence == Cadence.RIEN else {relectrice.pk})


@pytest.mark.parametrize("pour_celui_ci", [Cadence.ECRAN, None])
def test_un_choix_pour_un_evenement_l_emporte_sur_le_choix_general(
    brouillon, autrice, relectrice, pour_celui_ci
):
    PreferenceFactory(utilisateur=relectrice, evenement="", cadence=Cadence.RIEN)
    if pour_celui_ci:
        PreferenceFactory(utilisateur=relectrice, cadence=pour_celui_ci)
    soumettre_fiche(brouillon, version=brouillon.version, par=autrice)
    assert prevenus() == ({relectrice.pk} if pour_celui_ci else set())


def test_l_acte_annule_ne_previent_personne_et_n_envoie_rien(
    brouillon, autrice, relectrice, django_capture_on_commit_callbacks
):
    @transaction.atomic
    def soumettre_puis_tomber():
        soumettre_fiche(brouillon, version=brouillon.version, par=autrice)
        raise ZeroDivisionError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        soumettre_puis_tomber()
    assert not Notification.objects.exists()
    assert not Courriel.objects.exists()


def test_un_evenement_se_declare_avec_son_genre(monkeypatch):
    monkeypatch.setattr("notifications.registre.GENRES", dict(GENRES))
    monkeypatch.setattr("notifications.registre.EVENEMENTS", dict(EVENEMENTS))
    genre = Genre("reponse", lambda utilisateur: Notification.objects.none())
    ailleurs = Evenement("reponse", "Réponse", "Une réponse arrive", "autre", list, str)
    with pytest.raises(ValueError, match="n'est pas un événement de « reponse »"):
        declarer(genre, ailleurs)
