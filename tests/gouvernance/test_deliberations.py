"""La délibération : du projet à l'acte, à l'écran et en base."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from contrats.enums import RoleHabilitation
from contrats.transitions import DonneeManquante, TransitionImpossible
from edition.ecriture import VersionPerimee
from gouvernance import transitions
from gouvernance.enums import StatutDeliberation, TransitionDeliberation
from gouvernance.models import Deliberation
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ContratFactory
from tests.gouvernance.factories import DeliberationFactory

pytestmark = pytest.mark.django_db

LE = datetime.date(2026, 6, 25)
VOTE = {"vote_effectif": 30, "vote_pour": 20, "vote_contre": 3, "vote_abstention": 2}
APPELS = {
    TransitionDeliberation.ADOPTER: lambda d, **k: transitions.adopter(
        d, numero=d.numero, seance_le=LE, **VOTE, **k
    ),
    TransitionDeliberation.REVENIR: lambda d, **k: transitions.revenir_au_projet(
        d, motif="Constatée par erreur", **k
    ),
}


@pytest.fixture
def contrat():
    return ContratFactory(publie=True)


@pytest.fixture
def agent(contrat):
    return UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])


@pytest.mark.parametrize("depart", StatutDeliberation)
@pytest.mark.parametrize("transition", TransitionDeliberation)
def test_la_matrice_des_statuts(contrat, agent, depart, transition):
    objet = DeliberationFactory(contrat=contrat, adoptee=depart == StatutDeliberation.ADOPTEE)
    departs, arrivee = transitions.DELIBERATIONS[transition]
    if depart in departs:
        APPELS[transition](objet, version=1, par=agent)
        attendu, constat = arrivee, agent
    else:
        with pytest.raises(TransitionImpossible):
            APPELS[transition](objet, version=1, par=agent)
        attendu, constat = depart, None
    objet.refresh_from_db()
    assert (objet.statut, objet.statut_par) == (attendu, constat)
    objet.full_clean()


@pytest.mark.parametrize("role", RoleHabilitation)
def test_seul_le_charge_de_projet_constate_une_adoption(contrat, role):
    objet = DeliberationFactory(contrat=contrat)
    agent = UtilisateurFactory(habilitations=[(contrat, role)])
    if role == RoleHabilitation.PILOTAGE:
        APPELS[TransitionDeliberation.ADOPTER](objet, version=1, par=agent)
    else:
        with pytest.raises(PermissionDenied):
            APPELS[TransitionDeliberation.ADOPTER](objet, version=1, par=agent)
    assert Deliberation.objects.filter(statut="adoptee").exists() == (
        role == RoleHabilitation.PILOTAGE
    )


def test_une_adoption_s_ecrit_a_la_version_lue_et_sous_un_numero_libre(contrat, agent):
    DeliberationFactory(contrat=contrat, numero="DEL-1")
    objet = DeliberationFactory(contrat=contrat)
    with pytest.raises(VersionPerimee):
        APPELS[TransitionDeliberation.ADOPTER](objet, version=2, par=agent)
    with pytest.raises(DonneeManquante, match="a ce numéro"):
        transitions.adopter(objet, version=1, par=agent, numero="DEL-1", seance_le=LE)
    assert Deliberation.objects.get(pk=objet.pk).statut == "projet"


def test_revenir_au_projet_dit_pourquoi_et_efface_la_date_et_le_vote(contrat, agent):
    objet = DeliberationFactory(contrat=contrat, adoptee=True, prefecture_ref="031-1")
    with pytest.raises(DonneeManquante):
        transitions.revenir_au_projet(objet, version=1, par=agent, motif=" ")
    transitions.revenir_au_projet(objet, version=1, par=agent, motif="Séance reportée")
    objet.refresh_from_db()
    assert (objet.seance_le, objet.vote_reel, objet.prefecture_ref) == (None, None, "")
    assert objet.motif_statut == "Séance reportée"


def test_la_base_refuse_un_projet_qui_aurait_une_seance(contrat):
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliberationFactory(contrat=contrat, seance_le=LE)


def test_un_agent_ecrit_un_projet_le_fait_adopter_puis_complete_l_acte(client, contrat, agent):
    client.force_login(agent)
    preparer = reverse("gouvernance:contrat-deliberation", args=[contrat.slug])
    champs = {"numero": "P-1", "objet": "Le PERR", "organe": "Conseil de la métropole"}
    champs |= {"visas": "Vu la loi\nVu l'avis", "articles": "1. Approuve\nAutorise le président"}
    assert client.post(preparer, {**champs, "objet": ""}).status_code == 400
    assert client.post(preparer, champs).status_code == 302
    assert client.post(preparer, champs).status_code == 400  # ce numéro est pris
    objet = Deliberation.objects.get()
    assert objet.visas == ["Vu la loi", "Vu l'avis"]
    assert objet.articles[1] == {"numero": "2", "texte": "Autorise le président"}
    adopter = reverse("gouvernance:deliberation-adopter", args=[objet.public_id])
    assert client.get(adopter).status_code == 200
    acte = {"numero": "DEL-7", "seance_le": "25/06/2026", "version": "1", **VOTE}
    assert client.post(adopter, acte).status_code == 302
    assert client.get(adopter).status_code == 409
    modifier = reverse("gouvernance:deliberation-modifier", args=[objet.public_id])
    complement = {"siret": "243 100 518 00170", "collectivite": "Toulouse Métropole"}
    assert client.post(modifier, {**complement, "siret": "12", "version": "2"}).status_code == 400
    assert client.post(modifier, {**complement, "version": "2"}).status_code == 302
    objet.refresh_from_db()
    assert (objet.statut, objet.numero, objet.vote_pour) == ("adoptee", "DEL-7", 20)
    assert (objet.siret, objet.objet, objet.version) == ("24310051800170", "Le PERR", 3)
    api = client.get("/api/v1/deliberations/").json()["results"]
    assert [(d["statut"], d["version"]) for d in api] == [("adoptee", 3)]


@pytest.mark.parametrize(
    ("change", "dit"),
    [
        ({"seance_le": ""}, "Dites la date de la séance."),
        ({"seance_le": "2200-01-01"}, "a pas encore eu lieu"),
        ({"numero": ""}, "Un acte a un numéro."),
        ({"vote_contre": ""}, "Un vote dit ses pour, ses contre et ses abstentions."),
        ({"vote_effectif": "24"}, "25 votes pour 24 membres."),
        ({"vote_contre": "20", "vote_effectif": ""}, "Adoptée, elle a plus de pour que de contre."),
        ({"vote_pour": "vingt"}, "Écrivez un nombre entier."),
        ({"vote_pour": "99999999999999999999"}, "9999"),
    ],
)
def test_une_adoption_invalide_dit_pourquoi_et_n_ecrit_rien(client, contrat, agent, change, dit):
    objet = DeliberationFactory(contrat=contrat)
    client.force_login(agent)
    champs = {"numero": "DEL-7", "seance_le": "2026-06-25", "version": "1", **VOTE, **change}
    adopter = reverse("gouvernance:deliberation-adopter", args=[objet.public_id])
    reponse = client.post(adopter, champs)
    assert reponse.status_code == 400
    assert dit in reponse.content.decode()
    assert Deliberation.objects.get().statut == "projet"


def test_une_version_perimee_rend_ce_qui_a_ete_tape(client, contrat, agent):
    objet = DeliberationFactory(contrat=contrat)
    client.force_login(agent)
    modifier = reverse("gouvernance:deliberation-modifier", args=[objet.public_id])
    champs = {"numero": "P-1", "objet": "Un objet tapé", "organe": "Conseil", "version": "9"}
    reponse = client.post(modifier, champs)
    assert reponse.status_code == 409
    assert "Un objet tapé" in reponse.content.decode()


def test_le_public_ne_lit_un_projet_que_s_il_lui_est_ouvert(client, contrat, agent):
    ferme = DeliberationFactory(contrat=contrat)
    ouvert = DeliberationFactory(contrat=contrat, publique=True)
    acte = DeliberationFactory(contrat=contrat, adoptee=True)
    assert client.get(ferme.get_absolute_url()).status_code == 404
    lues = {d["numero"] for d in client.get("/api/v1/deliberations/").json()["results"]}
    assert lues == {ouvert.numero, acte.numero}
    page = client.get(reverse("gouvernance:contrat-gouvernance", args=[contrat.slug]))
    assert ferme.numero not in page.content.decode()
    client.force_login(agent)
    assert client.get(ferme.get_absolute_url()).status_code == 200


def test_l_administration_ne_change_pas_le_statut(client, administrateur):
    objet = DeliberationFactory()
    client.force_login(administrateur)
    url = reverse("admin:gouvernance_deliberation_change", args=[objet.pk])
    page = client.get(url).content.decode()
    assert 'name="statut"' not in page
    assert 'name="seance_le"' not in page
    assert 'name="vote_pour"' not in page
