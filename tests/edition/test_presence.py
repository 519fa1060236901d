"""La présence dit qui d'autre a l'objet ouvert, depuis quand, et qui n'y touche plus."""

import datetime

import pytest
from django.utils import timezone

from edition import presence
from edition.models import Presence
from tests.comptes.factories import UtilisateurFactory
from tests.edition.factories import PresenceFactory

pytestmark = pytest.mark.django_db


def il_y_a(**duree):
    return timezone.now() - datetime.timedelta(**duree)


def phrases(cle="fiche:1"):
    return [p.phrase.replace("\u00a0", " ") for p in presence.autres(UtilisateurFactory(), cle)]


def test_une_autre_personne_est_dite_avec_sa_duree():
    awa = UtilisateurFactory(prenom="Awa", nom="Diop")
    PresenceFactory(
        utilisateur=awa, cle="fiche:1", depuis=il_y_a(minutes=3), vu_le=il_y_a(seconds=10)
    )
    assert phrases() == ["Awa Diop modifie cette fiche depuis 3 min"]
    assert presence.autres(awa, "fiche:1") == []
    assert phrases("fiche:2") == []


def test_qui_n_y_touche_plus_depuis_cinq_minutes_est_inactif():
    PresenceFactory(
        utilisateur=UtilisateurFactory(prenom="Awa", nom="Diop"),
        cle="fiche:1",
        depuis=il_y_a(minutes=30),
        vu_le=il_y_a(seconds=5),
        actif_le=il_y_a(minutes=7),
    )
    assert phrases() == ["Awa Diop a cette fiche ouverte, sans y toucher depuis 7 min"]


def test_qui_ne_se_signale_plus_est_parti_et_revient_comme_au_debut():
    passee = PresenceFactory(cle="fiche:1", depuis=il_y_a(hours=2), vu_le=il_y_a(minutes=5))
    assert phrases() == []
    presence.signaler(passee.utilisateur, "fiche:1", actif=False)
    [revenue] = presence.autres(UtilisateurFactory(), "fiche:1")
    assert (revenue.minutes, revenue.inactif) == (0, False)


@pytest.mark.parametrize("actif", [True, False])
def test_se_signaler_ne_fait_qu_une_ligne_et_garde_le_debut(actif):
    debut = il_y_a(minutes=4)
    ligne = PresenceFactory(cle="fiche:1", depuis=debut, vu_le=il_y_a(seconds=15), actif_le=debut)
    presence.signaler(ligne.utilisateur, "fiche:1", actif=actif)
    ligne.refresh_from_db()
    assert Presence.objects.count() == 1
    assert ligne.depuis == debut
    assert (ligne.actif_le > debut) == actif
