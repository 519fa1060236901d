"""Des documents d'autres formes, en six formats : chaque bloc est placé ou listé, aucun perdu."""

import re

import pytest

from reprise.reconnaissance.formes import Role
from tests.reprise.documents import FABRIQUES
from tests.reprise.formes_neuves import NEUVES
from tests.reprise.outils import comprendre

MOT = re.compile(r"\w+")


@pytest.fixture(params=FABRIQUES)
def repris(request):
    """Comprend un document neuf dans l'un des six formats."""

    def reprendre(nom):
        return comprendre(FABRIQUES[request.param](NEUVES[nom]), f"{nom}.{request.param}")

    return reprendre


def constats(compris, genre):
    return [a.constat for a in compris.anomalies if a.genre == genre]


def mots_de(contenus):
    for _, contenu in contenus:
        textes = [c for r in contenu for c in r] if isinstance(contenu, list) else [contenu]
        for texte in textes:
            yield from MOT.findall(texte)


@pytest.mark.parametrize("nom", NEUVES)
def test_chaque_mot_est_place_ou_liste(repris, nom):
    compris = repris(nom)
    lus = {m for p in compris.places for m in MOT.findall(p.element.nu)}
    attendus = {m for m in mots_de(NEUVES[nom]) if not m.isdigit()}
    assert attendus <= lus
    ecartes = [p.element.nu for p in compris.places if p.role == Role.BRUIT and p.element.nu]
    assert all(e.startswith("Convention – ") for e in ecartes)  # le pied de page du PDF
    listes = {e for a in compris.anomalies if a.genre == "non_place" for e in a.elements}
    assert {p.element.id for p in compris.non_places} == listes


def test_un_contrat_de_ville_a_ses_piliers_ses_programmes_et_son_tableau(repris):
    compris = repris("contrat-de-ville")
    assert compris.type == "ville"
    assert [a.numero for a in compris.articles] == ["1", "2", "3", "4", "5"]
    assert len(compris.engagements) == 3
    assert [(a.nature, a.numero) for a in compris.axes] == [
        ("pilier", "1"), ("programme", "1"), ("programme", "2"),
        ("pilier", "2"), ("programme", "3"), ("programme", "4"), ("programme", "5"),
    ]  # fmt: skip
    assert len(compris.instances) == 3
    assert [(s.role, s.personne) for s in compris.signatures] == [
        ("signataire", "Hervé LANDRIN"), ("signataire", "Odile RAMBERT"),
        ("temoin", "Sami KERBOUA"),
    ]  # fmt: skip
    assert any("450 000" in p.texte for p in compris.articles[4].texte)
    assert [a.numero for a in compris.annexes] == ["1"]


def test_un_projet_de_territoire_a_ses_orientations_et_ses_mesures(repris):
    compris = repris("projet-de-territoire")
    assert compris.type == "projet_de_territoire"
    assert [f.titre for f in compris.fiches] == [
        "Des bourgs vivants", "Une eau partagée", "Des liens quotidiens",
    ]  # fmt: skip
    assert [len(f.section("mesures").actions) for f in compris.fiches] == [2, 3, 1]
    assert [a.nature for a in compris.axes] == ["role", "defi", "defi"]
    [annonce] = constats(compris, "annonce")
    assert "il en manque 1" in annonce
    [interlocuteur] = compris.fiches[2].section("interlocuteur").lignes
    assert interlocuteur["personne"] == "Claire Vaudrin"


def test_un_perr_garde_sa_matrice_et_dit_par_ou_l_importer(repris, request):
    compris = repris("perr")
    assert compris.type == "perr"
    assert [a.titre for a in compris.articles] == ["Priorités", "Déclinaison par quartier", "Suivi"]
    assert [s.personne for s in compris.signatures] == ["Bastien COLLARD", "Inès MARCHAL"]
    if "pdf" not in request.node.name:  # un PDF ne dit pas où sont les cases d'un tableau
        [matrice] = constats(compris, "matrice")
        assert "Un tableau d'actions par quartier, 3 rangées" in matrice


def test_une_feuille_de_route_aux_libelles_voisins(repris):
    compris = repris("feuille-de-route")
    [fiche] = compris.fiches
    assert (compris.type, compris.numero_projet) == ("feuille_de_route", "07")
    assert [s.cle for s in fiche.sections] == [
        "chef-de-projet", "contexte", "objectifs", "jalons", "financement", "livrables", "risques",
        "facteurs", "projets-lies", "comite-de-suivi",
    ]  # fmt: skip
    assert [j["echeance"] for j in fiche.section("jalons").lignes] == ["2025-12-31", "2026-06-20"]
    assert len(fiche.section("projets-lies").lignes) == 3
