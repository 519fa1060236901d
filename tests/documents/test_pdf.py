"""Les octets produits : structure, texte dans l'ordre, pièces jointes, reproductibilité."""

import csv
import datetime
import io
import json
import re
import subprocess

import pikepdf
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousFileOperation
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from weasyprint.urls import FatalURLFetchingError

from contrats.models import Contrat
from documents import rendu
from documents.controle import controler
from documents.moteur import RACINE, RessourcesLocales
from tests.documents.factories import contrat_riche, fiche_de_toutes_natures

pytestmark = [pytest.mark.django_db, pytest.mark.une_fois]


@pytest.fixture(scope="module")
def _monde(django_db_setup, django_db_blocker):
    """Le contrat et son document, composé une fois pour tous les tests qui le lisent."""
    with django_db_blocker.unblock(), transaction.atomic():
        contrat = contrat_riche()
        contexte = rendu.contexte(
            contrat, par=AnonymousUser(), entier=True, site="https://exemple.invalid"
        )
        yield contrat, contexte, rendu.rendre(contexte)
        transaction.set_rollback(True)


@pytest.fixture
def contrat(_monde, db):
    """Contrat signé et publié, deux fiches."""
    return Contrat.objects.get(pk=_monde[0].pk)


@pytest.fixture
def document(_monde, contrat):
    """(contexte, octets) du document entier."""
    return _monde[1:]


def texte(octets):
    """Le texte du PDF dans l'ordre de lecture, espaces réduites."""
    sortie = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],  # noqa: S607 : outil du système
        input=octets,
        capture_output=True,
        check=True,
    )
    return " ".join(sortie.stdout.decode().split())


def ouvrir(octets):
    return pikepdf.open(io.BytesIO(octets))


@pytest.mark.parametrize("entier", [True, False])
def test_le_pdf_passe_les_controles_de_structure(contrat, anonyme, entier):
    fiche_de_toutes_natures(contrat)
    octets = rendu.rendre(rendu.contexte(contrat, par=anonyme, entier=entier))
    assert controler(octets) == []
    with ouvrir(octets) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_le_texte_donne_chaque_piece_et_chaque_action_dans_l_ordre(document):
    contexte, octets = document
    lu = texte(octets)
    lu = lu[lu.index("Les parties", lu.index("Page 2 /")) :]  # après le sommaire
    place = 0
    for piece in contexte["pieces"]:
        place = lu.index(piece.titre, place)
        if piece.gabarit == "fiche":
            for action in piece.objet.actions:
                place = lu.index(action.intitule, place)
    assert contexte["document"].actions


def test_un_intitule_de_plusieurs_lignes_se_lit_d_une_traite(contrat, anonyme):
    """Le suivi vient après lui, non à côté : une extraction de texte ne les mêle pas."""
    intitule = " ".join(f"mot{rang}" for rang in range(60))
    contrat.actions.update(intitule=intitule, avancement=40, echeance=datetime.date(2030, 1, 1))
    lu = texte(rendu.rendre(rendu.contexte(contrat, par=anonyme, entier=True)))
    assert lu.count(intitule) == contrat.actions.count()


def test_les_numeros_du_sommaire_sont_ceux_des_pages(document):
    _, octets = document
    sommaire = texte(octets)
    with ouvrir(octets) as pdf, pdf.open_outline() as signets:
        pages = {page.objgen: numero for numero, page in enumerate(pdf.pages, 1)}
        entrees = [s for racine in signets.root for s in (racine, *racine.children)]
        for signet in entrees:
            titre = re.escape(" ".join(signet.title.split()))
            ligne = re.search(rf"{titre} [. ]+(\d+)", sommaire)
            assert int(ligne[1]) == pages[signet.destination[0].objgen]
    assert len(entrees) == 13


def test_les_actions_sont_jointes_en_json_et_en_csv(document):
    contexte, octets = document
    with ouvrir(octets) as pdf:
        jointes = {nom: piece.get_file().read_bytes() for nom, piece in pdf.attachments.items()}
        assert {str(piece.AFRelationship) for piece in pdf.Root.AF} == {"/Data"}
        assert len(pdf.Root.AF) == 2
    assert set(jointes) == {"actions.json", "actions.csv"}
    lues = json.loads(jointes["actions.json"])["results"]
    lignes = list(csv.DictReader(io.StringIO(jointes["actions.csv"].decode())))
    attendus = [str(action.public_id) for action in contexte["document"].actions]
    assert [action["id"] for action in lues] == [ligne["id"] for ligne in lignes] == attendus


def test_les_pieces_jointes_disent_ce_que_dit_l_api(contrat, anonyme, client):
    fiche_de_toutes_natures(contrat)
    fichiers = rendu.contexte(contrat, par=anonyme, entier=True, site="http://testserver")
    jointes = {fichier.nom: fichier.contenu for fichier in fichiers["fichiers"]}
    adresse = f"{reverse('api:action-list')}?contrat={contrat.slug}&format="
    api = {f: b"".join(client.get(adresse + f).streaming_content) for f in ("json-complet", "csv")}
    ordre = {"key": lambda action: action["id"]}
    assert sorted(json.loads(jointes["actions.json"])["results"], **ordre) == sorted(
        json.loads(api["json-complet"])["results"], **ordre
    )
    assert sorted(jointes["actions.csv"].splitlines()) == sorted(api["csv"].splitlines())


def test_le_meme_contenu_donne_les_memes_octets(contrat, anonyme, document):
    premier, octets = document
    second = rendu.contexte(contrat, par=anonyme, entier=True, site="https://exemple.invalid")
    assert rendu.empreinte(premier) == rendu.empreinte(second)
    assert rendu.rendre(second) == octets


def test_une_modification_change_l_empreinte(contrat, anonyme):
    avant = rendu.empreinte(rendu.contexte(contrat, par=anonyme, entier=True))
    contrat.actions.filter(pk=contrat.actions.first().pk).update(avancement=55)
    contrat = type(contrat).objects.get(pk=contrat.pk)
    assert rendu.empreinte(rendu.contexte(contrat, par=anonyme, entier=True)) != avant


def test_les_metadonnees_nomment_le_document_et_ses_parties(contrat, document):
    contexte, octets = document
    with ouvrir(octets) as pdf:
        infos = {cle: str(valeur) for cle, valeur in pdf.docinfo.items()}
        assert str(pdf.Root.Lang) == "fr"
    assert infos["/Title"] == contrat.intitule
    assert infos["/Author"] == "Ville-Centre, Pays des Collines"
    assert infos["/Subject"].startswith("Contrat de réciprocité, texte signé. Version 1 du")
    modifie_le = timezone.localtime(contexte["document"].modifie_le)
    assert infos["/CreationDate"][2:10] == f"{modifie_le:%Y%m%d}"


def test_un_contrat_sans_rien_s_imprime(anonyme):
    contrat = contrat_riche(nb_fiches=0)
    for relation in ("engagements", "articles", "annexes", "etapes", "instances", "signatures"):
        getattr(contrat, relation).all().delete()
    contrat = type(contrat).objects.get(pk=contrat.pk)
    contexte = rendu.contexte(contrat, par=anonyme, entier=True)
    octets = rendu.rendre(contexte)
    assert controler(octets) == []
    with ouvrir(octets) as pdf:
        assert "/AF" not in pdf.Root


@pytest.mark.parametrize(
    "adresse",
    [
        "http://127.0.0.1/",
        "https://exemple.invalid/a.css",
        "file:///etc/passwd",
        "ftp://exemple.invalid/",
        f"{RACINE}absent.css",
    ],
)
def test_aucune_autre_ressource_n_est_lue(adresse):
    with pytest.raises(ValueError, match=r"protocol|absent"):
        RessourcesLocales().fetch(adresse)


def test_une_ressource_hors_du_dossier_statique_est_refusee():
    with pytest.raises((ValueError, SuspiciousFileOperation)):
        RessourcesLocales().fetch(f"{RACINE}../config/settings/base.py")


def test_une_ressource_interdite_devient_une_erreur_dite(contrat, anonyme, monkeypatch):
    contexte = rendu.contexte(contrat, par=anonyme)
    page = rendu.html(contexte).replace("pdf/document.css", "https://exemple.invalid/x.css")
    monkeypatch.setattr(rendu, "html", lambda _: page)
    with pytest.raises(rendu.RenduImpossible, match="Une ressource du document") as erreur:
        rendu.rendre(contexte)
    assert isinstance(erreur.value.__cause__, FatalURLFetchingError)
