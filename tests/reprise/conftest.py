"""Ce que les tests de la reprise partagent."""

import pytest
import yaml

from contrats.chargement import charger_modeles
from tests.jeux.lecture import JEUX


@pytest.fixture
def modeles(db):
    """Les modèles de fiche livrés."""
    fichier = JEUX / "reference" / "modeles_fiche.yaml"
    charger_modeles(yaml.load(fichier.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
