"""Preuves lentes de la matrice : saisies au hasard, processus concurrents sur une cellule."""

import json
import re
import subprocess
import sys
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from contrats.enums import RoleHabilitation
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.atelier import URLENCODE
from tests.contrats.test_atelier_preuves import AU_HASARD, VALEURS
from tests.perr.factories import matrice, places, remplir

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
CHAMPS = ["version", "statut", "texte", "modalites", "motif", "a_verifier", "vider", "separer"]
CHAMPS += [f"renvoi-{c}" for c in ("TOTAL_FORMS", "INITIAL_FORMS", "0-cible", "0-texte")]
CHAMPS += [f"regard-{c}" for c in ("TOTAL_FORMS", "INITIAL_FORMS", "0-quartier", "0-texte")]
FILTRES = ["q", "annexe", "pilier", "programme", "prioritaire", "statut", "vides", "partenaire"]
JSON_AU_HASARD = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), VALEURS),
    lambda interieur: (
        st.lists(interieur, max_size=3)
        | st.dictionaries(
            st.sampled_from([*CHAMPS[:7], "action", "colonne"]), interieur, max_size=5
        )
    ),
    max_leaves=8,
)


@pytest.fixture
def contrat(client, db):
    contrat = matrice()
    remplir(contrat, ["Un"])
    client.force_login(UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)]))
    return contrat


def adresse(contrat, nom, *args):
    return reverse(f"perr:{nom}", args=[contrat.slug, *args])


@given(champs=st.lists(st.tuples(st.sampled_from(CHAMPS), VALEURS), max_size=16))
@AU_HASARD
def test_une_cellule_remplie_au_hasard_ne_fait_jamais_echouer_le_serveur(client, contrat, champs):
    corps = urlencode(champs, errors="replace")
    url = adresse(contrat, "cellule-modifier", *places(contrat)[0])
    reponse = client.post(url, corps, content_type=URLENCODE)
    assert reponse.status_code in (302, 400, 409)


@given(champs=st.dictionaries(st.sampled_from(CHAMPS[:7]), JSON_AU_HASARD), brut=JSON_AU_HASARD)
@AU_HASARD
def test_un_envoi_au_hasard_ne_fait_jamais_echouer_le_serveur(client, contrat, champs, brut):
    action, colonne = places(contrat)[1]
    for envoi in (brut, {"cellules": [{"action": action, "colonne": colonne, **champs}]}):
        corps = json.dumps(envoi)
        reponse = client.post(
            adresse(contrat, "matrice-ecrire"), corps, content_type="application/json"
        )
        assert reponse.status_code in (200, 400, 409)


@given(champs=st.lists(st.tuples(st.sampled_from([*FILTRES, "territoire"]), VALEURS)))
@AU_HASARD
def test_des_filtres_au_hasard_ne_font_jamais_echouer_la_matrice(client, contrat, champs):
    for nom in ("matrice-detail", "matrice-modifier"):
        url = f"{adresse(contrat, nom)}?{urlencode(champs, errors='replace')}"
        assert client.get(url).status_code == 200


def test_des_processus_concurrents_sur_une_cellule_ne_perdent_rien():
    """La même preuve qu'en grand (`python -m bench.matrice`), en petit."""
    commande = [
        sys.executable,
        "-m",
        "bench.matrice",
        "--processus",
        "4",
        "--enregistrements",
        "12",
    ]
    preuve = subprocess.run(  # noqa: S603 : notre commande
        commande, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=600, check=False
    )
    assert re.search(r"lost=0 accepted=12 versions=12", preuve.stdout), (
        preuve.stdout + preuve.stderr
    )
    assert preuve.returncode == 0
