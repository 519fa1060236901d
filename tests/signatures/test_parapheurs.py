"""Les parapheurs, par fichiers et i-Parapheur : confier une fois, relever, ne rien perdre."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from contrats.enums import RoleHabilitation
from contrats.transitions import TransitionImpossible
from signatures import confier, pades, valideur
from signatures.enums import EtatSignataire
from signatures.parapheurs import ParapheurInjoignable, parapheur
from tests.comptes.factories import UtilisateurFactory
from tests.signatures.autorite import Autorite, dans_un_fil
from tests.signatures.factories import campagne_lancee, pdf
from tests.signatures.serveur_iparapheur import Serveur

pytestmark = pytest.mark.django_db
ENVOYE = pdf()


@pytest.fixture(scope="module")
def autorite():
    return Autorite()


@pytest.fixture(autouse=True)
def _sur_place(monkeypatch):
    monkeypatch.setattr(
        pades, "_examiner", lambda a, b: dans_un_fil(valideur.examiner, a, b, pades.racines())
    )


@pytest.fixture
def un(settings, tmp_path, autorite):
    settings.SIGNATURE_RACINES = autorite.poser(tmp_path / "racines")
    return campagne_lancee(nb=1, octets=ENVOYE).signataires.get(rang=1)


@pytest.fixture
def fichiers(settings, tmp_path):
    settings.PARAPHEUR = "fichiers"
    settings.PARAPHEUR_ENVOI = str(tmp_path / "envoi")
    settings.PARAPHEUR_RETOUR = str(tmp_path / "retour")
    (tmp_path / "retour").mkdir()
    return tmp_path


@pytest.fixture
def serveur(settings):
    serveur = Serveur()
    settings.PARAPHEUR, settings.IPARAPHEUR = "iparapheur", serveur.reglages
    yield serveur
    serveur.shutdown()
    serveur.server_close()


def agent(signataire):
    return signataire.campagne.preparee_par


def test_sans_reglage_il_n_y_a_aucun_parapheur(un):
    assert parapheur() is None
    with pytest.raises(TransitionImpossible, match="Aucun parapheur"):
        confier.confier(un, par=agent(un))


def test_par_fichiers_le_document_part_entier_et_revient_signe(un, fichiers, autorite):
    reference = confier.confier(un, par=agent(un))
    assert (fichiers / "envoi" / f"{reference}.pdf").read_bytes() == ENVOYE
    assert confier.relever(un, par=agent(un)) == "Le parapheur attend encore la signature."
    signe = autorite.signer(ENVOYE, "Anne Roux")
    (fichiers / "retour" / f"{reference}.pdf").write_bytes(signe)
    confier.relever(un, par=agent(un))
    un.refresh_from_db()
    assert un.etat == EtatSignataire.SIGNE_AILLEURS
    assert un.pieces.get().taille == len(signe)


def test_par_fichiers_un_refus_dit_pourquoi(un, fichiers):
    reference = confier.confier(un, par=agent(un))
    (fichiers / "retour" / f"{reference}.refus.txt").write_text("Il manque l'annexe 2.\n")
    confier.relever(un, par=agent(un))
    un.refresh_from_db()
    assert (un.etat, un.motif) == (EtatSignataire.REFUSE, "Il manque l'annexe 2.")


def test_un_retour_qui_n_est_pas_le_document_envoye_ne_change_rien(un, fichiers, autorite):
    reference = confier.confier(un, par=agent(un))
    autre = autorite.signer(pdf("Autre texte"), "Anne Roux")
    (fichiers / "retour" / f"{reference}.pdf").write_bytes(autre)
    with pytest.raises(TransitionImpossible, match="n'est pas celui qui a été envoyé"):
        confier.relever(un, par=agent(un))
    un.refresh_from_db()
    assert un.etat == EtatSignataire.ENVOYE


def test_iparapheur_cree_demarre_releve_et_rend_le_pdf_signe(un, serveur, autorite):
    identifiant = confier.confier(un, par=agent(un))
    dossier = serveur.dossiers[identifiant]
    assert (dossier["etat"], dossier["octets"]) == ("PENDING", ENVOYE)
    assert "attend encore" in confier.relever(un, par=agent(un))
    dossier |= {"etat": "FINISHED", "octets": autorite.signer(ENVOYE, "Anne Roux")}
    confier.relever(un, par=agent(un))
    un.refresh_from_db()
    assert un.etat == EtatSignataire.SIGNE_AILLEURS
    with pytest.raises(TransitionImpossible):
        confier.confier(un, par=agent(un))


def test_iparapheur_un_rejet_dit_son_motif(un, serveur):
    identifiant = confier.confier(un, par=agent(un))
    serveur.dossiers[identifiant] |= {"etat": "REJECTED", "motif": "Délibération ajournée."}
    confier.relever(un, par=agent(un))
    un.refresh_from_db()
    assert (un.etat, un.motif) == (EtatSignataire.REFUSE, "Délibération ajournée.")


def test_iparapheur_un_envoi_interrompu_ne_cree_pas_deux_dossiers(un, serveur):
    serveur.couper_apres_creation = True
    with pytest.raises(ParapheurInjoignable):
        confier.confier(un, par=agent(un))
    un.refresh_from_db()
    assert un.dossier == ""
    serveur.couper_apres_creation = False
    assert confier.confier(un, par=agent(un)) == "dossier-1"
    assert list(serveur.dossiers) == ["dossier-1"]


@pytest.mark.parametrize("panne", [401, 500, 302])
def test_iparapheur_en_panne_ne_change_rien_et_se_dit(un, serveur, client, panne):
    serveur.panne = panne
    client.force_login(agent(un))
    adresse = reverse("signatures:signataire-parapheur", args=[un.public_id])
    reponse = client.post(adresse)
    assert (reponse.status_code, f"répond {panne}" in reponse.text) == (409, True)
    un.refresh_from_db()
    assert (un.etat, un.dossier) == (EtatSignataire.ENVOYE, "")


def test_un_dossier_au_dela_de_la_premiere_page_se_retrouve(un, serveur):
    vide = {"name": "autre", "etat": "PENDING", "fichier": "a.pdf", "octets": b"", "motif": ""}
    serveur.dossiers |= {f"autre-{n}": dict(vide) for n in range(150)}
    confier.confier(un, par=agent(un))
    assert "attend encore" in confier.relever(un, par=agent(un))


def test_confier_est_a_qui_conduit(un, fichiers):
    contrat = un.campagne.document.contrat
    lecteur = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.LECTURE)])
    with pytest.raises(PermissionDenied):
        confier.confier(un, par=lecteur)
