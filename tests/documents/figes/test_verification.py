"""Vérifier : authentique à l'octet près, ou ce qui est arrivé au fichier."""

import io
import random

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.figes import codes, stockage
from documents.figes.depot import figer, publier
from documents.figes.verification import Verdict, examiner, situation
from tests.documents.figes.attaques import RAISONS

pytestmark = pytest.mark.django_db

VERIFICATION = "/verification/"


def test_le_fichier_fige_est_authentique_sous_n_importe_quel_nom(client, fige):
    octets = stockage.octets_de(fige)
    for nom in ("contrat.pdf", "Contrat (1).PDF", "pièce jointe n°2.pdf", "sans-extension"):
        envoi = SimpleUploadedFile(nom, octets, "application/octet-stream")
        page = client.post(VERIFICATION, {"fichier": envoi}).content.decode()
        assert "Authentique" in page
        assert fige.code in page


@pytest.mark.parametrize("attaque", RAISONS, ids=lambda a: a.__name__)
def test_toute_alteration_est_vue_et_dite(fige, attaque):
    octets, alea = stockage.octets_de(fige), random.Random(20170710)
    for _ in range(12):
        examen = examiner(attaque(octets, alea))
        assert examen.verdict == Verdict.MODIFIE
        assert examen.document == fige
        assert RAISONS[attaque] in examen.raison


@pytest.mark.parametrize("octets", [b"", b"pas un pdf", b"PK\x03\x04", b"\x00" * 3000])
def test_ce_qui_n_est_pas_un_pdf_est_dit_illisible(fige, octets):
    assert examiner(octets).verdict == Verdict.ILLISIBLE


def test_un_pdf_d_ailleurs_est_inconnu(fige):
    sortie = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(sortie)
    assert examiner(sortie.getvalue()).verdict == Verdict.INCONNU


@pytest.mark.parametrize(
    "saisie",
    [
        "rcp-7k3m-q2zd",
        " RCP 7K3M Q2ZD ",
        "7k3mq2zd",
        "RCP7K3MQ2ZD",
        "rcp–7k3m".replace("–", "-") + "-q2zd",
    ],
)
def test_un_code_se_lit_comme_on_le_recopie(saisie):
    assert codes.lire(saisie) == "RCP-7K3M-Q2ZD"


@pytest.mark.parametrize("saisie", ["", "RCP", "RCP-7K3M", "7k3mq2zd9", "\x00" * 8, "💥" * 8])
def test_ce_qui_n_est_pas_un_code_est_refuse_en_francais(client, saisie):
    assert codes.lire(saisie) is None
    reponse = client.get(VERIFICATION, {"code": saisie})
    assert reponse.status_code == 400


def test_le_code_d_un_document_restreint_ne_dit_pas_son_titre(client, fige, chargee):
    adresse = reverse("documents:verification-code", args=[fige.code])
    page = client.get(adresse).content.decode()
    assert fige.titre not in page
    assert "Document restreint" in page
    publier(fige, par=chargee)
    assert fige.titre in client.get(adresse).content.decode()


def test_un_code_inconnu_est_introuvable(client):
    assert client.get("/verification/RCP-0000-0000/").status_code == 404
    assert client.get("/verification/n-importe-quoi/").status_code == 404


def test_un_texte_signe_est_en_vigueur_puis_remplace_par_sa_version_suivante(contrat, chargee):
    ancien = figer(contrat, par=chargee)
    assert situation(ancien).phrase == "En vigueur."
    type(contrat).objects.filter(pk=contrat.pk).update(version=contrat.version + 1)
    contrat.refresh_from_db()
    nouveau = figer(contrat, par=chargee)
    assert situation(ancien).a_jour, "une version non publiée ne remplace rien"
    publier(nouveau, par=chargee)
    assert situation(ancien).remplacant == nouveau
    assert situation(nouveau).phrase == "En vigueur."


def test_un_extrait_n_engage_personne(fige):
    assert "n'engage personne" in situation(fige).phrase


def test_presenter_des_fichiers_a_sa_limite_et_lire_un_code_la_sienne(client):
    codes_http = [client.post(VERIFICATION).status_code for _ in range(31)]
    assert codes_http == [400] * 30 + [429]
    assert client.get(f"{VERIFICATION}RCP-2345-6789/").status_code == 404
    assert client.post(VERIFICATION, REMOTE_ADDR="198.51.100.7").status_code == 400
