import pytest

from signatures import pades, valideur
from signatures.pieces import PieceRefusee
from tests.signatures.autorite import dans_un_fil


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

    def examiner(envoye, recu):
        try:
            return dans_un_fil(valideur.examiner, envoye, recu, pades.racines())
        except Exception as erreur:  # le processus en meurt, et c'est un refus
            raise PieceRefusee(pades.ILLISIBLE) from erreur

    monkeypatch.setattr(pades, "_examiner", examiner)
