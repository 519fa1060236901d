import pytest

from signatures import pades
from tests.signatures.autorite import examiner_sur_place


@pytest.fixture(autouse=True)
def depot(settings, tmp_path):
    """Un dépôt par test, sur le disque comme en vrai."""
    settings.STORAGES = settings.STORAGES | {
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "depot")},
        }
    }
    return tmp_path / "depot"


@pytest.fixture
def sur_place(monkeypatch):
    """L'examen dans ce processus : le même code, sans le relancer à chaque essai."""
    monkeypatch.setattr(pades, "_examiner", examiner_sur_place)
