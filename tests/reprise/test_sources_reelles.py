"""Les documents d'origine, sans aucune correction, contre les comptes de l'inventaire."""

import re
from collections import Counter

import pytest

from reprise.reconnaissance.formes import Role
from tests.reprise.outils import comprendre, source

MOTS = re.compile(r"\w+")
BALISES = re.compile(r"</?(?:p|ul|ol|li|div|br|i|b|em|strong|u)\b[^<>]*>", re.I)


def constats(compris, genre):
    return [a.constat for a in compris.anomalies if a.genre == genre]


@pytest.fixture(scope="module")
def reciprocite():
    return comprendre(source("000"))


def sections(compris, *natures):
    return [s for f in compris.fiches for s in f.sections if s.nature in natures]


def nombre_d_actions(fiche, horizon):
    return [
        (len(s.actions), sum(len(a.sous) for a in s.actions))
        for s in fiche.sections
        if s.nature == "actions" and s.horizon == horizon
    ]


def test_000_articles_engagements_et_axes(reciprocite):
    assert reciprocite.type == "reciprocite"
    assert [a.numero for a in reciprocite.articles] == ["1", "2", "3", "4"]
    assert [article for article, _ in reciprocite.engagements] == ["2"] * 9
    assert [a.nature for a in reciprocite.axes] == ["thematique"] * 5
    assert len(reciprocite.instances) == 3
    assert reciprocite.sous_titre == "Un partenariat innovant entre le rural et l'urbain"


def test_000_dix_fiches_dans_l_ordre(reciprocite):
    debuts = [f.titre.split()[0] for f in reciprocite.fiches]
    assert debuts == [
        "Développement", "Dynamique", "Développement", "Vers", "Maintien", "Optimiser",
        "Favoriser", "De", "Conditions", "Construire",
    ]  # fmt: skip


def test_000_chaque_action_dans_sa_fiche_et_son_horizon(reciprocite):
    court = [nombre_d_actions(f, "court") for f in reciprocite.fiches]
    assert court == [
        [(n, s)]
        for n, s in [(5, 0), (2, 0), (3, 2), (4, 0), (2, 0), (2, 2), (4, 0), (2, 0), (3, 0), (2, 0)]
    ]
    long = [nombre_d_actions(f, "moyen_long") for f in reciprocite.fiches]
    assert long == [
        [(n, s)]
        for n, s in [(2, 0), (2, 0), (2, 0), (1, 0), (1, 0), (7, 0), (2, 0), (2, 0), (2, 0), (1, 2)]
    ]
    assert [nombre_d_actions(f, "pilote") for f in reciprocite.fiches] == [[(1, 0)]] * 10


def test_000_douze_listes_de_partenaires_et_130_mentions(reciprocite):
    listes = sections(reciprocite, "partenaires")
    assert [len(s.partenaires) for s in listes] == [10, 8, 8, 8, 13, 15, 10, 13, 5, 16, 10, 14]
    assert [s.ouverte for s in listes] == [True] * 7 + [False, False] + [True] * 3
    assert [s.horizon for s in listes] == (
        ["court", "moyen_long", "", "", "", "", "court", "moyen_long", "", "", "", ""]
    )


def test_000_signatures_lieu_et_date(reciprocite):
    assert [(s.role, s.personne, s.qualite) for s in reciprocite.signatures] == [
        ("signataire", "Jean-Luc MOUDENC", "Le président de Toulouse Métropole"),
        ("signataire", "Raymond VALL", "Le président du Pays « Portes de Gascogne »"),
        ("temoin", "Jacques MEZARD", "ministre de la cohésion des territoires"),
    ]
    assert (reciprocite.lieu, reciprocite.date) == ("Fleurance", "2017-07-10")


def test_000_tout_est_place_et_les_anomalies_sont_dites(reciprocite):
    assert reciprocite.non_places == []
    renvois = " ".join(constats(reciprocite, "renvoi"))
    for cite in ("fiche 6", "fiche 1.2", "fiche 1.1", "fiche 17", "adhoc", "annexe 2"):
        assert cite in renvois
    assert constats(reciprocite, "structure") == ["L'annexe 1 est vide dans le document."]


def test_001_treize_rubriques_et_le_risque_mal_place():
    compris = comprendre(source("001"))
    [fiche] = compris.fiches
    assert (compris.type, compris.numero_projet, compris.version_source, compris.date) == (
        "feuille_de_route", "03", "0.1", "08/12/2015",
    )  # fmt: skip
    lignes = {s.cle: len(s.lignes) for s in fiche.sections if s.lignes}
    assert len(fiche.sections) == 13
    assert lignes == {
        "chef-de-projet": 1, "jalons": 3, "livrables": 3, "risques": 4, "facteurs": 4,
        "criteres": 6, "projets-lies": 9, "comite-de-suivi": 1,
    }  # fmt: skip
    [deplace] = [li for li in fiche.section("risques").lignes if li["imprime_sous"]]
    assert deplace["intitule"].startswith("Conflits d'intérêt")
    assert constats(compris, "place")
    jalons = fiche.section("jalons").lignes
    assert [j["echeance"] for j in jalons] == ["2015-12-31", "2016-12-31", "2016-12-31"]
    assert [c["nature"] for c in fiche.section("criteres").lignes] == (
        ["qualitatif"] * 3 + ["quantitatif"] * 3
    )


def test_002_seize_mesures_et_trois_orientations_manquantes():
    compris = comprendre(source("002"))
    assert [len(f.section("mesures").actions) for f in compris.fiches] == [6, 7, 3]
    assert [a.nature for a in compris.axes] == ["role"] * 3 + ["defi"] * 3
    [annonce] = constats(compris, "annonce")
    assert "6 orientations" in annonce
    assert "il en manque 3" in annonce
    assert len(constats(compris, "remplissage")) == 1
    habillage = " ".join(constats(compris, "habillage"))
    assert "Masquer tout" in habillage
    assert "Retour en haut" in habillage
    assert compris.non_places == []
    [interlocuteur] = compris.fiches[2].section("interlocuteur").lignes
    assert interlocuteur["personne"] == "Philippe Darbois"


def test_003_la_deliberation():
    d = comprendre(source("003")).deliberation
    assert (d.numero, d.point, d.projet) == ("DEL-21-0497", "7.2", True)
    assert d.organe == "Le Conseil de la Métropole"
    assert d.commission == "Commission Cohésion sociale et inclusion"
    assert (d.avis, d.avis_le) == ("favorable", "2021-06-10")
    assert len(d.visas) == 2
    assert [a.numero for a in d.articles] == ["1", "2"]
    assert all(a.texte.startswith("D'") for a in d.articles)


def test_003_entier_le_perr_derriere_sa_deliberation():
    """Cent cinquante mille signes, vingt-cinq tableaux : rien de perdu, rien de non placé."""
    compris = comprendre(source("003", entier=True))
    assert compris.deliberation.numero == "DEL-21-0497"
    assert [a.numero for a in compris.deliberation.articles] == ["1", "2"]
    assert compris.intitule.endswith("Protocole d'Engagements Renforcés et Réciproques")
    assert [a.numero for a in compris.articles] == ["2", "3", "4", "5"]  # le 1 est le préambule
    assert [a.nature for a in compris.axes] == ["orientation"] * 5 + ["programme"] * 5
    assert [len(a.texte) > 20 for a in compris.annexes] == [True]
    tableaux = [p.element.bloc.cellules for p in compris.places if p.element.bloc.cellules]
    assert len(tableaux) == 25
    assert [len(t) - 1 for t in tableaux if t[0][0] == "N°"] == [20]  # 16 programmes, 11a à 11d
    [matrice] = constats(compris, "matrice")
    assert "23 tableaux d'actions par quartier" in matrice
    assert {p.role for p in compris.places if p.element.bloc.cellules} == {Role.TEXTE}
    assert compris.non_places == []
    lus = Counter(m for p in compris.places for m in MOTS.findall(p.element.bloc.texte))
    du_texte = BALISES.sub(" ", source("003", entier=True).decode())
    perdus = Counter(MOTS.findall(du_texte)) - lus
    assert not {m for m in perdus if not m.isdigit() and len(m) > 1}, perdus


def test_004_la_session():
    compris = comprendre(source("004"))
    session = compris.session
    assert len(session.profils) == 3
    assert len(session.programme) == 6
    assert len(session.intervenants) == 9
    assert [i["nom"] for i in session.intervenants if i["reserve"]] == ["François KERAVAL"]
    assert (session.date, session.cloture, session.places) == ("2016-12-06", "2016-11-30", 20)
    assert constats(compris, "donnee_personnelle")


@pytest.mark.parametrize("numero", ["000", "001", "002", "003", "004"])
def test_aucun_bloc_ne_disparait(numero):
    compris = comprendre(source(numero))
    assert all(p.role in Role for p in compris.places)
    mots = {m for p in compris.places for m in p.element.nu.split()}
    assert {m for m in source(numero).decode().split() if m.isalpha()} <= mots | {"o"} | {
        m.strip("*_") for m in mots
    }
