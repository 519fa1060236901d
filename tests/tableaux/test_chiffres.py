"""Chaque chiffre est celui de la base, et celui du jour où on l'a lu."""

import random

import pytest
from django.utils import timezone

from contrats.contenu.ecriture import enregistrer
from contrats.contenu.lecture import lire
from tableaux.calculs import ETATS, calculer
from tableaux.lecture import lire_etat
from tableaux.perimetre import du_contrat
from tests.comptes.factories import UtilisateurFactory
from tests.tableaux.histoires import Horloge, photographie
from tests.tableaux.monde import JOUR, contrat_au_hasard, geste
from tests.tableaux.recalcul import REQUETES
from tests.tableaux.tirage import tirer

pytestmark = pytest.mark.django_db
TIRAGES, HISTOIRES = 6, 4  # bench/tableaux.py en fait 1 000 et 200


@pytest.mark.parametrize("graine", range(TIRAGES))
def test_chaque_chiffre_de_chaque_tableau_est_celui_que_le_sql_recalcule(graine):
    tirage = tirer(graine)
    assert tirage.fautes == []
    assert tirage.compares > 60


def test_chaque_chiffre_a_son_recalcul(anonyme):
    contrat = contrat_au_hasard(random.Random(3), timezone.localdate())
    chiffres = calculer(lire_etat(du_contrat(contrat), anonyme))
    assert set(chiffres) <= {*REQUETES, "sans_chiffre", "cibles_manquees"}
    assert sum(chiffres[c.__name__].valeur for c in ETATS) == chiffres["actions"].valeur


@pytest.mark.parametrize("graine", range(HISTOIRES))
def test_un_tableau_du_passe_est_celui_enregistre_ce_jour_la(graine):
    hasard = random.Random(graine)
    agent = UtilisateurFactory(administrateur=True)
    with Horloge() as horloge:
        contrat = contrat_au_hasard(hasard, horloge.jour)
        contrat.garder_version(par=None)
        enregistres = {}
        for _ in range(6):
            for _ in range(hasard.randint(0, 3)):
                geste(hasard, contrat, agent)
            enregistres[horloge.jour] = photographie(contrat, agent)
            horloge.avancer(hasard.randint(1, 40) * JOUR)
        for jour, attendu in enregistres.items():
            assert photographie(contrat, agent, jour) == attendu, jour


def test_une_action_retiree_se_lit_encore_au_passe(fiche, pilote):
    with Horloge() as horloge:
        contenu = lire(fiche)
        contenu["titre"] = "Titre"
        enregistrer(fiche, contenu, version=fiche.version, par=pilote)
        hier = horloge.jour
        horloge.avancer(10 * JOUR)
        for section in contenu["sections"]:
            section["actions"] = []
        enregistrer(fiche, contenu, version=fiche.version, par=pilote)
        perimetre = du_contrat(fiche.contrat)
        assert len(lire_etat(perimetre, pilote).suivies) == 0
        assert len(lire_etat(perimetre, pilote, hier).suivies) == 3
