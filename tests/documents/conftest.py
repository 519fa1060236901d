import pytest
from django.core.cache import cache

from tests.documents.factories import contrat_riche


@pytest.fixture
def contrat(db):
    """Contrat signé et publié, deux fiches."""
    return contrat_riche()


@pytest.fixture(autouse=True)
def _sans_cache():
    """Aucun PDF d'un autre test."""
    cache.clear()
