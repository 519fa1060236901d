"""Chaque règle trouve ce qu'on abîme, et rien d'autre ; un contrat où tout se tient n'a rien."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coherence.enums import Gravite, Regle
from coherence.regles import controler
from tests.coherence.matieres import ABIMER, changer, ecrire, propre


def test_un_contrat_ou_tout_se_tient_n_a_aucun_constat():
    assert controler(propre()) == []


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(sorted(ABIMER)), st.integers(0, 2**32))
def test_un_contrat_abime_d_une_facon_tiree_au_sort_a_exactement_ce_constat(facon, graine):
    regle, abimer = ABIMER[facon]
    abime = abimer(propre(), random.Random(graine))
    constats = controler(abime)
    assert [c.regle for c in constats] == [regle], [c.phrase for c in constats]
    assert constats[0].objet.adresse, "un constat ouvre ce qu'il vise"


def test_chaque_regle_a_de_quoi_se_montrer_ici():
    assert {regle for regle, _ in ABIMER.values()} == set(Regle)
    assert {regle.gravite for regle in Regle} == set(Gravite)


@pytest.mark.parametrize(
    "phrase",
    [
        "Il y a plus de 30 actions.",
        "Il y a environ quarante fiches.",
        "Une loi fixe 40 programmes.",
        "Il reprend 7 actions de la fiche 2.",
        "Il vise 3 des cinq orientations.",
        "Le programme 2017/2018 a deux pages.",
        "Une fiche, un article.",
        "Il en naît cinq à dix fiches.",
        "Il a deux ou trois annexes.",
        "Les actions de 2019 comptent.",
        "Il couvre 9 quartiers de veille.",
        "Voir la fiche 17 du schéma régional.",
    ],
)
def test_ce_que_les_donnees_ne_comptent_pas_ne_se_verifie_pas(phrase):
    assert controler(ecrire(propre(), phrase)) == []


def test_le_meme_nombre_faux_a_deux_endroits_est_une_discordance():
    deux = ecrire(propre(), "Il a treize axes prioritaires. Soit 13 axes.")
    assert [c.attendu for c in controler(deux)] == ["13"]


def test_la_cle_d_un_constat_tient_au_texte_et_a_la_donnee():
    """Écarté, un constat revient dès que le nombre annoncé ou le nombre lu change."""
    six, sept = (controler(changer(propre(), "annonces", 0, nombre=n))[0].cle for n in (6, 7))
    encore = controler(changer(propre(), "annonces", 0, nombre=6))[0].cle
    assert six == encore
    assert six != sept
