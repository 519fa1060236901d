"""Comparer deux textes, en réunir trois : rien ne se perd."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from texte.differences import (
    COUT_MAX,
    Conflit,
    Morceau,
    Nature,
    au_mot,
    en_html,
    fusionner,
)

EGAL, AJOUTE, SUPPRIME = Nature.EGAL, Nature.AJOUTE, Nature.SUPPRIME
MOTS = st.sampled_from(["le ", "chat", " noir", "\n", "\n\n", ", ", "été", "'", "\t", "œuvre"])
TEXTES = st.lists(MOTS | st.text(max_size=3), max_size=30).map("".join)


def concatener(morceaux, *natures):
    return "".join(m.texte for m in morceaux if m.nature in natures)


@given(TEXTES, TEXTES)
def test_aucun_caractere_ne_se_perd(ancien, nouveau):
    morceaux = au_mot(ancien, nouveau)
    assert concatener(morceaux, EGAL, SUPPRIME) == ancien
    assert concatener(morceaux, EGAL, AJOUTE) == nouveau
    assert all(m.texte for m in morceaux)


@given(TEXTES)
def test_un_texte_ne_differe_pas_de_lui_meme(texte):
    assert au_mot(texte, texte) == ([Morceau(EGAL, texte)] if texte else [])


def test_la_coupe_se_fait_au_mot_et_a_la_ponctuation():
    assert au_mot("Le chat, noir.", "Le chien, noir !") == [
        Morceau(EGAL, "Le "),
        Morceau(SUPPRIME, "chat"),
        Morceau(AJOUTE, "chien"),
        Morceau(EGAL, ", noir"),
        Morceau(SUPPRIME, "."),
        Morceau(AJOUTE, " !"),
    ]


def test_dans_un_grand_texte_seuls_les_mots_changes_ressortent():
    """Trop long pour une comparaison au mot d'un bloc : la ligne changée est comparée au mot."""
    lignes = [f"ligne {n} du texte, où le mot est le même\n" for n in range(400)]
    ancien = "".join(lignes)
    lignes[200] = lignes[200].replace("mot", "verbe")
    morceaux = au_mot(ancien, "".join(lignes))
    assert [m for m in morceaux if m.nature != EGAL] == [
        Morceau(SUPPRIME, "mot"),
        Morceau(AJOUTE, "verbe"),
    ]


@pytest.mark.parametrize("separateur", [" ", "\n"])
def test_un_tres_grand_texte_repetitif_se_compare_sans_perte(separateur):
    """Le pire cas de difflib (deux mots, en désordre) : au-delà de la borne, en bloc."""
    ancien = "début " + separateur.join("ab"[n % 2] for n in range(COUT_MAX))
    nouveau = "début " + separateur.join("ab"[n % 3 % 2] for n in range(COUT_MAX))
    morceaux = au_mot(ancien, nouveau)
    assert morceaux[0].texte.startswith("début ")
    assert concatener(morceaux, EGAL, SUPPRIME) == ancien
    assert concatener(morceaux, EGAL, AJOUTE) == nouveau


def test_le_html_dit_ce_qui_change_et_echappe_le_texte():
    html = en_html([Morceau(EGAL, "a\n"), Morceau(SUPPRIME, "<b>"), Morceau(AJOUTE, "&")])
    assert html == (
        'a<br><del><span class="hors-vue">supprimé : </span>&lt;b&gt;</del>'
        '<ins><span class="hors-vue">ajouté : </span>&amp;</ins>'
    )


@pytest.mark.parametrize(
    ("base", "leur", "mienne", "reuni"),
    [
        ("a b c", "x b c", "a b z", "x b z"),
        ("un\ndeux\ntrois\n", "un\ndeux\nTROIS\n", "UN\ndeux\ntrois\n", "UN\ndeux\nTROIS\n"),
        ("a", "b", "b", "b"),
        ("a", "a", "b", "b"),
        ("a", "b", "a", "b"),
        ("", "", "neuf", "neuf"),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
    ],
)
def test_deux_changements_disjoints_se_reunissent(base, leur, mienne, reuni):
    fusion = fusionner(base, leur, mienne)
    assert fusion.propre
    assert fusion.texte == reuni


def test_deux_changements_du_meme_mot_sont_un_conflit_de_lignes_entieres():
    fusion = fusionner("un\nle chat noir\nfin", "un\nle chien noir\nfin", "un\nle rat noir\nfin")
    assert fusion.conflits == [Conflit("le chat noir\n", "le chien noir\n", "le rat noir\n")]
    assert not fusion.propre
    assert fusion.texte == "un\nle rat noir\nfin"


@given(TEXTES, TEXTES)
def test_un_seul_auteur_n_a_jamais_de_conflit(base, texte):
    assert fusionner(base, texte, base).texte == texte
    assert fusionner(base, base, texte).texte == texte
    assert fusionner(base, texte, texte).texte == texte
    assert fusionner(base, texte, base).propre


@given(TEXTES, TEXTES, TEXTES)
def test_une_fusion_est_symetrique_et_garde_chaque_version(base, leur, mienne):
    fusion, envers = fusionner(base, leur, mienne), fusionner(base, mienne, leur)
    assert fusion.propre == envers.propre
    if fusion.propre:
        assert fusion.texte == envers.texte
    assert [(c.leur, c.mienne) for c in fusion.conflits] == [
        (c.mienne, c.leur) for c in envers.conflits
    ]


@given(st.lists(st.booleans(), min_size=1, max_size=20), st.data())
def test_des_lignes_disjointes_se_reunissent_toujours(a_moi, donnees):
    """Chaque ligne n'est changée que par un auteur, et des lignes communes les séparent."""
    base = [f"ligne {n}\n\n" for n in range(len(a_moi))]
    change = donnees.draw(st.lists(st.booleans(), min_size=len(a_moi), max_size=len(a_moi)))
    reuni = [
        f"neuve {n}\n\n" if c else ligne
        for n, (c, ligne) in enumerate(zip(change, base, strict=True))
    ]
    leur = [base[n] if moi else reuni[n] for n, moi in enumerate(a_moi)]
    mienne = [reuni[n] if moi else base[n] for n, moi in enumerate(a_moi)]
    separer = "———\n".join
    fusion = fusionner(separer(base), separer(leur), separer(mienne))
    assert fusion.propre
    assert fusion.texte == separer(reuni)
