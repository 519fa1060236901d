"""Le premier du mois est ordinal, dans un gabarit comme dans une phrase."""

import datetime

import pytest
from django.template import Context, Template

from texte.dates import en_lettres

UN, DEUX, ONZE = (datetime.date(2026, 1, jour) for jour in (1, 2, 11))


@pytest.mark.parametrize(
    ("jour", "dit"), [(UN, "1er janvier 2026"), (DEUX, "2 janvier 2026"), (ONZE, "11 janvier 2026")]
)
def test_une_date_en_toutes_lettres(jour, dit):
    assert en_lettres(jour) == dit
    assert Template('{{ jour|date:"j F Y" }}').render(Context({"jour": jour})) == dit


@pytest.mark.parametrize(
    ("motif", "dit"),
    [
        ("l j F Y", "jeudi 1er janvier 2026"),
        ("j F Y à H:i", "1er janvier 2026 à 00:30"),
        ("d/m/Y", "01/01/2026"),
        ("Y-m-d", "2026-01-01"),
    ],
)
def test_les_autres_motifs_du_filtre_restent_ceux_de_django(motif, dit):
    """L'heure est celle d'ici : 23 h 30 en temps universel, c'est déjà le lendemain."""
    jour = datetime.datetime(2025, 12, 31, 23, 30, tzinfo=datetime.UTC)
    gabarit = Template("{{ jour|date:motif }}")
    assert gabarit.render(Context({"jour": jour, "motif": motif})) == dit


def test_sans_date_le_filtre_ne_dit_rien():
    gabarit = Template('{{ rien|date:"j F Y" }}{{ jour|date:"j F Y" }}')
    assert gabarit.render(Context({"jour": None})) == ""
