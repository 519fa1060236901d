"""Qui voit quoi : la même règle à la racine de toutes les listes, pages, exports et documents."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contrats.enums import RoleHabilitation, StatutFiche
from contrats.models import Action, Contrat, Fiche
from contrats.permissions import Acte, peut, roles
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    ActionFactory,
    ContratFactory,
    FicheFactory,
    PartenariatFactory,
)
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db


def vus(utilisateur):
    return [set(m.objects.visibles_par(utilisateur)) for m in (Contrat, Fiche, Action)]


def test_le_public_ne_voit_que_ce_qui_est_publie(anonyme, etrangere):
    publiee = FicheFactory(publiee=True)
    action = ActionFactory(fiche=publiee)
    sans_fiche = ActionFactory(fiche=None, contrat=publiee.contrat)
    ActionFactory(fiche=FicheFactory(contrat=publiee.contrat))  # brouillon d'un contrat publié
    ActionFactory(fiche=FicheFactory(statut=StatutFiche.PUBLIEE))  # contrat non publié
    ActionFactory(fiche=None)
    attendu = [{publiee.contrat}, {publiee}, {action, sans_fiche}]
    assert vus(anonyme) == attendu
    assert vus(etrangere) == attendu


def test_un_agent_voit_tout_de_ses_contrats_et_rien_des_autres(lectrice, fiche):
    brouillon = FicheFactory(contrat=fiche.contrat)
    FicheFactory()
    contrats, fiches, _ = vus(lectrice)
    assert contrats == {fiche.contrat}
    assert fiches == {fiche, brouillon}


def test_l_administration_voit_tout(administrateur):
    FicheFactory()
    ContratFactory()
    assert vus(administrateur)[0] == set(Contrat.objects.all())


# Habilitations : héritage et dernier jour


def vus_par(utilisateur):
    return set(Contrat.objects.habilites(utilisateur))


@pytest.fixture
def lignee(db):
    """Un contrat de ville, son PERR, l'avenant du PERR, l'annexe de l'avenant."""
    contrats = [ContratFactory()]
    for lien in ("annexe", "avenant", "annexe"):
        contrats.append(ContratFactory(parent=contrats[-1], lien=lien))
    return contrats


@pytest.mark.parametrize("rang", range(4))
@pytest.mark.parametrize("aux_enfants", [True, False])
def test_un_role_vaut_pour_les_enfants_sauf_s_il_est_dit_que_non(lignee, rang, aux_enfants):
    agent = UtilisateurFactory()
    agent.habilitations.create(contrat=lignee[rang], role="redaction", aux_enfants=aux_enfants)
    attendus = set(lignee[rang:] if aux_enfants else [lignee[rang]])
    assert vus_par(agent) == attendus
    assert set(roles(agent)) == {c.pk for c in attendus}
    assert {c for c in lignee if peut(agent, Acte.MODIFIER, c)} == attendus
    fiche = FicheFactory(contrat=lignee[-1])
    assert (fiche in Fiche.objects.visibles_par(agent)) == (lignee[-1] in attendus)
    action = ActionFactory(fiche=fiche)
    assert (action in Action.objects.visibles_par(agent)) == (lignee[-1] in attendus)


def test_le_role_donne_au_plus_pres_l_emporte(lignee):
    agent = UtilisateurFactory(habilitations=[(lignee[0], "pilotage"), (lignee[2], "lecture")])
    assert [roles(agent)[c.pk].role for c in lignee] == [
        "pilotage",
        "pilotage",
        "lecture",
        "lecture",
    ]
    assert [roles(agent)[c.pk].herite_de for c in lignee] == [
        None,
        lignee[0].pk,
        None,
        lignee[2].pk,
    ]
    assert not peut(agent, Acte.MODIFIER, lignee[3])


@pytest.mark.parametrize(("jours", "vaut"), [(-1, False), (0, True), (1, True)])
@pytest.mark.parametrize("herite", [True, False])
def test_passe_son_dernier_jour_un_role_ne_vaut_plus_rien(lignee, jours, vaut, herite):
    agent, objet = UtilisateurFactory(), lignee[1] if herite else lignee[0]
    habilitation = agent.habilitations.create(
        contrat=lignee[0],
        role="pilotage",
        fin=timezone.localdate() + datetime.timedelta(days=jours),
    )
    assert habilitation.est_en_vigueur == vaut
    assert (objet in vus_par(agent)) == vaut
    assert (objet in Contrat.objects.visibles_par(agent)) == vaut
    assert peut(agent, Acte.PUBLIER, objet) == vaut
    assert bool(roles(agent)) == vaut


def test_un_role_echu_laisse_voir_ce_que_le_parent_donne(lignee):
    agent = UtilisateurFactory(habilitations=[(lignee[0], "lecture")])
    hier = timezone.localdate() - datetime.timedelta(days=1)
    agent.habilitations.create(contrat=lignee[1], role="pilotage", fin=hier)
    assert roles(agent)[lignee[1].pk] == (RoleHabilitation.LECTURE, lignee[0].pk)


def test_un_compte_desactive_ne_voit_que_ce_que_voit_le_public(lignee, administrateur):
    agent = UtilisateurFactory(habilitations=[(lignee[0], "pilotage")], is_active=False)
    administrateur.is_active = False
    for qui in (agent, administrateur):
        assert not Contrat.objects.visibles_par(qui)
        assert not vus_par(qui)
        assert not peut(qui, Acte.LIRE_ATELIER, lignee[0])


def test_un_contrat_ne_devient_pas_son_propre_ancetre(lignee):
    lignee[0].parent, lignee[0].lien = lignee[2], "annexe"
    with pytest.raises(ValidationError, match="boucle"):
        lignee[0].full_clean()
    trop_bas = ContratFactory.build(parent=lignee[3], lien="annexe", modele_fiche=None)
    with pytest.raises(ValidationError, match="boucle"):
        trop_bas.full_clean()


@pytest.mark.parametrize("nb", [1, 5])
def test_les_roles_se_lisent_en_une_requete(django_assert_num_queries, nb):
    parent = ContratFactory()
    for _ in range(nb):
        ContratFactory(parent=parent, lien="annexe")
    agent = UtilisateurFactory(habilitations=[(parent, "lecture")])
    with django_assert_num_queries(1):
        assert len(roles(agent)) == 1 + nb


def test_un_partenaire_n_ecrit_que_ce_que_son_organisme_pilote():
    mienne = ActionFactory()
    autre = ActionFactory(fiche=mienne.fiche)
    partenaire = UtilisateurFactory(
        habilitations=[(mienne.contrat, RoleHabilitation.PARTENAIRE)], organisme=OrganismeFactory()
    )
    PartenariatFactory(action=mienne, organisme=partenaire.organisme, role="pilote")
    PartenariatFactory(action=autre, organisme=partenaire.organisme, role="partenaire")
    assert peut(partenaire, Acte.SUIVRE, mienne)
    assert not peut(partenaire, Acte.SUIVRE, autre)
    assert list(Action.objects.pilotees_par(partenaire)) == [mienne]
    assert not any(peut(partenaire, acte, mienne.fiche) for acte in ECRITURES)


ECRITURES = [Acte.SUIVRE, Acte.MODIFIER, Acte.RESTAURER, Acte.RELIRE, Acte.PUBLIER, Acte.CONDUIRE]
