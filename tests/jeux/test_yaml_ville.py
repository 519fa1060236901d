"""Le contrat de ville de Toulouse Métropole, ses quartiers de 2015 et de 2024, ses dispositifs."""

from collections import Counter

from tests.jeux import schema, schema_perr
from tests.jeux.lecture import PERR, VILLE, contrat, lire, normaliser, reference


def _axes(axes: list[dict]) -> list[dict]:
    return [x for axe in axes for x in (axe, *_axes(axe["enfants"]))]


def _qpv(generation: int) -> list[dict]:
    territoires = lire("reference/territoires")
    return [t for t in territoires if t["type"] == "qpv" and t["generation"] == generation]


def test_les_filiations_et_les_dispositifs_suivent_leur_schema():
    assert schema.ecarts(lire("reference/filiations"), schema_perr.FILIATIONS) == []
    assert schema.ecarts(lire("reference/dispositifs"), schema_perr.DISPOSITIFS) == []


# --- Quartiers


def test_les_seize_quartiers_de_2015_ont_leur_code_leur_commune_et_leur_point():
    quartiers = _qpv(2015)
    assert sorted(q["code"] for q in quartiers) == [f"QP0310{n:02}" for n in range(4, 20)]
    communes = Counter(q["parents"][0]["cle"] for q in quartiers)
    assert communes == {"toulouse": 12, "colomiers": 2, "blagnac": 1, "cugnaux": 1}
    for quartier in quartiers:
        assert str(quartier["valide_du"]) == "2015-01-01"
        assert str(quartier["valide_au"]) == "2023-12-31"
        assert 1.3 < quartier["longitude"] < 1.5
        assert 43.53 < quartier["latitude"] < 43.65


def test_les_seize_quartiers_de_2024_n_ont_pas_de_code_invente():
    quartiers = _qpv(2024)
    assert len(quartiers) == 16
    assert {q["code"] for q in quartiers} == {""}
    assert {str(q["valide_du"]) for q in quartiers} == {"2024-01-01"}


def test_chaque_quartier_a_une_filiation_et_une_seule():
    filiations = lire("reference/filiations")
    anciens = [f["ancien"] for f in filiations if f["ancien"]]
    nouveaux = {f["nouveau"] for f in filiations if f["nouveau"]}
    assert sorted(anciens) == sorted(q["cle"] for q in _qpv(2015))
    assert nouveaux == {q["cle"] for q in _qpv(2024)}
    natures = Counter(f["nature"] for f in filiations)
    assert natures == {"inchange": 7, "modifie": 4, "fusion": 2, "sortie": 3, "entree": 4}
    for f in filiations:
        assert (f["ancien"] is None) == (f["nature"] == "entree")
        assert (f["nouveau"] is None) == (f["nature"] == "sortie")
    fusion = {f["nouveau"] for f in filiations if f["nature"] == "fusion"}
    assert fusion == {"grand-val-d-aran-en-jacca-2024"}


def test_un_contour_dont_on_ignore_le_changement_reste_a_verifier():
    for f in lire("reference/filiations"):
        assert bool(f["a_verifier"]) == (f["nature"] == "inchange")


def test_les_variantes_imprimees_menent_au_quartier():
    par_forme = {
        normaliser(forme): t["cle"]
        for t in lire("reference/territoires")
        if t["generation"] in {None, 2015}
        for forme in [t["nom"], *t["alias"]]
    }
    attendu = {
        "Barradets": "barradels-2015",
        "Négrenays": "negreneys-2015",
        "Bréguet-Lécivain": "saint-exupery-2015",
        "Maraichers": "rangueil-2015",
        "Cépière Beaugregard": "cepiere-beauregard-2015",
        "Izards Trois Cocus - La Vache": "les-izards-la-vache-2015",
        "VIVIER-MACON": "vivier-macon-2015",
        "Ragotelle": "bagatelle",
        "Papius": "papus",
        "Bordelouque": "bordelongue",
        "Bellegarde – Milan": "bellefontaine-milan",
    }
    assert {forme: par_forme.get(normaliser(forme)) for forme in attendu} == attendu


def test_une_forme_ne_designe_qu_un_dispositif():
    dispositifs = lire("reference/dispositifs")
    formes = Counter(
        forme
        for d in dispositifs
        for forme in {normaliser(f) for f in (d["nom"], d["sigle"], *d["alias"]) if f}
    )
    assert len(reference("dispositifs")) == len(dispositifs)
    assert [forme for forme, nb in formes.items() if nb > 1] == []


# --- Contrat de ville


def test_le_perr_est_l_annexe_non_signee_du_contrat_de_ville():
    ville, perr = contrat(VILLE), contrat(PERR)
    assert (perr["parent"], perr["lien"]) == (VILLE, "annexe")
    assert (ville["statut"], perr["statut"]) == ("adopte", "en_preparation")
    assert (ville["signatures"], perr["signatures"], perr["fiches"]) == ([], [], [])
    assert [p["organisme"] for p in perr["parties"]] == [
        "prefet-haute-garonne",
        "toulouse-metropole",
    ]
    quartiers = {q["cle"] for q in _qpv(2015)}
    for donnees in (ville, perr):
        assert set(donnees["territoires"]) == {"toulouse-metropole", *quartiers}


def test_le_contrat_de_ville_a_ses_orientations_piliers_thematiques_et_programmes():
    axes = _axes(contrat(VILLE)["axes"])
    natures = Counter(a["nature"] for a in axes)
    assert natures == {
        "orientation": 5,
        "pilier": 5,
        "thematique": 4,
        "programme": 16,
        "sous_programme": 4,
    }
    numeros = [a["numero"] for a in axes if a["nature"] == "programme"]
    assert numeros == [str(n) for n in range(1, 17)]
    (onze,) = [a for a in axes if a["numero"] == "11"]
    assert [(a["numero"], a["intitule"]) for a in onze["enfants"]] == [
        ("11a", "Sport"),
        ("11b", "Culture"),
        ("11c", "Loisirs"),
        ("11d", "Vie de quartier"),
    ]


def test_trois_piliers_sont_nommes_par_le_texte_et_cinq_par_les_annexes():
    piliers = [a for a in contrat(VILLE)["axes"] if a["nature"] == "pilier"]
    assert [len(p["enfants"]) for p in piliers] == [4, 3, 4, 4, 1]
    assert sum(bool(p["libelle_texte"]) for p in piliers) == 3
    assert [p["libelle_annexe"] for p in piliers] == [
        "CADRE DE VIE",
        "CREATION DE RICHESSES",
        "COHESION SOCIALE",
        "PRIORITES TRANSVERSALES",
        "PARTICIPATION",
    ]


def test_la_prorogation_finit_avec_le_contrat():
    (prorogation,) = contrat(VILLE)["prorogations"]
    assert prorogation["ancienne_fin"] < prorogation["nouvelle_fin"] == contrat(VILLE)["fin"]
    assert "22 janvier 2019" in prorogation["motif"]


def test_la_deliberation_est_un_projet_sans_vote():
    (deliberation,) = contrat(PERR)["deliberations"]
    assert (deliberation["numero"], deliberation["point"]) == ("DEL-21-0497", "7.2")
    assert (deliberation["statut"], deliberation["seance_le"], deliberation["vote"]) == (
        "projet",
        None,
        None,
    )
    assert (deliberation["avis"], str(deliberation["avis_le"])) == ("favorable", "2021-06-10")
    assert (len(deliberation["visas"]), len(deliberation["articles"])) == (2, 2)
