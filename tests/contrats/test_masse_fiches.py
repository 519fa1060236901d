"""Changer d'un coup l'état d'une liste de fiches : aperçu, tout ou rien, annulation."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from contrats.enums import RoleHabilitation, StatutFiche, TransitionFiche
from contrats.masse.fiches import (
    GROUPABLES,
    ChangerEtatFiche,
    annuler_aux_fiches,
    appliquer_aux_fiches,
)
from contrats.masse.lot import AnnulationImpossible, LignesChangees
from contrats.models import Fiche
from contrats.transitions.tables import TRANSITIONS_FICHE
from edition.ecriture import mettre_a_jour
from edition.models import Lot
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import CommentaireFactory, ContratFactory, FicheFactory

pytestmark = pytest.mark.django_db
CHANGER = reverse("contrats:fiches-changer")
PUBLIER = ChangerEtatFiche(TransitionFiche.PUBLIER)


@pytest.fixture
def contrat():
    return ContratFactory(publie=True)


@pytest.fixture
def charge(contrat):
    return UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])


@pytest.fixture
def fiches(contrat):
    return FicheFactory.create_batch(3, contrat=contrat, statut=StatutFiche.VALIDEE)


def lues(fiches):
    return dict(
        Fiche.objects.filter(pk__in=[f.pk for f in fiches]).values_list("public_id", "version")
    )


def statuts(fiches):
    trouves = Fiche.objects.filter(pk__in=[f.pk for f in fiches]).order_by("pk")
    return [f.statut for f in trouves]


def envoyer(client, fiches, **champs):
    texte = " ".join(f"{i}:{v}" for i, v in lues(fiches).items())
    return client.post(CHANGER, {"quoi": "etat", "lues": texte, **champs})


def test_de_la_liste_a_l_annulation(client, contrat, charge, fiches):
    """L'aperçu dit ce qui change et ce qui reste ; le lot se relit, et s'annule d'un coup."""
    brouillon = FicheFactory(contrat=contrat, statut=StatutFiche.EN_RELECTURE)
    FicheFactory(statut=StatutFiche.VALIDEE)  # d'un autre contrat
    client.force_login(charge)
    assert CHANGER in client.get(reverse("contrats:mes-fiches")).content.decode()
    choix = {"quoi": "etat", "etat-transition": "publier"}
    page = client.get(CHANGER, choix)
    plan = page.context["plan"]
    assert [li.fiche for li in plan.retenues] == fiches
    assert [(li.fiche, li.raison) for li in plan.laissees] == [
        (brouillon, "« Publier » n'est pas possible depuis « En relecture ».")
    ]
    assert "Écrire sur ces 3 fiches" in page.content.decode()
    suite = envoyer(client, fiches, **choix)
    lot = Lot.objects.get()
    assert suite.url == reverse("contrats:changement-detail", args=[lot.public_id])
    assert statuts(fiches) == [StatutFiche.PUBLIEE] * 3
    assert {f.versions.get().lot for f in fiches} == {lot}
    page = client.get(suite.url).content.decode()
    assert page.count("Validée") == page.count("Publiée") == 3
    assert client.post(suite.url).status_code == 302
    assert statuts(fiches) == [StatutFiche.VALIDEE] * 3
    passages = fiches[0].transitions.order_by("pk").values_list("transition", "vers", "motif")
    assert list(passages) == [
        ("publier", "publiee", ""),
        ("valider", "validee", "Annule « Publier (3 fiches) »"),
    ]
    assert client.post(suite.url).status_code == 409


def test_une_fiche_changee_depuis_l_apercu_n_ecrit_rien(client, charge, fiches):
    client.force_login(charge)
    montrees = lues(fiches)
    mettre_a_jour(fiches[0], version=1, titre="Autre titre")
    with pytest.raises(LignesChangees):
        appliquer_aux_fiches(montrees, PUBLIER, par=charge)
    texte = " ".join(f"{i}:{v}" for i, v in montrees.items())
    champs = {"quoi": "etat", "etat-transition": "publier", "lues": texte}
    reponse = client.post(CHANGER, champs)
    assert reponse.status_code == 409
    assert "a changé depuis" in reponse.content.decode()
    assert statuts(fiches) == [StatutFiche.VALIDEE] * 3
    assert not Lot.objects.exists()


def test_annuler_ne_remet_pas_l_etat_d_un_texte_qui_a_change(charge, fiches):
    lot = appliquer_aux_fiches(lues(fiches), PUBLIER, par=charge)
    fiche = Fiche.objects.get(pk=fiches[0].pk)
    mettre_a_jour(fiche, version=fiche.version, titre="Autre titre")
    with pytest.raises(AnnulationImpossible):
        annuler_aux_fiches(lot, par=charge)
    [restee] = annuler_aux_fiches(lot, par=charge, sauf_changees=True)
    assert restee.fiche == fiche
    assert statuts(fiches) == [StatutFiche.PUBLIEE, *[StatutFiche.VALIDEE] * 2]


@pytest.mark.parametrize("transition", GROUPABLES)
def test_chaque_etat_d_ou_l_on_part_se_retrouve(charge, contrat, transition):
    """Une transition de plus est essayée : appliquée puis annulée, de chacun de ses départs."""
    for depart in sorted(TRANSITIONS_FICHE[transition].departs):
        motif = "Motif d'avant." if depart in StatutFiche.motives() else ""
        fiche = FicheFactory(contrat=contrat, statut=depart, motif_statut=motif)
        changement = ChangerEtatFiche(transition, "Fin du programme.")
        lot = appliquer_aux_fiches(lues([fiche]), changement, par=charge)
        fiche.refresh_from_db()
        assert fiche.statut == TRANSITIONS_FICHE[transition].arrivee
        annuler_aux_fiches(lot, par=charge)
        fiche.refresh_from_db()
        assert (fiche.statut, fiche.motif_statut) == (depart, motif)


def test_une_fiche_a_corriger_ne_se_soumet_pas_et_un_motif_manquant_se_dit(client, charge, contrat):
    fiche = FicheFactory(contrat=contrat, statut=StatutFiche.A_CORRIGER, motif_statut="Datez.")
    CommentaireFactory(fiche=fiche, correction=True, auteur=charge)
    client.force_login(charge)
    page = client.get(CHANGER, {"quoi": "etat", "etat-transition": "soumettre"})
    [laissee] = page.context["plan"].laissees
    assert laissee.raison == "Il reste 1 correction demandée à résoudre."
    refus = client.get(CHANGER, {"quoi": "etat", "etat-transition": "archiver"})
    assert refus.context["plan"] is None
    assert "dites pourquoi" in refus.content.decode()


@pytest.mark.parametrize(("role", "statut"), [("lecture", 403), ("redaction", 409)])
def test_chaque_fiche_demande_son_droit(client, contrat, fiches, role, statut):
    """Rédiger ne permet pas de publier ; lire ne permet rien."""
    client.force_login(UtilisateurFactory(habilitations=[(contrat, role)]))
    page = client.get(CHANGER, {"quoi": "etat", "etat-transition": "publier"})
    assert page.context["plan"].retenues == []
    assert envoyer(client, fiches, **{"etat-transition": "publier"}).status_code == statut
    assert statuts(fiches) == [StatutFiche.VALIDEE] * 3


def test_defaire_demande_le_droit_de_l_avoir_fait(contrat, charge, fiches):
    lot = appliquer_aux_fiches(lues(fiches), PUBLIER, par=charge)
    redactrice = UtilisateurFactory(habilitations=[(contrat, "redaction")])
    with pytest.raises(PermissionDenied):
        annuler_aux_fiches(lot, par=redactrice)


@pytest.mark.parametrize("nb", [1, 5])
def test_apercu_et_lot_de_fiches_coutent_autant_pour_une_et_cinq(
    client, charge, contrat, django_assert_num_queries, nb
):
    fiches = FicheFactory.create_batch(nb, contrat=contrat, statut=StatutFiche.BROUILLON)
    client.force_login(charge)
    with django_assert_num_queries(6):
        client.get(CHANGER, {"quoi": "etat", "etat-transition": "soumettre"})
    lot = appliquer_aux_fiches(lues(fiches), PUBLIER, par=charge)
    with django_assert_num_queries(8):
        client.get(reverse("contrats:changement-detail", args=[lot.public_id]))
