"""Une session s'écrit, se publie et se modifie par qui conduit son contrat, et lui seul."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from contrats.enums import RoleHabilitation
from gouvernance import transitions
from gouvernance.models import Session
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ContratFactory
from tests.gouvernance.factories import SessionFactory

pytestmark = pytest.mark.django_db
PROGRAMME = """9h30 Accueil
10:15 Table ronde (visio)
- Inès Martin, directrice, Insee (sous réserve)
- Jo Diallo
Clôture"""


def saisie(**champs):
    jour = timezone.localdate() + datetime.timedelta(days=40)
    return {
        "intitule": "Coopérer à Valence",
        "nature": "Session",
        "le": jour.isoformat(),
        "debut": "9:30",
        "fin": "17:00",
        "lieu": "Valence",
        "capacite": "20",
        "cloture_le": (jour - datetime.timedelta(days=5)).isoformat(),
        "programme": PROGRAMME,
    } | champs


@pytest.fixture
def contrat():
    return ContratFactory(publie=True)


@pytest.fixture
def conduire(client, contrat):
    agent = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])
    client.force_login(agent)
    return agent


def test_une_session_se_prepare_se_publie_et_se_modifie(client, contrat, conduire):
    adresse = reverse("gouvernance:contrat-session", args=[contrat.slug])
    assert client.get(adresse).status_code == 200
    assert client.post(adresse, saisie()).status_code == 302
    session = Session.objects.get()
    assert (session.statut, session.contrat) == ("brouillon", contrat)
    points = list(session.programme.order_by("ordre").values_list("heure", "intitule", "visio"))
    assert points == [
        (datetime.time(9, 30), "Accueil", False),
        (datetime.time(10, 15), "Table ronde", True),
        (None, "Clôture", False),
    ]
    gens = session.programme.get(ordre=2).interventions.order_by("ordre")
    assert list(gens.values_list("nom", "fonction", "organisme", "statut")) == [
        ("Inès Martin", "directrice", "Insee", "sous_reserve"),
        ("Jo Diallo", "", "", "confirme"),
    ]
    assert client.post(adresse, saisie()).status_code == 400, "même nom, même jour"
    inscrits = reverse("gouvernance:session-inscrits", args=[session.slug])
    assert client.post(inscrits, {"geste": "publier", "version": "1"}).status_code == 302
    modifier = reverse("gouvernance:session-modifier", args=[session.slug])
    formulaire = client.get(modifier).context["formulaire"]
    assert formulaire["programme"].value() == PROGRAMME.replace("9h30", "09:30")
    neuve = saisie(programme="14h Suite", lieu="Romans")
    assert client.post(modifier, neuve | {"version": "1"}).status_code == 409
    assert client.post(modifier, neuve | {"version": "2"}).status_code == 302
    session.refresh_from_db()
    assert (session.lieu, session.statut, session.programme.get().intitule) == (
        "Romans",
        "publiee",
        "Suite",
    )


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("programme", "25h Trop tard"),
        ("programme", "- Personne sans temps"),
        ("programme", "9h x" + "x" * 300),
        ("cloture_le", "2999-01-01"),
        ("fin", "08:00"),
        ("debut", ""),
        ("capacite", "0"),
    ],
)
def test_une_saisie_fausse_revient_avec_sa_raison(client, contrat, conduire, champ, valeur):
    adresse = reverse("gouvernance:contrat-session", args=[contrat.slug])
    reponse = client.post(adresse, saisie(**{champ: valeur}))
    assert reponse.status_code == 400
    assert reponse.context["formulaire"].errors
    assert not Session.objects.exists()


def test_publier_et_annuler_exigent_le_droit_dans_le_geste_meme(contrat):
    session = SessionFactory(contrat=contrat, statut="brouillon")
    redaction = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.REDACTION)])
    for geste in (transitions.publier_session, transitions.annuler_session):
        with pytest.raises(PermissionDenied):
            geste(session, version=1, par=redaction)
    session.refresh_from_db()
    assert (session.statut, session.version) == ("brouillon", 1)
