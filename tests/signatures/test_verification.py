"""La page de vérification devant un PDF signé : ce qu'il vaut, ou ce qui lui est arrivé."""

import datetime
import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from contrats.enums import StatutContrat
from documents.figes.verification import Verdict, examiner, situation
from signatures import transitions
from signatures.assemblage import assembler
from signatures.enums import EtatCampagne, RegleEffet, TransitionSignataire
from tests.signatures.attaques import RAISONS, Cas, page_changee, revision
from tests.signatures.autorite import Autorite
from tests.signatures.factories import campagne_lancee, pdf
from tests.signatures.test_pades import recevoir
from tests.signatures.test_transitions import signer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sur_place")]
CODE = "RCP-7K3M-Q2ZD"
ENVOYE = pdf(code=CODE)
TAILLE = len(ENVOYE)


@pytest.fixture(scope="module")
def autorite():
    return Autorite()


@pytest.fixture(scope="module")
def cas(autorite):
    ailleurs = pdf("Les parties s'engagent sur 99 actions.", code=CODE)
    return Cas(
        ENVOYE,
        autorite.signer(ENVOYE, "Anne Roux"),
        autorite.signer(ENVOYE, "Paul Bel"),
        ailleurs,
        autorite.signer(ailleurs, "Anne Roux"),
    )


@pytest.fixture
def campagne(settings, tmp_path, autorite):
    settings.SIGNATURE_RACINES = autorite.poser(tmp_path / "racines")
    return campagne_lancee(nb=2, octets=ENVOYE, code=CODE)


def test_toute_atteinte_a_un_pdf_signe_recu_est_vue_et_dite(campagne, cas):
    recevoir(campagne, 1, cas.anne)
    alea = random.Random(20170710)
    for attaque, raisons in RAISONS.items():
        examen = examiner(attaque(cas, alea))
        dits = " ".join([attaque.__name__, examen.raison, *examen.constats])
        assert (examen.verdict, examen.document) == (Verdict.MODIFIE, campagne.document), dits
        assert any(raison in dits for raison in raisons), dits


def test_toute_atteinte_a_un_pdf_signe_jamais_recu_est_vue(campagne, cas):
    alea = random.Random(20170710)
    for attaque in RAISONS:
        examen = examiner(attaque(cas, alea))
        assert examen.verdict not in (Verdict.SIGNE, Verdict.AUTHENTIQUE), attaque


def test_un_pdf_signe_recu_ou_non_est_reconnu_et_dit_qui_l_a_signe(client, campagne, cas):
    recevoir(campagne, 1, cas.anne)
    envoi = SimpleUploadedFile("n'importe quoi.bin", cas.anne)
    page = client.post("/verification/", {"fichier": envoi}).text
    assert "Authentique et signé" in page
    assert "Signé par « Anne Roux »" in page
    examen = examiner(cas.paul)
    assert examen.verdict == Verdict.SIGNE
    assert "n'a pas été remis ici" in examen.raison
    assert examen.constats[0].startswith("Signé par « Paul Bel »")


def test_le_document_prive_de_sa_signature_est_dit_sans_signature(campagne, cas):
    examen = examiner(cas.anne[: len(cas.envoye)])
    assert examen.verdict == Verdict.AUTHENTIQUE
    assert "Il ne porte aucune signature électronique." in examen.raison


def test_une_autorite_inconnue_n_est_ni_valable_ni_une_falsification(campagne):
    examen = examiner(Autorite("Autre AC").signer(ENVOYE, "Anne Roux"))
    assert examen.verdict == Verdict.NON_RECONNU
    assert "« Autre AC » n'est pas une autorité reconnue" in examen.constats[0]


def test_une_page_changee_avant_d_etre_signee_est_vue(campagne, autorite):
    examen = examiner(autorite.signer(page_changee(ENVOYE), "Anne Roux"))
    assert examen.verdict == Verdict.MODIFIE
    assert "La page 1 a été changée avant d'être signée" in examen.constats[0]


def test_une_signature_annulee_depuis_se_dit(campagne, cas):
    recevoir(campagne, 1, cas.anne)
    un = campagne.signataires.get(rang=1)
    annuler = {"version": un.version, "par": campagne.preparee_par, "motif": "Erreur."}
    transitions.constater(un, TransitionSignataire.ANNULER, **annuler)
    examen = examiner(cas.anne)
    assert examen.verdict == Verdict.SIGNE
    assert "ne vaut plus" in examen.raison


def test_le_pdf_assemble_est_reconnu_et_sa_moindre_retouche_aussi(campagne, cas):
    recevoir(campagne, 1, cas.anne)
    recevoir(campagne, 2, cas.paul)
    campagne.refresh_from_db()
    assembler(campagne, par=campagne.preparee_par)
    from documents.figes import stockage

    octets = stockage.lire(campagne.chemin_assemblage)
    examen = examiner(octets)
    assert (examen.verdict, examen.document) == (Verdict.SIGNE, campagne.document)
    assert "le PDF signé de toutes les parties" in examen.raison
    coupe = examiner(octets[:-100])
    assert coupe.verdict == Verdict.MODIFIE
    assert "tronqué" in coupe.raison


def test_ou_en_est_la_signature_se_lit_de_qui_a_le_document(campagne):
    document = campagne.document
    contrat = document.contrat
    assert situation(document).phrase.startswith("En cours de signature")
    signer(campagne, 1)
    signer(campagne, 2)
    assert "pas encore constaté signé" in situation(document).phrase
    type(contrat).objects.filter(pk=contrat.pk).update(statut=StatutContrat.SIGNE)
    contrat.refresh_from_db()
    assert situation(document).phrase == "En vigueur."
    demain = timezone.localdate() + datetime.timedelta(days=1)
    type(campagne).objects.update(regle_effet=RegleEffet.DATE, effet_le=demain)
    assert "il prend effet le" in situation(document).phrase


def test_un_document_retire_de_la_signature_n_engage_personne(campagne):
    transitions.annuler(campagne, par=campagne.preparee_par, motif="L'article 4 change.")
    campagne.refresh_from_db()
    assert campagne.etat == EtatCampagne.ANNULEE
    assert situation(campagne.document).phrase.startswith("Retiré de la signature")


def test_la_commande_dit_la_meme_chose_que_la_page(campagne, cas, tmp_path, capsys):
    bon, faux = tmp_path / "bon.pdf", tmp_path / "faux.pdf"
    bon.write_bytes(cas.anne)
    faux.write_bytes(revision(cas.anne, lambda ecrit: None) + b"%")
    call_command("verifier_document", str(bon))
    assert "bon.pdf : Authentique et signé." in capsys.readouterr().out
    with pytest.raises(CommandError, match="1 fichier sur 2"):
        call_command("verifier_document", str(bon), str(faux))
    dit = capsys.readouterr().out
    assert "faux.pdf : Modifié." in dit
    assert "ne couvre pas tout le fichier" in dit
