"""Règles qui valent pour tous les gabarits du site."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from contrats.enums import StatutAction, StatutContrat, StatutFiche
from portail.templatetags.composants import CLASSES_ETAT

DOSSIER = Path(settings.BASE_DIR) / "templates"
GABARITS = sorted(DOSSIER.rglob("*.html"))
PAGES = [g for g in GABARITS if DOSSIER / "pdf" not in g.parents]
COMPOSANTS = sorted(g for g in (DOSSIER / "composants").glob("*.html"))


def sans_commentaires(gabarit: Path) -> str:
    return re.sub(r"{% comment %}.*?{% endcomment %}", "", gabarit.read_text("utf-8"), flags=re.S)


@pytest.mark.parametrize("gabarit", PAGES, ids=lambda g: str(g.relative_to(DOSSIER)))
def test_un_gabarit_n_a_rien_en_ligne_ni_d_ailleurs(gabarit):
    """La CSP refuse styles et scripts en ligne ; rien n'est chargé d'un autre site."""
    texte = sans_commentaires(gabarit)
    assert re.findall(r"\sstyle\s*=", texte) == []
    assert re.findall(r"<style\b", texte) == []
    assert re.findall(r"\son[a-z]+\s*=\s*[\"']", texte) == []
    assert re.findall(r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))[^>]*>", texte) == []
    assert re.findall(r"(?:\bsrc|\baction|<link[^>]*\bhref)=[\"'](?:https?:)?//", texte) == []


@pytest.mark.parametrize("composant", COMPOSANTS, ids=lambda g: g.name)
def test_un_composant_dit_ses_parametres(composant):
    debut = composant.read_text("utf-8")
    assert "{% comment %}" in debut[:60]


@pytest.mark.parametrize("vocabulaire", [StatutAction, StatutFiche, StatutContrat])
def test_chaque_statut_a_un_signe(vocabulaire):
    assert [statut for statut in vocabulaire if statut.value not in CLASSES_ETAT] == []


def test_chaque_signe_est_dessine_dans_la_feuille():
    source = (Path(settings.BASE_DIR) / "static/css/composants.css").read_text("utf-8")
    for classe in set(CLASSES_ETAT.values()):
        assert f".{classe}::before{{" in source
        assert f".{classe}{{--c:" in source
