"""Pages, calendrier et documents de la gouvernance : ce que chacun voit, en combien de requêtes."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from icalendar import Calendar

from contrats.enums import RoleHabilitation
from documents.seance import contexte_seance
from portail.budgets import BUDGETS, BUDGETS_AGENT
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ActionFactory, ContratFactory, FicheFactory
from tests.gouvernance.factories import (
    ConvocationFactory,
    DecisionFactory,
    DeliberationFactory,
    InscriptionFactory,
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    SessionFactory,
)

pytestmark = pytest.mark.django_db
LE = datetime.date(2027, 3, 4)
REQUETES = {b.nom: b.requetes for b in (*BUDGETS, *BUDGETS_AGENT)}


@pytest.fixture
def contrat():
    return ContratFactory(publie=True)


@pytest.fixture
def agent(contrat):
    return UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])


def peupler(contrat, nb):
    """`nb` instances, chacune sa séance close et publique, ses points, sa décision."""
    for _ in range(nb):
        instance = InstanceFactory(contrat=contrat, par_an=1)
        instance.participations.create(libelle="Le Préfet", role="co_preside", ordre=1)
        seance = SeanceFactory(instance=instance, close=True, publique=True)
        action = ActionFactory(fiche=None, contrat=contrat, horizon="")
        point = PointFactory(seance=seance, action=action)
        DecisionFactory(seance=seance, point=point, action=action, statut="a_faire")
        PointFactory(seance=seance, fiche=FicheFactory(contrat=contrat, publiee=True))
        DeliberationFactory(contrat=contrat)
        contrat.avis.create(auteur=f"Commission {instance.pk}", objet="Le PERR", sens="favorable")
        InscriptionFactory(session=SessionFactory(contrat=contrat))
    return seance


@pytest.mark.parametrize("nb", [1, 5])
@pytest.mark.parametrize("nom", ["Gouvernance", "Calendrier", "Séance", "Sessions"])
def test_une_page_publique_a_le_meme_budget_pour_1_et_5(
    client, contrat, django_assert_num_queries, nom, nb
):
    seance = peupler(contrat, nb)
    for rang in range(nb - 1):
        PointFactory(seance=seance)
        DecisionFactory(seance=seance, ordre=10 + rang, statut="a_faire")
    url = {
        "Gouvernance": reverse("gouvernance:contrat-gouvernance", args=[contrat.slug]),
        "Calendrier": reverse("gouvernance:calendrier"),
        "Séance": seance.get_absolute_url(),
        "Sessions": reverse("gouvernance:session-list"),
    }[nom]
    with django_assert_num_queries(REQUETES[nom]):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("nb", [1, 5])
@pytest.mark.parametrize("nom", ["Ordre du jour", "Mode séance", "Clore une séance"])
def test_une_page_d_agent_a_le_meme_budget_pour_1_et_5(
    client, contrat, administrateur, django_assert_num_queries, nom, nb
):
    seance = SeanceFactory(instance=InstanceFactory(contrat=contrat), statut="ouverte")
    hier = datetime.date(2026, 1, 1)
    for _ in range(nb):
        action = ActionFactory(
            fiche=None, contrat=contrat, horizon="", echeance=hier, statut="en_cours", debut=None
        )
        FicheFactory(contrat=contrat, statut="en_relecture")
        DeliberationFactory(contrat=contrat)
        point = PointFactory(seance=seance, action=action)
        DecisionFactory(seance=seance, point=point, action=action, effet="terminer")
        PointFactory(seance=seance)
    SeanceFactory(instance=seance.instance, close=True)
    route = {
        "Ordre du jour": "seance-preparer",
        "Mode séance": "seance-tenir",
        "Clore une séance": "seance-clore",
    }[nom]
    client.force_login(administrateur)
    # Ici une séance précédente est close : ce qui a changé depuis se lit en plus.
    with django_assert_num_queries(REQUETES[nom] + (nom == "Mode séance")):
        url = reverse(f"gouvernance:{route}", args=[seance.public_id])
        assert client.get(url).status_code == 200


def test_le_public_ne_voit_d_une_seance_que_ce_qui_lui_est_ouvert(client, contrat):
    """Ni la séance fermée, ni ce qui s'est dit, ni une fiche qui n'est pas publiée."""
    fermee = SeanceFactory(instance__contrat=contrat, close=True)
    publique = SeanceFactory(instance__contrat=contrat, close=True, publique=True)
    PointFactory(seance=publique, intitule="Point ouvert", note="Ce qui s'est dit")
    secrete = FicheFactory(contrat=contrat, titre="Fiche secrète")
    PointFactory(seance=publique, intitule="Fiche secrète", fiche=secrete)
    ConvocationFactory(seance=publique, nom="Jeanne Nom", email="jeanne@exemple.invalid")
    DecisionFactory(seance=publique, texte="Décision ouverte", statut="a_faire", fiche=secrete)
    assert client.get(fermee.get_absolute_url()).status_code == 404
    page = client.get(publique.get_absolute_url()).content.decode()
    assert "Point ouvert" in page
    assert "Décision ouverte" in page
    for cache in ("Ce qui s'est dit", "Fiche secrète", "Jeanne", "jeanne@"):
        assert cache not in page
    api = client.get("/api/v1/decisions/").json()["results"]
    assert [d["fiche"] for d in api] == [None]
    assert [s["id"] for s in client.get("/api/v1/seances/").json()["results"]] == [
        str(publique.public_id)
    ]


def test_le_calendrier_s_abonne_et_ne_dit_que_ce_qui_est_annonce(client, contrat):
    instance = InstanceFactory(contrat=contrat)
    SeanceFactory(instance=instance, le=LE, statut="convoquee", publique=True, objet="Bilan")
    SeanceFactory(
        instance=instance,
        le=LE,
        heure=datetime.time(10),
        fin=datetime.time(12),
        statut="convoquee",
        publique=True,
        lieu="Préfecture, salle A",
    )
    SeanceFactory(instance=instance, le=LE, publique=True)
    SeanceFactory(instance=instance, le=LE, statut="convoquee")
    SessionFactory(slug="ouverte", le=LE)
    reponse = client.get(reverse("gouvernance:calendrier-flux"))
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    evenements = Calendar.from_ical(reponse.content).walk("VEVENT")
    entier, session, horaire = evenements
    assert entier.decoded("dtstart") == LE
    assert "Bilan" in entier["description"]
    assert horaire.decoded("dtstart").isoformat() == "2027-03-04T09:00:00+00:00"
    assert str(horaire["location"]) == "Préfecture, salle A"
    assert session["uid"] == "session-ouverte@reciproque"
    un_contrat = reverse("gouvernance:contrat-calendrier", args=[contrat.slug])
    assert len(Calendar.from_ical(client.get(un_contrat).content).walk("VEVENT")) == 2


def test_une_instance_qui_ne_s_est_pas_reunie_se_voit(client, contrat):
    InstanceFactory(contrat=contrat, par_an=1)
    tenue = SeanceFactory(instance=InstanceFactory(contrat=contrat, par_an=1), close=True)
    page = client.get(reverse("gouvernance:contrat-gouvernance", args=[contrat.slug]))
    assert tenue.statut == "close"
    # La séance tenue n'est pas publique : l'anonyme ne la compte pas.
    assert page.content.decode().count("0 réunion connue ici") == 2


def test_les_deliberations_adoptees_au_schema_scdl(client, contrat):
    DeliberationFactory(contrat=contrat)
    adoptee = DeliberationFactory(
        contrat=contrat, adoptee=True, collectivite="Toulouse Métropole", objet="Le PERR, approuvé"
    )
    reponse = client.get(reverse("api:deliberation-scdl"), {"format": "csv"})
    [ligne] = csv.DictReader(io.StringIO(reponse.getvalue().decode()))
    assert list(ligne)[:7] == [
        "COLL_NOM",
        "COLL_SIRET",
        "DELIB_ID",
        "DELIB_DATE",
        "DELIB_MATIERE_CODE",
        "DELIB_MATIERE_NOM",
        "DELIB_OBJET",
    ]
    assert (ligne["DELIB_ID"], ligne["DELIB_DATE"]) == (adoptee.numero, "2026-06-25")
    assert (ligne["VOTE_REEL"], ligne["VOTE_POUR"], ligne["BUDGET_NOM"]) == ("25", "20", "")
    page = client.get(adoptee.get_absolute_url()).content.decode()
    assert "20 pour, 3 contre, 2 abstentions, soit 25 sur 30 membres" in page


@pytest.mark.parametrize(
    ("piece", "public", "interne"),
    [
        ("releve-de-decisions", 200, 200),
        ("proces-verbal", 404, 200),
        ("dossier", 404, 200),
        ("autre", 404, 404),
    ],
)
def test_les_pieces_d_une_seance_close(client, contrat, agent, piece, public, interne):
    seance = peupler(contrat, 1)
    ConvocationFactory(seance=seance, nom="Jeanne Nom", presence="present")
    url = reverse("documents:seance-pdf", args=[seance.public_id, piece])
    assert client.get(url).status_code == public
    client.force_login(agent)
    reponse = client.get(url)
    assert reponse.status_code == interne
    if interne == 200:
        assert reponse.content.startswith(b"%PDF-")


def test_une_seance_ancienne_n_imprime_pas_les_chiffres_d_aujourd_hui(contrat, agent):
    """Close sans état figé (reprise d'un compte rendu) : ce jour-là n'est pas connu."""
    ActionFactory(fiche=None, contrat=contrat, horizon="")
    passee = SeanceFactory(instance__contrat=contrat, close=True)
    a_venir = SeanceFactory(instance__contrat=contrat)
    document, preparee = (
        contexte_seance(s, "dossier", par=agent, site="")["document"] for s in (passee, a_venir)
    )
    assert document.comptes == []
    assert [c["nombre"] for c in preparee.comptes] == [1]


@pytest.mark.parametrize("piece", ["inscrits", "badges"])
def test_la_liste_et_les_badges_sont_a_l_organisateur(client, contrat, agent, piece):
    session = SessionFactory(contrat=contrat)
    InscriptionFactory.create_batch(3, session=session)
    url = reverse("documents:session-pdf", args=[session.slug, piece])
    assert client.get(url).status_code == 302
    client.force_login(UtilisateurFactory())
    assert client.get(url).status_code == 403
    client.force_login(agent)
    assert client.get(url).content.startswith(b"%PDF-")
