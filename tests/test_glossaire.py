"""Le glossaire suit le code : un modèle neuf ou un champ renommé le fait échouer."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

GLOSSAIRE = (Path(settings.BASE_DIR) / "docs" / "glossaire.md").read_text(encoding="utf-8")
MODELES = {
    modele.__name__: modele
    for config in apps.get_app_configs()
    if Path(config.path).parent == Path(settings.BASE_DIR)
    for modele in config.get_models()
}
CHAMPS = sorted(
    {(m, c) for m, c in re.findall(r"`(?:\w+\.)?([A-Z]\w+)\.(\w+)", GLOSSAIRE) if m in MODELES}
)


@pytest.mark.parametrize("nom", sorted(MODELES))
def test_chaque_modele_est_au_glossaire(nom):
    assert f"`{MODELES[nom]._meta.app_label}.{nom}`" in GLOSSAIRE


@pytest.mark.parametrize(("modele", "champ"), CHAMPS)
def test_chaque_champ_du_glossaire_existe(modele, champ):
    assert hasattr(MODELES[modele], champ)
