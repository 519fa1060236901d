"""Les pages : déposer, décider, annuler, ignorer avec une raison, écrire ; le retour à l'écran."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from contrats.enums import RoleHabilitation
from contrats.models import Contrat
from reprise.models import DocumentRepris, Retour
from reprise.retour.comparaison import exporter
from reprise.sessions import compris_de
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import fiche_complete
from tests.reprise.documents import docx, en_octets
from tests.territoires.factories import TerritoireFactory

LISTE = "/atelier/reprises/"


@pytest.fixture
def territoire(fiche):
    territoire = TerritoireFactory()
    fiche.contrat.territoires.add(territoire)
    return territoire


@pytest.fixture
def agent(client, fiche, territoire):
    pilote = UtilisateurFactory(habilitations=[(fiche.contrat, RoleHabilitation.PILOTAGE)])
    client.force_login(pilote)
    return pilote


def fichier(octets, nom="convention.docx"):
    return {"fichier": SimpleUploadedFile(nom, octets)}


@pytest.fixture
def document(client, agent, modeles):
    client.post(LISTE, fichier(docx()))
    return DocumentRepris.objects.get()


def geste(client, document, nom, **champs):
    document.refresh_from_db()
    return client.post(
        document.get_absolute_url(), {"version": document.version, "geste": nom, **champs}
    )


def test_deposer_relire_decider_ecrire(client, document, territoire):
    page = client.get(document.get_absolute_url()).content.decode()
    assert "Budget prévisionnel" in page
    assert "Un intertitre que le modèle ne connaît pas." in page
    refus = geste(client, document, "ecrire", territoire=territoire.cle)
    assert refus.status_code == 409
    assert "2 passages ne sont pas placés" in refus.content.decode()
    for place in compris_de(document).non_places:
        sans = geste(client, document, "ignorer", element=place.element.id)
        assert sans.status_code == 409
        avec = geste(client, document, "ignorer", element=place.element.id, raison="Hors sujet")
        assert avec.status_code == 302
    fini = geste(client, document, "ecrire", territoire=territoire.cle)
    contrat = Contrat.objects.get(document_repris=document)
    assert fini.url == reverse("contrats:contrat-cycle", args=[contrat.slug])
    assert list(contrat.territoires.all()) == [territoire]
    document.refresh_from_db()
    assert document.decisions["raisons"]
    assert document.depose_par
    recu = client.get(reverse("reprise:document-fichier", args=[document.public_id]))
    assert recu.content == bytes(document.fichier)
    assert "Repris" in client.get(LISTE).content.decode()


def test_chaque_decision_se_prend_et_s_annule(client, document):
    [titre, suite] = compris_de(document).non_places
    geste(client, document, "placer=section:moyen-long", element=titre.element.id)
    document.refresh_from_db()
    assert compris_de(document).non_places == []
    geste(client, document, "annuler")
    document.refresh_from_db()
    assert len(compris_de(document).non_places) == 2
    geste(client, document, "corriger", element=suite.element.id, texte="Autre texte")
    geste(client, document, "reunir", element=suite.element.id)
    document.refresh_from_db()
    assert "Autre texte" not in [p.element.nu for p in compris_de(document).places]
    geste(client, document, "annuler")
    preambule = next(p for p in compris_de(document).places if p.role == "preambule")
    moitie = preambule.element.nu.split(" depuis ")
    coupe = f"{moitie[0]}\n\ndepuis {moitie[1]}"
    geste(client, document, "scinder", element=preambule.element.id, texte=coupe)
    document.refresh_from_db()
    assert "depuis" in [p.element.nu[:6] for p in compris_de(document).places]


def test_une_version_perimee_ou_un_geste_inconnu_ne_font_rien(client, document):
    perime = client.post(document.get_absolute_url(), {"version": 0, "geste": "accepter_tout"})
    assert perime.status_code == 409
    assert geste(client, document, "inconnu").status_code == 409
    assert geste(client, document, "placer=nulle-part", element="0").status_code == 409
    document.refresh_from_db()
    assert document.decisions == {}


def test_un_mauvais_fichier_est_refuse_sur_son_champ(client, agent):
    for octets, phrase in ((b"MZ" * 9, "programme"), (b"%PDF-1.7 x", "abîmé")):
        reponse = client.post(LISTE, fichier(octets))
        assert reponse.status_code == 400
        assert phrase in reponse.content.decode()
    assert client.post(LISTE, {}).status_code == 400
    assert not DocumentRepris.objects.exists()


def test_un_autre_agent_ne_voit_pas_le_document(client, document, fiche):
    client.force_login(
        UtilisateurFactory(habilitations=[(fiche.contrat, RoleHabilitation.PILOTAGE)])
    )
    assert client.get(document.get_absolute_url()).status_code == 404
    client.force_login(UtilisateurFactory())
    assert client.get(LISTE).status_code == 403


@pytest.mark.parametrize("nb", [1, 5])
def test_la_liste_a_un_budget_constant(client, agent, django_assert_num_queries, nb):
    from tests.reprise.factories import repris

    for _ in range(nb):
        repris(depose_par=agent)
    client.get(LISTE)
    with django_assert_num_queries(client_requetes(client)):
        client.get(LISTE)


def client_requetes(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as requetes:
        client.get(LISTE)
    assert len(requetes) <= 12
    return len(requetes)


def test_un_retour_se_depose_se_compare_et_s_accepte(client, agent, fiche):
    fiche = fiche_complete(contrat=fiche.contrat)
    document = Document(io.BytesIO(exporter(fiche.contrat)))
    action = fiche.actions.filter(parent=None).order_by("pk").first()
    for paragraphe in document.paragraphs:
        for run in paragraphe.runs:
            if run.text == action.intitule:
                run.text = "Un intitulé revu"
    adresse = reverse("reprise:retour-list", args=[fiche.contrat.slug])
    reponse = client.post(adresse, fichier(en_octets(document), "retour.docx"))
    retour = Retour.objects.get()
    page = client.get(reponse.url).content.decode()
    assert "<ins>" in page
    [cle] = re.findall(r'name="c-(\w+)" value="accepter"', page)
    fiche.contrat.refresh_from_db()
    versions = {"v-contrat": fiche.contrat.version}
    versions |= {f"v-{f.public_id}": f.version for f in fiche.contrat.fiches.all()}
    fait = client.post(reponse.url, {"version": retour.version, f"c-{cle}": "accepter", **versions})
    assert fait.status_code == 302
    action.refresh_from_db()
    assert action.intitule == "Un intitulé revu"
    assert "Plus rien à décider" in client.get(reponse.url).content.decode()


def test_un_refus_se_garde_sans_rien_ecrire(client, agent, fiche):
    document = Document(io.BytesIO(exporter(fiche.contrat)))
    for paragraphe in document.paragraphs:
        for run in paragraphe.runs:
            if run.text == fiche.titre:
                run.text = "Autre titre"
    adresse = reverse("reprise:retour-list", args=[fiche.contrat.slug])
    reponse = client.post(adresse, fichier(en_octets(document), "retour.docx"))
    retour = Retour.objects.get()
    [cle] = re.findall(r'name="c-(\w+)" value="refuser"', client.get(reponse.url).content.decode())
    client.post(reponse.url, {"version": retour.version, f"c-{cle}": "refuser"})
    page = client.get(reponse.url).content.decode()
    assert "Refusés" in page
    assert "Plus rien à décider" in page
    ancien = fiche.titre
    fiche.refresh_from_db()
    assert fiche.titre == ancien


def test_la_fiche_seule_s_exporte_et_revient(client, agent, fiche):
    recu = client.get(reverse("reprise:fiche-docx", args=[fiche.public_id]))
    assert recu.content[:2] == b"PK"
    adresse = reverse("reprise:retour-list", args=[fiche.contrat.slug])
    reponse = client.post(adresse, fichier(recu.content, "fiche.docx"))
    assert "Plus rien à décider" in client.get(reponse.url).content.decode()
