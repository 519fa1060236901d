import pytest

from contrats.transitions import soumettre_fiche
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import FicheFactory


@pytest.fixture
def brouillon(db):
    """Fiche en cours d'écriture d'un contrat non publié."""
    return FicheFactory()


def membre(fiche, role, **champs):
    """Compte qui a ce rôle sur le contrat de la fiche."""
    return UtilisateurFactory(habilitations=[(fiche.contrat, role)], **champs)


@pytest.fixture
def autrice(brouillon):
    return membre(brouillon, "redaction", prenom="Awa", nom="Diop")


@pytest.fixture
def relectrice(brouillon):
    return membre(brouillon, "copilote")


@pytest.fixture
def soumise(brouillon, autrice, relectrice):
    """La fiche, soumise par l'autrice : la relectrice en est prévenue."""
    soumettre_fiche(brouillon, version=brouillon.version, par=autrice)
    return brouillon
