"""Qui une décision prévient : qui conduit le contrat, et l'organisme qui doit la tenir."""

import datetime

import pytest

from contrats.enums import RoleHabilitation
from gouvernance.evenements import DECISION, TERME
from notifications.registre import EVENEMENTS
from tests.comptes.factories import UtilisateurFactory
from tests.gouvernance.factories import DecisionFactory
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("evenement", [DECISION, TERME])
def test_une_decision_previent_qui_conduit_et_l_organisme_responsable(evenement):
    responsable = OrganismeFactory()
    decision = DecisionFactory(organisme=responsable, avant_le=datetime.date(2026, 12, 1))
    contrat = decision.seance.contrat
    conduit = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])
    tient = UtilisateurFactory(
        habilitations=[(contrat, RoleHabilitation.PARTENAIRE)], organisme=responsable
    )
    UtilisateurFactory(
        habilitations=[(contrat, RoleHabilitation.REDACTION)], organisme=OrganismeFactory()
    )
    UtilisateurFactory(organisme=responsable)  # sans rôle sur le contrat : il n'en sait rien
    assert set(EVENEMENTS[evenement].destinataires(decision)) == {conduit, tient}


@pytest.mark.parametrize("evenement", [DECISION, TERME])
def test_une_decision_sans_organisme_ne_previent_que_qui_conduit(evenement):
    decision = DecisionFactory()
    contrat = decision.seance.contrat
    conduit = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])
    UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.LECTURE)])
    assert EVENEMENTS[evenement].destinataires(decision) == [conduit]
