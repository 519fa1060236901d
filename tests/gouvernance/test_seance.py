"""La séance, de l'ordre du jour proposé à l'ordre du jour suivant."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from contrats.enums import RoleHabilitation, StatutAction
from contrats.transitions import Suivi, TransitionImpossible, ecrire_suivi
from courrier.models import Courriel
from documents.seance import contexte_seance
from edition.ecriture import VersionPerimee, mettre_a_jour
from gouvernance import ordre_du_jour, transitions
from gouvernance.cloture import PageCloture
from gouvernance.enums import (
    EtatPresence,
    GenrePoint,
    StatutDecision,
    StatutSeance,
    TransitionSeance,
)
from gouvernance.etat import Changements, precedente
from gouvernance.models import Decision, Seance
from gouvernance.tenue import Tenue
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ActionFactory, ArticleFactory, ContratFactory, FicheFactory
from tests.gouvernance.factories import (
    ConvocationFactory,
    DecisionFactory,
    DeliberationFactory,
    InstanceFactory,
    PointFactory,
    SeanceFactory,
)
from tests.indicateurs.factories import observatoire

pytestmark = pytest.mark.django_db

HIER = timezone.localdate() - datetime.timedelta(days=1)
PLUS_TARD = timezone.localdate() + datetime.timedelta(days=60)


@pytest.fixture
def contrat():
    return ContratFactory(publie=True)


@pytest.fixture
def agent(contrat):
    return UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])


@pytest.fixture
def seance(contrat):
    return SeanceFactory(instance=InstanceFactory(contrat=contrat))


def action(contrat, **champs):
    return ActionFactory(fiche=None, contrat=contrat, horizon="", **champs)


def ouverte(seance, agent):
    PointFactory(seance=seance)
    transitions.ouvrir(seance, version=seance.version, par=agent)
    return seance


# L'ordre du jour


def test_l_ordre_du_jour_propose_ce_qui_est_en_retard_bloque_a_decider(contrat, agent, seance):
    en_retard = action(contrat, statut=StatutAction.EN_COURS, echeance=HIER, debut=None)
    suspendue = action(contrat, statut=StatutAction.SUSPENDUE, motif_statut="Budget", echeance=None)
    action(contrat, statut=StatutAction.EN_COURS, echeance=PLUS_TARD)
    projet = DeliberationFactory(contrat=contrat)
    DeliberationFactory(contrat=contrat, adoptee=True)
    relue = FicheFactory(contrat=contrat, statut="en_relecture")

    proposes = {p.cle: p.genre for p in ordre_du_jour.proposer(seance, agent)}

    assert proposes == {
        f"action-{en_retard.pk}": GenrePoint.RETARD,
        f"action-{suspendue.pk}": GenrePoint.BLOQUE,
        f"deliberation-{projet.pk}": GenrePoint.DECIDER,
        f"fiche-{relue.pk}": GenrePoint.DECIDER,
    }


def test_le_comite_d_un_contrat_suit_aussi_ses_annexes(contrat, agent, seance):
    annexe = ContratFactory(parent=contrat, lien="annexe")
    retard = action(annexe, statut=StatutAction.EN_COURS, echeance=HIER, debut=None)
    assert [p.cle for p in ordre_du_jour.proposer(seance, agent)] == [f"action-{retard.pk}"]


def test_ce_qui_est_inscrit_n_est_plus_propose_et_l_ordre_se_change(contrat, agent, seance):
    premiere, seconde = (
        action(contrat, statut=StatutAction.EN_COURS, echeance=HIER, debut=None) for _ in range(2)
    )
    cles = [p.cle for p in ordre_du_jour.proposer(seance, agent)]
    assert ordre_du_jour.inscrire(seance, [*cles, "action-0"], par=agent) == 2
    assert ordre_du_jour.proposer(seance, agent) == []
    ordre_du_jour.monter(seance.points.get(action=seconde), par=agent)
    assert [p.action for p in seance.points.order_by("ordre")] == [seconde, premiere]


def test_un_point_et_une_decision_visent_un_indicateur_ou_un_article(contrat, agent, seance):
    """Une cible échue se propose ; la clôture garde ce que disait l'indicateur, le procès-verbal
    l'imprime."""
    o = observatoire(1, contrat=contrat)
    o.indicateur.cibles.create(valeur=40, echeance=HIER)
    article = ArticleFactory(contrat=contrat)
    [proposee] = ordre_du_jour.proposer(seance, agent)
    assert proposee.cle == f"indicateur-{o.indicateur.pk}"
    assert ordre_du_jour.inscrire(seance, [proposee.cle], par=agent) == 1
    assert ordre_du_jour.proposer(seance, agent) == []
    ordre_du_jour.ajouter(seance, "La gouvernance", par=agent, article=article)
    transitions.ouvrir(seance, version=1, par=agent)
    premier, second = (Tenue(seance, agent, p.pk) for p in seance.points.order_by("ordre"))
    assert premier.lecture.titre
    assert [t.saisie["cible"] for t in (premier, second)] == [
        proposee.cle,
        f"article-{article.pk}",
    ]
    DecisionFactory(seance=seance, point=premier.point, indicateur=o.indicateur)
    transitions.clore(seance, version=2, par=agent, appliquer={})
    seance = Seance.objects.select_related("instance__contrat").get(pk=seance.pk)
    assert list(seance.etat_fige["indicateurs"].values()) == [premier.lecture.titre]
    for piece in ("proces-verbal", "dossier"):
        document = contexte_seance(seance, piece, par=agent, site="")["document"]
        assert [d.phrase for d in document.detail] == [premier.lecture.titre, ""]
    suivante = SeanceFactory(instance=seance.instance)
    reprise = ordre_du_jour.proposer(suivante, agent)
    assert reprise[0].objet["indicateur"] == o.indicateur


def test_modifier_une_seance_ecrit_son_objet(client, agent, seance):
    client.force_login(agent)
    url = reverse("gouvernance:seance-modifier", args=[seance.public_id])
    champs = {"instance": seance.instance_id, "le": PLUS_TARD, "objet": "Le bilan", "version": 1}
    assert client.post(url, champs).status_code == 302
    assert Seance.objects.get().objet == "Le bilan"


# Les passages

APPELS = {
    TransitionSeance.CONVOQUER: transitions.convoquer,
    TransitionSeance.OUVRIR: transitions.ouvrir,
    TransitionSeance.ANNULER: transitions.annuler,
    TransitionSeance.CLORE: lambda s, **k: transitions.clore(s, appliquer={}, **k),
}


@pytest.mark.parametrize("depart", StatutSeance)
@pytest.mark.parametrize("transition", TransitionSeance)
def test_la_matrice_des_etats(contrat, agent, depart, transition):
    seance = SeanceFactory(instance__contrat=contrat, statut=depart)
    PointFactory(seance=seance)
    departs, arrivee = transitions.TRANSITIONS[transition]
    if depart in departs:
        APPELS[transition](seance, version=seance.version, par=agent)
        attendu = arrivee
    else:
        with pytest.raises(TransitionImpossible):
            APPELS[transition](seance, version=seance.version, par=agent)
        attendu = depart
    seance.refresh_from_db()
    assert seance.statut == attendu
    seance.full_clean()


@pytest.mark.parametrize("role", RoleHabilitation)
def test_seul_le_charge_de_projet_conduit_une_seance(contrat, seance, role):
    PointFactory(seance=seance)
    agent = UtilisateurFactory(habilitations=[(contrat, role)])
    if role == RoleHabilitation.PILOTAGE:
        transitions.convoquer(seance, version=1, par=agent)
    else:
        with pytest.raises(PermissionDenied):
            transitions.convoquer(seance, version=1, par=agent)


def test_convoquer_ecrit_a_qui_a_une_adresse_une_fois_par_version(agent, seance):
    PointFactory(seance=seance, intitule="Le calendrier")
    ConvocationFactory(seance=seance, email="prefet@exemple.invalid")
    ConvocationFactory(seance=seance)
    assert transitions.convoquer(seance, version=1, par=agent) == 1
    courriel = Courriel.objects.get()
    assert courriel.destinataire == "prefet@exemple.invalid"
    assert transitions.convoquer(seance, version=2, par=agent) == 1
    assert Courriel.objects.count() == 2
    transitions.annuler(seance, version=3, par=agent)
    assert Courriel.objects.filter(sujet__startswith="Annulée").count() == 1


def test_une_seance_sans_point_ne_se_convoque_ni_ne_s_ouvre(agent, seance):
    for acte in (transitions.convoquer, transitions.ouvrir):
        with pytest.raises(TransitionImpossible):
            acte(seance, version=1, par=agent)


# La clôture


def test_clore_applique_fige_et_suit(contrat, agent, seance):
    fiche = FicheFactory(contrat=contrat)
    reportee = action(contrat, statut=StatutAction.EN_COURS, echeance=HIER, debut=None)
    intacte = action(contrat, statut=StatutAction.EN_COURS, echeance=None)
    ouverte(seance, agent)
    commun = {"seance": seance, "avant_le": PLUS_TARD}
    oui = DecisionFactory(action=reportee, effet="reporter", **commun)
    non = DecisionFactory(action=intacte, effet="suspendre", **commun)
    libre = DecisionFactory(texte="Réunir les bailleurs", **commun)

    fait = transitions.clore(seance, version=2, par=agent, appliquer={oui.pk: reportee.version})

    assert (fait.appliquees, fait.suivies) == (1, 3)
    reportee.refresh_from_db()
    intacte.refresh_from_db()
    assert (reportee.statut, reportee.echeance) == (StatutAction.REPORTEE, PLUS_TARD)
    assert reportee.motif_statut.startswith("Décision du ")
    assert intacte.statut == StatutAction.EN_COURS
    for decision in (oui, non, libre):
        decision.refresh_from_db()
        assert decision.statut == StatutDecision.A_FAIRE
        assert bool(decision.appliquee_le) == (decision == oui)
    seance.refresh_from_db()
    assert seance.etat_fige["comptes"] == {"reportee": 1, "en_cours": 1}
    assert {v.contrat_id or v.fiche_id for v in seance.versions.all()} == {contrat.pk, fiche.pk}


def test_une_action_changee_entre_temps_laisse_tout_ouvert(contrat, agent, seance):
    visee = action(contrat, statut=StatutAction.EN_COURS, echeance=None)
    ouverte(seance, agent)
    decision = DecisionFactory(seance=seance, action=visee, effet="terminer")
    with pytest.raises(VersionPerimee):
        transitions.clore(seance, version=2, par=agent, appliquer={decision.pk: visee.version + 1})
    seance.refresh_from_db()
    visee.refresh_from_db()
    decision.refresh_from_db()
    etats = (seance.statut, visee.statut, decision.statut)
    assert etats == (StatutSeance.OUVERTE, StatutAction.EN_COURS, StatutDecision.PRISE)


def test_un_effet_impossible_se_dit_avant_de_clore(contrat, agent, seance):
    realisee = action(contrat, statut=StatutAction.REALISEE, echeance=None)
    ouverte(seance, agent)
    decision = DecisionFactory(seance=seance, action=realisee, effet="reporter")
    [effet] = PageCloture(seance, agent).effets
    assert "Réalisée" in effet.refus
    with pytest.raises(transitions.EffetRefuse):
        transitions.clore(seance, version=2, par=agent, appliquer={decision.pk: realisee.version})
    assert Seance.objects.get(pk=seance.pk).statut == StatutSeance.OUVERTE


def test_deux_decisions_sur_la_meme_action_s_appliquent_dans_l_ordre(contrat, agent, seance):
    visee = action(contrat, statut=StatutAction.A_LANCER, echeance=None)
    ouverte(seance, agent)
    decisions = [
        DecisionFactory(seance=seance, action=visee, effet=effet)
        for effet in ("lancer", "terminer")
    ]
    appliquer = {d.pk: visee.version for d in decisions}
    transitions.clore(seance, version=2, par=agent, appliquer=appliquer)
    visee.refresh_from_db()
    assert visee.statut == StatutAction.REALISEE


def test_sans_quorum_rien_ne_se_decide(agent, seance):
    mettre_a_jour(seance, version=1, quorum=2)
    ouverte(seance, agent)
    DecisionFactory(seance=seance)
    ConvocationFactory(seance=seance, presence=EtatPresence.PRESENT)
    ConvocationFactory(seance=seance, presence=EtatPresence.PRESENT, deliberatif=False)
    with pytest.raises(TransitionImpossible, match=r"1 membre présent ou représenté"):
        transitions.clore(seance, version=3, par=agent, appliquer={})
    ConvocationFactory(seance=seance, presence=EtatPresence.REPRESENTE, represente_par="Mme X")
    transitions.clore(seance, version=3, par=agent, appliquer={})


# La suite


def test_le_prochain_ordre_du_jour_montre_ce_qui_n_est_pas_fait(contrat, agent, seance):
    ouverte(seance, agent)
    faite, restante = DecisionFactory(seance=seance), DecisionFactory(seance=seance)
    transitions.clore(seance, version=2, par=agent, appliquer={})
    faite.refresh_from_db()
    transitions.suivre_decision(
        faite, StatutDecision.FAITE, version=faite.version, par=agent, suite="Réunis le 3."
    )
    suivante = SeanceFactory(instance=seance.instance)
    assert [p.cle for p in ordre_du_jour.proposer(suivante, agent)] == [f"decision-{restante.pk}"]


def test_une_decision_abandonnee_dit_pourquoi_et_se_rouvre(agent, seance):
    ouverte(seance, agent)
    decision = DecisionFactory(seance=seance)
    transitions.clore(seance, version=2, par=agent, appliquer={})
    decision.refresh_from_db()
    with pytest.raises(transitions.DonneeManquante):
        transitions.suivre_decision(decision, StatutDecision.ABANDONNEE, version=2, par=agent)
    transitions.suivre_decision(
        decision, StatutDecision.ABANDONNEE, version=2, par=agent, suite="Sans objet"
    )
    transitions.suivre_decision(decision, StatutDecision.A_FAIRE, version=3, par=agent)
    assert Decision.objects.get().statut == StatutDecision.A_FAIRE


def test_ce_qui_a_change_se_compte_depuis_la_seance_precedente(contrat, agent, seance):
    visee = action(contrat, statut=StatutAction.EN_COURS, echeance=None, avancement=40)
    ouverte(seance, agent)
    mettre_a_jour(seance, version=2, le=HIER)
    transitions.clore(seance, version=3, par=agent, appliquer={})
    ecrire_suivi(visee, Suivi(StatutAction.REALISEE), version=visee.version, par=agent)
    suivante = SeanceFactory(instance=seance.instance)
    avant = precedente(suivante)
    assert avant == seance
    phrases = Changements(avant).de(visee)
    assert phrases[0] == "Avancement : 40 %, puis 100 %."
    assert "de « En cours » à « Réalisée »" in phrases[1]


def test_le_dernier_comite_d_un_perr_est_celui_de_son_contrat_de_ville(contrat):
    perr = ContratFactory(parent=contrat, lien="annexe")
    instance = InstanceFactory(contrat=contrat)
    ancienne = SeanceFactory(instance=instance, statut="close", le=datetime.date(2021, 2, 10))
    recente = SeanceFactory(instance=instance, statut="close", le=datetime.date(2022, 2, 10))
    SeanceFactory(instance=instance)
    SeanceFactory(instance=InstanceFactory(contrat=contrat, type="technique"), close=True)
    assert Seance.objects.dernier_comite(perr) == recente
    assert Seance.objects.dernier_comite(perr, avant=datetime.date(2022, 1, 1)) == ancienne
    assert Seance.objects.dernier_comite(ContratFactory()) is None
