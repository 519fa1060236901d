"""Une réponse prévient qui la relira, une fois, tant qu'elle attend."""

import pytest

from campagnes.evenements import relecteurs
from campagnes.models import Reponse
from campagnes.reponses import repondre
from contrats.transitions import Suivi
from notifications.lecture import lire
from notifications.models import Notification
from tests.campagnes.factories import CampagneFactory, DemandeFactory
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ActionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demande():
    action = ActionFactory()
    lanceuse = UtilisateurFactory(habilitations=[(action.contrat, "pilotage")])
    campagne = CampagneFactory(contrat=action.contrat, cree_par=lanceuse)
    return DemandeFactory(action=action, destinataire__campagne=campagne)


def dits(utilisateur):
    siennes = Notification.objects.visibles_par(utilisateur).pour_liste()
    return [ligne.avis for ligne in lire(siennes, utilisateur)]


def test_une_reponse_previent_qui_a_lance_la_campagne_tant_qu_elle_attend(demande):
    lanceuse = demande.destinataire.campagne.cree_par
    autre = UtilisateurFactory(habilitations=[(demande.action.contrat, "redaction")])
    for _ in range(2):  # le double appui ne fait qu'une réponse
        repondre(demande, Suivi("en_cours", 40, None, "Les travaux avancent"), version=1)
    [avis] = dits(lanceuse)
    assert avis.titre == str(demande.action)
    assert "Les travaux avancent" in avis.detail
    assert demande.destinataire.email in avis.detail
    assert dits(autre) == []
    Reponse.objects.update(etat="remplacee")
    assert dits(lanceuse) == []


def test_a_defaut_de_qui_l_a_lancee_la_reponse_va_a_qui_peut_l_accepter(demande):
    reponse = repondre(demande, Suivi("en_cours", 40, None, ""), version=1)
    autre = UtilisateurFactory(habilitations=[(demande.action.contrat, "redaction")])
    demande.destinataire.campagne.cree_par.habilitations.all().delete()
    assert relecteurs(reponse) == [autre]


def test_l_auteur_de_la_reponse_n_en_est_pas_prevenu(demande):
    lanceuse = demande.destinataire.campagne.cree_par
    type(demande.destinataire).objects.update(email=lanceuse.email.upper())
    demande.destinataire.refresh_from_db()
    reponse = repondre(demande, Suivi("en_cours", 40, None, ""), version=1)
    assert relecteurs(reponse) == []
    assert not Notification.objects.exists()
