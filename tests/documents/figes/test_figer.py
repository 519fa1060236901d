"""Figer, publier, lire : des octets gardés une fois, que rien ne change."""

import hashlib
import io
import json

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from contrats.enums import RoleHabilitation
from documents.controle import controler
from documents.enums import ActeInscrit, Nature, Valeur
from documents.figes import stockage
from documents.figes.depot import DejaPublie, figer, publier
from documents.figes.sujets import Sujet
from documents.models import DocumentFige, Inscription
from tests.comptes.factories import UtilisateurFactory

pytestmark = pytest.mark.django_db


def test_figer_garde_les_octets_leur_empreinte_et_qui_l_a_fait(fige, chargee, contrat):
    octets = stockage.octets_de(fige)
    assert octets.startswith(b"%PDF-")
    assert fige.empreinte == hashlib.sha256(octets).hexdigest()
    assert (fige.taille, fige.fige_par, fige.contrat) == (len(octets), chargee, contrat)
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert fige.nb_pages == len(pdf.pages)
    ligne = json.loads(Inscription.objects.get(acte=ActeInscrit.FIGER).contenu)
    assert (ligne["empreinte"], ligne["par"]) == (fige.empreinte, chargee.pk)


def test_le_contrat_entier_signe_se_fige_comme_texte_signe(contrat, chargee):
    document = figer(contrat, par=chargee)
    assert (document.nature, document.valeur) == (Nature.CONTRAT, Valeur.SIGNE)
    assert document.version == contrat.version


def test_le_code_et_son_image_sont_en_page_un_et_dans_les_metadonnees(fige):
    octets = stockage.octets_de(fige)
    assert fige.code.encode() in octets
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        adresses = [
            str(a.A.URI) for a in pdf.pages[0].get("/Annots", []) if "/A" in a and "/URI" in a.A
        ]
    assert f"https://exemple.invalid/verification/{fige.code}/" in adresses


def test_un_document_fige_passe_les_controles_de_structure(fige):
    assert controler(stockage.octets_de(fige)) == []


@pytest.mark.parametrize("role", set(RoleHabilitation) - {RoleHabilitation.PILOTAGE})
def test_figer_est_reserve_a_qui_conduit_le_contrat(contrat, role):
    agent = UtilisateurFactory(habilitations=[(contrat, role)])
    with pytest.raises(PermissionDenied):
        figer(contrat, par=agent)
    assert not DocumentFige.objects.exists()


def test_publier_se_fait_une_fois_et_date_la_publication(fige, chargee):
    publication = publier(fige, par=chargee)
    assert publication.par == chargee
    with pytest.raises(DejaPublie):
        publier(fige, par=chargee)
    assert Inscription.objects.filter(acte=ActeInscrit.PUBLIER).count() == 1


def statuts(demander, *adresses):
    """Statut de chaque réponse, lue jusqu'au bout : un fichier s'envoie en flux, puis se ferme."""
    reponses = [demander(adresse) for adresse in adresses]
    assert all(reponse.getvalue() for reponse in reponses)
    return [reponse.status_code for reponse in reponses]


def test_un_document_non_publie_n_existe_que_pour_le_contrat(client, fige, chargee):
    pages = [fige.get_absolute_url()]
    octets = [
        reverse("documents:fige-pdf", args=[fige.public_id]),
        reverse("documents:fige-par-empreinte", args=[fige.empreinte]),
    ]
    assert statuts(client.get, *pages, *octets) == [404] * 3
    client.force_login(UtilisateurFactory())
    assert statuts(client.get, *pages, *octets) == [404] * 3
    assert statuts(client.post, *octets) == [404] * 2
    client.force_login(chargee)
    assert client.get(*pages).status_code == 200
    assert statuts(client.post, *octets) == [200] * 2
    publier(fige, par=chargee)
    client.logout()
    assert statuts(client.get, *pages, *octets) == [200] * 3


def test_les_octets_servis_sont_les_octets_figes_et_se_revalident(client, fige, chargee):
    publier(fige, par=chargee)
    adresse = reverse("documents:fige-pdf", args=[fige.public_id])
    reponse = client.get(adresse)
    assert hashlib.sha256(reponse.getvalue()).hexdigest() == fige.empreinte
    assert "immutable" in reponse["Cache-Control"]
    assert client.get(adresse, headers={"if-none-match": reponse["ETag"]}).status_code == 304


def test_un_telechargement_restreint_se_demande_et_s_inscrit_au_journal(client, fige, chargee):
    adresse = reverse("documents:fige-pdf", args=[fige.public_id])
    client.force_login(chargee)
    assert client.get(adresse).url == fige.get_absolute_url(), "une lecture n'écrit rien"
    assert client.post(adresse).getvalue() == stockage.octets_de(fige)
    telecharges = Inscription.objects.filter(acte=ActeInscrit.TELECHARGER)
    assert json.loads(telecharges.get().contenu)["par"] == chargee.pk
    publier(fige, par=chargee)
    assert client.get(adresse).getvalue() == stockage.octets_de(fige)
    assert telecharges.count() == 1


def test_l_ecran_fige_puis_publie(client, contrat, chargee):
    client.force_login(chargee)
    liste = reverse("documents:fige-list", args=[contrat.slug])
    fiche = contrat.fiches.order_by("ordre")[0]
    envoi = {"sujet": f"fiche:{fiche.cle}", "confirme": "1"}
    reponse = client.post(liste, envoi, follow=True)
    document = DocumentFige.objects.get()
    assert document.code in reponse.content.decode()
    client.post(reverse("documents:fige-publier", args=[document.public_id]))
    client.logout()
    assert document.titre in client.get(liste).content.decode()


def test_une_fiche_etrangere_ne_se_fige_pas_ici(client, contrat, chargee):
    client.force_login(chargee)
    liste = reverse("documents:fige-list", args=[contrat.slug])
    assert client.post(liste, {"sujet": "fiche:d-un-autre-contrat"}).status_code == 404
    assert not DocumentFige.objects.exists()


def test_la_liste_coute_autant_pour_un_document_que_pour_quatre(
    client, contrat, chargee, django_assert_num_queries
):
    fiche = contrat.fiches.order_by("ordre")[0]
    liste = reverse("documents:fige-list", args=[contrat.slug])
    for nombre in (1, 3):
        for _ in range(nombre):
            publier(figer(contrat, par=chargee, sujet=Sujet(Nature.FICHE, fiche.cle)), par=chargee)
        with django_assert_num_queries(9):
            client.get(liste)


@pytest.fixture
def immuable(fige, chargee, avec_declencheurs):
    return publier(fige, par=chargee).document


@pytest.mark.parametrize("table", ["documentfige", "publication", "inscription"])
@pytest.mark.parametrize("ordre", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_la_base_refuse_de_changer_ou_de_retirer(immuable, table, ordre):
    with (
        pytest.raises(DatabaseError, match="ne se changent"),
        transaction.atomic(),
        connection.cursor() as curseur,
    ):
        curseur.execute(ordre.format(f"documents_{table}"))


def test_l_orm_est_refuse_comme_le_sql(immuable):
    with pytest.raises(DatabaseError, match="ne se changent"), transaction.atomic():
        DocumentFige.objects.update(titre="Autre")
    with pytest.raises(DatabaseError, match="ne se changent"), transaction.atomic():
        Inscription.objects.all().delete()


def test_des_octets_changes_dans_le_depot_ne_sont_jamais_servis(client, fige, chargee, depot):
    fichier = depot / fige.chemin
    fichier.chmod(0o644)
    fichier.write_bytes(fichier.read_bytes()[:-1] + b"x")
    with pytest.raises(stockage.OctetsAlteres):
        stockage.octets_de(fige)
    client.force_login(chargee)
    reponse = client.post(reverse("documents:fige-pdf", args=[fige.public_id]))
    assert reponse.status_code == 503
    assert "ont été changés" in reponse.content.decode()
