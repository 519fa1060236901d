"""Cycle de vie : chaque case des matrices statut × transition et rôle × acte."""

import datetime
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from contrats import transitions
from contrats.enums import (
    RoleHabilitation,
    StatutAction,
    StatutContrat,
    StatutFiche,
    TransitionAction,
    TransitionContrat,
    TransitionFiche,
)
from contrats.models import Action, Contrat, Fiche
from contrats.permissions import ROLES_PAR_ACTE, SI_PILOTE, Acte, peut
from contrats.transitions.tables import TABLES, regle
from edition.ecriture import VersionPerimee
from portail.cycle_de_vie import en_markdown
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    ActionFactory,
    ContratFactory,
    FicheFactory,
    OriginalSigneFactory,
    PartenariatFactory,
    TransitionFactory,
)
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db

ECHEANCE = datetime.date(2030, 1, 1)


def _contrat(**champs):
    """Contrat qui a une fin, et un original : de quoi franchir chaque transition."""
    contrat = ContratFactory(fin=datetime.date(2025, 1, 1), **champs)
    return OriginalSigneFactory(contrat=contrat).contrat


def _cible(action):
    return ActionFactory(contrat=action.contrat, fiche=action.fiche)


# Un nouveau membre d'une énumération échoue tant qu'il n'est pas décidé ici.
APPELS = {
    TransitionContrat: dict.fromkeys(TransitionContrat, dict)
    | {
        TransitionContrat.PROROGER: lambda _: {"fin": ECHEANCE},
        TransitionContrat.SIGNER: lambda _: {"preuve": "password"},
    },
    TransitionFiche: {
        TransitionFiche.SOUMETTRE: transitions.soumettre_fiche,
        TransitionFiche.REPRENDRE: transitions.reprendre_fiche,
        TransitionFiche.RENVOYER: transitions.renvoyer_fiche,
        TransitionFiche.VALIDER: transitions.valider_fiche,
        TransitionFiche.PUBLIER: transitions.publier_fiche,
        TransitionFiche.DEPUBLIER: transitions.depublier_fiche,
        TransitionFiche.ARCHIVER: transitions.archiver_fiche,
        TransitionFiche.DESARCHIVER: transitions.desarchiver_fiche,
    },
    TransitionAction: dict.fromkeys(TransitionAction, dict)
    | {
        TransitionAction.REPORTER: lambda _: {"echeance": ECHEANCE},
        TransitionAction.REGROUPER: lambda action: {"cible": _cible(action)},
    },
}
STATUTS = {
    TransitionContrat: StatutContrat,
    TransitionFiche: StatutFiche,
    TransitionAction: StatutAction,
}
FABRIQUES = {
    TransitionContrat: lambda **c: _contrat(**c),
    TransitionFiche: FicheFactory,
    TransitionAction: ActionFactory,
}
CAS = [
    (transition, depart)
    for famille, statuts in STATUTS.items()
    for transition in famille
    for depart in statuts
]


def franchir(objet, transition, par, version=1, motif="Pourquoi"):
    """Appelle la transition comme le fait une vue."""
    commun = {"version": version, "par": par}
    if isinstance(objet, Fiche):
        if transitions.exige_motif(transition):
            commun["motif"] = motif
        return APPELS[TransitionFiche][transition](objet, **commun)
    plus = APPELS[type(transition)][transition]
    plus = {} if plus is dict else plus(objet)
    appel = {
        Contrat: transitions.conduire_contrat,
        Action: transitions.suivre_action,
    }[type(objet)]
    return appel(objet, transition, motif=motif, **plus, **commun)


def agent(objet, role=RoleHabilitation.PILOTAGE):
    contrat = objet if isinstance(objet, Contrat) else objet.contrat
    return UtilisateurFactory(habilitations=[(contrat, role)])


@pytest.mark.une_fois
@pytest.mark.parametrize(("transition", "depart"), CAS)
def test_matrice_des_statuts(transition, depart):
    """Permise, elle écrit le statut, une version et le journal ; sinon rien ne change."""
    objet = FABRIQUES[type(transition)](statut=depart)
    par, permise = agent(objet), depart in regle(transition).departs
    with nullcontext() if permise else pytest.raises(transitions.TransitionImpossible):
        franchir(objet, transition, par)
    objet.refresh_from_db()
    assert objet.statut == (regle(transition).arrivee if permise else depart)
    assert objet.version == (2 if permise else 1)
    passages = [(p.transition, p.de, p.vers, p.par) for p in objet.transitions.all()]
    assert passages == ([(transition, depart, objet.statut, par)] if permise else [])
    objet.full_clean()


@pytest.mark.parametrize("famille", STATUTS)
def test_l_ecran_offre_ce_que_la_table_permet(famille):
    """Deux objets ont des transitions de même nom : « reprendre » une fiche, une action, un
    contrat. Celle du contrat se fait en l'entrant."""
    for statut in STATUTS[famille]:
        objet = FABRIQUES[famille](statut=statut)
        permises = {t for t in famille if statut in regle(t).departs}
        assert set(transitions.possibles(objet, agent(objet))) == permises - (
            {TransitionContrat.REPRENDRE} if famille is TransitionContrat else set()
        )


@pytest.mark.une_fois
@pytest.mark.parametrize("transition", [t for famille in TABLES for t in famille])
@pytest.mark.parametrize("role", [*RoleHabilitation, None])
def test_une_transition_demande_le_droit_avant_l_etat(transition, role):
    """Sans le droit, refus (403) quel que soit l'état ; avec lui, le même appel réussit."""
    depart = next(s for s in STATUTS[type(transition)] if s in regle(transition).departs)
    objet = FABRIQUES[type(transition)](statut=depart)
    par = UtilisateurFactory() if role is None else agent(objet, role)
    acte = regle(transition).acte
    permis = role in ROLES_PAR_ACTE[acte] and (acte, role) not in SI_PILOTE
    with nullcontext() if permis else pytest.raises(PermissionDenied):
        franchir(objet, transition, par)
    objet.refresh_from_db()
    assert objet.version == (2 if permis else 1)


@pytest.mark.parametrize("transition", [t for f in TABLES for t in f if transitions.exige_motif(t)])
@pytest.mark.parametrize("motif", ["", "  \n", "x" * 501])
def test_un_refus_un_report_un_abandon_dit_pourquoi(transition, motif):
    depart = next(s for s in STATUTS[type(transition)] if s in regle(transition).departs)
    objet = FABRIQUES[type(transition)](statut=depart)
    with pytest.raises(transitions.DonneeManquante) as refus:
        franchir(objet, transition, agent(objet), motif=motif)
    assert refus.value.champ == "motif"
    objet.refresh_from_db()
    assert (objet.statut, objet.version) == (depart, 1)


def test_un_contrat_ne_se_dit_signe_avant_l_outil_qu_avec_son_original():
    contrat = ContratFactory()
    with pytest.raises(transitions.TransitionImpossible, match="original"):
        franchir(contrat, TransitionContrat.REPRENDRE, agent(contrat))


@pytest.mark.parametrize("transition", [t for f in TABLES for t in f if transitions.exige_motif(t)])
def test_la_base_refuse_une_transition_sans_motif(transition):
    objet = FABRIQUES[type(transition)]()
    nom = type(objet).__name__.lower()
    with pytest.raises(IntegrityError), transaction.atomic():
        TransitionFactory(**{"fiche": None, nom: objet}, transition=transition, motif="")


@pytest.mark.parametrize("statut", [*StatutAction.motives(), StatutAction.REGROUPEE])
def test_la_base_refuse_une_action_suspendue_ou_abandonnee_sans_motif(statut):
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionFactory(statut=statut, motif_statut="", regroupee_dans=None)


@pytest.mark.parametrize("statut", StatutFiche.motives())
def test_la_base_refuse_une_fiche_a_corriger_ou_archivee_sans_motif(statut):
    with pytest.raises(IntegrityError), transaction.atomic():
        FicheFactory(statut=statut, motif_statut="")


# Droits


@pytest.mark.une_fois
@pytest.mark.parametrize("role", RoleHabilitation)
@pytest.mark.parametrize("sur_ce_contrat", [True, False])
@pytest.mark.parametrize("acte", Acte)
@pytest.mark.parametrize("pilote", [True, False])
def test_matrice_des_droits(role, sur_ce_contrat, acte, pilote):
    action = ActionFactory()
    contrat = action.contrat if sur_ce_contrat else ContratFactory()
    qui = UtilisateurFactory(habilitations=[(contrat, role)], organisme=OrganismeFactory())
    if pilote:
        PartenariatFactory(action=action, organisme=qui.organisme, role="pilote")
    permis = sur_ce_contrat and role in ROLES_PAR_ACTE[acte]
    assert peut(qui, acte, action) == (permis and (pilote or (acte, role) not in SI_PILOTE))
    assert peut(qui, acte, action.fiche) == (permis and (acte, role) not in SI_PILOTE)


@pytest.mark.une_fois
@pytest.mark.parametrize("acte", Acte)
def test_le_public_ne_peut_rien_et_l_administration_tout(acte, anonyme, administrateur):
    fiche = FicheFactory()
    assert not peut(anonyme, acte, fiche)
    assert peut(administrateur, acte, fiche.contrat)
    administrateur.is_active = False
    assert not peut(administrateur, acte, fiche.contrat)


def test_les_tables_couvrent_tous_les_cas():
    for famille, table in TABLES.items():
        assert set(table) == set(famille) == set(APPELS[famille])
        atteints = {r.arrivee for r in table.values()} | {next(iter(STATUTS[famille]))}
        assert atteints == set(STATUTS[famille]), "un statut que rien n'atteint"
    assert set(ROLES_PAR_ACTE) == set(Acte)
    assert all(role in ROLES_PAR_ACTE[acte] for acte, role in SI_PILOTE)


# Règles propres à chaque objet


def test_de_deux_transitions_de_la_meme_version_une_seule_passe():
    fiche = FicheFactory()
    lue_aussi = Fiche.objects.get(pk=fiche.pk)
    pilote = agent(fiche)
    transitions.publier_fiche(fiche, version=1, par=pilote)
    with pytest.raises(VersionPerimee):
        transitions.publier_fiche(lue_aussi, version=1, par=pilote)
    assert fiche.versions.count() == fiche.transitions.count() == 1


def test_suivre_une_action_fait_une_version_de_sa_fiche():
    """Qui modifiait la fiche au même moment le saura : son enregistrement est périmé."""
    action = ActionFactory()
    transitions.suivre_action(action, TransitionAction.TERMINER, version=1, par=agent(action))
    fiche = Fiche.objects.get(pk=action.fiche_id)
    assert (fiche.version, action.avancement) == (2, 100)
    assert fiche.versions.get().instantane["titre"] == fiche.titre


@pytest.mark.parametrize("cible", ["elle-meme", "etrangere", "regroupee", "aucune"])
def test_une_action_se_regroupe_avec_une_autre_du_contrat(cible):
    action = ActionFactory()
    cibles = {
        "elle-meme": action,
        "etrangere": ActionFactory(),
        "regroupee": ActionFactory(fiche=action.fiche, statut=StatutAction.REGROUPEE),
        "aucune": None,
    }
    with pytest.raises(transitions.DonneeManquante) as refus:
        transitions.suivre_action(
            action, TransitionAction.REGROUPER, version=1, par=agent(action), cible=cibles[cible]
        )
    assert refus.value.champ == "cible"


@pytest.mark.parametrize("echeance", [None, datetime.date(2026, 6, 1)])
def test_un_report_dit_une_echeance_plus_tardive(echeance):
    action = ActionFactory(echeance=datetime.date(2026, 6, 1))
    with pytest.raises(transitions.DonneeManquante) as refus:
        transitions.suivre_action(
            action,
            TransitionAction.REPORTER,
            version=1,
            par=agent(action),
            motif="Attente",
            echeance=echeance,
        )
    assert refus.value.champ == "echeance"


def test_une_prorogation_garde_l_ancienne_et_la_nouvelle_fin():
    contrat = ContratFactory(statut=StatutContrat.SIGNE, fin=datetime.date(2025, 1, 1))
    transitions.conduire_contrat(
        contrat,
        TransitionContrat.PROROGER,
        version=1,
        par=agent(contrat),
        motif="Loi de finances",
        fin=ECHEANCE,
    )
    [prorogation] = contrat.prorogations.all()
    assert (prorogation.ancienne_fin, prorogation.nouvelle_fin) == (
        datetime.date(2025, 1, 1),
        ECHEANCE,
    )
    assert (contrat.fin, prorogation.motif) == (ECHEANCE, "Loi de finances")


def test_une_demande_de_correction_rouvre_ce_qu_elle_nomme():
    """La fiche se rouvre, chaque chose nommée porte la demande, et rien ne se soumet avant."""
    action = ActionFactory(fiche__statut=StatutFiche.EN_RELECTURE)
    fiche, etrangere = action.fiche, ActionFactory()
    pilote = agent(fiche)
    transitions.renvoyer_fiche(
        fiche, version=1, par=pilote, motif="Chiffrez", actions=[action, etrangere]
    )
    [demande] = action.commentaires.all()
    assert (demande.texte, demande.correction) == ("Chiffrez", True)
    assert not etrangere.commentaires.exists()
    transitions.verifier_modifiable(fiche)
    with pytest.raises(transitions.TransitionImpossible, match="1 correction demandée"):
        transitions.soumettre_fiche(fiche, version=2, par=pilote)


@pytest.mark.parametrize("statut", StatutFiche)
def test_le_texte_n_est_ouvert_qu_a_certains_statuts(statut):
    fiche = FicheFactory(statut=statut)
    ouvert = statut in StatutFiche.modifiables()
    with nullcontext() if ouvert else pytest.raises(transitions.TransitionImpossible):
        transitions.verifier_modifiable(fiche)


def test_publier_un_contrat_ne_change_pas_son_statut_juridique():
    contrat = ContratFactory()
    pilote = agent(contrat)
    transitions.publier_contrat(contrat, version=1, par=pilote)
    assert (contrat.est_publie, contrat.statut) == (True, StatutContrat.EN_PREPARATION)
    with pytest.raises(transitions.TransitionImpossible):
        transitions.publier_contrat(contrat, version=2, par=pilote)
    transitions.depublier_contrat(contrat, version=2, par=pilote)
    assert not Contrat.objects.get(pk=contrat.pk).est_publie


def test_la_page_du_cycle_de_vie_suit_le_code():
    page = Path(settings.BASE_DIR) / "docs" / "cycle-de-vie.md"
    assert page.read_text(encoding="utf-8") == en_markdown(), (
        "lancez manage.py documenter_cycle_de_vie"
    )
