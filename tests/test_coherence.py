"""Ce qui doit tenir partout, dans les paquets d'aujourd'hui et de demain."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

MODELES = [
    modele
    for config in apps.get_app_configs()
    if Path(config.path).parent == Path(settings.BASE_DIR)
    for modele in config.get_models()
]
CONTRAINTES = [(m, c) for m in MODELES for c in m._meta.constraints]


@pytest.mark.parametrize(("modele", "contrainte"), CONTRAINTES, ids=lambda v: str(v)[:60])
def test_une_contrainte_est_nommee_et_parle_francais(modele, contrainte):
    """Le nom dit le modèle et la règle ; le message est à nous, pas celui du cadre."""
    assert contrainte.name.startswith(f"{modele._meta.app_label}_")
    message = str(contrainte.violation_error_message)
    assert message != contrainte.default_violation_error_message
    assert message.endswith(".")


@pytest.mark.parametrize("modele", MODELES, ids=lambda m: m.__name__)
def test_un_modele_est_documente_et_nomme_en_francais(modele):
    """La documentation par défaut de Django (« Modele(id, …) ») ne dit pas la règle."""
    assert modele.__doc__
    assert not modele.__doc__.startswith(f"{modele.__name__}(")
    assert modele._meta.original_attrs.get("verbose_name")
    assert modele._meta.original_attrs.get("verbose_name_plural")
