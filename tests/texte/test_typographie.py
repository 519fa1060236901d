"""La typographie à l'affichage : les mots ne changent pas, les espaces qui tiennent si."""

from html import unescape

import pytest

from texte import markdown
from texte.typographie import insecables


@pytest.mark.parametrize(
    ("tape", "affiche"),
    [
        ("le Pays « Les Portes »", "le Pays «\u00a0Les Portes\u00a0»"),
        ("ceci : 90 % ; oui ?", "ceci\u00a0: 90\u00a0%\u00a0; oui\u00a0?"),
        ("500 K€ et 3 €", "500\u00a0K€ et 3\u00a0€"),
        ("http://a/?b :", "http://a/?b\u00a0:"),
        ("rien à changer", "rien à changer"),
    ],
)
def test_un_signe_double_ne_quitte_pas_son_mot(tape, affiche):
    assert insecables(tape) == affiche
    assert insecables(affiche) == affiche


def test_le_texte_rendu_a_ses_espaces_insecables_et_le_texte_nu_ceux_de_la_saisie():
    source = "Le volet « coopération » : 500 K€."
    assert "«\u00a0coopération\u00a0»\u00a0: 500\u00a0K€" in unescape(markdown.rendre(source))
    assert markdown.en_texte(source) == source
