"""Distribution commune des tests."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from hypothesis import settings as hypothesis

from contrats.enums import RoleHabilitation
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import fiche_complete

# Aucun test ne dépend de la vitesse de la machine. Un tirage plus long se demande :
# `pytest --hypothesis-profile=approfondi`.
hypothesis.register_profile("maison", deadline=None, max_examples=40)
hypothesis.register_profile("approfondi", deadline=None, max_examples=1000)
hypothesis.load_profile("maison")

pytest_plugins = ["tests.hostile", "tests.navigateur"]


@pytest.fixture(autouse=True)
def _sans_memoire():
    """Les compteurs d'essais ne passent pas d'un test à l'autre."""
    cache.clear()


@pytest.fixture
def anonyme():
    return AnonymousUser()


@pytest.fixture
def administrateur(db):
    return UtilisateurFactory(administrateur=True)


@pytest.fixture
def fiche(db):
    """Fiche publiée, complète, d'un contrat publié."""
    return fiche_complete()


@pytest.fixture
def redactrice(fiche):
    """Agente qui rédige sur le contrat de `fiche`."""
    return UtilisateurFactory(habilitations=[(fiche.contrat, RoleHabilitation.REDACTION)])


@pytest.fixture
def pilote(fiche):
    """Chargé de projet du contrat de `fiche`."""
    return UtilisateurFactory(habilitations=[(fiche.contrat, RoleHabilitation.PILOTAGE)])


@pytest.fixture
def lectrice(fiche):
    """Agente qui lit sans écrire sur le contrat de `fiche`."""
    return UtilisateurFactory(habilitations=[(fiche.contrat, RoleHabilitation.LECTURE)])


@pytest.fixture
def etrangere(db):
    """Agente connectée, sans rôle sur aucun contrat."""
    return UtilisateurFactory()
