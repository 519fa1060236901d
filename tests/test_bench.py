"""Les mesures se sèment encore : une contrainte nouvelle vaut aussi pour leurs données."""

import pytest

from bench import donnees
from contrats.models import Action


@pytest.mark.django_db
def test_les_donnees_des_mesures_passent_les_contraintes(monkeypatch):
    monkeypatch.setattr(donnees, "CONTRATS", 2)
    monkeypatch.setattr(donnees, "FICHES", 10)
    donnees.semer()
    assert Action.objects.count() == 2 * 10 * donnees.ACTIONS
