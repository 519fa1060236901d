"""Vingt parties signent : papier, PAdES, refus puis acceptation, annulation ; et kill -9."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone

from comptes.enums import Preuve
from contrats.enums import StatutContrat, TransitionContrat
from contrats.transitions import TransitionImpossible, conduire_contrat
from courrier.models import Courriel
from documents.enums import ActeInscrit
from documents.models import Inscription
from signatures import controle, pades, transitions
from signatures.assemblage import assembler
from signatures.enums import EtatCampagne, TransitionSignataire
from signatures.models import PieceSignee
from signatures.pieces import scan
from signatures.presentation import resume
from tests.signatures.autorite import Autorite
from tests.signatures.factories import PIXEL, campagne_prete, pdf

ENVOYE = pdf()
NOMBRE = 20
ELECTRONIQUES = range(11, 21)


@pytest.fixture
def campagne(db, settings, tmp_path, sur_place):
    autorite = Autorite()
    settings.SIGNATURE_RACINES = autorite.poser(tmp_path / "racines")
    campagne = campagne_prete(nb=NOMBRE, octets=ENVOYE)
    campagne.autorite = autorite
    return campagne


def signer(campagne, rang, recue):
    s = campagne.signataires.get(rang=rang)
    jour = timezone.localdate()
    return transitions.signer(s, recue, version=s.version, le=jour, par=campagne.preparee_par)


def page(rang):
    return scan(f"page {rang}.png", PIXEL + f"page {rang}".encode())


def dit(campagne):
    campagne.refresh_from_db()
    return resume(campagne, list(campagne.signataires.pour_page()))


def constater(campagne, rang, transition, motif=""):
    s = campagne.signataires.get(rang=rang)
    par = campagne.preparee_par
    transitions.constater(s, transition, version=s.version, par=par, motif=motif)


def test_vingt_signataires_du_lancement_au_contrat_signe(campagne):
    agent, contrat = campagne.preparee_par, campagne.document.contrat
    transitions.lancer(campagne, par=agent)
    assert dit(campagne) == "0 sur 20 ; attend Collectivité 1 depuis aujourd'hui et 19 autres."
    # Dix sur papier, dont une mauvaise page annulée puis rendue.
    for rang in range(1, 11):
        signer(campagne, rang, page(rang))
    constater(campagne, 4, TransitionSignataire.ANNULER, "Page d'un autre contrat.")
    assert dit(campagne).startswith("9 sur 20")
    constater(campagne, 4, TransitionSignataire.RENVOYER)
    signer(campagne, 4, page(104))
    # Un refus, puis une acceptation.
    constater(campagne, 20, TransitionSignataire.REFUSER, "La délibération est ajournée.")
    assert dit(campagne) == "10 sur 20 ; Collectivité 20 refuse : La délibération est ajournée."
    constater(campagne, 20, TransitionSignataire.RENVOYER)
    # Dix en PAdES : cinq à la suite dans le même PDF, cinq chacun le sien.
    courant = ENVOYE
    for rang in ELECTRONIQUES:
        depart = courant if rang <= 15 else ENVOYE
        signe = campagne.autorite.signer(depart, f"Personne {rang}")
        courant = signe if rang <= 15 else courant
        if rang == 20:
            verifier_qu_il_en_manque_une(campagne, contrat, agent)
        signer(campagne, rang, pades.recevoir("signé.pdf", signe, campagne.document))
    campagne.refresh_from_db()
    assert (campagne.etat, campagne.effet_le) == (EtatCampagne.COMPLETE, timezone.localdate())
    assert PieceSignee.objects.count() == 21  # la page annulée est gardée
    assert Inscription.objects.filter(acte=ActeInscrit.SIGNER).count() == 21
    assert list(controle.ruptures()) == []
    assert assembler(campagne, par=agent)
    contrat.refresh_from_db()
    constater_le_contrat(contrat, agent)
    contrat.refresh_from_db()
    assert contrat.statut == StatutContrat.SIGNE
    with pytest.raises(TransitionImpossible, match="ne s'annulent plus"):
        constater(campagne, 1, TransitionSignataire.ANNULER, "Trop tard.")


def constater_le_contrat(contrat, agent):
    envoi = {"version": contrat.version, "par": agent, "preuve": Preuve.MOT_DE_PASSE}
    conduire_contrat(contrat, TransitionContrat.SIGNER, **envoi)


def verifier_qu_il_en_manque_une(campagne, contrat, agent):
    assert dit(campagne).startswith("19 sur 20 ; attend Collectivité 20 depuis")
    with pytest.raises(TransitionImpossible, match="il manque 1 signature"):
        constater_le_contrat(contrat, agent)
    assert transitions.relancer(campagne, par=agent) == 1
    assert Courriel.objects.filter(sujet__startswith="Rappel").count() == 1


@pytest.mark.lent
def test_tue_a_chaque_acte_rien_n_est_a_moitie_et_aucune_signature_ne_se_perd(tmp_path):
    """`kill -9` avant un ordre sur quarante ; tous par `python -m tests.signatures.bourreau`."""
    garde = {c: os.environ[c] for c in ("PATH", "HOME") if c in os.environ}
    reglages = {"DONNEES": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    fait = subprocess.run(
        [sys.executable, "-m", "tests.signatures.bourreau", "40"],
        cwd=settings.BASE_DIR,
        env=garde | reglages,
        capture_output=True,
        text=True,
        check=True,
    )
    constats = [json.loads(ligne) for ligne in fait.stdout.splitlines()]
    assert len(constats) == 12
    assert sum(c["morts"] for c in constats) >= 12
    assert [c for c in constats if c["fautes"]] == []
