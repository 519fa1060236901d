"""Les PDF de la matrice : annexe territoriale en A3, extrait d'un quartier en A4."""

import csv
import io
import json
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from contrats.models import Action, Contrat
from documents import rendu
from documents.controle import controler
from documents.matrice import VOCABULAIRE
from perr.enums import StatutDeclinaison
from perr.models import Colonne, Declinaison
from territoires.enums import Couverture
from tests.perr.factories import ColonneFactory, DeclinaisonFactory, matrice
from tests.territoires.factories import TerritoireFactory

pytestmark = [pytest.mark.django_db, pytest.mark.une_fois]

NB_PUCES = 24
PUCE = "- mot{n:02} accompagner les habitants, les bailleurs et les associations du quartier"
LONGUE = "Introduction de la cellule.\n\n" + "\n".join(
    f"{PUCE.format(n=n)} en lien avec la régie." for n in range(1, NB_PUCES + 1)
)


@pytest.fixture(scope="module")
def _monde(django_db_setup, django_db_blocker):
    """Douze actions, deux colonnes, chaque cellule de la première remplie, une de 2 500 signes ;
    et l'annexe qui en sort, composée une fois pour tous les tests qui la lisent."""
    with django_db_blocker.unblock(), transaction.atomic():
        contrat = matrice(actions=12, colonnes=2)
        premiere = Colonne.objects.order_by("rang").first()
        for n, action in enumerate(contrat.actions.order_by("ordre"), 1):
            DeclinaisonFactory(action=action, colonne=premiere, texte=f"Cellule{n:02} du quartier.")
        Declinaison.objects.filter(action__numero="3").update(texte=LONGUE)
        yield contrat, annexe_pdf(Client(), contrat).content
        transaction.set_rollback(True)


@pytest.fixture
def contrat(_monde, db):
    return Contrat.objects.get(pk=_monde[0].pk)


@pytest.fixture
def annexe(_monde, contrat):
    """Les octets de l'annexe, telle que la matrice est faite."""
    return _monde[1]


def annexe_pdf(client, contrat, **filtres):
    return client.get(reverse("documents:annexe-pdf", args=[contrat.slug, "a1"]), filtres)


def pages(octets):
    """Le texte de chaque page, espaces réduites."""
    sortie = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],  # noqa: S607 : outil du système
        input=octets,
        capture_output=True,
        check=True,
    )
    return [" ".join(page.split()) for page in sortie.stdout.decode().split("\f")[:-1]]


def largeur_et_hauteur(octets):
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        return {tuple(round(float(x) / 72 * 25.4) for x in page.mediabox[2:]) for page in pdf.pages}


def test_l_annexe_est_en_a3_paysage_balisee_et_controlee(annexe):
    assert largeur_et_hauteur(annexe) == {(420, 297)}
    assert controler(annexe) == []
    with pikepdf.open(io.BytesIO(annexe)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.Root.Lang) == "fr"


def test_chaque_page_repete_les_en_tetes_la_version_et_ce_que_vaut_le_document(annexe):
    lues = pages(annexe)
    assert len(lues) >= 2
    libelles = list(Colonne.objects.values_list("libelle", flat=True))
    for numero, page in enumerate(lues, 1):
        assert all(page.count(entete) == 1 for entete in libelles), numero
        assert "Document de travail, non signé" in page
        assert re.search(r"Contrat version 1, matrice au \d+ \w+ \d{4}", page)
        assert f"Page {numero} / {len(lues)}" in page


def test_toutes_les_cellules_et_toutes_les_actions_y_sont(annexe, contrat):
    lu = " ".join(pages(annexe))
    for action in contrat.actions.all():
        assert action.intitule in lu
    attendues = {f"Cellule{n:02}" for n in range(1, 13) if n != 3}
    assert {mot for mot in attendues if mot in lu} == attendues
    assert lu.count("Vide") == 12 + 1  # les cellules vides, et la légende


def test_une_cellule_de_2500_signes_se_coupe_entre_deux_pages_sans_rien_perdre(annexe):
    assert len(LONGUE) > 2400
    lues = pages(annexe)
    ou = [[n for n, page in enumerate(lues) if f"mot{puce:02}" in page] for puce in range(1, 25)]
    assert all(len(place) == 1 for place in ou)
    numeros = [place[0] for place in ou]
    assert numeros == sorted(numeros)


def test_une_matrice_plus_haute_que_la_page_coupe_la_cellule(client, contrat):
    Declinaison.objects.filter(action__numero="3").update(texte=LONGUE + "\n" + LONGUE[29:])
    lues = pages(annexe_pdf(client, contrat).content)
    avec = [n for n, page in enumerate(lues) if re.search(r"mot\d\d", page)]
    assert len(avec) >= 2
    assert sum(len(re.findall(r"mot\d\d", page)) for page in lues) == 2 * NB_PUCES


@pytest.mark.parametrize("nom", [nom for nom, _ in VOCABULAIRE])
def test_chaque_genre_de_cellule_a_son_signe_dessine(nom):
    feuille = Path(finders.find("pdf/matrice.css")).read_text()
    assert f".s-{nom}{{background-image:url(cellules/{nom}.svg)" in feuille
    assert finders.find(f"pdf/cellules/{nom}.svg")


def test_chaque_statut_s_imprime_par_un_mot_et_la_legende_les_compte(client, contrat):
    for statut, declinaison in zip(
        StatutDeclinaison, Declinaison.objects.order_by("pk"), strict=False
    ):
        Declinaison.objects.filter(pk=declinaison.pk).update(statut=statut, motif="Un motif.")
    lu = " ".join(pages(annexe_pdf(client, contrat).content))
    for statut in StatutDeclinaison:
        nombre = Declinaison.objects.filter(statut=statut).count()
        assert f"{statut.label} : {nombre}" in lu


def test_le_suivi_invente_est_marque_sur_chaque_page_et_chaque_ligne(client, contrat, annexe):
    assert "démonstration" not in " ".join(pages(annexe))
    Action.objects.filter(contrat=contrat).update(demonstration=True)
    lues = pages(annexe_pdf(client, contrat).content)
    assert all("Exemplaire de démonstration" in page for page in lues)
    assert sum(page.count(" démonstration Programme") for page in lues) == 12


def test_les_filtres_de_l_ecran_valent_pour_l_annexe(client, contrat):
    lu = " ".join(pages(annexe_pdf(client, contrat, programme="2").content))
    assert "Sélection : Programme : 2" in lu
    assert "Cellule12" in lu
    assert "Cellule01" not in lu


@pytest.mark.parametrize("filtres", [{"programme": "99"}, {"statut": "x"}, {"vides": "x"}])
def test_un_filtre_invalide_n_a_pas_de_document(client, contrat, filtres):
    assert annexe_pdf(client, contrat, **filtres).status_code == 404


def test_les_declinaisons_sont_jointes_comme_les_rend_l_api(client, contrat, annexe):
    with pikepdf.open(io.BytesIO(annexe)) as pdf:
        jointes = {nom: piece.get_file().read_bytes() for nom, piece in pdf.attachments.items()}
    assert set(jointes) == {"declinaisons.json", "declinaisons.csv"}
    api = client.get("/api/v1/declinaisons/", {"contrat": contrat.slug}).json()["results"]
    lues = json.loads(jointes["declinaisons.json"])["results"]
    cle = {"key": lambda d: d["id"]}
    assert sorted(lues, **cle) == sorted(api, **cle)
    lignes = list(csv.DictReader(io.StringIO(jointes["declinaisons.csv"].decode())))
    assert [ligne["id"] for ligne in lignes] == [d["id"] for d in lues]


def test_le_quartier_tient_en_a4_et_dit_ses_colonnes_en_tout_ou_partie(client, contrat):
    quartier, voisin = TerritoireFactory(qpv=True), TerritoireFactory(qpv=True)
    annexe = Colonne.objects.first().annexe
    en_partie = ColonneFactory(
        annexe=annexe,
        rang=8,
        quartiers=[quartier, voisin],
        quartiers__couverture=Couverture.PARTIELLE,
    )
    entiere = ColonneFactory(annexe=annexe, rang=9, quartiers=[quartier])
    action = contrat.actions.order_by("ordre").first()
    DeclinaisonFactory(action=action, colonne=entiere, texte="Ouvrir la place.")
    adresse = reverse("documents:quartier-pdf", args=[contrat.slug, quartier.cle])
    octets = client.get(adresse).content
    assert largeur_et_hauteur(octets) == {(210, 297)}
    assert controler(octets) == []
    lu = " ".join(pages(octets))
    assert quartier.nom in lu
    assert f"{en_partie.libelle} Cette colonne ne couvre le quartier qu’en partie." in lu
    assert f"{voisin.nom} (en partie)" in lu
    assert f"{entiere.libelle} Cette colonne couvre tout le quartier." in lu
    assert "Ouvrir la place." in lu
    assert "Rien n’est prévu ici pour 11 actions" in lu
    assert "Cellule01" not in lu


def test_hors_perimetre_ou_sans_colonne_le_document_n_existe_pas(client, contrat):
    ailleurs = TerritoireFactory(qpv=True)
    adresses = [
        reverse("documents:annexe-pdf", args=[contrat.slug, "inconnue"]),
        reverse("documents:quartier-pdf", args=[contrat.slug, ailleurs.cle]),
        reverse("documents:quartier-pdf", args=[contrat.slug, "inconnu"]),
    ]
    assert {client.get(adresse).status_code for adresse in adresses} == {404}
    contrat.publie_le = None
    contrat.save()
    assert annexe_pdf(client, contrat).status_code == 404


def test_une_annexe_deja_lue_repond_304_jusqu_a_ce_qu_une_cellule_change(
    client, contrat, monkeypatch
):
    """L'étiquette vient de ce qui s'imprime, non des octets : inutile de les composer."""
    monkeypatch.setattr(rendu, "rendre", lambda contexte: b"%PDF-")
    cache.clear()
    etag = annexe_pdf(client, contrat)["ETag"]
    adresse = reverse("documents:annexe-pdf", args=[contrat.slug, "a1"])
    assert client.get(adresse, headers={"If-None-Match": etag}).status_code == 304
    Declinaison.objects.filter(action__numero="1").update(texte="Autre.")
    assert client.get(adresse, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("nb", [1, 5])
def test_le_nombre_de_requetes_ne_depend_pas_des_cellules(
    client, django_assert_num_queries, monkeypatch, nb
):
    contrat = matrice(actions=nb, colonnes=nb)
    monkeypatch.setattr(rendu, "rendre", lambda contexte: b"%PDF-")
    for colonne in Colonne.objects.filter(annexe__contrat=contrat):
        for action in contrat.actions.all():
            DeclinaisonFactory(action=action, colonne=colonne)
    with django_assert_num_queries(18):
        assert annexe_pdf(client, contrat).status_code == 200
