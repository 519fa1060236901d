"""Distribution commune des tests."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from hypothesis import settings as hypothesis

from contrats.enums import RoleHabilitation
from documents.publics import retenus
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import fiche_complete

# Aucun test ne dépend de la vitesse de la machine. Un tirage plus long se demande :
# `pytest --hypothesis-profile=approfondi`.
hypothesis.register_profile("maison", deadline=None, max_examples=25)
hypothesis.register_profile("approfondi", deadline=None, max_examples=1000)
hypothesis.load_profile("maison")

pytest_plugins = ["tests.base_modele", "tests.hostile", "tests.navigateur"]


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    """Marque `base` ce qui lit la base réglée : le reste ne se joue pas une fois par base.

    Ce qui est lent commence : parti le dernier, un seul test ferait attendre tous les ouvriers.
    """
    for item in items:
        demandes = {"db", "transactional_db", "live_server"} & set(item.fixturenames)
        lit = demandes or item.get_closest_marker("django_db")
        if lit and not item.get_closest_marker("une_fois"):
            item.add_marker(pytest.mark.base)
    yield
    items.sort(key=lambda item: item.get_closest_marker("lent") is None)


@pytest.fixture(autouse=True)
def _sans_memoire():
    """Ni compteur d'essais ni document retenu ne passe d'un test à l'autre."""
    cache.clear()
    retenus.clear()


@pytest.fixture(autouse=True)
def _base_vidable(request):
    """Un test à vraies transactions finit par vider la base, ce que les documents figés refusent.

    SQLite vide par `DELETE`, qui réveille les déclencheurs : leurs tables se vident ici, sans eux.
    PostgreSQL vide par `TRUNCATE`, qui ne les réveille pas.
    """
    marque = request.node.get_closest_marker("django_db")
    demandes = {"live_server", "transactional_db"} & set(request.fixturenames)
    if not demandes and not (marque and marque.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as curseur, connection.constraint_checks_disabled():
            lus = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
            declencheurs = curseur.execute(lus).fetchall()
            for nom, _, _ in declencheurs:
                curseur.execute(f"DROP TRIGGER {nom}")
            for table in {table for _, table, _ in declencheurs}:
                curseur.execute(f"DELETE FROM {table}")  # noqa: S608 - noms de la base
            for _, _, ordre in declencheurs:
                curseur.execute(ordre)


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
