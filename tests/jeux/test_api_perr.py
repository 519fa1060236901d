"""Le PERR lu par l'API redit l'inventaire : titres, programmes, priorités, cellules."""

import csv
import io
from collections import Counter

import pytest

from tests.jeux.inventaire_perr import (
    ACTIONS_PAR_PROGRAMME,
    MATRICE,
    PAR_ANNEXE,
    PAR_COLONNE,
    PAR_PROGRAMME,
    PRIORITAIRES,
    STATUTS,
    TITRES,
    triplets,
)
from tests.jeux.lecture import PERR, VILLE

pytestmark = pytest.mark.usefixtures("jeux")

ABREGES = MATRICE.split()[: len(PAR_COLONNE)]
PROGRAMME = dict(
    enumerate((n for n, nb in enumerate(ACTIONS_PAR_PROGRAMME, 1) for _ in range(nb)), 1)
)


@pytest.fixture
def lire(client):
    def _lire(adresse, **parametres):
        reponse = client.get(f"/api/v1/{adresse}", parametres)
        assert reponse.status_code == 200, reponse.content
        return reponse.json()

    return _lire


@pytest.fixture
def declinaisons(lire):
    return lire("declinaisons/", contrat=PERR, limit=1000)["results"]


@pytest.fixture
def matrice(lire):
    return lire(f"contrats/{PERR}/matrice/")


def test_les_45_actions_ont_le_titre_le_programme_et_la_priorite_de_l_inventaire(lire):
    actions = lire("actions/", contrat=PERR, limit=1000)["results"]
    assert {int(a["numero"]): a["intitule"] for a in actions} == TITRES
    assert {int(a["numero"]): int(a["axe"]["numero"]) for a in actions} == PROGRAMME
    assert sorted(int(a["numero"]) for a in actions if a["prioritaire"]) == PRIORITAIRES
    assert len(actions) == 45


def test_les_244_declinaisons_ont_la_place_et_le_statut_de_l_inventaire(declinaisons):
    lus = {(int(d["action"]["numero"]), d["colonne"]["abrege"], d["statut"]) for d in declinaisons}
    assert len(declinaisons) == len(lus) == 244
    assert lus == triplets()
    assert Counter(d["annexe"]["cle"] for d in declinaisons) == PAR_ANNEXE
    par_colonne = Counter(d["colonne"]["abrege"] for d in declinaisons)
    assert [par_colonne[abrege] for abrege in ABREGES] == PAR_COLONNE
    par_programme = Counter(int(d["programme"]["numero"]) for d in declinaisons)
    assert [par_programme[n] for n in range(1, 17)] == PAR_PROGRAMME


def test_la_matrice_en_un_appel_redit_l_inventaire(matrice):
    assert {
        int(ligne["action"]["numero"]): ligne["action"]["intitule"] for ligne in matrice["lignes"]
    } == TITRES
    assert {
        int(x["action"]["numero"]): int(x["programme"]["numero"]) for x in matrice["lignes"]
    } == (PROGRAMME)
    prioritaires = [x["action"]["numero"] for x in matrice["lignes"] if x["prioritaire"]]
    assert list(map(int, prioritaires)) == PRIORITAIRES
    assert {a["cle"]: a["nb"] for a in matrice["annexes"]} == PAR_ANNEXE
    colonnes = [c for annexe in matrice["annexes"] for c in annexe["colonnes"]]
    assert [(c["abrege"], c["nb"]) for c in colonnes] == list(
        zip(ABREGES, PAR_COLONNE, strict=True)
    )
    abreges = {c["cle"]: c["abrege"] for c in colonnes}
    assert {
        (int(ligne["action"]["numero"]), abreges[c["colonne"]], c["statut"])
        for ligne in matrice["lignes"]
        for c in ligne["cellules"]
    } == triplets()


def test_les_totaux_de_la_matrice_sont_ceux_de_ses_lignes(matrice):
    totaux = matrice["totaux"]
    assert (totaux["actions"], totaux["colonnes"]) == (45, 11)
    assert totaux["declinaisons"] == sum(x["nb"] for x in matrice["lignes"]) == 244
    assert totaux["vides"] == sum(len(x["vides"]) for x in matrice["lignes"]) == 45 * 11 - 244
    particuliers = {statut: len(cases.split()) for statut, cases in STATUTS.items()}
    assert totaux["statuts"] == {**particuliers, "texte": 244 - sum(particuliers.values())}


def test_une_colonne_dit_ses_quartiers_et_s_ils_sont_couverts_en_partie(matrice):
    quartiers = [q for a in matrice["annexes"] for c in a["colonnes"] for q in c["quartiers"]]
    codes = Counter(q["code"] for q in quartiers)
    assert sorted(codes) == [f"QP0310{n:02}" for n in range(4, 20)]
    assert {q["code"] for q in quartiers if q["couverture"] == "partielle"} == {"QP031007"}
    assert codes["QP031007"] == 2


def test_un_renvoi_nomme_sa_cible_et_une_case_partagee_son_groupe(declinaisons):
    par_place = {(d["colonne"]["abrege"], d["action"]["numero"]): d for d in declinaisons}
    [renvoi] = par_place["CEP", "30"]["renvois"]
    assert (renvoi["action"]["numero"], renvoi["axe"], renvoi["deduit"]) == ("29", None, False)
    consigne = par_place["ARE", "35"]["renvois"]
    assert [r["axe"]["numero"] for r in consigne] == ["13", "14"]
    groupes = {par_place["COL", n]["groupe"] for n in ("28", "29")}
    assert len(groupes) == 1
    assert groupes != {""}
    assert len({d["groupe"] for d in declinaisons if d["groupe"]}) == 7
    assert sum(bool(d["modalites"]) for d in declinaisons) == 20


@pytest.mark.parametrize(
    ("parametres", "nb"),
    [
        ({"programme": "12"}, 17),
        ({"prioritaire": "true", "annexe": "sud"}, 7),
        ({"statut": "renvoi,consigne"}, 5),
        ({"territoire": "QP031008"}, 29),
        ({"territoire": "QP031007"}, 61),
        ({"vides": "true"}, 0),
    ],
)
def test_un_filtre_garde_les_memes_cellules_en_liste_en_csv_et_en_matrice(
    lire, client, parametres, nb
):
    liste = lire("declinaisons/", contrat=PERR, limit=1000, **parametres)["results"]
    matrice = lire(f"contrats/{PERR}/matrice/", **parametres)
    flux = client.get("/api/v1/declinaisons/", {"contrat": PERR, "format": "csv", **parametres})
    lignes = list(csv.DictReader(io.StringIO(flux.getvalue().decode())))
    cellules = [c["id"] for ligne in matrice["lignes"] for c in ligne["cellules"]]
    ids = {d["id"] for d in liste}
    assert len(liste) == len(cellules) == len(lignes) == matrice["totaux"]["declinaisons"] == nb
    assert ids == set(cellules) == {ligne["id"] for ligne in lignes}


def test_le_contrat_parent_et_un_contrat_sans_matrice_se_lisent_vides(lire):
    assert lire(f"contrats/{PERR}/")["parent"] == VILLE
    vide = lire(f"contrats/{VILLE}/matrice/")
    assert (vide["annexes"], vide["totaux"]["declinaisons"]) == ([], 0)
