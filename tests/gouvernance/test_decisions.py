"""Qui doit une décision, ce que chacun en lit, et la liste des décisions d'un contrat."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from contrats.enums import RoleHabilitation
from gouvernance.cibles import Cibles
from gouvernance.forms import DecisionForm
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ArticleFactory, ContratFactory
from tests.gouvernance.factories import (
    DecisionFactory,
    InstanceFactory,
    SeanceFactory,
)
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db

HIER = timezone.localdate() - datetime.timedelta(days=1)
LISTE = "gouvernance:decision-list"


@pytest.fixture
def contrat():
    return ContratFactory(publie=True)


@pytest.fixture
def agent(contrat):
    return UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])


@pytest.fixture
def close(contrat):
    return SeanceFactory(instance=InstanceFactory(contrat=contrat), close=True, publique=True)


def remplir(seance, agent, **champs):
    cibles = Cibles(seance, agent)
    return DecisionForm(cibles, {"texte": "Réunir les bailleurs", **champs})


def test_qui_est_un_organisme_de_l_annuaire_par_son_nom_son_sigle_ou_un_alias(close, agent):
    office = OrganismeFactory(nom="Office de l'Habitat", sigle="OPH")
    office.alias.create(libelle="L'office HLM")
    for nom in ("office de l'habitat", "oph", "L'OFFICE HLM"):
        formulaire = remplir(close, agent, organisme=nom)
        assert formulaire.is_valid(), formulaire.errors
        assert formulaire.instance.organisme == office
    inconnu = remplir(close, agent, organisme="Jeanne Durand")
    assert "prenez-en un de la liste" in inconnu.errors["organisme"][0]
    OrganismeFactory(nom="Office de l'habitat")
    assert (
        "Plusieurs organismes"
        in remplir(close, agent, organisme="oph ").errors.get(
            "organisme", ["Plusieurs organismes"]
        )[0]
    )


def test_une_qualite_de_l_instance_donne_son_organisme(close, agent):
    prefet = OrganismeFactory(nom="Préfet de la Haute-Garonne")
    close.instance.participations.create(
        libelle="Le Préfet", role="co_preside", ordre=1, organisme=prefet
    )
    formulaire = remplir(close, agent, fonction="Le Préfet")
    assert formulaire.is_valid()
    assert formulaire.instance.organisme == prefet


def test_le_public_ne_lit_que_l_organisme_jamais_ce_qui_est_tape(client, close, agent):
    office = OrganismeFactory(nom="Office de l'habitat")
    commun = {"seance": close, "statut": "a_faire"}
    DecisionFactory(texte="Avec", organisme=office, fonction="Jeanne Durand", **commun)
    DecisionFactory(texte="Sans", fonction="Jeanne Durand", **commun)
    lus = [
        close.get_absolute_url(),
        reverse("gouvernance:contrat-gouvernance", args=[close.contrat.slug]),
        reverse(LISTE),
        "/api/v1/decisions/",
        "/api/v1/decisions/?format=csv",
        reverse("tableaux:contrat", args=[close.contrat.slug]),
    ]
    for url in lus:
        reponse = client.get(url)
        octets = reponse.getvalue() if reponse.streaming else reponse.content
        assert b"Jeanne" not in octets, url
        assert b"Office de l" in octets, url
    client.force_login(agent)
    for url in lus:
        reponse = client.get(url)
        octets = reponse.getvalue() if reponse.streaming else reponse.content
        assert b"Jeanne" in octets, url


def test_la_liste_se_filtre_par_l_adresse_comme_l_api(client, contrat, close):
    office = OrganismeFactory(nom="Office de l'habitat")
    commun = {"seance": close}
    DecisionFactory(texte="En retard", statut="a_faire", avant_le=HIER, organisme=office, **commun)
    DecisionFactory(texte="Faite", statut="faite", **commun)
    DecisionFactory(texte="Reste", statut="a_faire", **commun)
    ailleurs = SeanceFactory(instance__contrat__publie=True, close=True, publique=True)
    DecisionFactory(texte="Ailleurs", seance=ailleurs, statut="a_faire")
    perr = ContratFactory(parent=contrat, lien="annexe", publie=True)
    attendus = {
        "": ["En retard", "Reste", "Ailleurs", "Faite"],
        f"contrat={contrat.slug}": ["En retard", "Reste", "Faite"],
        f"contrat={perr.slug}": ["En retard", "Reste", "Faite"],
        f"contrat={contrat.slug}&statut=a_faire": ["En retard", "Reste"],
        "en_retard=true": ["En retard"],
        "statut=faite": ["Faite"],
        f"organisme={office.cle}": ["En retard"],
        f"instance={ailleurs.instance.public_id}": ["Ailleurs"],
    }
    for requete, voulus in attendus.items():
        page = client.get(f"{reverse(LISTE)}?{requete}")
        assert [d.texte for d in page.context["object_list"]] == voulus, requete
        api = client.get(f"/api/v1/decisions/?{requete}").json()["results"]
        assert sorted(d["texte"] for d in api) == sorted(voulus), requete
    assert "format=csv" in page.content.decode()


def test_un_article_d_un_contrat_ferme_n_est_pas_nomme(client, contrat, close):
    annexe = ContratFactory(parent=contrat, lien="annexe")
    article = ArticleFactory(contrat=annexe, numero="77", titre="Article fermé")
    DecisionFactory(seance=close, statut="a_faire", article=article)
    assert "Article fermé" not in client.get(close.get_absolute_url()).content.decode()
    assert client.get("/api/v1/decisions/").json()["results"][0]["article"] is None
