"""Les jeux de données disent exactement ce que les documents impriment."""

from collections import Counter

import pytest

from contrats.enums import EtatSection, StatutAction
from tests.jeux import schema
from tests.jeux.lecture import (
    CONTRATS,
    FEUILLE_DE_ROUTE,
    JEUX,
    PROJET_DE_TERRITOIRE,
    RECIPROCITE,
    TOUS,
    actions,
    comptes,
    contrat,
    lire,
    normaliser,
    reference,
    section,
    sections,
)

# Par fiche du contrat de réciprocité, dans l'ordre imprimé :
# (court, sous-points), (moyen et long, sous-points), mentions de chaque liste de partenaires.
FICHES = [
    ("developpement-filiere-aeronautique", (5, 0), (2, 0), [10, 8]),
    ("creation-entreprises-innovation", (2, 0), (2, 0), [8]),
    ("developpement-teletravail", (3, 2), (2, 0), [8]),
    ("projet-alimentaire-territorial", (4, 0), (1, 0), [13]),
    ("filiere-paam", (2, 0), (1, 0), [15]),
    ("tourisme-de-proximite", (2, 2), (7, 0), [10, 13]),
    ("offre-culturelle", (4, 0), (2, 0), [5]),
    ("metiers-de-l-aeronautique", (2, 0), (2, 0), [16]),
    ("migrations-pendulaires", (3, 0), (2, 0), [10]),
    ("territoire-durable-et-resilient", (2, 0), (1, 2), [14]),
]


@pytest.fixture
def reciprocite():
    return contrat(RECIPROCITE)


@pytest.fixture
def feuille():
    """La fiche unique de la feuille de route."""
    (fiche,) = contrat(FEUILLE_DE_ROUTE)["fiches"]
    return fiche


@pytest.fixture
def projet():
    return contrat(PROJET_DE_TERRITOIRE)


def test_chaque_contrat_a_son_fichier_nomme_par_son_slug():
    assert sorted(f.stem for f in (JEUX / "contrats").glob("*.yaml")) == sorted(TOUS)
    assert [contrat(slug)["slug"] for slug in TOUS] == TOUS


@pytest.mark.parametrize("slug", TOUS)
def test_un_contrat_suit_le_schema(slug):
    assert schema.ecarts(contrat(slug), schema.CONTRAT) == []


@pytest.mark.parametrize(
    ("nom", "forme"),
    [
        ("territoires", schema.TERRITOIRES),
        ("organismes", schema.ORGANISMES),
        ("personnes", schema.PERSONNES),
        ("modeles_fiche", schema.MODELES_FICHE),
        ("comptes", schema.COMPTES),
        ("sessions", schema.SESSIONS),
    ],
)
def test_un_referentiel_suit_le_schema(nom, forme):
    assert schema.ecarts(lire(f"reference/{nom}"), forme) == []


def test_le_schema_refuse_cle_inconnue_cle_manquante_et_valeur_inconnue():
    trouves = schema.ecarts(
        [{"intitule": "x", "nature": "bof", "note": ""}, {"nature": "qualitatif"}],
        schema.SECTION["criteres?"],
    )
    assert trouves == [
        "[0] : clé inconnue 'note'",
        "[0].nature : valeur inconnue 'bof'",
        "[1] : clé manquante 'intitule'",
    ]


@pytest.mark.parametrize("nom", ["territoires", "organismes", "personnes", "modeles_fiche"])
def test_une_cle_de_referentiel_est_unique(nom):
    assert len(reference(nom)) == len(lire(f"reference/{nom}"))


@pytest.mark.parametrize("generation", [2015, 2024])
@pytest.mark.parametrize("nom", ["territoires", "organismes"])
def test_un_alias_ne_designe_qu_une_entite_et_n_est_le_nom_d_aucune(nom, generation):
    """À une génération donnée : un quartier prioritaire garde souvent son nom à la suivante."""
    formes = Counter()
    for ligne in lire(f"reference/{nom}"):
        if ligne.get("generation") in {None, generation}:
            formes.update({normaliser(ligne["nom"]): 1})
            formes.update(normaliser(a) for a in ligne["alias"])
    assert [forme for forme, nb in formes.items() if nb > 1] == []


def test_les_rattachements_et_les_composants_existent():
    territoires, organismes = reference("territoires"), reference("organismes")
    assert all(p["cle"] in territoires for t in territoires.values() for p in t["parents"])
    for organisme in organismes.values():
        assert organisme["territoire"] in {None, *territoires}
        assert set(organisme["composants"]) <= set(organismes)


def test_seul_le_siren_certain_est_donne():
    sirens = {o["cle"]: o["siren"] for o in lire("reference/organismes") if o["siren"]}
    assert sirens == {"toulouse-metropole": "243100518"}


def _organismes_cites(donnees):
    for partie in donnees["parties"]:
        yield partie["organisme"]
    for ligne in [
        *donnees["signatures"],
        *(p for i in donnees["instances"] for p in i["participations"]),
    ]:
        yield ligne["organisme"]
    for engagement in donnees["engagements"]:
        yield from engagement["porteurs"] + engagement["beneficiaires"]
    for financement in donnees["financements"]:
        yield financement["financeur"]
    for _, s in sections(donnees):
        yield from (ligne["organisme"] for ligne in s.get("partenaires", []))
        yield from (ligne["organisme"] for ligne in s.get("responsables", []))
    for action in actions(donnees):
        yield from action["pilotes"] + action["partenaires"] + action.get("chef_de_file", [])


@pytest.mark.parametrize("slug", TOUS)
def test_tout_ce_qu_un_contrat_cite_existe(slug):
    donnees = contrat(slug)
    assert set(_organismes_cites(donnees)) <= {None, *reference("organismes")}
    situes = [donnees["territoires"], *(a.get("territoires", []) for a in actions(donnees))]
    assert set().union(*situes) <= set(reference("territoires"))
    assert donnees["modele_fiche"] in {None, *reference("modeles_fiche")}
    assert bool(donnees["fiches"]) <= bool(donnees["modele_fiche"])
    personnes = {s["personne"] for s in donnees["signatures"]}
    personnes |= {r["personne"] for _, s in sections(donnees) for r in s.get("responsables", [])}
    assert personnes <= set(reference("personnes"))


@pytest.mark.parametrize("slug", TOUS)
def test_tout_ce_qu_un_contrat_cite_de_lui_meme_existe(slug):
    donnees = contrat(slug)
    fiches = {f["cle"] for f in donnees["fiches"]}
    articles = {a["numero"] for a in donnees["articles"]}
    annexes = {a["numero"] for a in donnees["annexes"]}
    parties = {p["organisme"] for p in donnees["parties"]}
    assert len(fiches) == len(donnees["fiches"])
    assert {f["axe"] for f in donnees["fiches"]} <= {None, *(a["cle"] for a in donnees["axes"])}
    assert {e["article"] for e in donnees["engagements"]} <= articles
    for engagement in donnees["engagements"]:
        assert {*engagement["porteurs"], *engagement["beneficiaires"]} <= parties
    for renvoi in donnees["renvois"]:
        assert (renvoi["article"] in articles, renvoi["annexe"] in annexes) == (True, True)
    for fiche in donnees["fiches"]:
        for renvoi in fiche["renvois"]:
            assert renvoi["section"] in {s["cle"] for s in fiche["sections"]}
            assert renvoi["fiche"] in {None, *fiches}
            assert bool(renvoi["fiche"]) + bool(renvoi["document"]) + bool(renvoi["annexe"]) == 1


@pytest.mark.parametrize("slug", CONTRATS)
def test_une_fiche_n_a_que_des_sections_de_son_modele_sous_un_libelle_connu(slug):
    for fiche in contrat(slug)["fiches"]:
        modele = {s["cle"]: s for s in reference("modeles_fiche")[fiche["modele"]]["sections"]}
        assert {s["cle"] for s in fiche["sections"]} <= set(modele)
        assert {c for c, s in modele.items() if s["obligatoire"]} <= {
            s["cle"] for s in fiche["sections"]
        }
        for s in fiche["sections"]:
            connu = modele[s["cle"]]
            assert s["libelle"] in [connu["libelle"], *connu["variantes"]]
            contenus = set(s) - {"cle", "libelle", "etat", "texte", "liste_ouverte"}
            assert contenus == ({connu["nature"]} - {"texte"})


def test_une_mention_de_partenaire_est_une_forme_connue_de_son_organisme():
    inconnues = []
    for slug in CONTRATS:
        for _, s in sections(contrat(slug)):
            for ligne in s.get("partenaires", []):
                organisme = reference("organismes")[ligne["organisme"]]
                formes = {normaliser(f) for f in [organisme["nom"], *organisme["alias"]]}
                if normaliser(ligne["mention"]) not in formes:
                    inconnues.append(ligne["mention"])
    assert inconnues == []


def test_le_contrat_de_reciprocite_a_ses_articles_engagements_thematiques_et_instances(reciprocite):
    nombres = {
        cle: len(reciprocite[cle])
        for cle in ("fiches", "articles", "engagements", "axes", "instances", "annexes", "parties")
    }
    assert nombres == {
        "fiches": 10,
        "articles": 4,
        "engagements": 9,
        "axes": 5,
        "instances": 3,
        "annexes": 2,
        "parties": 2,
    }
    assert [a["contenu"] for a in reciprocite["annexes"]] == ["vide", "fiches"]


def test_deux_presidents_signent_a_fleurance_en_presence_d_un_ministre(reciprocite):
    assert [(s["personne"], s["role"], s["lieu"]) for s in reciprocite["signatures"]] == [
        ("jean-luc-moudenc", "signataire", "Fleurance"),
        ("raymond-vall", "signataire", "Fleurance"),
        ("jacques-mezard", "temoin", "Fleurance"),
    ]
    assert {s["le"].isoformat() for s in reciprocite["signatures"]} == {"2017-07-10"}


def test_les_engagements_sont_dus_et_recus_par_les_deux_parties(reciprocite):
    parties = {p["organisme"] for p in reciprocite["parties"]}
    for engagement in reciprocite["engagements"]:
        assert set(engagement["porteurs"]) == set(engagement["beneficiaires"]) == parties


@pytest.mark.parametrize(("rang", "attendu"), list(enumerate(FICHES)), ids=[f[0] for f in FICHES])
def test_chaque_fiche_a_ses_actions_et_ses_partenaires(reciprocite, rang, attendu):
    cle, court, moyen_long, mentions = attendu
    fiche = reciprocite["fiches"][rang]
    listes = [s["partenaires"] for s in fiche["sections"] if "partenaires" in s]
    assert fiche["cle"] == cle
    assert comptes(fiche, "pilote") == (1, 0)
    assert comptes(fiche, "court") == court
    assert comptes(fiche, "moyen-long") == moyen_long
    assert [len(liste) for liste in listes] == mentions


def test_les_totaux_du_contrat_de_reciprocite_sont_ceux_de_l_inventaire(reciprocite):
    def total(cle):
        par_fiche = [comptes(f, cle) for f in reciprocite["fiches"]]
        return sum(n for n, _ in par_fiche), sum(n for _, n in par_fiche)

    listes = [s["partenaires"] for _, s in sections(reciprocite) if "partenaires" in s]
    assert (total("pilote"), total("court"), total("moyen-long")) == ((10, 0), (29, 4), (22, 2))
    assert len(actions(reciprocite)) == 67
    assert (len(listes), sum(len(liste) for liste in listes)) == (12, 130)


def test_seules_deux_listes_de_partenaires_sont_fermees(reciprocite):
    fermees = [
        (f["cle"], s["cle"])
        for f, s in sections(reciprocite)
        if "partenaires" in s and not s["liste_ouverte"]
    ]
    assert fermees == [
        ("tourisme-de-proximite", "partenaires-moyen-long"),
        ("offre-culturelle", "partenaires"),
    ]


def test_les_numeros_de_fiche_sont_ceux_que_les_renvois_supposent(reciprocite):
    numeros = {f["numero"]: f["cle"] for f in reciprocite["fiches"] if f["numero_deduit"]}
    assert list(numeros) == ["1.1", "1.2", "1.3", "6"]
    vises = {
        (f["cle"], r["texte"]): r["fiche"] for f in reciprocite["fiches"] for r in f["renvois"]
    }
    assert vises[("developpement-teletravail", "cf. infra fiche 6")] == numeros["6"]
    assert vises[("territoire-durable-et-resilient", "fiche 1.2")] == numeros["1.2"]
    assert vises[("territoire-durable-et-resilient", "cf fiche 1.1")] == numeros["1.1"]


def test_la_fiche_10_n_a_pas_d_axe_et_les_autres_en_ont_un(reciprocite):
    sans_axe = [f["cle"] for f in reciprocite["fiches"] if f["axe"] is None]
    assert sans_axe == ["territoire-durable-et-resilient"]


def test_la_somme_citee_reste_indicative(reciprocite):
    (financement,) = reciprocite["financements"]
    assert (financement["montant"], financement["nature"]) == ("500000.00", "indicatif")
    assert reciprocite["dotation_propre"] is False


def test_la_feuille_de_route_a_ses_treize_rubriques_dans_l_ordre(feuille):
    modele = reference("modeles_fiche")["feuille-de-route"]["sections"]
    assert [s["cle"] for s in feuille["sections"]] == [s["cle"] for s in modele]
    assert len(feuille["sections"]) == 13


def test_la_feuille_de_route_a_ses_lignes(feuille):
    nombres = {
        cle: len(section(feuille, cle)[cle])
        for cle in ("jalons", "livrables", "risques", "facteurs")
    }
    assert nombres == {"jalons": 3, "livrables": 3, "risques": 4, "facteurs": 4}
    deplaces = [r for r in section(feuille, "risques")["risques"] if r["imprime_sous"]]
    assert [r["imprime_sous"] for r in deplaces] == [section(feuille, "facteurs")["libelle"]]
    natures = Counter(c["nature"] for c in section(feuille, "criteres")["criteres"])
    assert natures == {"qualitatif": 3, "quantitatif": 3}


def test_les_projets_lies_sont_ceux_de_l_equipe(feuille):
    lies = [p["intitule"] for p in section(feuille, "projets-lies")["projets_lies"]]
    assert lies == [f"Projet {n}" for n in (2, 5, 10, 11, 12, 13, 16, 17, 18)]
    assert "n° 2, 5, 10, 11, 12, 13, 16, 17 et 18" in section(feuille, "equipe")["texte"]


def test_ras_est_un_neant_sans_texte(feuille, projet):
    financement = section(feuille, "financement")
    concretises = section(projet["fiches"][-1], "projets-concretises")
    for s in (financement, concretises):
        assert (s["etat"], s["texte"]) == (EtatSection.NEANT, "")


def test_six_orientations_sont_annoncees_et_trois_decrites(projet):
    annonces = {a["objet"]: a["nombre"] for a in projet["annonces"]}
    natures = Counter(a["nature"] for a in projet["axes"])
    assert (annonces["orientations"], natures["orientation"], len(projet["fiches"])) == (6, 3, 3)
    assert natures["defi"] == annonces["defis"] == 3
    assert natures["role"] == 3


def test_le_projet_de_territoire_a_ses_seize_mesures(projet):
    assert [comptes(f, "mesures") for f in projet["fiches"]] == [(6, 0), (7, 0), (3, 0)]


def test_une_mesure_garde_ses_periodes_et_son_chef_de_file(projet):
    periodes = [
        (a["debut"], a["echeance"], a["periodes"]) for a in actions(projet) if a["periodes"]
    ]
    assert len(periodes) == 5
    for debut, echeance, liste in periodes:
        assert debut == min(p["debut"] for p in liste)
        fins = [p["fin"] for p in liste]
        assert echeance == (None if None in fins else max(fins))
    doubles = [[p["precision_debut"] for p in liste] for *_, liste in periodes if len(liste) > 1]
    assert doubles == [["annee", "mois"]]
    chefs = [a["chef_de_file"] for a in actions(projet) if a["chef_de_file"]]
    assert chefs == [["departement-tarn-et-garonne"]]


@pytest.mark.parametrize("slug", TOUS)
def test_tout_suivi_est_marque_de_demonstration_et_coherent(slug):
    for action in actions(contrat(slug)):
        assert action["demonstration"] is True
        assert 0 <= action["avancement"] <= 100
        assert (action["avancement"] == 100) == (action["statut"] == StatutAction.REALISEE)
        if action["statut"] == StatutAction.A_LANCER:
            assert (action["avancement"], action["debut"]) == (0, None)
        if action["debut"] and action["echeance"]:
            assert action["debut"] <= action["echeance"]


def test_tous_les_statuts_de_suivi_sont_representes():
    statuts = {a["statut"] for slug in CONTRATS for a in actions(contrat(slug))}
    # « regroupée » n'a de sens que dans les annexes d'un PERR.
    assert statuts == set(StatutAction.values) - {StatutAction.REGROUPEE}


def test_les_comptes_de_demonstration_couvrent_chaque_role_et_ne_menent_nulle_part():
    comptes_demo = lire("reference/comptes")
    roles = [{h["role"] for h in c["habilitations"]} or {"administration"} for c in comptes_demo]
    assert roles == [
        {"administration"},
        {"pilotage"},
        {"redaction"},
        {"copilote"},
        {"partenaire"},
        {"lecture"},
    ]
    assert all(c["email"].endswith("@demonstration.invalid") for c in comptes_demo)
    assert {h["contrat"] for c in comptes_demo for h in c["habilitations"]} <= set(TOUS)
    assert {c["organisme"] for c in comptes_demo} <= set(reference("organismes"))


def test_le_faux_texte_et_les_boutons_de_la_page_ne_sont_pas_importes():
    tout = (JEUX / "contrats" / f"{PROJET_DE_TERRITOIRE}.yaml").read_text(encoding="utf-8")
    contenu = "\n".join(ligne for ligne in tout.splitlines() if not ligne.startswith("#"))
    assert not any(bruit in contenu for bruit in ("Lorem", "Masquer tout", "Retour en haut"))
