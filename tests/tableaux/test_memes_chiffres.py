"""La page, les fichiers, l'API et les documents disent les mêmes chiffres."""

import csv
import io
import json
import random

import docx
import pptx
import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from documents import rendu
from tableaux.perimetre import du_contrat
from tableaux.tableau import tableau
from tests.tableaux.monde import contrat_au_hasard

pytestmark = pytest.mark.django_db


@pytest.fixture
def contrat():
    return contrat_au_hasard(random.Random(12), timezone.localdate())


@pytest.fixture
def attendus(contrat, anonyme):
    """Clé → texte, pour le public."""
    t = tableau(du_contrat(contrat), anonyme)
    return {c.cle: c.texte for c in t.chiffres.values()}


def fichier(client, contrat, nom):
    table, extension = nom.split(".")
    reponse = client.get(reverse("tableaux:contrat-fichier", args=[contrat.slug, table, extension]))
    assert reponse.status_code == 200
    return reponse.content


def test_le_csv_et_l_api_ont_les_memes_valeurs(client, contrat, attendus):
    lignes = list(csv.DictReader(io.StringIO(fichier(client, contrat, "chiffres.csv").decode())))
    assert {li["cle"]: li["texte"] for li in lignes} == attendus
    adresse = reverse("api:contrat-tableau", args=[contrat.slug])
    chiffres = client.get(adresse).json()["chiffres"]
    assert {c["cle"]: c["texte"] for c in chiffres} == attendus
    for ligne, c in zip(lignes, chiffres, strict=True):
        assert ligne["valeur"] == ("" if c["valeur"] is None else str(c["valeur"]))


def test_le_classeur_a_les_memes_valeurs(client, contrat, attendus):
    livre = load_workbook(io.BytesIO(fichier(client, contrat, "tableau.xlsx")))
    noms = ["Chiffres", "Carte", "Ecarts", "Avancement", "Mouvements", "Lignes"]
    assert livre.sheetnames == ["À lire", *noms]
    tetes, *lignes = livre["Chiffres"].iter_rows(values_only=True)
    lus = [dict(zip(tetes, li, strict=True)) for li in lignes]
    assert {li["cle"]: li["texte"] for li in lus} == attendus


@pytest.mark.parametrize("genre", ["comite", "annuel"])
def test_les_documents_ont_les_memes_chiffres(client, contrat, attendus, genre):
    texte = docx.Document(io.BytesIO(fichier(client, contrat, f"{genre}.docx")))
    grille = texte.tables[0]
    dits = [tuple(case.text for case in ligne.cells[:2]) for ligne in grille.rows][1:]
    assert [d for _, d in dits] == list(attendus.values())
    vues = pptx.Presentation(io.BytesIO(fichier(client, contrat, f"{genre}.pptx")))
    cases = [
        forme.table.cell(rang, 1).text
        for vue in vues.slides
        for forme in vue.shapes
        if forme.has_table and forme.table.cell(0, 1).text == "Valeur"
        for rang in range(1, len(forme.table.rows))
    ]
    assert cases == list(attendus.values())


def test_le_pdf_imprime_les_memes_chiffres(client, contrat, attendus, monkeypatch):
    """La mise en page ne change aucun texte : c'est le HTML imprimé qu'on lit."""
    monkeypatch.setattr(rendu, "rendre", lambda contexte: rendu.html(contexte).encode())
    reponse = client.get(reverse("documents:dossier-pdf", args=[contrat.slug, "comite"]))
    page = reponse.content.decode().replace("\u00a0", " ")
    for texte in attendus.values():
        assert f">{texte}<".replace("\u00a0", " ") in page


def test_la_page_dit_les_chiffres_et_chacun_s_ouvre(client, contrat, attendus):
    page = client.get(reverse("tableaux:contrat", args=[contrat.slug])).content.decode()
    assert f"{attendus['realisees'].split()[0]} action" in page
    for cle, texte in attendus.items():
        adresse = reverse("tableaux:contrat-chiffre", args=[contrat.slug, cle])
        detail = client.get(adresse)
        assert detail.status_code == 200
        assert f" : {texte}</h1>" in detail.content.decode()


def test_la_carte_de_la_page_est_celle_du_csv(client, contrat):
    lignes = list(csv.DictReader(io.StringIO(fichier(client, contrat, "carte.csv").decode())))
    page = client.get(reverse("tableaux:contrat", args=[contrat.slug])).content.decode()
    for ligne in lignes:
        assert f">{ligne['nombre']}/{ligne['sur']}</td>" in page


@pytest.mark.parametrize("au", ["2999-01-01", "hier", "2026-02-30"])
def test_une_date_impossible_se_refuse(client, contrat, au):
    page = client.get(reverse("tableaux:contrat", args=[contrat.slug]), {"au": au})
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    api = client.get(reverse("api:contrat-tableau", args=[contrat.slug]), {"au": au})
    assert api.status_code == 400
    assert json.loads(api.content)["errors"][0]["parameter"] == "au"
    adresse = reverse("tableaux:contrat-fichier", args=[contrat.slug, "chiffres", "csv"])
    assert client.get(adresse, {"au": au}).status_code == 400


def test_un_fichier_inconnu_n_existe_pas(client, contrat):
    for table, extension in (("chiffres", "xlsx"), ("rien", "csv"), ("comite", "odt")):
        adresse = reverse("tableaux:contrat-fichier", args=[contrat.slug, table, extension])
        assert client.get(adresse).status_code == 404
