"""`manage.py purger` : ce qui nomme des personnes s'efface à son terme, et rien d'autre."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from campagnes.models import Campagne, Contact, Destinataire, PieceJointe, Reponse
from courrier.models import Courriel
from documents.figes.stockage import depot
from documents.models import Preparation
from notifications.models import Notification
from tests.campagnes.factories import ReponseFactory, jeton, ouverte
from tests.documents.factories import DocumentFigeFactory, PreparationFactory
from tests.notifications.factories import NotificationFactory

pytestmark = pytest.mark.django_db
IL_Y_A_LONGTEMPS = timezone.now() - datetime.timedelta(days=400)


def close(campagne, **champs):
    Campagne.objects.filter(pk=campagne.pk).update(fin=IL_Y_A_LONGTEMPS.date(), **champs)
    Contact.objects.filter(contrat=campagne.contrat).update(modifie_le=IL_Y_A_LONGTEMPS)


@pytest.fixture
def campagne():
    campagne = ouverte(nb_actions=1, nb_organismes=2)
    demande = campagne.destinataires.order_by("pk")[0].demandes.get()
    reponse = ReponseFactory(demande=demande, phrase="Les travaux avancent.")
    reponse.pieces.create(nom="a.jpg", type="image/jpeg", taille=1, contenu=b"a")
    return campagne


def test_une_campagne_close_depuis_un_an_perd_adresses_et_pieces_et_garde_ses_reponses(
    client, campagne, capsys
):
    valeur, emails = jeton(campagne), set(campagne.destinataires.values_list("email", flat=True))
    close(campagne)
    call_command("purger")
    assert "1 pièce(s) jointe(s), 2 destinataire(s), 2 contact(s)" in capsys.readouterr().out
    assert not PieceJointe.objects.exists()
    assert not Contact.objects.exists()
    assert not emails & set(Destinataire.objects.values_list("email", flat=True))
    assert Reponse.objects.get().phrase == "Les travaux avancent."
    client.force_login(campagne.cree_par)
    assert client.get(campagne.get_absolute_url()).status_code == 200
    assert client.get(f"/repondre/{valeur}/").status_code == 404
    call_command("purger")
    assert "0 destinataire(s)" in capsys.readouterr().out


@pytest.mark.parametrize("encore", ["ouverte", "récente", "une autre campagne"])
def test_ce_qui_sert_encore_reste(campagne, encore):
    if encore == "récente":
        Campagne.objects.update(fin=timezone.localdate() - datetime.timedelta(days=30))
    if encore == "une autre campagne":
        close(campagne)
        ouverte(contrat=campagne.contrat)
    contacts = Contact.objects.count()
    call_command("purger")
    assert Contact.objects.count() == contacts
    assert PieceJointe.objects.exists() == (encore != "une autre campagne")


def test_notifications_et_courriels_anciens_s_effacent_seuls(campagne):
    recente, ancienne = NotificationFactory.create_batch(2)
    Notification.objects.filter(pk=ancienne.pk).update(cree_le=IL_Y_A_LONGTEMPS)
    parti, attend = Courriel.objects.order_by("pk")[:2]
    Courriel.objects.filter(pk=parti.pk).update(
        etat="envoye", envoye_le=IL_Y_A_LONGTEMPS, depose_le=IL_Y_A_LONGTEMPS
    )
    Courriel.objects.filter(pk=attend.pk).update(
        etat="a_envoyer", envoye_le=None, depose_le=IL_Y_A_LONGTEMPS
    )
    call_command("purger")
    assert recente in Notification.objects.all()
    assert ancienne not in Notification.objects.all()
    restants = Courriel.objects.all()
    assert attend in restants
    assert parti not in restants


def test_un_fichier_prepare_ancien_s_efface_avec_ses_octets_sauf_s_ils_servent_encore(capsys):
    ancien, garde = PreparationFactory.create_batch(2)
    jumeau = PreparationFactory(octets=b"%PDF-1.7\nles memes\n%%EOF\n")
    recent = PreparationFactory(octets=b"%PDF-1.7\nles memes\n%%EOF\n")
    fige = DocumentFigeFactory()
    passes = Preparation.objects.filter(pk__in=[ancien.pk, jumeau.pk])
    passes.update(demandee_le=IL_Y_A_LONGTEMPS)
    call_command("purger")
    assert "2 fichier(s) préparé(s)" in capsys.readouterr().out
    assert set(Preparation.objects.all()) == {garde, recent}
    assert not depot().exists(ancien.chemin)
    assert all(depot().exists(reste.chemin) for reste in (garde, recent, fige))


def test_un_delai_trop_court_se_refuse(settings):
    settings.CONSERVER_NOTIFICATIONS = 10
    with pytest.raises(CommandError, match="au moins 60 jours"):
        call_command("purger")
