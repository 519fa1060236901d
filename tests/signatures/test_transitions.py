"""Les états d'une campagne et de ses signataires : qui, d'où, vers où, et rien à moitié."""

import datetime
from contextlib import nullcontext

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from comptes.enums import Preuve
from contrats.enums import RoleHabilitation, StatutContrat, TransitionContrat
from contrats.transitions import (
    DonneeManquante,
    TransitionImpossible,
    conduire_contrat,
)
from courrier.models import Courriel
from documents.enums import ActeInscrit
from documents.models import Inscription
from notifications.models import Notification
from signatures import controle, preparation, transitions
from signatures.enums import EtatCampagne, EtatSignataire, RegleEffet, TransitionSignataire
from signatures.models import PieceSignee, Signataire
from signatures.tables import TRANSITIONS
from tests.comptes.factories import UtilisateurFactory
from tests.signatures.factories import campagne_lancee, campagne_prete, scan

pytestmark = pytest.mark.django_db
HIER = datetime.date(2026, 11, 25)
T, E = TransitionSignataire, EtatSignataire


def signataire(campagne, rang=1):
    return campagne.signataires.get(rang=rang)


def signer(campagne, rang, le=None):
    s = signataire(campagne, rang)
    le = le or timezone.localdate()
    return transitions.signer(s, scan(rang), version=s.version, le=le, par=campagne.preparee_par)


def constater(campagne, rang, transition, motif=""):
    s = signataire(campagne, rang)
    return transitions.constater(
        s, transition, version=s.version, par=campagne.preparee_par, motif=motif
    )


def etats(campagne):
    return list(campagne.signataires.order_by("rang").values_list("etat", flat=True))


def test_lancer_envoie_a_chacun_un_courriel_et_s_inscrit_au_journal():
    campagne = campagne_prete(nb=3)
    assert transitions.lancer(campagne, par=campagne.preparee_par) == 3
    assert etats(campagne) == ["envoye", "envoye", "envoye", "temoin"]
    assert Courriel.objects.count() == 3
    assert Inscription.objects.filter(acte=ActeInscrit.ENVOYER).count() == 3
    assert list(controle.ruptures()) == []
    with pytest.raises(TransitionImpossible, match="En cours"):
        transitions.lancer(campagne, par=campagne.preparee_par)
    assert Courriel.objects.count() == 3


def test_dans_l_ordre_le_suivant_recoit_quand_le_precedent_a_signe():
    campagne = campagne_lancee(nb=3, ordonnee=True)
    assert etats(campagne) == ["envoye", "a_envoyer", "a_envoyer", "temoin"]
    signer(campagne, 1)
    assert etats(campagne) == ["signe_papier", "envoye", "a_envoyer", "temoin"]


@pytest.mark.parametrize("etat", EtatSignataire)
@pytest.mark.parametrize(
    "transition", [t for t in T if t not in (T.SIGNER_PAPIER, T.SIGNER_AILLEURS)]
)
def test_matrice_des_etats(etat, transition):
    campagne = campagne_lancee(nb=2)
    champs = {"etat": etat, "motif": "Refus." if etat == E.REFUSE else ""}
    if etat in E.signes():
        champs["signe_le"] = HIER
    if etat == E.TEMOIN:
        champs |= {"role": "temoin", "partie": None}
    Signataire.objects.filter(campagne=campagne, rang=1).update(**champs)
    departs, arrivee = TRANSITIONS[transition]
    possible = etat in departs
    with nullcontext() if possible else pytest.raises(TransitionImpossible):
        constater(campagne, 1, transition, motif="Parce que.")
    assert signataire(campagne).etat == (arrivee if possible else etat)


def test_la_derniere_signature_termine_la_campagne_et_fixe_l_effet():
    campagne = campagne_lancee(nb=2)
    signer(campagne, 1, le=timezone.localdate())
    signer(campagne, 2, le=HIER)
    campagne.refresh_from_db()
    assert campagne.etat == EtatCampagne.COMPLETE
    assert campagne.effet_le == timezone.localdate()
    assert PieceSignee.objects.count() == 2
    assert list(controle.ruptures()) == []


def test_une_date_d_effet_fixee_ne_depend_pas_des_signatures():
    fixee = datetime.date(2027, 1, 1)
    campagne = campagne_lancee(nb=1, regle_effet=RegleEffet.DATE, effet_le=fixee)
    signer(campagne, 1)
    campagne.refresh_from_db()
    assert (campagne.etat, campagne.effet_le) == (EtatCampagne.COMPLETE, fixee)


def test_un_refus_dit_pourquoi_puis_l_on_renvoie_et_il_signe():
    campagne = campagne_lancee(nb=2)
    with pytest.raises(DonneeManquante, match="Dites pourquoi"):
        constater(campagne, 1, T.REFUSER)
    constater(campagne, 1, T.REFUSER, motif="La délibération est ajournée.")
    assert signataire(campagne).motif == "La délibération est ajournée."
    with pytest.raises(TransitionImpossible):
        signer(campagne, 1)
    constater(campagne, 1, T.RENVOYER)
    signer(campagne, 1)
    vus = list(signataire(campagne).passages.order_by("pk").values_list("vers", "motif"))
    assert vus == [
        ("envoye", ""),
        ("refuse", "La délibération est ajournée."),
        ("envoye", ""),
        ("signe_papier", ""),
    ]


def test_une_signature_annulee_garde_sa_piece_et_rouvre_la_campagne():
    campagne = campagne_lancee(nb=1)
    signer(campagne, 1)
    constater(campagne, 1, T.ANNULER, motif="Mauvaise page.")
    campagne.refresh_from_db()
    assert (campagne.etat, campagne.effet_le) == (EtatCampagne.EN_COURS, None)
    assert PieceSignee.objects.count() == 1
    constater(campagne, 1, T.RENVOYER)
    signer(campagne, 1)
    campagne.refresh_from_db()
    assert campagne.etat == EtatCampagne.COMPLETE
    assert list(controle.ruptures()) == []


def test_une_meme_piece_ne_vaut_pas_pour_deux_signataires():
    campagne = campagne_lancee(nb=2)
    signer(campagne, 1)
    s = signataire(campagne, 2)
    with pytest.raises(TransitionImpossible, match="vaut déjà pour"):
        transitions.signer(s, scan(1), version=s.version, le=HIER, par=campagne.preparee_par)
    assert s.pieces.count() == 0


def test_sans_deliberation_adoptee_rien_ne_se_signe():
    campagne = campagne_lancee(nb=1)
    Signataire.objects.filter(campagne=campagne, rang=1).update(deliberation_adoptee=False)
    with pytest.raises(TransitionImpossible, match="n'est pas adoptée"):
        signer(campagne, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Signataire.objects.filter(campagne=campagne, rang=1).update(
            etat=E.SIGNE_PAPIER, signe_le=HIER
        )
    Signataire.objects.filter(campagne=campagne, rang=1).update(deliberation_adoptee=True)
    signer(campagne, 1)


def test_une_signature_ne_se_date_pas_d_avance():
    campagne = campagne_lancee(nb=1)
    with pytest.raises(DonneeManquante, match="d'avance"):
        signer(campagne, 1, le=timezone.localdate() + datetime.timedelta(days=1))


def test_une_version_perimee_ne_constate_rien():
    campagne = campagne_lancee(nb=1)
    s = signataire(campagne)
    constater(campagne, 1, T.RECEVOIR)
    with pytest.raises(TransitionImpossible, match="a changé depuis"):
        transitions.signer(s, scan(1), version=s.version, le=HIER, par=campagne.preparee_par)
    assert signataire(campagne).etat == E.RECU
    assert PieceSignee.objects.count() == 0


@pytest.mark.parametrize("role", RoleHabilitation)
def test_conduire_est_au_charge_de_projet(role):
    campagne = campagne_prete(nb=1)
    agent = UtilisateurFactory(habilitations=[(campagne.document.contrat, role)])
    permis = role == RoleHabilitation.PILOTAGE
    with nullcontext() if permis else pytest.raises(PermissionDenied):
        transitions.lancer(campagne, par=agent)
    assert Courriel.objects.exists() == permis


@pytest.mark.parametrize("statut", StatutContrat)
def test_un_contrat_se_signe_une_fois_adopte(statut):
    campagne = campagne_prete(nb=1, statut=statut)
    permis = statut in (StatutContrat.ADOPTE, StatutContrat.EN_SIGNATURE)
    with nullcontext() if permis else pytest.raises(TransitionImpossible, match="une fois adopté"):
        transitions.lancer(campagne, par=campagne.preparee_par)


def test_renvoyer_en_relecture_annule_tout_et_previent_chacun_une_fois():
    campagne = campagne_lancee(nb=3)
    contrat = campagne.document.contrat
    collegue = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.LECTURE)])
    signer(campagne, 1)
    preparation.renvoyer_en_relecture(
        campagne, par=campagne.preparee_par, motif="L'article 4 change."
    )
    campagne.refresh_from_db()
    contrat.refresh_from_db()
    assert campagne.etat == EtatCampagne.ANNULEE
    assert contrat.statut == StatutContrat.EN_PREPARATION
    assert etats(campagne) == ["annule", "annule", "annule", "temoin"]
    assert PieceSignee.objects.count() == 1
    annonces = Courriel.objects.filter(sujet__startswith="Signature annulée")
    assert sorted(annonces.values_list("destinataire", flat=True)) == [
        f"signataire{rang}@exemple.invalid" for rang in (1, 2, 3, 4)
    ]
    assert "L'article 4 change." in annonces[0].texte
    assert Notification.objects.filter(destinataire=collegue, genre="signature-annulee").exists()
    assert Inscription.objects.filter(acte=ActeInscrit.ANNULER).count() == 4
    with pytest.raises(TransitionImpossible):
        signer(campagne, 2)


def test_une_signature_previent_qui_conduit_le_contrat_et_lui_seul():
    campagne = campagne_lancee(nb=2)
    roles = (RoleHabilitation.PILOTAGE, RoleHabilitation.LECTURE, RoleHabilitation.REDACTION)
    pilote, *autres = [
        UtilisateurFactory(habilitations=[(campagne.document.contrat, role)]) for role in roles
    ]
    signer(campagne, 1)
    recues = Notification.objects.filter(genre="signature")
    assert recues.filter(destinataire=pilote).count() == 1
    assert not recues.filter(destinataire__in=autres).exists()


def test_le_contrat_qui_se_retire_annule_la_campagne():
    campagne = campagne_lancee(nb=1)
    contrat = campagne.document.contrat
    conduire_contrat(
        contrat,
        TransitionContrat.REFUSER,
        version=contrat.version,
        par=campagne.preparee_par,
        motif="La Région se retire.",
    )
    campagne.refresh_from_db()
    assert (campagne.etat, campagne.motif) == (EtatCampagne.ANNULEE, "La Région se retire.")


def test_le_contrat_ne_se_dit_pas_signe_tant_qu_il_manque_une_signature():
    campagne = campagne_lancee(nb=2)
    contrat = campagne.document.contrat
    signer(campagne, 1)
    with pytest.raises(TransitionImpossible, match="il manque 1 signature "):
        conduire_contrat(
            contrat,
            TransitionContrat.SIGNER,
            version=contrat.version,
            par=campagne.preparee_par,
            preuve=Preuve.MOT_DE_PASSE,
        )
    contrat.refresh_from_db()
    assert contrat.statut == StatutContrat.EN_SIGNATURE


def test_relancer_ecrit_a_qui_n_a_pas_repondu():
    campagne = campagne_lancee(nb=3)
    signer(campagne, 1)
    constater(campagne, 2, T.REFUSER, motif="Non.")
    assert transitions.relancer(campagne, par=campagne.preparee_par) == 1
    assert Courriel.objects.filter(sujet__startswith="Rappel").count() == 1
    assert signataire(campagne, 3).nb_relances == 1


def test_la_ronde_relance_au_rythme_de_la_campagne(capsys):
    from django.core.management import call_command

    campagne = campagne_lancee(nb=1, relance_jours=8)
    call_command("relancer_signatures")
    assert not Courriel.objects.filter(sujet__startswith="Rappel").exists()
    avant = timezone.now() - datetime.timedelta(days=9)
    Signataire.objects.filter(campagne=campagne).update(envoye_le=avant)
    call_command("relancer_signatures")
    call_command("relancer_signatures")
    assert Courriel.objects.filter(sujet__startswith="Rappel").count() == 1


def test_une_piece_sans_sa_ligne_au_journal_ou_aux_octets_changes_se_voit(depot):
    campagne = campagne_lancee(nb=1)
    signer(campagne, 1)
    [piece] = PieceSignee.objects.all()
    (depot / piece.chemin).write_bytes(b"autre")
    assert list(controle.ruptures()) == [f"Les octets gardés de « {piece} » ont été changés."]
    (depot / piece.chemin).unlink()
    [rupture] = controle.ruptures()
    assert "n'a plus les octets" in rupture
