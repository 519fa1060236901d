"""Le PERR : ses 45 actions, ses annexes et la matrice de l'inventaire, case par case."""

import re
from collections import Counter

import pytest

from tests.jeux import schema, schema_perr
from tests.jeux.inventaire_perr import (
    ACTIONS_PAR_PROGRAMME,
    MATRICE,
    PAR_ANNEXE,
    PAR_COLONNE,
    PAR_PROGRAMME,
    PRIORITAIRES,
    TITRES,
    triplets,
)
from tests.jeux.lecture import PERR, VILLE, contrat, lire, reference

SANS_TEXTE_PROPRE = {"renvoi", "a_regrouper", "non_travaille", "sans_objet"}


@pytest.fixture
def perr():
    return lire(f"perr/{PERR}")


@pytest.fixture
def actions_du_perr():
    return contrat(PERR)["actions"]


def _colonnes(perr) -> dict[str, dict]:
    return {c["cle"]: {**c, "annexe": a["cle"]} for a in perr["annexes"] for c in a["colonnes"]}


def _signe(declinaison: dict) -> str:
    if declinaison["statut"] in SANS_TEXTE_PROPRE:
        return "○"
    return "◐" if declinaison.get("groupe") else "●"


def test_le_perr_suit_son_schema(perr):
    assert schema.ecarts(perr, schema_perr.PERR) == []
    assert perr["contrat"] == PERR


# --- Actions et programmes


def test_les_45_actions_suivent_leur_programme_et_13_sont_prioritaires(actions_du_perr):
    assert [a["numero"] for a in actions_du_perr] == [str(n) for n in range(1, 46)]
    assert [a["cle"] for a in actions_du_perr] == [f"action-{n}" for n in range(1, 46)]
    programmes = [
        str(numero) for numero, nombre in enumerate(ACTIONS_PAR_PROGRAMME, 1) for _ in range(nombre)
    ]
    assert [a["programme"] for a in actions_du_perr] == programmes
    prioritaires = [int(a["numero"]) for a in actions_du_perr if a["prioritaire"]]
    assert prioritaires == PRIORITAIRES


def test_les_45_intitules_sont_ceux_de_l_inventaire(actions_du_perr):
    assert {int(a["numero"]): a["intitule"] for a in actions_du_perr} == TITRES


def test_les_intitules_gardent_les_coquilles_du_tableau_principal(actions_du_perr):
    intitules = {a["numero"]: a["intitule"] for a in actions_du_perr}
    assert '"drailer vers"' in intitules["34"]
    assert intitules["35"].endswith("(PACTE)")
    assert intitules["40"].endswith("mettre en place une instance pilotée")
    assert intitules["43"].endswith('le "dailer-vers"')
    assert len(set(intitules.values())) == 45


def test_un_programme_a_son_intitule_de_liste_celui_du_tableau_et_un_pilier(perr):
    piliers = {a["cle"]: a for a in contrat(VILLE)["axes"] if a["nature"] == "pilier"}
    assert [p["numero"] for p in perr["programmes"]] == [str(n) for n in range(1, 17)]
    for programme in perr["programmes"]:
        liste = {e["numero"]: e["intitule"] for e in piliers[programme["pilier"]]["enfants"]}
        assert liste[programme["numero"]] == programme["intitule_liste"]
        for formes in programme["libelles_annexe"].values():
            assert programme["intitule_tableau"] not in formes
    (cinq,) = [p for p in perr["programmes"] if p["numero"] == "5"]
    assert cinq["intitule_liste"].startswith("Augmenter durablement")
    assert cinq["intitule_tableau"].startswith("Améliorer durablement")


def test_les_quatorze_puces_prioritaires_visent_treize_actions(perr):
    axes = perr["axes_prioritaires"]
    assert [a["ordre"] for a in axes] == list(range(1, 15))
    assert [int(a["action"]) for a in axes if a["action"]] == PRIORITAIRES
    (regle,) = [a for a in axes if a["action"] is None]
    assert "signature préalable de la charte" in regle["texte"]
    assert {p for a in axes for p in a["programmes"]} == {"5", "8", "12", "13", "14", "15"}


# --- Annexes et titres


def test_trois_annexes_onze_colonnes_et_seize_quartiers(perr):
    annexes = [
        (a["cle"], a["ordre_sommaire"], a["ordre_imprime"], len(a["colonnes"]))
        for a in perr["annexes"]
    ]
    assert annexes == [("ouest", 3, 1, 4), ("nord-est", 1, 2, 5), ("sud", 2, 3, 2)]
    colonnes = _colonnes(perr)
    assert [c["abrege"] for c in colonnes.values()] == MATRICE.split()[:11]
    couvertures = Counter(q["code"] for c in colonnes.values() for q in c["qpv"])
    assert sorted(couvertures) == [f"QP0310{n:02}" for n in range(4, 20)]
    assert {code for code, nb in couvertures.items() if nb > 1} == {"QP031007"}
    partielles = [
        (c["cle"], q["code"])
        for c in colonnes.values()
        for q in c["qpv"]
        if q["couverture"] == "partielle"
    ]
    assert partielles == [("bagatelle", "QP031007"), ("mirail", "QP031007")]


def test_chaque_action_a_un_titre_par_annexe_sauf_deux_lignes_absentes_au_sud(perr):
    lignes = {(t["action"], t["annexe"]): t for t in perr["titres"]}
    assert len(lignes) == len(perr["titres"]) == 135
    absentes = [(t["annexe"], t["action"]) for t in perr["titres"] if t["ligne_absente"]]
    assert absentes == [("sud", "37"), ("sud", "40")]
    for titre in perr["titres"]:
        assert bool(titre["titre"]) is not titre["ligne_absente"]
    deplaces = {
        (t["annexe"], t["action"]): t["numero_imprime"]
        for t in perr["titres"]
        if not t["ligne_absente"] and t["numero_imprime"] != t["action"]
    }
    assert deplaces == {("ouest", "40"): "41", ("ouest", "41"): "40"}


# --- Déclinaisons


def test_les_declinaisons_dessinent_la_matrice_de_l_inventaire(perr):
    entete, *lignes = MATRICE.strip().splitlines()
    abreges = {c["abrege"]: cle for cle, c in _colonnes(perr).items()}
    attendue = {
        (numero, abreges[abrege]): signe
        for numero, *signes in map(str.split, lignes)
        for abrege, signe in zip(entete.split(), signes, strict=True)
        if signe != "·"
    }
    ecrite = {(d["action"], d["colonne"]): _signe(d) for d in perr["declinaisons"]}
    assert len(ecrite) == len(perr["declinaisons"])
    assert ecrite == attendue


def test_les_244_declinaisons_se_comptent_par_annexe_colonne_et_programme(perr, actions_du_perr):
    colonnes = _colonnes(perr)
    programme = {a["numero"]: int(a["programme"]) for a in actions_du_perr}
    declinaisons = perr["declinaisons"]
    assert len(declinaisons) == 244
    par_annexe = Counter(colonnes[d["colonne"]]["annexe"] for d in declinaisons)
    assert par_annexe == PAR_ANNEXE
    par_colonne = Counter(d["colonne"] for d in declinaisons)
    assert [par_colonne[cle] for cle in colonnes] == PAR_COLONNE
    par_programme = Counter(programme[d["action"]] for d in declinaisons)
    assert [par_programme[n] for n in range(1, 17)] == PAR_PROGRAMME


def test_chaque_couple_a_le_statut_que_la_case_imprime(perr):
    abreges = {cle: c["abrege"] for cle, c in _colonnes(perr).items()}
    assert {
        (int(d["action"]), abreges[d["colonne"]], d["statut"]) for d in perr["declinaisons"]
    } == triplets()


def test_les_statuts_se_comptent_par_couple(perr):
    statuts = Counter(d["statut"] for d in perr["declinaisons"])
    assert statuts == {
        "texte": 221,
        "texte_renvoi": 6,
        "renvoi": 4,
        "a_regrouper": 6,
        "non_travaille": 4,
        "sans_objet": 2,
        "consigne": 1,
    }


def test_sept_cases_sont_partagees_par_deux_actions_voisines_qui_disent_la_meme_chose(perr):
    groupes: dict[str, list[dict]] = {}
    for d in perr["declinaisons"]:
        if d.get("groupe"):
            groupes.setdefault(d["groupe"], []).append(d)
    assert len(groupes) == 7
    couples = Counter()
    for premiere, seconde in groupes.values():
        couples[premiere["action"], seconde["action"]] += 1
        commun = [{c: v for c, v in d.items() if c != "action"} for d in (premiere, seconde)]
        assert commun[0] == commun[1]
    assert couples == {("3", "4"): 3, ("28", "29"): 4}


def test_une_declinaison_se_dit_en_une_a_trois_phrases(perr):
    for d in perr["declinaisons"]:
        for texte in [d["texte"], d.get("modalites"), d.get("motif")]:
            # « A. Nadal » : une initiale ne finit pas une phrase.
            phrases = re.findall(r"(?<!\b[A-Z])[.!?…](?=\s|$)", texte or "Rien.")
            assert 1 <= len(phrases) <= 3, (d["action"], d["colonne"], texte)


def test_un_renvoi_vise_au_plus_une_chose_qui_existe(perr):
    cibles = {
        "action": {str(n) for n in range(1, 46)},
        "programme": {str(n) for n in range(1, 17)},
        "pilier": {p["pilier"] for p in perr["programmes"]},
    }
    for d in perr["declinaisons"]:
        for renvoi in d.get("renvois", []):
            vises = set(renvoi) & set(cibles)
            assert len(vises) <= 1
            assert renvoi["texte"]
            assert all(renvoi[genre] in cibles[genre] for genre in vises)
            assert renvoi.get("action") != d["action"]


def test_les_renvois_sont_ceux_que_les_cases_impriment(perr):
    def cible(renvoi):
        genres = [genre for genre in ("action", "programme", "pilier") if genre in renvoi]
        return f"{genres[0]} {renvoi[genres[0]]}" if genres else "hors du PERR"

    lus = {
        (d["colonne"], d["action"]): [(cible(r), r["deduit"]) for r in d["renvois"]]
        for d in perr["declinaisons"]
        if d.get("renvois")
    }
    ouest = ("arenes", "cepiere-beauregard", "bagatelle")
    assert lus == {
        ("cepiere-beauregard", "6"): [("action 1", False)],
        ("bagatelle", "28"): [("action 1", False)],
        ("bagatelle", "29"): [("action 1", False)],
        ("cepiere-beauregard", "30"): [("action 29", False)],
        **{(colonne, "31"): [("action 30", True)] for colonne in ouest},
        **{(colonne, "33"): [("action 32", True)] for colonne in ouest},
        ("arenes", "35"): [("programme 13", True), ("programme 14", True)],
        ("empalot", "1"): [("programme 11", False)],
        ("empalot", "11"): [("action 8", True), ("action 31", True)],
        ("empalot", "30"): [("pilier cadre-de-vie", False)],
        ("izards", "31"): [("hors du PERR", False)],
        ("izards", "36"): [("hors du PERR", False)],
        ("cugnaux", "29"): [("action 28", False)],
    }
    avec_renvoi = {"texte_renvoi", "renvoi", "a_regrouper", "consigne"}
    statuts = {(d["colonne"], d["action"]): d["statut"] for d in perr["declinaisons"]}
    assert {couple for couple, statut in statuts.items() if statut in avec_renvoi} == set(lus)


def test_une_case_non_travaillee_ou_sans_objet_dit_pourquoi(perr):
    for d in perr["declinaisons"]:
        assert bool(d.get("motif")) == (d["statut"] in {"non_travaille", "sans_objet"})


def test_les_modalites_sont_toutes_au_nord_et_a_l_est(perr):
    annexe = {cle: c["annexe"] for cle, c in _colonnes(perr).items()}
    modalites = [annexe[d["colonne"]] for d in perr["declinaisons"] if d.get("modalites")]
    assert modalites == ["nord-est"] * 20


def test_un_regard_vise_un_quartier_de_la_colonne(perr):
    territoires = reference("territoires")
    codes = {t["code"]: cle for cle, t in territoires.items() if t["code"]}
    for d in perr["declinaisons"]:
        couverts = {codes[q["code"]] for q in _colonnes(perr)[d["colonne"]]["qpv"]}
        for regard in d.get("regards", []):
            quartier = territoires[regard["quartier"]]
            parents = {p["cle"] for p in quartier["parents"]}
            membres = {
                cle
                for cle, t in territoires.items()
                if regard["quartier"] in {p["cle"] for p in t["parents"]}
            }
            assert regard["texte"]
            assert {regard["quartier"], *parents, *membres} & couverts


def test_seules_trois_lignes_de_la_source_demandent_quelqu_un(perr):
    a_verifier = [d["ligne"] for d in perr["declinaisons"] if d.get("a_verifier")]
    assert Counter(a_verifier) == {341: 6, 384: 1, 461: 4}
