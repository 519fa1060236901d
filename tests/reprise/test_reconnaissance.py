"""Placer : formes jamais vues, documents abîmés, décisions de l'agent, listes et dates."""

import datetime

import pytest

from reprise.reconnaissance.formes import Role
from reprise.reconnaissance.listes import (
    chef_de_file,
    date_exacte,
    echeance,
    montants,
    partenaires,
    periodes,
)
from tests.reprise.documents import FORMATS, texte
from tests.reprise.outils import SOURCES, comprendre, vocabulaire_livre
from tests.reprise.perturbations import Mesure, mesurer, perturber


@pytest.mark.parametrize("nom", FORMATS)
def test_un_contrat_jamais_vu_est_compris_pareil_en_six_formats(nom):
    compris = comprendre(FORMATS[nom](), nom)
    assert [(a.numero, a.titre) for a in compris.articles] == [
        ("1", "Objet de la convention"), ("2", "Engagements des parties"), ("3", "Pilotage"),
    ]  # fmt: skip
    assert len(compris.engagements) == 3
    assert [s.personne for s in compris.signatures] == ["Anne MARTEL", "Karim DUVIVIER"]
    assert [f.titre for f in compris.fiches] == ["Filière bois", "Marchés de producteurs"]
    court = compris.fiches[0].section("court")
    assert [len(a.sous) for a in court.actions] == [0, 2]
    assert compris.fiches[0].section("partenaires").partenaires == [
        "Ville de Beauval", "Pays des Trois Vallées", "communes (volontaires, ou citées)", "Région",
    ]  # fmt: skip
    inconnu = [
        p for p in compris.places if "Budget" in p.element.nu or "ne connaît" in p.element.nu
    ]
    assert len(inconnu) == 2
    assert all(p.role == Role.NON_PLACE or p.doute for p in inconnu) or nom.endswith("txt")


def test_une_decision_l_emporte_et_oriente_la_suite():
    compris = comprendre(FORMATS["convention.docx"](), "a.docx")
    titre = next(p for p in compris.places if "Budget" in p.element.nu)
    repris = comprendre(
        FORMATS["convention.docx"](),
        "a.docx",
        {"places": {titre.element.id: "section:moyen-long"}},
    )
    assert len(repris.fiches[1].section("moyen-long").actions) == 1
    assert repris.non_places == []


def test_scinder_reunir_et_corriger():
    compris = comprendre(texte())
    premiere = next(p for p in compris.places if p.role == Role.ACTION)
    nom = premiere.element.id
    scinde = comprendre(texte(), decisions={"scinder": {nom: [12]}})
    assert len(scinde.places) == len(compris.places) + 1
    suivante = compris.places[compris.places.index(premiere) + 1].element.id
    reuni = comprendre(texte(), decisions={"reunir": [suivante]})
    assert len(reuni.places) == len(compris.places) - 1
    corrige = comprendre(texte(), decisions={"textes": {nom: "Autre chose"}})
    assert any(p.element.nu == "Autre chose" for p in corrige.places)


def test_un_document_abime_reste_compris_a_95_pour_cent():
    """Taille réduite de `bench/reprise.py` ; nos documents, et ceux d'origine s'ils sont là."""
    total, vocabulaire = Mesure(), vocabulaire_livre()
    documents = [texte(), *(f.read_bytes() for f in sorted(SOURCES.glob("00[012]_*.txt")))]
    for octets in documents:
        compris = comprendre(octets)
        for graine in range(2):
            total.ajouter(mesurer(perturber(compris, vocabulaire, graine), compris, vocabulaire))
    assert total.perdus == 0
    assert total.justes / total.blocs >= 0.95, total.fautes[:10]


@pytest.mark.parametrize("page", ["Page 17", "Pgae 17"])
def test_une_phrase_coupee_par_une_page_mal_lue_n_est_pas_un_titre(page):
    compris = comprendre(
        f"Le projet de territoire\n\nDevenir un pôle en 2015 impliquait de travailler sur\n\n{page}"
        "\n\nl'élaboration d'un projet dans les douze mois, avec les communes.".encode()
    )
    roles = [p.role for p in compris.places]
    assert roles == [Role.INTITULE, Role.PREAMBULE, Role.BRUIT, Role.TEXTE]  # la suite


def test_une_liste_se_coupe_aux_virgules_mais_pas_dans_un_nom():
    liste = "Toulouse Métropole, DRAAF / FranceAgrimer, Jardins (site de Fleurance, bio), « A, B »…"
    assert partenaires(liste) == (
        [
            "Toulouse Métropole",
            "DRAAF / FranceAgrimer",
            "Jardins (site de Fleurance, bio)",
            "« A, B »",
        ],
        True,
    )
    assert partenaires("Air, Mer et Terre, Région.", ["Air, Mer et Terre"]) == (
        ["Air, Mer et Terre", "Région"], False,
    )  # fmt: skip


def test_dates_periodes_sommes_et_chefs_de_file():
    assert date_exacte("A Fleurance, le 10 juillet 2017") == datetime.date(2017, 7, 10)
    assert date_exacte("le 31 février 2017") is None
    assert echeance("à fin 2016").jour == datetime.date(2016, 12, 31)
    assert echeance("– été 2016").precision == "saison"
    assert echeance("juillet 2016").jour == datetime.date(2016, 7, 31)
    lues = periodes("l'OPAH en 2015-2016 puis une étude à partir de juillet 2016")
    assert [(p["debut"], p["fin"]) for p in lues] == [
        ("2015-01-01", "2016-12-31"),
        ("2016-07-01", None),
    ]
    assert montants("500 K€ et 1 200 euros, 2,5 millions d'euros") == [
        ("500 K€", 500_000.0), ("1 200 euros", 1200.0), ("2,5 millions d'euros", 2_500_000.0),
    ]  # fmt: skip
    assert chef_de_file("avec le Conseil départemental 82 en chef de file") == (
        "Conseil départemental 82"
    )
