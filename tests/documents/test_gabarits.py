"""Chaque gabarit de PDF : polices, balises, ordre, alternatives, langue, signets, pièces."""

import datetime
import io
import re
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings

from avenants.forms import BornesDuComparatif
from documents import rendu
from documents.consolide import contexte_comparatif, contexte_texte
from documents.controle import controler
from documents.dossier import contexte_dossier
from documents.etagere.partenaire import contexte_partenaire
from documents.finition import parcourir
from documents.matrice import contexte_annexe, contexte_quartier
from documents.seance import contexte_seance
from documents.session import contexte_session
from perr.filters import MatriceFilterSet
from tableaux.enums import GenreRapport
from tests.avenants.factories import abroge, contrat_signe, en_vigueur, remplace
from tests.contrats.factories import PartenariatFactory
from tests.documents.factories import contrat_riche
from tests.gouvernance.factories import InscriptionFactory, SeanceFactory, SessionFactory
from tests.perr.factories import DeclinaisonFactory
from tests.territoires.factories import TerritoireFactory

pytestmark = [pytest.mark.django_db, pytest.mark.une_fois]
GABARITS = Path(settings.BASE_DIR) / "templates" / "pdf"
SITE, CODE = "https://exemple.invalid", "RCP-7K3M-Q2ZD"


def document(par):
    return rendu.contexte(contrat_riche(), par=par, entier=True, site=SITE, code=CODE)


def partenaire(par):
    contrat = contrat_riche()
    organisme = contrat.parties.first().organisme
    PartenariatFactory(action=contrat.actions.first(), organisme=organisme)
    return contexte_partenaire(contrat, organisme, par=par, site=SITE)


def _cellule():
    quartier = TerritoireFactory(qpv=True)
    return quartier, DeclinaisonFactory(
        colonne__annexe__contrat__publie=True, colonne__quartiers=[quartier]
    )


def annexe(par):
    _, cellule = _cellule()
    lue = cellule.colonne.annexe
    filtres = MatriceFilterSet({"annexe": lue.cle}, contrat=lue.contrat)
    return contexte_annexe(lue.contrat, filtres, par=par, site=SITE, code=CODE)


def quartier(par):
    lieu, cellule = _cellule()
    return contexte_quartier(cellule.colonne.annexe.contrat, lieu, par=par, site=SITE)


def dossier(par):
    contrat = contrat_riche()
    return contexte_dossier(contrat, GenreRapport.ANNUEL, None, None, par=par, site=SITE, code=CODE)


def seance(par):
    tenue = SeanceFactory(instance__contrat=contrat_riche(), ouverte=True)
    return contexte_seance(tenue, "dossier", par=par, site=SITE)


def inscrits(par):
    return contexte_session(_session(), "inscrits", site=SITE)


def badges(par):
    return contexte_session(_session(), "badges", site=SITE)


def _session():
    session = SessionFactory(contrat=contrat_riche())
    InscriptionFactory.create_batch(3, session=session)
    return session


def texte_en_vigueur(par):
    contrat = contrat_signe()
    return contexte_texte(contrat, datetime.date(2022, 6, 1), par=par, site=SITE)


def comparatif(par):
    contrat = contrat_signe()
    en_vigueur(contrat, remplace("1", "Réécrit."), abroge("3"))
    dates = {"de": "2020-06-01", "a": "2022-06-01"}
    bornes = BornesDuComparatif(dates, contrat=contrat, agent=False)
    assert bornes.is_valid()
    return contexte_comparatif(contrat, bornes, par=par, site=SITE)


DOCUMENTS = [
    document,
    partenaire,
    annexe,
    quartier,
    dossier,
    seance,
    inscrits,
    badges,
    texte_en_vigueur,
    comparatif,
]
# Des personnes, ce qui s'est dit, ou un texte seul : aucune donnée à joindre.
SANS_DONNEES = {seance, inscrits, badges, texte_en_vigueur, comparatif}


@pytest.mark.parametrize("lire", DOCUMENTS, ids=lambda lire: lire.__name__)
def test_un_gabarit_passe_les_controles(administrateur, lire):
    contexte = lire(administrateur)
    octets = rendu.rendre(contexte)
    assert controler(octets) == []
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert str(pdf.Root.Lang) == "fr"
        jointes = set(pdf.attachments)
        roles = [str(element.S) for element, _ in parcourir(pdf)]
    assert jointes == {piece.nom for piece in contexte["fichiers"]}
    assert bool(jointes) != (lire in SANS_DONNEES)
    assert any(role in ("/H1", "/H2") for role in roles)


def test_chaque_gabarit_est_controle(administrateur):
    """Un gabarit nouveau sans document ci-dessus échoue ici."""
    racines = {
        f"pdf/{chemin.name}"
        for chemin in GABARITS.glob("*.html")
        if re.match(r'\{% extends "pdf/base.html" %\}', chemin.read_text(encoding="utf-8"))
    }
    assert racines == {lire(administrateur)["document"].gabarit for lire in DOCUMENTS}
