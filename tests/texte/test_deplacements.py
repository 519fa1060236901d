"""Comparer en reconnaissant ce qui a été déplacé : rien ne se perd, et cela se lit."""

from hypothesis import given
from hypothesis import strategies as st

from texte.deplacements import APRES, AVANT, Fragment, Sort, comparer, en_html, recoller

LIGNES = st.sampled_from(["un deux trois quatre\n", "a b c d e\n", "\n", "court\n", "x y z t u"])
TEXTES = st.lists(LIGNES | st.text(max_size=4), max_size=12).map("".join)


@given(st.lists(st.tuples(TEXTES, TEXTES), max_size=4))
def test_aucun_caractere_ne_se_perd(couples):
    for (ancien, nouveau), fragments in zip(couples, comparer(couples), strict=True):
        assert recoller(fragments, AVANT) == ancien
        assert recoller(fragments, APRES) == nouveau
        assert all(f.texte for f in fragments)


@given(st.lists(st.tuples(TEXTES, TEXTES), max_size=4))
def test_chaque_depart_a_son_arrivee(couples):
    tous = [f for fragments in comparer(couples) for f in fragments]
    departs = sorted((f.repere, f.texte) for f in tous if f.sort == Sort.PARTI)
    arrivees = sorted((f.repere, f.texte) for f in tous if f.sort == Sort.ARRIVE)
    assert departs == arrivees
    assert len({repere for repere, _ in departs}) == len(departs)


def test_le_html_lie_les_deux_bouts_et_echappe_le_texte():
    html = en_html([Fragment(Sort.PARTI, "<b>", 3), Fragment(Sort.ARRIVE, "<i>", 3)])
    assert 'id="parti-3">&lt;b&gt;</del>' in html
    assert 'href="#arrive-3"' in html
    assert 'id="arrive-3">&lt;i&gt;</ins>' in html
    nus = en_html([Fragment(Sort.PARTI, "x", 3)], trajets=False)
    assert "id=" not in nus
    assert "déplacé d’ici" in nus


def test_le_gras_se_montre_quand_lui_seul_change():
    assert "**" in en_html([Fragment(Sort.AJOUTE, "**")])
    assert "**" not in en_html([Fragment(Sort.EGAL, "a **b**")])


def test_un_mot_ajoute_se_lit_au_bout_de_la_ligne_qu_il_termine():
    """La fin de ligne supprimée passe après lui, sans changer ce qui se recolle."""
    part = "les trois mots suivants"
    [lus] = comparer([(f"un deux ;\n{part}\nz", f"un deux.\nz\n{part}")])
    html = en_html(lus)
    assert "</del><ins>" in html
    assert "<br></del><ins>" not in html
