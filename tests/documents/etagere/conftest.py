"""Les montages des documents figés, et un rendu court : la mise en page n'est pas le sujet."""

import io

import pikepdf
import pytest

from documents import rendu
from tests.documents.figes.conftest import chargee, depot  # noqa: F401 : montages


@pytest.fixture
def sans_mise_en_page(monkeypatch):
    """Une page blanche qui porte l'empreinte de ce qui aurait été imprimé ; compte les rendus."""
    rendus = []

    def rendre(contexte):
        rendus.append(contexte["document"].titre)
        sortie = io.BytesIO()
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.docinfo["/Keywords"] = rendu.empreinte(contexte)
            pdf.save(sortie)
        return sortie.getvalue()

    monkeypatch.setattr(rendu, "rendre", rendre)
    return rendus
