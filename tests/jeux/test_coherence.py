"""Le contrôle trouve dans les vrais documents ce que l'inventaire (§ 6) y a relevé à la main."""

from collections import Counter

import pytest

from coherence.enums import Gravite, Regle
from coherence.service import bilan
from contrats.models import Contrat

pytestmark = [pytest.mark.usefixtures("jeux"), pytest.mark.une_fois]
RECIPROCITE = "reciprocite-toulouse-portes-de-gascogne"
PERR = "perr-toulouse-metropole-2021"
VILLE = "contrat-de-ville-toulouse-metropole-2015"
PETR = "projet-de-territoire-midi-quercy"
FEUILLE = "feuille-de-route-pacte-territorial"
R = Regle

# Section 6 de l'inventaire, point par point ; ce que nos textes redits n'impriment pas (8, 9, 10,
# 11) n'est pas dans les données. Une règle, un extrait de la phrase.
POINTS = [
    (1, RECIPROCITE, R.NUMERO_DEDUIT, "les renvois supposent 1.2"),
    (2, RECIPROCITE, R.FICHE_HORS_AXE, "durable et résilient » n'est sous aucun des 5 axes"),
    (3, RECIPROCITE, R.ANNEXE_ABSENTE, "L'annexe 1 (« Fiche d'identité des deux territoires »)"),
    (4, PETR, R.COMPTE, "6 grandes orientations » ; les données en ont 3"),
    (5, FEUILLE, R.MAL_PLACE, "est imprimé sous « Facteurs clés de succès »"),
    (5, FEUILLE, R.DATE_APPROCHEE, "« Fin 2015 »"),
    (6, PERR, R.SYNONYME, "« axes » ce qu'il appelle ailleurs « actions »"),
    (7, PERR, R.COMPTE, "soit treize axes de travail » ; les données en ont 14"),
    (7, PERR, R.PRIORITE_SANS_ACTION, "La priorité 12"),
    (7, PERR, R.PRIORITE_PARTIELLE, "L'action 38"),
    (7, PERR, R.PRIORITE_PARTIELLE, "L'action 39"),
    (7, PERR, R.PRIORITE_VIDE, "L'action 37"),
    (7, PERR, R.PRIORITE_VIDE, "L'action 40"),
    (12, PERR, R.DECOUPAGE, "16 quartiers ; ses annexes, 11 colonnes"),
    (12, VILLE, R.DECOUPAGE, "16 quartiers et 12 conseils citoyens"),
    (13, PERR, R.NUMERO_ECHANGE, "40 et 41 sont échangés dans l'annexe Ouest"),
    (13, PERR, R.LIGNE_ABSENTE, "L'action 37"),
    (13, PERR, R.LIGNE_ABSENTE, "L'action 40"),
    (14, PERR, R.PLAGE, "(programme 1 à 5) » ; les programmes de cet axe vont de 1 à 4"),
    (15, PERR, R.ORDRE, "Nord/Est, Sud, Ouest ; elles sont imprimées : Ouest, Nord/Est, Sud"),
    (16, VILLE, R.EVOLUTION, "une évolution depuis 2015 ; la plus ancienne mesure est de 2019"),
    (17, PERR, R.GRAPHIE, "« PaQte », « PACTE », « PAQTE »"),
    (18, PERR, R.STATUT, "DEL-21-0497 n'est qu'un projet"),
    (18, FEUILLE, R.STATUT, "la version 0.1"),
]


@pytest.fixture
def controle():
    bilans = {}

    def de(slug):
        if slug not in bilans:
            bilans[slug] = bilan(Contrat.objects.get(slug=slug)).restants
        return bilans[slug]

    return de


def test_tout_ce_que_l_inventaire_releve_et_que_les_donnees_montrent_est_trouve(controle):
    manquent = [
        point
        for point in POINTS
        if not any(c.regle == point[2] and point[3] in c.phrase for c in controle(point[1]))
    ]
    assert manquent == []


def test_ce_qui_bloque_dans_les_vrais_documents_est_vrai_et_compte(controle):
    """Relus un à un : ni fausse alerte, ni oubli. « 5 programmes » en imprime 6 (13 et 14 réunis) ;
    « trois piliers » du texte sont cinq dans les annexes (inventaire § 4.4, 4.7)."""
    bloquants = {
        slug: Counter(c.regle for c in controle(slug) if c.gravite == Gravite.BLOQUE)
        for slug in (RECIPROCITE, PERR, VILLE, PETR, FEUILLE)
    }
    assert bloquants == {
        RECIPROCITE: {R.ANNEXE_ABSENTE: 1},
        PERR: {R.COMPTE: 3, R.NUMERO_ECHANGE: 1, R.PLAGE: 1},
        VILLE: {R.COMPTE: 1},
        PETR: {R.COMPTE: 1},
        FEUILLE: {},
    }


def test_chaque_constat_des_vrais_documents_ouvre_une_page(client, controle):
    adresses = {
        c.objet.adresse.partition("#")[0]
        for slug in (RECIPROCITE, PERR, VILLE, PETR, FEUILLE)
        for c in controle(slug)
    }
    visitees = sorted(adresses)[:: max(1, len(adresses) // 12)]
    assert {a: client.get(a).status_code for a in visitees} == dict.fromkeys(visitees, 200)
