"""L'API rend exactement les comptes et les titres des documents sources."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from api.schema import PROBLEME
from tests.jeux.lecture import PERR, PROJET_DE_TERRITOIRE, RECIPROCITE, contrat
from tests.jeux.test_yaml import FICHES

pytestmark = pytest.mark.usefixtures("jeux")

EXEMPLES = sorted((Path(settings.BASE_DIR) / "docs" / "api" / "exemples").glob("*.json"))
HOTE = "https://reciproque.example"


@pytest.fixture
def lire(client):
    def _lire(adresse, **parametres):
        reponse = client.get(f"/api/v1/{adresse}", parametres)
        assert reponse.status_code == 200, reponse.content
        return reponse.json()

    return _lire


def actions(lire, **parametres):
    return lire("actions/", limit=1000, **parametres)["results"]


@pytest.mark.parametrize(
    ("horizon", "nb", "sous_points"), [("pilote", 10, 0), ("court", 33, 4), ("moyen_long", 24, 2)]
)
def test_le_contrat_de_reciprocite_a_ses_actions_par_horizon(lire, horizon, nb, sous_points):
    lues = actions(lire, contrat=RECIPROCITE, horizon=horizon)
    assert len(lues) == nb
    ids = {action["id"] for action in lues}
    enfants = [action for action in lues if action["parent"]]
    assert len(enfants) == sous_points
    assert all(enfant["parent"] in ids for enfant in enfants)


def test_chaque_fiche_a_ses_actions_et_ses_mentions(lire):
    """(court, sous-points), (moyen et long, sous-points), mentions de chaque liste."""
    fiches = sorted(
        lire("fiches/", contrat=RECIPROCITE)["results"], key=lambda fiche: fiche["ordre"]
    )
    parents = {a["id"]: a["parent"] for a in actions(lire, contrat=RECIPROCITE)}

    def compte(ids):
        enfants = sum(parents[i] is not None for i in ids)
        return (len(ids) - enfants, enfants)

    lues = [
        (
            fiche["cle"],
            compte(fiche["actions"]["court"]),
            compte(fiche["actions"]["moyen_long"]),
            [len(s["mentions"]) for s in fiche["sections"] if s["nature"] == "partenaires"],
        )
        for fiche in fiches
    ]
    assert lues == FICHES
    assert all(len(fiche["actions"]["pilote"]) == 1 for fiche in fiches)
    assert all(fiche["actions"]["sans_horizon"] == [] for fiche in fiches)


def test_les_130_mentions_designent_des_organismes_dedoublonnes(lire):
    fiches = lire("fiches/", contrat=RECIPROCITE)["results"]
    mentions = [m for f in fiches for s in f["sections"] for m in s["mentions"]]
    assert len(mentions) == 130
    organismes = {o["id"] for o in lire("organismes/", limit=1000)["results"]}
    cites = Counter(m["organisme"]["id"] for m in mentions)
    assert set(cites) <= organismes
    assert cites["toulouse-metropole"] == 12  # une fois dans chaque liste
    assert len(cites) < len({m["mention"] for m in mentions})


def test_le_contrat_de_reciprocite_a_articles_engagements_instances_et_signatures(lire):
    lu = lire(f"contrats/{RECIPROCITE}/")
    assert [a["numero"] for a in lu["articles"]] == ["1", "2", "3", "4"]
    assert len(lu["engagements"]) == 9
    assert all(len(e["porteurs"]) == len(e["beneficiaires"]) == 2 for e in lu["engagements"])
    assert len(lu["instances"]) == 3
    assert [s["role"] for s in lu["signatures"]] == ["signataire", "signataire", "temoin"]
    assert [f["titre"] for f in lu["fiches"]] == [
        f["titre"] for f in contrat(RECIPROCITE)["fiches"]
    ]


def test_le_projet_de_territoire_a_seize_mesures(lire):
    mesures = actions(lire, contrat=PROJET_DE_TERRITOIRE)
    assert len(mesures) == 16
    assert sorted(Counter(m["axe"]["cle"] for m in mesures).values()) == [3, 6, 7]
    assert sum(len(m["periodes"]) for m in mesures) >= 6


def test_une_action_montre_les_partenaires_de_la_liste_de_son_horizon(lire):
    """La fiche 1 a deux listes : dix partenaires à court terme, huit ensuite, aucun au pilote."""
    fiche = next(
        f for f in lire("fiches/", contrat=RECIPROCITE)["results"] if f["cle"] == FICHES[0][0]
    )
    for horizon, nb in (("court", 10), ("moyen_long", 8), ("pilote", 0)):
        for action in actions(lire, fiche=fiche["id"], horizon=horizon):
            liste = [p for p in action["partenaires"] if p["origine"] == "fiche"]
            assert len({p["id"] for p in liste}) == len(liste) == nb


def test_le_filtre_organisme_garde_les_actions_qui_le_montrent(lire):
    toutes = actions(lire)
    for cle in ("toulouse-metropole", "caisse-des-depots"):
        attendues = {a["id"] for a in toutes if cle in {p["id"] for p in a["partenaires"]}}
        assert attendues
        assert {a["id"] for a in actions(lire, organisme=cle)} == attendues


def _sans_instant(objet):
    """L'instant du chargement change d'une base à l'autre ; rien d'autre."""
    if isinstance(objet, dict):
        instants = ("modifie_le", "publie_le", "maj_le", "au", "le", "depuis", "precedent_le")
        return {c: _sans_instant(v) for c, v in objet.items() if c not in instants}
    return [_sans_instant(v) for v in objet] if isinstance(objet, list) else objet


@pytest.mark.parametrize("fichier", EXEMPLES, ids=lambda f: f.stem)
def test_les_exemples_du_schema_sont_les_vraies_reponses(client, fichier):
    exemple = json.loads(fichier.read_text(encoding="utf-8"))
    chemin = exemple["url"].removeprefix(HOTE)
    lu = json.loads(client.get(chemin).content.decode().replace("http://testserver", HOTE))
    assert _sans_instant(lu) == _sans_instant(exemple)


def test_l_exemple_d_erreur_est_la_vraie_reponse(client):
    exemple = PROBLEME.value
    reponse = client.get(f"{exemple['instance']}?limit=1")
    assert (reponse.status_code, reponse.json()) == (400, exemple)


def test_chaque_ressource_a_son_exemple():
    assert [f.stem for f in EXEMPLES] == [
        "actions",
        "contrats",
        "decisions",
        "declinaisons",
        "deliberations",
        "ecarts",
        "fiches",
        "indicateurs",
        "instances",
        "matrice",
        "mesures",
        "organismes",
        "seances",
        "tableau-de-bord",
        "territoires",
    ]


@pytest.mark.parametrize(
    ("parametres", "numeros"),
    [
        ({"programme": "12", "prioritaire": "true", "territoire": "QP031008"}, ["32", "33"]),
        ({"programme": "12", "prioritaire": "true"}, ["32", "33", "34"]),
        ({"programme": "14", "territoire": "QP031008"}, ["39"]),
        ({"programme": "15", "territoire": "QP031007"}, ["41"]),
    ],
)
def test_les_actions_du_perr_se_filtrent_par_programme_priorite_et_quartier(
    lire, parametres, numeros
):
    lues = actions(lire, contrat=PERR, **parametres)
    assert [a["numero"] for a in lues] == numeros
    if code := parametres.get("territoire"):
        [quartier] = lire("territoires/", code=code)["results"]
        assert all(quartier["id"] in {t["id"] for t in a["territoires"]} for a in lues)


@pytest.mark.parametrize(
    ("code", "nb"), [("QP031008", 29), ("QP031010", 21), ("QP031017", 5), ("QP031007", 38)]
)
def test_un_quartier_a_les_actions_de_ses_colonnes(lire, code, nb):
    assert len(actions(lire, contrat=PERR, territoire=code)) == nb
