"""Qui est prévenu de quoi : une fonction par événement, d'accord avec `peut`."""

import datetime
from collections import defaultdict

import pytest
from django.utils import timezone

from contrats import invitations, transitions
from contrats.atelier.commentaires import FormulaireCommentaire
from contrats.enums import RoleHabilitation, StatutAction, TransitionContrat, TransitionFiche
from contrats.evenements import (
    AVANCE,
    DEPASSEE,
    PAR_TRANSITION,
    PROCHE,
    RETARD_MAX,
    relever_les_echeances,
)
from contrats.models import Habilitation
from contrats.permissions import Acte, peut, qui_peut
from contrats.transitions.tables import TABLES
from contrats.versions import versionner
from notifications import envoi
from notifications.lecture import lire
from notifications.models import Notification
from notifications.registre import EVENEMENTS
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    ActionFactory,
    CommentaireFactory,
    ContratFactory,
    FicheFactory,
    InvitationFactory,
    PartenariatFactory,
    TransitionFactory,
)
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db
JOUR = datetime.timedelta(days=1)
PILOTE = "pilote"  # partenaire, de l'organisme pilote


@pytest.fixture
def action():
    """Action dont un organisme est pilote, d'un contrat enfant d'un autre."""
    contrat = ContratFactory(parent=ContratFactory(), lien="annexe")
    return PartenariatFactory(action__fiche=FicheFactory(contrat=contrat), role="pilote").action


@pytest.fixture
def equipe(action):
    """Un compte par rôle sur le contrat, le partenaire pilote, une habilitation échue, un compte
    fermé, un héritier qui ne l'est plus, une étrangère et l'administration."""
    contrat, organisme = action.contrat, action.partenariats.get().organisme
    comptes = {r.value: UtilisateurFactory(habilitations=[(contrat, r)]) for r in RoleHabilitation}
    comptes[PILOTE] = UtilisateurFactory(
        habilitations=[(contrat, "partenaire")], organisme=organisme
    )
    comptes["herite"] = UtilisateurFactory(habilitations=[(contrat.parent, "pilotage")])
    comptes["sans_heritage"] = UtilisateurFactory()
    comptes["sans_heritage"].habilitations.create(
        contrat=contrat.parent, role="pilotage", aux_enfants=False
    )
    comptes["au_plus_pres"] = UtilisateurFactory(
        habilitations=[(contrat.parent, "pilotage"), (contrat, "lecture")]
    )
    comptes["echu"] = UtilisateurFactory()
    comptes["echu"].habilitations.create(
        contrat=contrat, role="pilotage", fin=timezone.localdate() - JOUR
    )
    comptes["ferme"] = UtilisateurFactory(habilitations=[(contrat, "pilotage")], is_active=False)
    # De l'organisme pilote, mais sans rôle : il ne fait rien ici, rien ne lui est demandé.
    comptes["etrangere"] = UtilisateurFactory(organisme=organisme)
    comptes["administration"] = UtilisateurFactory(administrateur=True)
    return comptes


@pytest.mark.parametrize("acte", Acte)
@pytest.mark.parametrize("genre", ["contrat", "fiche", "action"])
def test_qui_peut_est_la_reciproque_de_peut(action, equipe, acte, genre):
    objet = {"contrat": action.contrat, "fiche": action.fiche, "action": action}[genre]
    attendus = {n for n, u in equipe.items() if n != "administration" and peut(u, acte, objet)}
    trouves = qui_peut(acte, objet)
    assert {n for n, u in equipe.items() if u in trouves} == attendus
    assert len(trouves) == len(attendus)


def test_chaque_transition_a_son_evenement_ou_dit_qu_elle_n_en_a_pas():
    """Une transition de plus échoue tant qu'elle n'est pas décidée."""
    assert PAR_TRANSITION.keys() == TABLES.keys()
    for vocabulaire, evenements in PAR_TRANSITION.items():
        assert set(evenements) == set(vocabulaire)
        assert set(evenements.values()) <= {*EVENEMENTS, None}


TOUS_LES_ROLES = {*RoleHabilitation.values, PILOTE, "herite", "au_plus_pres"}
# Qui est prévenu par chaque événement ; un événement de plus échoue tant qu'il n'est pas ici.
PREVENUS = {
    "relecture": {"pilotage", "copilote", "herite"},
    "correction": {"redaction", "pilotage", "herite"},
    "fiche": {"redaction", "pilotage", "herite"},
    "contrat": TOUS_LES_ROLES,
    "action": {PILOTE, "pilotage", "herite"},
    PROCHE: {PILOTE},
    DEPASSEE: {PILOTE},
    "commentaire": {PILOTE, "redaction", "pilotage", "herite"},
    "invitation": {"pilotage", "herite"},
}
OBJETS = {
    "relecture": "fiche",
    "correction": "fiche",
    "fiche": "fiche",
    "contrat": "contrat",
    "action": "action",
}


def passage_de(action, genre):
    objet = {"contrat": action.contrat, "fiche": action.fiche, "action": action}[genre]
    vide = {"contrat": None, "fiche": None, "action": None}
    statuts = {
        "contrat": {"transition": "adopter", "de": "en_relecture", "vers": "adopte"},
        "fiche": {"transition": "valider", "de": "en_relecture", "vers": "validee"},
        "action": {"transition": "lancer", "de": "a_lancer", "vers": "en_cours"},
    }
    return TransitionFactory(**vide | {genre: objet} | statuts[genre])


# Ceux de la gouvernance, des campagnes, de l'étagère et des signatures ont leurs tests, chez eux.
AILLEURS = {"reponse", "decision", "decision-terme", "preparation", "signature"}
AILLEURS |= {"signature-annulee"}


@pytest.mark.parametrize("evenement", sorted(set(EVENEMENTS) - AILLEURS))
def test_qui_chaque_evenement_previent(action, equipe, evenement):
    if evenement in OBJETS:
        objet = passage_de(action, OBJETS[evenement])
    elif evenement == "commentaire":
        objet = CommentaireFactory(fiche=None, action=action)
    elif evenement == "invitation":
        objet = InvitationFactory(contrat=action.contrat)
    else:
        objet = action
    prevenus = EVENEMENTS[evenement].destinataires(objet)
    assert {n for n, u in equipe.items() if u in prevenus} == PREVENUS[evenement]


def test_une_correction_va_a_ceux_qui_ecrivent_la_fiche(action, equipe):
    """À défaut d'auteur qui le puisse encore, à tous ceux qui le peuvent."""
    passage = passage_de(action, "fiche")
    versionner(action.fiche, par=equipe["redaction"])
    redacteurs = EVENEMENTS["correction"].destinataires
    assert redacteurs(passage) == [equipe["redaction"]]
    Habilitation.objects.filter(utilisateur=equipe["redaction"]).delete()
    assert {u.pk for u in redacteurs(passage)} == {equipe["pilotage"].pk, equipe["herite"].pk}


def dits(utilisateur):
    """`{événement: [(titre, détail)]}` de ce que cette personne lit maintenant."""
    lecteur = type(utilisateur).objects.get(pk=utilisateur.pk)
    siennes = Notification.objects.visibles_par(lecteur).pour_liste()
    trouves = defaultdict(list)
    for ligne in lire(siennes, lecteur):
        trouves[ligne.evenement.cle].append(ligne.avis.titre)
    return dict(trouves)


def test_la_vie_d_une_fiche_previent_chacun_de_ce_qui_le_concerne(action, equipe):
    fiche, redactrice, copilote = action.fiche, equipe["redaction"], equipe["copilote"]
    transitions.soumettre_fiche(fiche, version=fiche.version, par=redactrice)
    transitions.renvoyer_fiche(fiche, version=fiche.version, par=copilote, motif="Datez-le")
    fiche.commentaires.update(resolu_le=timezone.now(), resolu_par=redactrice)
    transitions.soumettre_fiche(fiche, version=fiche.version, par=redactrice)
    transitions.valider_fiche(fiche, version=fiche.version, par=copilote)
    assert dits(redactrice) == {"correction": [str(fiche)], "fiche": [str(fiche)]}
    assert dits(copilote) == {"relecture": [str(fiche)] * 2}
    assert dits(equipe["lecture"]) == {}
    assert dits(equipe["administration"]) == {}


def test_le_suivi_d_une_action_et_le_statut_d_un_contrat_se_disent(action, equipe):
    lancer = transitions.TransitionAction.LANCER
    transitions.suivre_action(action, lancer, version=action.version, par=equipe[PILOTE])
    contrat = action.contrat
    contrat.refresh_from_db()
    for transition in (TransitionContrat.SOUMETTRE, TransitionContrat.ADOPTER):
        transitions.conduire_contrat(
            contrat, transition, version=contrat.version, par=equipe["pilotage"]
        )
    assert dits(equipe[PILOTE]) == {"contrat": [str(contrat)]}
    assert dits(equipe["pilotage"]) == {"action": [str(action)]}
    assert dits(equipe["copilote"]) == {"relecture": [str(contrat)], "contrat": [str(contrat)]}


def commenter(objet, auteur, texte="Précisez le lieu."):
    formulaire = FormulaireCommentaire(objet, {"texte": texte})
    assert formulaire.is_valid()
    return formulaire.enregistrer(auteur)


def test_un_commentaire_previent_qui_ecrit_qui_pilote_et_qui_a_deja_commente(action, equipe):
    """Celui de la fiche, ses auteurs ; celui d'une action, ses pilotes aussi ; jamais l'auteur."""
    fiche = action.fiche
    versionner(fiche, par=equipe["redaction"])
    commenter(fiche, equipe["copilote"], "A " * 200)
    assert dits(equipe["redaction"]) == {"commentaire": [str(fiche)]}
    assert dits(equipe["pilotage"]) == dits(equipe[PILOTE]) == dits(equipe["copilote"]) == {}
    commenter(fiche, equipe["redaction"])
    assert dits(equipe["copilote"]) == {"commentaire": [str(fiche)]}
    commenter(action, equipe["redaction"])
    assert dits(equipe[PILOTE]) == {"commentaire": [str(action)]}
    assert dits(equipe["redaction"]) == {"commentaire": [str(fiche)]}
    fiche.supprimee_le, fiche.supprimee_par = timezone.now(), equipe["pilotage"]
    fiche.save()
    assert dits(equipe["copilote"]) == dits(equipe[PILOTE]) == {}


def test_une_correction_demandee_ne_previent_pas_deux_fois(action, equipe):
    """Ses commentaires portent la demande ; l'événement « à corriger » la dit déjà."""
    fiche = FicheFactory(contrat=action.contrat, statut="en_relecture")
    transitions.renvoyer_fiche(fiche, version=1, par=equipe["copilote"], motif="Datez-le")
    assert dits(equipe["redaction"]) == {"correction": [str(fiche)]}


@pytest.mark.parametrize("gere", [True, False])
def test_qui_a_invite_apprend_que_l_on_a_accepte(action, equipe, gere):
    """S'il gère encore les personnes ; sinon, ceux qui les gèrent."""
    contrat, invitante = action.contrat, equipe["pilotage"]
    invitation = InvitationFactory(
        contrat=contrat, invitee_par=invitante, email="nora@exemple.invalid"
    )
    if not gere:
        Habilitation.objects.filter(utilisateur=invitante).update(role="lecture")
    invitations.accepter(invitation, UtilisateurFactory(email="nora@exemple.invalid"))
    prevenus = {n for n, u in equipe.items() if dits(u)}
    assert prevenus == ({"pilotage"} if gere else {"herite"})
    Habilitation.objects.update(role="redaction")
    assert dits(invitante) == dits(equipe["herite"]) == {}


def test_un_chargement_ne_previent_personne(action, equipe):
    transitions.journaliser(action.fiche, TransitionFiche.VALIDER, de="en_relecture", par=None)
    assert not Notification.objects.exists()


# Échéances


def a_echeance(action, jours, **champs):
    """L'action, échue dans tant de jours."""
    echeance = timezone.localdate() + datetime.timedelta(days=jours)
    type(action).objects.filter(pk=action.pk).update(echeance=echeance, version=1, **champs)


@pytest.mark.parametrize(
    ("jours", "evenement"),
    [
        (AVANCE.days + 1, None),
        (AVANCE.days, PROCHE),
        (0, PROCHE),
        (-1, DEPASSEE),
        (-RETARD_MAX.days, DEPASSEE),
        (-RETARD_MAX.days - 1, None),
    ],
)
def test_une_echeance_previent_son_pilote_une_fois(action, equipe, jours, evenement):
    a_echeance(action, jours)
    for _ in range(2):
        relever_les_echeances(timezone.localdate())
    attendu = {evenement: [str(action)]} if evenement else {}
    assert dits(equipe[PILOTE]) == attendu
    assert Notification.objects.count() == len(attendu)


def test_une_echeance_passee_remplace_celle_qui_approchait(action, equipe):
    a_echeance(action, 1)
    relever_les_echeances(timezone.localdate())
    a_echeance(action, -1)
    relever_les_echeances(timezone.localdate())
    assert dits(equipe[PILOTE]) == {DEPASSEE: [str(action)]}


@pytest.mark.parametrize(
    "changer",
    [
        lambda a: a_echeance(a, 1, statut=StatutAction.REALISEE),
        lambda a: a_echeance(a, 90),
        lambda a: a.partenariats.all().delete(),
        lambda a: a.partenariats.update(organisme=OrganismeFactory()),
        lambda a: Habilitation.objects.all().delete(),
    ],
    ids=["réalisée", "reportée", "sans pilote", "un autre pilote", "rôle retiré"],
)
def test_une_echeance_qui_ne_vous_concerne_plus_ne_se_dit_plus(action, equipe, changer):
    a_echeance(action, 1)
    relever_les_echeances(timezone.localdate())
    assert dits(equipe[PILOTE]) == {PROCHE: [str(action)]}
    changer(action)
    assert dits(equipe[PILOTE]) == {}
    assert sum(envoi.envoyer_resumes().values()) == 0


def test_une_action_close_n_a_plus_d_echeance(action, equipe):
    a_echeance(action, 1, statut=StatutAction.REALISEE)
    relever_les_echeances(timezone.localdate())
    assert not Notification.objects.exists()


@pytest.mark.parametrize("nb", [1, 5])
def test_relever_lit_les_actions_en_une_requete_puis_chacune_a_prevenir(
    action, equipe, django_assert_max_num_queries, nb
):
    organisme = action.partenariats.get().organisme
    a_echeance(action, 1)
    for _ in range(nb - 1):
        autre = ActionFactory(fiche=action.fiche)
        PartenariatFactory(action=autre, organisme=organisme, role="pilote")
        a_echeance(autre, 1)
    with django_assert_max_num_queries(2 + 12 * nb):
        relever_les_echeances(timezone.localdate())
    assert Notification.objects.count() == nb
