"""Preuves lentes : formulaires remplis au hasard, agents concurrents, serveur tué."""

import re
import subprocess
import sys
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as reglages
from hypothesis import strategies as st

from contrats.enums import RoleHabilitation
from contrats.models import Fiche
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.atelier import URLENCODE, PageDeFiche, adresse, fiche_riche

pytestmark = [pytest.mark.django_db, pytest.mark.lent]

AU_HASARD = reglages(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
VALEURS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "\0",
            "9" * 400,
            "-1",
            "é" * 1100,
            "31/02/2026",
            "0001-01-01",
            "a:b:c:d",
            "💥",
            "on",
            "<script>alert(1)</script>",
            "'; DROP TABLE fiche; --",
            "\ud7ff\uffff",
        ]
    ),
).map(
    lambda v: v.replace("{", "(").replace("}", ")")
)  # les gabarits visibles sont l'affaire de tests.hostile


@pytest.fixture
def page(client, db):
    fiche = fiche_riche()
    agent = UtilisateurFactory(habilitations=[(fiche.contrat, RoleHabilitation.PILOTAGE)])
    client.force_login(agent)
    return PageDeFiche(client, fiche)


@given(donnees=st.data())
@AU_HASARD
def test_la_fiche_remplie_au_hasard_ne_fait_jamais_echouer_le_serveur(page, donnees):
    champs = list(page.champs)
    for _ in range(donnees.draw(st.integers(1, 6))):
        rang = donnees.draw(st.integers(0, len(champs) - 1))
        nom = champs[rang][0] if donnees.draw(st.booleans()) else donnees.draw(VALEURS)
        couple = (nom, donnees.draw(VALEURS))
        if donnees.draw(st.booleans()):
            champs.append(couple)
        else:
            champs[rang] = couple
    champs = donnees.draw(st.permutations(champs)) if donnees.draw(st.booleans()) else champs
    geste = donnees.draw(st.one_of(st.sampled_from(page.boutons), VALEURS))
    corps = urlencode([*champs, ("geste", geste)], errors="replace")
    reponse = page.client.post(adresse(page.fiche), corps, content_type=URLENCODE)
    # Une page ouverte avec un autre compte est refusée, et rend sa saisie.
    autre_compte = dict(champs).get("agent", page["agent"]) != page["agent"]
    assert reponse.status_code in ((403,) if autre_compte else (200, 302, 400, 409))
    fiche = Fiche.objects.get(pk=page.fiche.pk)
    assert fiche.versions.count() == fiche.version - 1


@given(
    champs=st.lists(
        st.tuples(st.sampled_from(["login", "password", "next", "csrfmiddlewaretoken"]), VALEURS)
    )
)
@AU_HASARD
def test_la_connexion_remplie_au_hasard_ne_fait_jamais_echouer_le_serveur(client, champs):
    corps = urlencode(champs, errors="replace")
    reponse = client.post(reverse("comptes:connexion"), corps, content_type=URLENCODE)
    assert reponse.status_code in (200, 302)


FILTRES = ["contrat", "type", "statut", "axe", "organisme", "territoire", "modifie_apres", "page"]
LISTES = ["contrats:mes-fiches", "contrats:contrat-list", "contrats:action-list"]


@given(
    liste=st.sampled_from(LISTES),
    champs=st.lists(st.tuples(st.sampled_from([*FILTRES, "q", "horizon", "fiche"]), VALEURS)),
)
@AU_HASARD
def test_les_filtres_remplis_au_hasard_ne_font_jamais_echouer_le_serveur(page, liste, champs):
    reponse = page.client.get(f"{reverse(liste)}?{urlencode(champs, errors='replace')}")
    assert reponse.status_code in (200, 400, 404)


@pytest.mark.parametrize("nom", ["fiche-comparer", "fiche-historique"])
@given(champs=st.lists(st.tuples(st.sampled_from(["de", "a", "page", "version"]), VALEURS)))
@AU_HASARD
def test_l_historique_demande_au_hasard_ne_fait_jamais_echouer_le_serveur(page, nom, champs):
    reponse = page.client.get(f"{adresse(page.fiche, nom)}?{urlencode(champs, errors='replace')}")
    assert reponse.status_code in (200, 404)


def test_des_agents_concurrents_ne_perdent_rien_et_un_serveur_tue_n_ecrit_rien_a_moitie():
    """La même preuve qu'en grand (`python -m bench.concurrence`), en petit."""
    commande = [sys.executable, "-m", "bench.concurrence", "--processus", "4"]
    commande += ["--enregistrements", "12", "--kills", "3"]
    preuve = subprocess.run(  # noqa: S603 : notre commande
        commande, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=600, check=False
    )
    assert "lost=0 accepted=12 versions=12" in preuve.stdout, preuve.stdout + preuve.stderr
    assert re.search(r"kills=3 half=0 lost_ack=0", preuve.stdout), preuve.stdout + preuve.stderr
    assert preuve.returncode == 0


@pytest.mark.une_fois
def test_des_pages_qui_gardent_leur_brouillon_en_desordre_ne_perdent_rien():
    """La même preuve qu'en grand (`python -m bench.brouillons`), en petit."""
    commande = [sys.executable, "-m", "bench.brouillons", "--pages", "2", "--envois", "60"]
    preuve = subprocess.run(  # noqa: S603 : notre commande
        commande, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=600, check=False
    )
    assert "lost=0 overwritten=0" in preuve.stdout, preuve.stdout + preuve.stderr
    assert preuve.returncode == 0, preuve.stdout + preuve.stderr
