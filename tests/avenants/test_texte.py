"""Le texte en vigueur égale un rejeu écrit autrement ; le comparatif appliqué redonne l'arrivée."""

import datetime
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenants.comparatif import Changement, ComparatifEtranger, appliquer, changes, comparer
from avenants.enums import NatureEffet
from avenants.lecture import sources, texte_en_vigueur
from avenants.texte import Genre, Geste, Operation, Origine, Piece, Suite, consolider, en_vigueur
from tests.avenants import rejeu
from tests.avenants.factories import (
    SIGNE_LE,
    abroge,
    ajoute,
    contrat_signe,
    effet,
    proroge,
    remplace,
)
from tests.avenants.factories import (
    en_vigueur as faire_entrer,
)
from tests.tailles import taille
from texte.deplacements import Sort

N = NatureEffet
JOUR = datetime.timedelta(days=1)


def lignes(pieces):
    """Les articles en vigueur, comme le rejeu les donne."""
    return [
        (p.cle.partition(":")[2], p.titre, p.texte, p.origine.numero)
        for p in pieces
        if p.genre == Genre.ARTICLE
    ]


def nues(pieces):
    return [(p.cle, p.titre, p.texte) for p in pieces]


def en_effets(acte, depart):
    faits = {
        "remplace": lambda e: remplace(e["numero"], e["texte"], titre=e["titre"], depart=depart),
        "ajoute": lambda e: ajoute(e["numero"], e["apres"], texte=e["texte"], depart=depart),
        "abroge": lambda e: abroge(e["numero"], depart=depart),
        "fin": lambda e: proroge(e["fin"], depart=depart),
    }
    return [faits[e["quoi"]](e) for e in acte.effets]


@pytest.mark.django_db
def test_le_texte_en_vigueur_egale_un_rejeu_independant_a_chaque_date(administrateur):
    """500 suites d'avenants par `bench.preuves`, une part ici ; services et base compris."""
    for graine in range(taille(6, 500)):
        alea = random.Random(graine)
        monde = rejeu.monde_au_hasard(alea)
        contrat = contrat_signe(*monde.articles, fin=monde.fin)
        for acte in monde.actes:
            faire_entrer(
                contrat,
                *en_effets(acte, acte.numero - 1),
                le=acte.le,
                par=administrateur,
            )
        dates = {a.le + decalage for a in monde.actes for decalage in (-JOUR, 0 * JOUR, JOUR)}
        textes = {}
        for le in sorted({*dates, SIGNE_LE, datetime.date(2030, 1, 1)}):
            texte = texte_en_vigueur(contrat, le)
            textes[le] = texte.en_vigueur
            assert lignes(texte.en_vigueur) == monde.texte(le), (graine, le)
            fin = monde.fin_au(le)
            assert texte.fin.texte.endswith(str(fin.year)), (graine, le)
            assert str(fin.day) in texte.fin.texte
        for de in textes:
            for a in textes:
                redonne = appliquer(textes[de], comparer(textes[de], textes[a]))
                assert nues(redonne) == nues(textes[a]), (graine, de, a)


@given(st.integers(min_value=0))
def test_deux_textes_au_hasard_se_comparent_sans_rien_perdre(graine):
    alea = random.Random(graine)
    monde = rejeu.monde_au_hasard(alea)
    dates = [SIGNE_LE - JOUR, *(a.le for a in monde.actes), datetime.date.max]
    a, b = (
        [Piece(f"article:{n}", f"Article {n}", titre, texte) for n, titre, texte, _ in lus]
        for lus in (monde.texte(alea.choice(dates)), monde.texte(alea.choice(dates)))
    )
    if alea.random() < 0.3:
        alea.shuffle(b)
    compare = comparer(a, b)
    assert nues(appliquer(a, compare)) == nues(b)
    assert (not changes(compare)) == (nues(a) == nues(b))


PIECES = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.text(max_size=20), st.text(max_size=60)),
    max_size=6,
    unique_by=lambda t: t[0],
).map(lambda tuples: [Piece(cle, cle, titre, texte) for cle, titre, texte in tuples])


@given(PIECES, PIECES)
def test_appliquer_le_comparatif_de_a_a_b_donne_b(a, b):
    assert nues(appliquer(a, comparer(a, b))) == nues(b)


def test_un_comparatif_ne_s_applique_pas_a_un_autre_texte():
    a, b = [Piece("x", "X", "t", "un deux")], [Piece("x", "X", "t", "un trois")]
    compare = comparer(a, b)
    for autre in ([], b, [*a, Piece("y", "Y", "", "")]):
        with pytest.raises(ComparatifEtranger):
            appliquer(autre, compare)


def test_un_paragraphe_deplace_est_reconnu_d_un_article_a_l_autre():
    long = "Le comité de pilotage se réunit deux fois par an."
    a = [Piece("1", "1", "Un", f"Avant.\n\n{long}"), Piece("2", "2", "Deux", "Après.")]
    b = [Piece("1", "1", "Un", "Avant."), Piece("2", "2", "Deux", f"{long}\n\nAprès.")]
    un, deux = comparer(a, b)
    [parti] = [f for f in un.texte if f.sort == Sort.PARTI]
    [arrive] = [f for f in deux.texte if f.sort == Sort.ARRIVE]
    assert parti.texte == arrive.texte == long
    assert parti.repere == arrive.repere > 0
    reste = [f for f in (*un.texte, *deux.texte) if f.sort in (Sort.AJOUTE, Sort.SUPPRIME)]
    assert all(f.texte.isspace() for f in reste)


def test_trois_mots_deplaces_ne_sont_pas_un_paragraphe():
    a, b = [Piece("1", "1", "", "a b c\n\nz")], [Piece("1", "1", "", "z\n\na b c")]
    assert not [f for e in comparer(a, b) for f in e.texte if f.sort in (Sort.PARTI, Sort.ARRIVE)]


def test_un_article_qui_change_de_place_est_deplace():
    a = [Piece(c, c, c, c) for c in "abc"]
    ecarts = {e.piece.cle: e.changement for e in comparer(a, [a[1], a[2], a[0]])}
    assert ecarts == {"b": Changement.EGALE, "c": Changement.EGALE, "a": Changement.DEPLACEE}


def suite(le, *operations, numero=1):
    return Suite(Origine(f"avenant n° {numero}", le, numero), operations, (1, numero))


def test_l_ordre_est_total_le_meme_jour():
    """Deux avenants du même jour : le numéro départage, quel que soit l'ordre de lecture."""
    le = datetime.date(2021, 1, 1)
    base = [Piece("article:1", "Article 1", "T", "initial")]
    suites = [
        suite(le, Operation(Geste.REMPLACER, Piece("article:1", "", "T", texte)), numero=numero)
        for numero, texte in ((1, "un"), (2, "deux"))
    ]
    for ordre in (suites, suites[::-1]):
        assert [p.texte for p in consolider(base, ordre, le)] == ["deux"]
    assert [p.texte for p in consolider(base, suites, le - JOUR)] == ["initial"]


def test_un_article_abroge_reste_mentionne_et_emporte_ses_engagements():
    base = [
        Piece("article:1", "Article 1", "T", "x"),
        Piece("engagement:1", "Engagement 1", "", "y", dans="article:1"),
        Piece("article:2", "Article 2", "T", "z"),
    ]
    acte = suite(SIGNE_LE, Operation(Geste.ABROGER, Piece("article:1", "", "")))
    texte = consolider(base, [acte], SIGNE_LE)
    assert [p.abrogee_par and p.abrogee_par.numero for p in texte] == [1, 1, None]
    assert [p.cle for p in en_vigueur(texte)] == ["article:2"]


def test_un_article_ajoute_se_place_apres_les_engagements_du_precedent():
    base = [
        Piece("article:1", "Article 1", "T", "x"),
        Piece("engagement:1", "Engagement 1", "", "y", dans="article:1"),
        Piece("fin", "Durée", "Fin", "2025", Genre.FIN),
    ]
    neuf = Operation(Geste.AJOUTER, Piece("article:2", "Article 2", "N", "n"), "article:1")
    texte = consolider(base, [suite(SIGNE_LE, neuf)], SIGNE_LE)
    assert [p.cle for p in texte] == ["article:1", "engagement:1", "article:2", "fin"]


@pytest.mark.django_db
def test_parties_montants_actions_et_fin_se_consolident(administrateur):
    from tests.partenaires.factories import OrganismeFactory

    contrat = contrat_signe()
    ville, nouveau = contrat.parties.get().organisme, OrganismeFactory(nom="La région")
    faire_entrer(
        contrat,
        effet(
            N.PARTIE_ENTREE,
            f"partie:{nouveau.cle}",
            titre="La région",
            organisme=nouveau,
            role="membre",
            apres=f"partie:{ville.cle}",
        ),
        effet(N.PARTIE_SORTIE, f"partie:{ville.cle}"),
        effet(N.MONTANT, "montant:9", titre="Animation", montant=Decimal("12000.50")),
        effet(N.ACTION_AJOUTEE, "action:1", titre="Étude commune", texte="Dite en comité."),
        proroge(datetime.date(2027, 6, 30)),
    )
    texte = texte_en_vigueur(contrat, datetime.date(2021, 1, 1))
    par_genre = {p.genre: p for p in texte.en_vigueur}
    assert par_genre[Genre.PARTIE].titre == "La région"
    assert par_genre[Genre.MONTANT].texte == "12\u202f000,50\u00a0€".replace("\u202f", "\u00a0")
    assert par_genre[Genre.ACTION].titre == "Étude commune"
    assert par_genre[Genre.FIN].texte == "30 juin 2027"
    assert par_genre[Genre.FIN].motif == "Une circulaire le permet."
    assert contrat.fin == datetime.date(2027, 6, 30)
    assert contrat.statut == "proroge"
    assert [p.motif for p in contrat.prorogations.all()] == [
        "Avenant n° 1 : Une circulaire le permet."
    ]


@pytest.mark.django_db
def test_le_texte_ne_suit_pas_ce_qui_s_ecrit_apres_la_signature():
    """La base du texte en vigueur est la version signée, non les lignes d'aujourd'hui."""
    contrat = contrat_signe()
    contrat.articles.filter(numero="1").update(texte="Écrit après coup.")
    assert lignes(texte_en_vigueur(contrat).en_vigueur)[0][2] == "Les parties coopèrent."


@pytest.mark.django_db
def test_une_prorogation_decidee_hors_avenant_compte_avec_son_motif():
    contrat = contrat_signe()
    contrat.prorogations.create(
        le=datetime.date(2024, 3, 1),
        motif="Loi de finances.",
        ancienne_fin=contrat.fin,
        nouvelle_fin=datetime.date(2026, 12, 31),
    )
    avant, apres = (sources(contrat).a_la_date(datetime.date(a, 6, 1)).fin for a in (2023, 2024))
    assert (avant.texte, avant.motif) == ("31 décembre 2025", "")
    assert (apres.texte, apres.motif) == ("31 décembre 2026", "Loi de finances.")
    assert str(apres.origine) == "prorogation du 01/03/2024"


@pytest.mark.django_db
@pytest.mark.parametrize("nb", [1, 5])
def test_lire_le_texte_fait_autant_de_requetes_pour_1_et_5_avenants(
    django_assert_num_queries, anonyme, nb
):
    contrat = contrat_signe()
    for rang in range(nb):
        faire_entrer(contrat, remplace("1", f"Texte {rang}", depart=rang))
    with django_assert_num_queries(5):
        texte_en_vigueur(contrat, par=anonyme)
