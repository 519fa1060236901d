"""L'administration dans Chromium : la politique de sécurité tenue (`page`), et l'accessibilité."""

import re

import pytest

from tests.administration.objets import OBJETS
from tests.administration.test_toutes_les_pages import MODELES, adresse
from tests.navigateur import violations_axe
from tests.tailles import taille

# Ce que Django et select2 écrivent eux-mêmes : la recherche et la liste d'une autocomplétion
# multiple, l'aide d'un sélecteur à deux listes.
# Avec plusieurs sélecteurs dans la page, axe précise sa cible par des attributs.
DE_DJANGO = {
    ("label", re.compile(r"\.select2-search__field[^ ]*$")),
    ("list", re.compile(r"\.select2-selection--multiple[^ ]* > ul$")),
    ("aria-input-field-name", re.compile(r"select2")),
    ("aria-prohibited-attr", re.compile(r"\.help-tooltip\.search-label-icon$")),
}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize("modele", MODELES, ids=lambda m: m._meta.label)
def test_chaque_liste_et_formulaire_est_accessible(page, connecter, administrateur, modele):
    """Les listes ont toutes le même gabarit : une sur quatre ici, toutes par `bench.preuves`."""
    objet = OBJETS[modele](2)
    connecter(administrateur)
    page.goto(adresse(modele, "change", objet.pk))
    assert violations_de_notre_fait(page) == []
    if MODELES.index(modele) % taille(4, 1) == 0:
        page.goto(adresse(modele, "changelist"))
        assert violations_de_notre_fait(page) == []


def violations_de_notre_fait(page):
    return [
        (regle, cible)
        for regle, cibles in violations_axe(page, WCAG)
        for [cible] in cibles
        if not any(regle == r and fin.search(cible) for r, fin in DE_DJANGO)
    ]
