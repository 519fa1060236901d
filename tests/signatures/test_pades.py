"""Un PDF signé reçu : celui qu'on a envoyé, signé, entier ; sinon refusé, et la raison dite."""

import io

import pikepdf
import pytest

from contrats.transitions import TransitionImpossible
from signatures import pades, transitions
from signatures.enums import EtatSignataire
from signatures.pieces import PieceRefusee
from tests.signatures.attaques import annotee, page_changee
from tests.signatures.autorite import Autorite
from tests.signatures.factories import campagne_lancee, pdf

pytestmark = pytest.mark.django_db
ENVOYE = pdf()


@pytest.fixture(scope="module")
def autorite():
    return Autorite()


@pytest.fixture(scope="module")
def signe(autorite):
    return autorite.signer(ENVOYE, "Anne Roux")


@pytest.fixture
def campagne(settings, tmp_path, autorite):
    settings.SIGNATURE_RACINES = autorite.poser(tmp_path / "racines")
    return campagne_lancee(nb=2, octets=ENVOYE)


def recevoir(campagne, rang, octets):
    s = campagne.signataires.get(rang=rang)
    recue = pades.recevoir("contrat signé.pdf", octets, campagne.document)
    par = campagne.preparee_par
    return transitions.signer(s, recue, version=s.version, le=recue.signee_le, par=par)


def test_un_pdf_signe_est_recu_tel_quel_et_dit_qui_quand_par_qui(campagne, signe):
    recevoir(campagne, 1, signe)
    un = campagne.signataires.get(rang=1)
    [piece] = un.pieces.all()
    assert un.etat == EtatSignataire.SIGNE_AILLEURS
    assert piece.constat[0].startswith("Signé par « Anne Roux », le ")
    assert "heure que le signataire annonce" in piece.constat[0]
    assert "Certificat délivré par « AC d'essai », autorité reconnue" in piece.constat[1]
    assert "non vérifiés ici" in piece.constat[-1]


def test_les_signatures_a_la_suite_valent_chacune_pour_le_sien(
    campagne, sur_place, autorite, signe
):
    recevoir(campagne, 1, signe)
    with pytest.raises(TransitionImpossible, match="vaut déjà pour"):
        recevoir(campagne, 2, signe)
    deux = autorite.signer(signe, "Paul Bel", horodateur=autorite.horodateur(), visible=True)
    recevoir(campagne, 2, deux)
    constat = campagne.signataires.get(rang=2).pieces.get().constat
    assert "heure certifiée par « Horodateur d'essai »" in constat[2]
    trois = signe + b"\n"
    with pytest.raises(PieceRefusee):
        recevoir(campagne, 2, trois)


def test_un_cadre_pose_sur_du_texte_est_dit_et_recu(campagne, sur_place, autorite):
    a_cote = autorite.signer(ENVOYE, "Anne Roux", visible=True)
    dessus = autorite.signer(ENVOYE, "Anne Roux", visible=True, cadre=(60, 690, 200, 720))
    muet, dit = (
        pades.recevoir("signé.pdf", octets, campagne.document).constat
        for octets in (a_cote, dessus)
    )
    assert not any("couvre du texte" in phrase for phrase in muet)
    assert any("page 2, couvre du texte : « Les parties s" in phrase for phrase in dit), dit


def reenregistre(octets):
    sortie = io.BytesIO()
    with pikepdf.open(io.BytesIO(octets)) as lu:
        lu.save(sortie)
    return sortie.getvalue()


def faux_octet(signe):
    """Un octet changé dans ce que couvre la signature, après le document envoyé."""
    place = signe.index(b"PPKLite")
    return signe[:place] + bytes([signe[place] ^ 1]) + signe[place + 1 :]


ATTAQUES = {
    "le document sans signature": (lambda s, a: ENVOYE, "sans aucune signature"),
    "un autre texte": (
        lambda s, a: a.signer(pdf("Les parties s'engagent sur 46 actions."), "Anne Roux"),
        "« 45 » est devenu « 46 »",
    ),
    "une page de plus": (lambda s, a: a.signer(pdf(pages=3), "Anne Roux"), "a 2 pages, celui-ci 3"),
    "réenregistré": (lambda s, a: reenregistre(s), "le fichier a été réécrit"),
    "un octet changé": (lambda s, a: faux_octet(s), "ignature"),
    "page changée avant de signer": (
        lambda s, a: a.signer(page_changee(ENVOYE), "Anne Roux"),
        "La page 1 a été changée avant d'être signée",
    ),
    "page changée après": (lambda s, a: page_changee(s), "La page 1 a été changée"),
    "réserve écrite avant de signer": (
        lambda s, a: a.signer(annotee(ENVOYE), "Anne Roux"),
        "Une annotation (FreeText)",
    ),
    "complété sans être signé": (lambda s, a: annotee(ENVOYE), "Une annotation"),
    "octets ajoutés à la fin": (lambda s, a: s + b"\n% rien\n", "ne couvre pas tout le fichier"),
    "autorité inconnue": (
        lambda s, a: Autorite("Autre AC").signer(ENVOYE, "Anne Roux"),
        "« Autre AC » n'est pas une autorité reconnue",
    ),
    "pas un PDF": (lambda s, a: b"MZ", "n'est pas un PDF"),
    "tronqué": (lambda s, a: s[:-200], "ignature"),
}


@pytest.mark.parametrize("attaque", ATTAQUES)
def test_un_pdf_qui_n_est_pas_celui_envoye_et_signe_est_refuse_et_la_raison_dite(
    campagne, sur_place, autorite, signe, attaque
):
    fabriquer, phrase = ATTAQUES[attaque]
    with pytest.raises(PieceRefusee) as refus:
        pades.recevoir("contrat.pdf", fabriquer(signe, autorite), campagne.document)
    assert phrase in " ".join([str(refus.value), *refus.value.details])


def test_sans_racine_reglee_rien_n_est_recu(campagne, sur_place, signe, settings):
    settings.SIGNATURE_RACINES = ""
    with pytest.raises(PieceRefusee) as refus:
        pades.recevoir("contrat.pdf", signe, campagne.document)
    assert "réglage SIGNATURE_RACINES" in refus.value.details[0]


def test_un_examen_trop_long_ou_tue_est_un_refus(campagne, signe, settings, monkeypatch):
    settings.SIGNATURE_DELAI = 0
    with pytest.raises(PieceRefusee, match="dépasse 0 secondes"):
        pades.recevoir("contrat.pdf", signe, campagne.document)
    settings.SIGNATURE_DELAI = 60
    monkeypatch.setattr(pades.sys, "executable", "/bin/false")
    with pytest.raises(PieceRefusee, match="illisible"):
        pades.recevoir("contrat.pdf", signe, campagne.document)
