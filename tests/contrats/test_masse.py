"""Changer d'un coup toute une liste d'actions : aperçu, lot, versions contrôlées, annulation."""

import datetime
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from contrats import transitions
from contrats.enums import RoleHabilitation, RolePartenaire, StatutAction, TransitionAction
from contrats.masse.changement import ChangerEcheance, ChangerEtat, ChangerPilote
from contrats.masse.lot import AnnulationImpossible, LignesChangees, annuler, appliquer
from contrats.masse.plan import actions_de_l_atelier, avec_pilotes, preparer
from contrats.models import Action
from contrats.transitions import suivre_action
from contrats.versions import versionner
from edition.models import Lot
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.atelier import PageDeFiche
from tests.contrats.factories import (
    ActionFactory,
    ContratFactory,
    LigneDeLotFactory,
    PartenariatFactory,
    fiche_complete,
)
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db

CHANGER = reverse("contrats:actions-changer")
SUSPENDRE = ChangerEtat(TransitionAction.SUSPENDRE, "Financement perdu.")
JUIN = datetime.date(2027, 6, 30)


def lues(*actions):
    return {a.public_id: Action.objects.get(pk=a.pk).version for a in actions}


def relire(*actions):
    return list(Action.objects.filter(pk__in=[a.pk for a in actions]).order_by("pk"))


@pytest.fixture
def actions(fiche):
    """Une action pilote et deux de court terme, toutes à lancer."""
    return list(fiche.actions.order_by("pk"))


@pytest.fixture
def hors_fiche(fiche):
    """Action de PERR, qui n'est d'aucune fiche."""
    return ActionFactory(fiche=None, contrat=fiche.contrat, horizon="")


def apercu(client, **parametres):
    return client.get(f"{CHANGER}?{urlencode(parametres)}")


def envoyer(client, lues, **champs):
    texte = " ".join(f"{i}:{v}" for i, v in lues.items())
    return client.post(CHANGER, {**champs, "lues": texte})


def test_l_apercu_dit_ligne_a_ligne_ce_qui_change_et_ce_qui_reste(client, actions, redactrice):
    suivre_action(actions[0], TransitionAction.TERMINER, version=1, par=redactrice)
    etrangere = ActionFactory()
    client.force_login(redactrice)
    reponse = apercu(client, **{"quoi": "etat", "etat-transition": "lancer"})
    plan = reponse.context["plan"]
    assert [(li.texte_avant, li.texte_apres) for li in plan.retenues] == [
        ("À lancer", "En cours")
    ] * 2
    assert [li.raison for li in plan.laissees] == [
        "« Lancer » n'est pas possible depuis « Réalisée »."
    ]
    assert etrangere not in [li.action for li in plan.lignes]
    assert Lot.objects.count() == 0


def test_l_apercu_suit_les_filtres_de_la_liste_et_garde_une_saisie_refusee(
    client, actions, redactrice
):
    client.force_login(redactrice)
    filtree = {"q": actions[1].intitule, "quoi": "etat", "etat-transition": "lancer"}
    assert [li.action for li in apercu(client, **filtree).context["plan"].lignes] == [actions[1]]
    refus = apercu(client, **filtree | {"etat-transition": "suspendre", "etat-motif": " "})
    assert refus.context["plan"] is None
    assert "dites pourquoi" in refus.content.decode()
    assert f'name="q" value="{actions[1].intitule}"' in refus.content.decode()


def test_un_filtre_se_garde_depuis_mes_actions(client, actions, redactrice):
    client.force_login(redactrice)
    page = client.get(reverse("contrats:mes-actions"), {"statut": "a_lancer"})
    assert '<input type="hidden" name="liste" value="actions">' in page.content.decode()


def test_un_lot_fait_une_version_par_fiche_un_passage_par_action_et_se_relit(
    client, fiche, actions, hors_fiche, redactrice
):
    client.force_login(redactrice)
    champs = {"quoi": "etat", "etat-transition": "suspendre", "etat-motif": "Financement perdu."}
    avant = fiche.versions.count()
    reponse = envoyer(client, lues(*actions, hors_fiche), **champs)
    lot = Lot.objects.get()
    assert reponse.url == reverse("contrats:changement-detail", args=[lot.public_id])
    assert {(a.statut, a.motif_statut) for a in relire(*actions, hors_fiche)} == {
        (StatutAction.SUSPENDUE, "Financement perdu.")
    }
    assert fiche.versions.count() == avant + 1
    passages = [a.transitions.get() for a in (*actions, hors_fiche)]
    assert {(p.transition, p.par, p.motif) for p in passages} == {
        ("suspendre", redactrice, "Financement perdu.")
    }
    assert client.post(reverse("contrats:lot-detail", args=[lot.public_id])).url == reponse.url
    page = client.get(reponse.url).content.decode()
    assert page.count("Suspendue · motif : Financement perdu.") == 4
    assert (
        "Suspendre (4 actions)" in client.get(reverse("contrats:changement-list")).content.decode()
    )


@pytest.mark.parametrize("ajouter", [True, False])
def test_le_pilote_remplace_les_autres_ou_s_y_ajoute(actions, hors_fiche, redactrice, ajouter):
    ancien, nouveau = OrganismeFactory(), OrganismeFactory()
    for action in (actions[1], hors_fiche):
        PartenariatFactory(action=action, organisme=ancien, role=RolePartenaire.PILOTE)
    appliquer(lues(actions[1], hors_fiche), ChangerPilote(nouveau, ajouter=ajouter), par=redactrice)
    for action in (actions[1], hors_fiche):
        pilotes = action.partenariats.filter(role=RolePartenaire.PILOTE).order_by("ordre")
        attendus = [ancien, nouveau] if ajouter else [nouveau]
        assert [p.organisme for p in pilotes] == attendus


def test_une_ligne_changee_depuis_l_apercu_se_dit_et_rien_n_est_ecrit(
    client, actions, pilote, redactrice
):
    client.force_login(redactrice)
    montrees = lues(*actions)
    action = actions[1]
    suivre_action(action, TransitionAction.LANCER, version=action.version, par=pilote)
    reponse = envoyer(client, montrees, **{"quoi": "echeance", "echeance-echeance": "30/06/2027"})
    assert reponse.status_code == 409
    assert "1 ligne a changé depuis l&#x27;aperçu" in reponse.content.decode()
    assert [li.action for li in reponse.context["plan"].changees] == [action]
    assert {a.echeance for a in relire(*actions)} == {None}
    # L'aperçu rendu porte les versions d'à présent : le confirmer passe.
    assert (
        envoyer(
            client, lues(*actions), **{"quoi": "echeance", "echeance-echeance": "30/06/2027"}
        ).status_code
        == 302
    )
    assert {a.echeance for a in relire(*actions)} == {JUIN}


def test_ce_que_le_formulaire_enregistre_en_meme_temps_n_est_pas_perdu(
    client, fiche, actions, redactrice
):
    """La page de la fiche, ouverte avant le lot, s'enregistre après : les deux restent."""
    versionner(fiche, par=None)
    client.force_login(redactrice)
    page = PageDeFiche(client, fiche)
    appliquer(lues(*actions), SUSPENDRE, par=redactrice)
    assert page.poser("s-contexte-texte", "Écrit pendant le lot.").envoyer().status_code == 302
    assert fiche.sections.get(modele__cle="contexte").texte == "Écrit pendant le lot."
    assert {a.statut for a in relire(*actions)} == {StatutAction.SUSPENDUE}


def test_droit_ou_texte_ferme_depuis_l_apercu_rien_n_est_ecrit(fiche, actions, pilote, redactrice):
    montrees = lues(*actions)
    transitions.depublier_fiche(fiche, version=fiche.version, par=pilote)
    transitions.soumettre_fiche(fiche, version=fiche.version, par=pilote)
    with pytest.raises(LignesChangees) as refus:
        appliquer(montrees, SUSPENDRE, par=redactrice)
    assert {li.raison for li in refus.value.plan.lignes} == {
        "Sa fiche est « En relecture » : son texte est fermé."
    }
    redactrice.habilitations.all().delete()
    with pytest.raises(LignesChangees):
        appliquer(montrees, SUSPENDRE, par=redactrice)
    assert Lot.objects.count() == 0


@pytest.mark.parametrize("role", [RoleHabilitation.LECTURE, RoleHabilitation.COPILOTE])
def test_sans_droit_de_modifier_l_apercu_laisse_tout_et_l_envoi_est_refuse(client, actions, role):
    agent = UtilisateurFactory(habilitations=[(actions[0].contrat, role)])
    client.force_login(agent)
    champs = {"quoi": "echeance", "echeance-echeance": "30/06/2027"}
    plan = apercu(client, **champs).context["plan"]
    assert plan.retenues == []
    assert envoyer(client, lues(*actions), **champs).status_code == 403


def test_un_envoi_mal_forme_ou_hors_du_perimetre_n_ecrit_rien(client, actions, redactrice):
    etrangere = ActionFactory()
    client.force_login(redactrice)
    champs = {"quoi": "echeance", "echeance-echeance": "30/06/2027"}
    assert client.post(CHANGER, {**champs, "lues": "n'importe:quoi"}).status_code == 400
    assert client.post(CHANGER, {"quoi": "autre", "lues": ""}).status_code == 400
    assert envoyer(client, lues(etrangere), **champs).status_code == 409
    inconnu = apercu(client, **{"quoi": "pilote", "pilote-organisme": "Inconnu au bataillon"})
    assert "Aucun organisme ne porte ce nom." in inconnu.content.decode()
    assert Lot.objects.count() == 0


def test_un_report_dit_sa_date_et_laisse_qui_l_a_deja_depassee(fiche, actions, redactrice):
    Action.objects.filter(pk=actions[0].pk).update(echeance="2030-01-01")
    report = ChangerEtat(TransitionAction.REPORTER, "Retard du chantier.", JUIN)
    plan = preparer(avec_pilotes(actions_de_l_atelier(redactrice)), report, redactrice)
    assert [li.raison for li in plan.laissees] == ["La nouvelle échéance doit suivre l'ancienne."]
    appliquer(lues(*actions[1:]), report, par=redactrice)
    assert {(a.statut, a.echeance) for a in relire(*actions[1:])} == {("reportee", JUIN)}


def test_une_action_realisee_en_lot_l_est_a_cent_pour_cent(actions, hors_fiche, redactrice):
    appliquer(lues(*actions, hors_fiche), ChangerEtat(TransitionAction.TERMINER), par=redactrice)
    assert {(a.statut, a.avancement) for a in relire(*actions, hors_fiche)} == {("realisee", 100)}


def test_annuler_remet_toutes_les_lignes_une_seule_fois(client, actions, hors_fiche, redactrice):
    PartenariatFactory(action=hors_fiche, role=RolePartenaire.PILOTE)
    avant = [(a.statut, a.motif_statut) for a in relire(*actions, hors_fiche)]
    lot = appliquer(lues(*actions, hors_fiche), SUSPENDRE, par=redactrice)
    client.force_login(redactrice)
    adresse = reverse("contrats:changement-detail", args=[lot.public_id])
    assert client.post(adresse).status_code == 302
    assert [(a.statut, a.motif_statut) for a in relire(*actions, hors_fiche)] == avant
    deuxieme = client.post(adresse)
    assert deuxieme.status_code == 409
    assert "déjà annulé" in deuxieme.content.decode()


def test_annuler_dit_les_lignes_changees_depuis_et_ne_les_ecrase_pas(
    client, actions, pilote, redactrice
):
    lot = appliquer(lues(*actions), ChangerEcheance(JUIN), par=redactrice)
    action = relire(actions[1])[0]
    report = {"motif": "Retard.", "echeance": datetime.date(2028, 1, 1)}
    suivre_action(action, TransitionAction.REPORTER, version=action.version, par=pilote, **report)
    client.force_login(redactrice)
    adresse = reverse("contrats:changement-detail", args=[lot.public_id])
    refus = client.post(adresse)
    assert refus.status_code == 409
    assert [li.action for li in refus.context["changees"]] == [action]
    assert {a.echeance for a in relire(actions[0], actions[2])} == {JUIN}
    assert client.post(adresse, {"sauf_changees": "1"}).status_code == 302
    assert [a.echeance for a in relire(*actions)] == [None, datetime.date(2028, 1, 1), None]


def test_annuler_demande_le_droit_sur_toutes_les_lignes(actions, redactrice, administrateur):
    autre = fiche_complete()
    lot = appliquer(
        lues(actions[0], autre.actions.first()), ChangerEcheance(JUIN), par=administrateur
    )
    with pytest.raises(PermissionDenied):
        annuler(lot, par=redactrice)
    lot.refresh_from_db()
    assert lot.defait_le is None
    annuler(lot, par=administrateur)
    with pytest.raises(AnnulationImpossible):
        annuler(lot, par=administrateur)


def test_un_lot_ne_montre_que_les_lignes_des_contrats_de_l_agent(client, actions, redactrice):
    lot = LigneDeLotFactory(action=actions[0]).lot
    cachee = LigneDeLotFactory(lot=lot, action__intitule="Action d'un autre contrat")
    ailleurs = LigneDeLotFactory().lot
    client.force_login(redactrice)
    page = client.get(reverse("contrats:changement-detail", args=[lot.public_id]))
    assert actions[0].intitule in page.content.decode()
    assert cachee.intitule not in page.content.decode()
    assert "1 ligne est hors de votre vue" in page.content.decode()
    assert (
        client.get(reverse("contrats:changement-detail", args=[ailleurs.public_id])).status_code
        == 404
    )
    liste = client.get(reverse("contrats:changement-list")).context["object_list"]
    assert list(liste) == [lot]


@pytest.mark.parametrize("nb", [1, 5])
def test_liste_apercu_et_lot_coutent_autant_pour_une_et_cinq_actions(
    client, django_assert_num_queries, nb
):
    contrat = ContratFactory(publie=True)
    agent = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.REDACTION)])
    for _ in range(nb):
        action = ActionFactory(fiche__contrat=contrat)
        PartenariatFactory(action=action, role=RolePartenaire.PILOTE)
        lot = LigneDeLotFactory(action=action).lot
    client.force_login(agent)
    with django_assert_num_queries(10):
        client.get(reverse("contrats:mes-actions"))
    with django_assert_num_queries(6):
        apercu(client, **{"quoi": "etat", "etat-transition": "lancer"})
    with django_assert_num_queries(5):
        client.get(reverse("contrats:changement-list"))
    with django_assert_num_queries(9):
        client.get(reverse("contrats:changement-detail", args=[lot.public_id]))
