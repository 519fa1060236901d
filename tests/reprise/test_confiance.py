"""La confiance : des poids mesurés, et tout ce qui met une place en doute."""

from dataclasses import replace

import pytest

from bench.regression import ajuster, sigmoide
from reprise.presentation import Ligne
from reprise.reconnaissance.confiance import ATTENDUS, calibrage
from reprise.reconnaissance.formes import Role
from tests.reprise.documents import docx, texte
from tests.reprise.formes_neuves import (
    CONTRAT_DE_VILLE,
    FEUILLE_DE_ROUTE,
    PROJET_DE_TERRITOIRE,
)
from tests.reprise.outils import comprendre, vocabulaire_livre
from tests.reprise.perturbations import DUR, Mesure, mesurer, perturber


def places_de(contenus, *remplacements):
    brut = texte(contenus).decode()
    for avant, apres in remplacements:
        assert avant in brut
        brut = brut.replace(avant, apres)
    return comprendre(brut.encode()).places


def test_chaque_indice_attendu_a_un_poids_mesure():
    assert set(ATTENDUS) <= set(calibrage())


def test_les_poids_retrouvent_une_part_connue_et_s_en_tiennent_a_l_attendu_sans_cas():
    cas = [((("constante", 1.0),), True)] * 80 + [((("constante", 1.0), ("doux", 1.0)), False)] * 20
    poids = ajuster(cas, {"jamais_vu": -3.0}, frein=0.01)
    assert sigmoide(poids["constante"]) > 0.95
    assert sigmoide(poids["constante"] + poids["doux"]) < 0.05
    assert poids["jamais_vu"] == pytest.approx(-3.0)


def test_un_document_sain_n_a_presque_pas_de_doute():
    for contenus in (CONTRAT_DE_VILLE, FEUILLE_DE_ROUTE):
        places = comprendre(docx(contenus), "a.docx").places
        assert sum(p.doute for p in places) <= 2, [p.element.nu for p in places if p.doute]


def test_un_libelle_illisible_met_en_doute_ce_qui_le_suit():
    places = places_de(FEUILLE_DE_ROUTE, ("Livrables attendus", "Livrxbles atzzndus"))
    [titre] = [p for p in places if p.element.nu.startswith("Livrxbles")]
    suite = places[places.index(titre) + 1]
    assert titre.role == Role.SECTION or (titre.doute and suite.doute)


def test_une_ligne_aux_mots_d_une_autre_rubrique_est_en_doute_ou_deplacee():
    places = places_de(
        FEUILLE_DE_ROUTE, ("Confiance entre les deux intercommunalités", "Blocage de la Région")
    )
    [ligne] = [p for p in places if "Blocage" in p.element.nu]
    assert ligne.doute or ligne.section == "risques"


def test_une_decision_de_l_agent_vaut_certitude():
    brut = texte(FEUILLE_DE_ROUTE)
    place = comprendre(brut).places[3]
    [decidee] = [
        p
        for p in comprendre(brut, decisions={"places": {place.element.id: "texte"}}).places
        if p.element.id == place.element.id
    ]
    assert (decidee.confiance, decidee.doute) == (1.0, False)


def test_dans_un_document_tres_abime_tout_est_garde_et_presque_tout_place():
    """Taille réduite de `bench/reprise.py`, trois lettres sur cent."""
    total, vocabulaire = Mesure(), vocabulaire_livre()
    for contenus in (None, CONTRAT_DE_VILLE, FEUILLE_DE_ROUTE):
        compris = comprendre(docx(contenus) if contenus else docx(), "a.docx")
        for graine in range(1000, 1004):
            abime = perturber(compris, vocabulaire, graine, DUR)
            total.ajouter(mesurer(abime, compris, vocabulaire))
    assert total.perdus == 0
    assert total.justes >= 0.95 * total.blocs, total.fautes
    assert total.doutes_justes >= 0.8 * (total.blocs - total.justes), total.fautes
    assert total.justes_en_doute <= 0.08 * total.justes


def test_une_feuille_de_route_tres_abimee_reste_placee():
    compris, vocabulaire, total = (
        comprendre(docx(FEUILLE_DE_ROUTE), "a.docx"),
        vocabulaire_livre(),
        Mesure(),
    )
    for graine in range(1000, 1012):
        total.ajouter(mesurer(perturber(compris, vocabulaire, graine, DUR), compris, vocabulaire))
    assert total.justes >= 0.95 * total.blocs, total.fautes


@pytest.mark.parametrize(
    "lu", ["CNOTETXE", "Cnotexet :", "Responsbale ud prjeot", "Commité de pilotgae"]
)
def test_un_libelle_aux_lettres_echangees_reste_reconnu(lu):
    modele = next(m for m in vocabulaire_livre().modeles if m.type == "feuille_de_route")
    assert vocabulaire_livre().libelle(lu, modele)[0].note >= 0.9


def test_des_mots_courts_aux_lettres_echangees_se_corrigent_et_les_vrais_restent():
    corriger = vocabulaire_livre().corriger
    assert corriger("une session pour uqi") == "une session pour qui"
    assert corriger("fita a beauval, el 3 mars").startswith("fait a")
    assert corriger("la mer et le sel") == "la mer et le sel"


def indices_de(contenus, debut, *remplacements):
    places = places_de(contenus, *remplacements)
    return next(p for p in places if p.element.nu.startswith(debut))


@pytest.mark.parametrize(
    ("contenus", "avant", "apres", "indice"),
    [
        (CONTRAT_DE_VILLE, "Programme 2 :", "Progaxme 2 :", "numero_en_tete"),
        (CONTRAT_DE_VILLE, "Fait à Sarvigny, le", "Fxyt à Sarvigny, el", "allure_de_signature"),
        (CONTRAT_DE_VILLE, "un comité technique", "un cmtaiw technique", "point_d_un_autre_role"),
        (PROJET_DE_TERRITOIRE, "Une eau partagée", "une eau partagée", "annonce_non_tenue"),
    ],
)
def test_ce_qui_a_l_air_d_autre_chose_est_en_doute(contenus, avant, apres, indice):
    place = indices_de(contenus, apres[:9], (avant, apres))
    assert place.doute
    assert indice in place.indices


def test_un_doute_ne_s_affiche_pas_comme_une_quasi_certitude():
    place = comprendre(texte(FEUILLE_DE_ROUTE)).places[3]
    place.choix = replace(place.choix, confiance=0.9897)
    assert place.doute
    assert Ligne(place, "").confiance == 98
