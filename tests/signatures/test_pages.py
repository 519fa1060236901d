"""Les écrans d'agent, comme un navigateur les envoie."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contrats.enums import RoleHabilitation, RoleSignature
from signatures.enums import EtatCampagne, EtatSignataire
from signatures.models import CampagneSignature, PieceSignee
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import PartieFactory
from tests.documents.factories import DocumentFigeFactory, SignatureFactory
from tests.signatures.factories import PIXEL, campagne_lancee, campagne_prete
from tests.signatures.test_transitions import signer

pytestmark = pytest.mark.django_db


def constat(client, signataire, transition, **donnees):
    adresse = reverse("signatures:signataire-constater", args=[signataire.public_id])
    donnees = {"transition": transition, "version": signataire.version, **donnees}
    return client.post(adresse, donnees)


@pytest.fixture
def campagne(client):
    campagne = campagne_lancee(nb=2)
    client.force_login(campagne.preparee_par)
    return campagne


def test_preparer_reprend_les_signataires_du_contrat_et_les_parties_oubliees(client):
    signature = SignatureFactory()
    contrat = signature.contrat
    SignatureFactory(partie=None, contrat=contrat, role=RoleSignature.TEMOIN, qualite="Ministre")
    PartieFactory(contrat=contrat, libelle="CAF")
    document = DocumentFigeFactory(contrat=contrat)
    client.force_login(UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)]))
    adresse = reverse("signatures:contrat-signatures", args=[contrat.slug])
    donnees = {"document": document.pk, "regle_effet": "derniere", "relance_jours": "14"}
    reponse = client.post(adresse, donnees)
    [campagne] = CampagneSignature.objects.all()
    assert reponse.url == campagne.get_absolute_url()
    siens = list(campagne.signataires.order_by("rang").values_list("nom", "qualite", "etat"))
    assert siens[0] == (str(signature.personne), "Président", "a_envoyer")
    assert siens[1][1:] == ("Ministre", "temoin")
    assert siens[2] == ("", "", "a_envoyer")
    assert client.post(adresse, donnees).status_code == 409
    page = client.post(campagne.get_absolute_url() + "conduire/", {"geste": "lancer"})
    assert page.status_code == 409
    assert "Dites qui signe" in page.text or "une fois adopté" in page.text


@pytest.mark.parametrize(
    ("donnees", "phrase"),
    [
        ({}, "Choisissez un document figé"),
        ({"document": "x"}, "Choisissez un document figé"),
        ({"regle_effet": "date"}, "Dites la date d’effet.".replace("’", "&#x27;")),
        ({"relance_jours": "-1"}, "Écrivez un nombre de jours."),
    ],
)
def test_une_preparation_invalide_se_dit_sur_le_champ(client, donnees, phrase):
    campagne = campagne_prete(nb=1)
    client.force_login(campagne.preparee_par)
    adresse = reverse("signatures:contrat-signatures", args=[campagne.document.contrat.slug])
    reponse = client.post(adresse, {"regle_effet": "derniere", "relance_jours": "1", **donnees})
    assert reponse.status_code == 400
    assert phrase in reponse.text


def test_la_page_dit_combien_ont_signe_et_qui_l_on_attend(client, campagne):
    un, _ = campagne.signataires.filter(role=RoleSignature.SIGNATAIRE).order_by("rang")
    page = SimpleUploadedFile("page signée.png", PIXEL, content_type="image/png")
    aujourd_hui = f"{timezone.localdate():%Y-%m-%d}"
    reponse = constat(client, un, "signer_papier", le=aujourd_hui, piece=page)
    assert reponse.url == campagne.get_absolute_url()
    texte = client.get(campagne.get_absolute_url()).text
    assert "1 sur 2 ; attend Collectivité 2 depuis aujourd&#x27;hui." in texte
    [piece] = PieceSignee.objects.all()
    recue = client.get(reverse("signatures:signataire-piece", args=[un.public_id, piece.pk]))
    assert recue.content == PIXEL
    assert recue["Content-Disposition"].startswith("attachment")
    assert "l&#x27;original papier fait foi" in client.get(un.get_absolute_url()).text


@pytest.mark.parametrize(
    ("transition", "donnees", "statut", "phrase"),
    [
        ("signer_papier", {}, 400, "Choisissez le fichier."),
        ("refuser", {}, 400, "dites pourquoi"),
        ("voler", {}, 400, "Choisissez une des actions proposées."),
        ("envoyer", {}, 409, "est Envoyé"),
        ("recevoir", {"version": "99"}, 409, "a changé depuis"),
        ("recevoir", {"version": "x"}, 409, "a changé depuis"),
    ],
)
def test_un_constat_impossible_se_dit_et_ne_change_rien(
    client, campagne, transition, donnees, statut, phrase
):
    un = campagne.signataires.get(rang=1)
    reponse = constat(client, un, transition, **donnees)
    assert (reponse.status_code, phrase in reponse.text) == (statut, True)
    un.refresh_from_db()
    assert un.etat == EtatSignataire.ENVOYE


@pytest.mark.parametrize("octets", [b"MZ\x90", b"%PDF-1.7 faux", b"<html>"])
def test_un_scan_qui_n_en_est_pas_un_est_refuse(client, campagne, octets):
    un = campagne.signataires.get(rang=1)
    page = SimpleUploadedFile("page.pdf", octets)
    reponse = constat(client, un, "signer_papier", le="2026-11-20", piece=page)
    assert reponse.status_code == 400
    assert PieceSignee.objects.count() == 0


def test_un_scan_trop_gros_est_refuse(client, campagne, settings):
    settings.SIGNATURE_TAILLE_MAX = 10
    un = campagne.signataires.get(rang=1)
    page = SimpleUploadedFile("page.png", PIXEL)
    reponse = constat(client, un, "signer_papier", le="2026-11-20", piece=page)
    assert (reponse.status_code, "dépasse" in reponse.text) == (400, True)


def test_renvoyer_en_relecture_demande_pourquoi(client, campagne):
    adresse = reverse("signatures:signature-conduire", args=[campagne.public_id])
    assert client.post(adresse, {"geste": "relecture"}).status_code == 400
    assert client.post(adresse, {"geste": "rien"}).status_code == 409
    reponse = client.post(adresse, {"geste": "relecture", "motif": "L'article 4 change."})
    assert reponse.url == campagne.get_absolute_url()
    campagne.refresh_from_db()
    assert campagne.etat == EtatCampagne.ANNULEE
    assert "L&#x27;article 4 change." in client.get(campagne.get_absolute_url()).text


def test_l_identite_d_un_signataire_se_complete(client, campagne):
    un = campagne.signataires.get(rang=1)
    donnees = {"nom": "Anne Roux", "qualite": "Présidente", "email": "a@exemple.invalid"}
    donnees |= {"deliberation_adoptee": "oui", "deliberation_numero": "21-0497"}
    assert client.post(un.get_absolute_url(), donnees).url == campagne.get_absolute_url()
    un.refresh_from_db()
    assert (un.nom, un.deliberation_adoptee, un.deliberation_numero) == (
        "Anne Roux",
        True,
        "21-0497",
    )
    refus = client.post(un.get_absolute_url(), {**donnees, "email": "pas une adresse"})
    assert (refus.status_code, "Écrivez une adresse" in refus.text) == (400, True)


def test_qui_a_signe_ne_change_plus_de_nom(client, campagne):
    un = campagne.signataires.get(rang=1)
    signer(campagne, 1)
    nom = un.nom
    client.post(un.get_absolute_url(), {"nom": "Quelqu'un d'autre", "email": "b@exemple.invalid"})
    un.refresh_from_db()
    assert (un.nom, un.email) == (nom, "b@exemple.invalid")


def test_un_lecteur_suit_sans_pouvoir_constater(client, campagne):
    contrat = campagne.document.contrat
    client.force_login(UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.LECTURE)]))
    page = client.get(campagne.get_absolute_url())
    assert "Relancer" not in page.text
    assert constat(client, campagne.signataires.get(rang=1), "recevoir").status_code == 403
