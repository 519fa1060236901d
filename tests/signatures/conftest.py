import pytest


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
