"""Accepter en lot : cela se relit, s'annule d'un coup, et n'écrase rien."""

import pytest
from django.urls import reverse

from campagnes import reponses
from campagnes.enums import EtatReponse
from campagnes.models import Reponse
from contrats.enums import StatutAction
from contrats.masse.lot import AnnulationImpossible, annuler
from contrats.models import Action
from contrats.transitions import Suivi, ecrire_suivi
from edition.models import Lot
from tests.campagnes.factories import ReponseFactory, ouverte
from tests.contrats.factories import fiche_complete

pytestmark = pytest.mark.django_db


@pytest.fixture
def campagne():
    return ouverte(nb_actions=3, nb_organismes=1)


@pytest.fixture
def recues(campagne):
    demandes = campagne.destinataires.get().demandes.order_by("rang")
    return [ReponseFactory(demande=d, phrase="Lancé.") for d in demandes]


def en_lot(recues, campagne):
    couples = [(r, Action.objects.get(pk=r.demande.action_id).version) for r in recues]
    return reponses.accepter_en_lot(couples, par=campagne.cree_par)


def suivis():
    return list(Action.objects.order_by("pk").values_list("statut", "avancement"))


def test_un_lot_se_relit_et_s_annule_depuis_la_page_de_la_campagne(client, campagne, recues):
    fiche = fiche_complete(contrat=campagne.contrat)
    fiche.actions.all().delete()
    Action.objects.filter(pk=recues[0].demande.action_id).update(fiche=fiche, horizon="court")
    avant = suivis()
    client.force_login(campagne.cree_par)
    saisie = {"toutes": "1", "montree": [r.pk for r in recues]}
    saisie |= {f"version-{r.pk}": "1" for r in recues}
    accepter = reverse("campagnes:campagne-accepter", args=[campagne.public_id])
    assert client.post(accepter, saisie).status_code == 302
    assert suivis() == [(StatutAction.EN_COURS, 40)] * 3
    lot = Lot.objects.get()
    assert fiche.versions.get().lot == lot
    adresse = reverse("contrats:changement-detail", args=[lot.public_id])
    assert adresse in client.get(campagne.get_absolute_url()).content.decode()
    assert client.get(adresse).content.decode().count("En cours · 40") == 3
    assert client.post(adresse).status_code == 302
    assert suivis() == avant
    assert Reponse.objects.a_relire().count() == 3
    page = client.get(campagne.get_absolute_url())
    assert adresse not in page.content.decode()
    assert len(page.context["reponses"]) == 3


def test_une_action_changee_depuis_garde_sa_valeur_et_sa_reponse(campagne, recues):
    lot = en_lot(recues, campagne).lot
    action = Action.objects.get(pk=recues[0].demande.action_id)
    ecrire_suivi(action, Suivi("en_cours", 70), version=action.version, par=campagne.cree_par)
    with pytest.raises(AnnulationImpossible):
        annuler(lot, par=campagne.cree_par)
    annuler(lot, par=campagne.cree_par, sauf_changees=True)
    assert suivis() == [(StatutAction.EN_COURS, 70), *[(StatutAction.A_LANCER, None)] * 2]
    etats = Reponse.objects.order_by("pk").values_list("etat", flat=True)
    assert list(etats) == [EtatReponse.ACCEPTEE, EtatReponse.RECUE, EtatReponse.RECUE]


def test_annulee_une_reponse_remplacee_depuis_le_reste(campagne, recues):
    lot = en_lot(recues, campagne).lot
    nouvelle = ReponseFactory(demande=recues[0].demande, avancement=60)
    annuler(lot, par=campagne.cree_par)
    recues[0].refresh_from_db()
    assert recues[0].etat == EtatReponse.REMPLACEE
    assert list(recues[0].demande.reponses.a_relire()) == [nouvelle]


def test_rien_d_accepte_ne_fait_pas_de_lot(campagne, recues):
    bilan = reponses.accepter_en_lot([(r, 9) for r in recues], par=campagne.cree_par)
    assert (bilan.acceptees, len(bilan.refus), bilan.lot) == (0, 3, None)
    assert not Lot.objects.exists()
