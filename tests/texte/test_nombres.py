"""Les nombres en lettres se lisent comme ils s'écrivent."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from texte import nombres


@given(st.integers(1, 100), st.sampled_from([" ", "-"]))
def test_un_nombre_ecrit_se_relit(nombre, trait):
    ecrit = nombres.en_lettres(nombre)
    assert nombres.lire(ecrit) == nombre
    assert nombres.lire(ecrit.replace("-", trait).upper()) == nombre
    assert re.fullmatch(nombres.MOTIF, ecrit)
    assert re.match(rf"(?:{nombres.MOTIF})\b", f"{ecrit} axes")[0] == ecrit


@pytest.mark.parametrize(
    ("ecrit", "nombre"),
    [("treize", 13), ("vingt et un", 21), ("soixante et onze", 71), ("quatre-vingt-dix-neuf", 99),
     ("une", 1), ("45", 45), ("beaucoup", None), ("", None)],
)  # fmt: skip
def test_les_cas_particuliers(ecrit, nombre):
    assert nombres.lire(ecrit) == nombre
