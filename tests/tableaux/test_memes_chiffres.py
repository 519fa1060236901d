"""La page, les fichiers, l'API et les documents disent les mêmes chiffres."""

import csv
import html
import io
import json
import random
import re
import subprocess

import docx
import pptx
import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tableaux.cartes import CLASSES
from tableaux.perimetre import du_contrat
from tableaux.tableau import tableau
from tests.indicateurs.monde import indicateurs_au_hasard
from tests.tableaux.monde import contrat_au_hasard

pytestmark = pytest.mark.django_db


@pytest.fixture
def contrat():
    hasard, aujourdhui = random.Random(12), timezone.localdate()
    contrat = contrat_au_hasard(hasard, aujourdhui)
    indicateurs_au_hasard(hasard, contrat.parent, aujourdhui)
    return contrat


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
    noms = ["Chiffres", "Carte", "Ecarts", "Avancement", "Mouvements"]
    noms += ["Decisions", "Tour", "Derive", "Lignes"]
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


def test_le_pdf_fini_dit_les_memes_chiffres(client, contrat, attendus, anonyme):
    """Le texte que rend `pdftotext` des octets servis : chiffres, barre et phrases d'écart."""
    reponse = client.get(reverse("documents:dossier-pdf", args=[contrat.slug, "comite"]))
    commande = ["pdftotext", "-raw", "-", "-"]
    lu = subprocess.run(  # noqa: S603
        commande, input=reponse.content, capture_output=True, check=True
    )
    texte = " ".join(lu.stdout.decode().split())
    t = tableau(du_contrat(contrat), anonyme)
    for chiffre in t.chiffres.values():
        marque = " (démonstration)" if chiffre.demonstration else ""
        assert f"{chiffre.libelle}{marque} {chiffre.texte}".replace("\u00a0", " ") in texte
    for classe in t.repartition:
        assert f"{classe['libelle']} : {classe['nombre']}" in texte
    assert t.etat.indicateurs
    for indicateur in t.etat.indicateurs:
        assert indicateur.phrase in texte


def test_chaque_support_dit_la_meme_phrase_d_ecart(client, contrat, anonyme):
    """Page, CSV, classeur, texte modifiable, diaporama et API : la phrase d'une seule fonction."""
    phrases = [i.phrase for i in tableau(du_contrat(contrat), anonyme).etat.indicateurs]
    assert len(phrases) > 1
    texte = docx.Document(io.BytesIO(fichier(client, contrat, "comite.docx")))
    vues = pptx.Presentation(io.BytesIO(fichier(client, contrat, "comite.pptx")))
    formes = [f for vue in vues.slides for f in vue.shapes]
    livre = load_workbook(io.BytesIO(fichier(client, contrat, "tableau.xlsx")))
    page = client.get(reverse("tableaux:contrat", args=[contrat.slug])).content.decode()
    api = client.get(reverse("api:contrat-tableau", args=[contrat.slug])).json()
    dits = {
        "page": html.unescape(page),
        "csv": fichier(client, contrat, "ecarts.csv").decode(),
        "xlsx": " ".join(str(c) for li in livre["Ecarts"].iter_rows(values_only=True) for c in li),
        "docx": " ".join(c.text for t in texte.tables for li in t.rows for c in li.cells),
        "pptx": " ".join(c.text for f in formes if f.has_table for c in f.table.iter_cells()),
        "api": json.dumps(api, ensure_ascii=False),
    }
    for support, dit in dits.items():
        manquent = [p for p in phrases if p not in dit.replace("\u00a0", " ")]
        assert manquent == [], support


def test_la_barre_dit_les_memes_nombres_et_les_dessine(client, contrat, attendus):
    """Les nombres écrits, le nom lu et les largeurs du SVG sont ceux de l'API."""
    page = client.get(reverse("tableaux:contrat", args=[contrat.slug])).content.decode()
    chiffres = client.get(reverse("api:contrat-tableau", args=[contrat.slug])).json()["chiffres"]
    valeurs = {c["libelle"]: c["valeur"] for c in chiffres if c["cle"] in CLASSES}
    barre = re.search(r'<svg class="empilee" role="img" aria-label="([^"]+)".*?</svg>', page, re.S)
    dites = dict(re.findall(r"([^,:]+?) : (\d+)", barre[1].rsplit(", sur", 1)[0]))
    assert {mot.strip(): int(n) for mot, n in dites.items()} == {
        m: n for m, n in valeurs.items() if n
    }
    ecrits = [int(n) for n in re.findall(r"<text[^>]*>(\d+)</text>", barre[0])]
    assert ecrits == [n for n in valeurs.values() if n]
    largeurs = [
        float(rect[1].rstrip("%"))
        for rect in re.finditer(r'<rect class="b-[a-z]+"[^>]* width="([\d.]+%?)"', barre[0])
    ]
    total = sum(ecrits)
    assert largeurs == pytest.approx([sum(largeurs) * n / total for n in ecrits], abs=0.2)
    for rangee in csv.DictReader(io.StringIO(fichier(client, contrat, "avancement.csv").decode())):
        dits = [f"{mot.lower()} {rangee[c]}" for c, mot in CLASSES.items() if int(rangee[c])]
        assert f'aria-label="{", ".join(dits) or "aucune action"}"' in page


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
