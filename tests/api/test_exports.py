"""Un export est la liste filtrée entière : mêmes valeurs en JSON, CSV, XLSX, GeoJSON."""

import csv
import datetime
import io
import json

import openpyxl
import pytest

from api.exports import Colonnes, en_csv
from contrats.models import Action
from tests.api.conftest import contrat_complet, territoire_complet
from tests.contrats.factories import ActionFactory, FicheFactory
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db

RESSOURCES = ["contrats", "fiches", "actions", "organismes", "territoires"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def corps(reponse):
    assert reponse.status_code == 200
    assert reponse.streaming
    return b"".join(reponse.streaming_content)


def lire_csv(reponse):
    return list(csv.DictReader(io.StringIO(corps(reponse).decode(), newline="")))


def lire_xlsx(reponse):
    return openpyxl.load_workbook(io.BytesIO(corps(reponse))).active


def en_texte(valeur):
    """Ce que le CSV écrit d'une cellule typée de classeur."""
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return str(valeur).lower()
    if isinstance(valeur, datetime.datetime):
        return str(valeur.date())
    return str(valeur)


@pytest.mark.parametrize("ressource", RESSOURCES)
def test_json_csv_et_xlsx_disent_la_meme_chose(client_api, ressource):
    contrat_complet()
    territoire_complet()
    adresse = f"/api/v1/{ressource}/"
    objets = {o["id"]: o for o in client_api.get(f"{adresse}?limit=1000").json()["results"]}
    complet = json.loads(corps(client_api.get(f"{adresse}?format=json-complet")))
    assert {o["id"]: o for o in complet["results"]} == objets
    assert (complet["next"], complet["previous"]) == (None, None)

    lignes = lire_csv(client_api.get(f"{adresse}?format=csv"))
    assert [ligne["id"] for ligne in lignes] == [o["id"] for o in complet["results"]]
    for ligne in lignes:
        objet = objets[ligne["id"]]
        for nom, texte in ligne.items():
            attendu = objet.get(nom)
            if isinstance(attendu, str | int | float | bool) and nom != "modifie_le":
                assert texte == en_texte(attendu), nom

    entete, *cellules = lire_xlsx(client_api.get(f"{adresse}?format=xlsx")).iter_rows(
        values_only=True
    )
    assert list(entete) == list(lignes[0])
    assert all(nom.replace("_", "").isalnum() and nom.islower() for nom in entete)
    for ligne, valeurs in zip(lignes, cellules, strict=True):
        for nom, valeur in zip(entete, valeurs, strict=True):
            attendu = ligne[nom][:10] if isinstance(valeur, datetime.datetime) else ligne[nom]
            if not nom.endswith("_le"):  # un classeur dit l'heure de Paris
                assert en_texte(valeur) == attendu, nom


def test_un_export_ignore_la_taille_des_pages_et_suit_les_filtres(client_api):
    fiche = FicheFactory(publiee=True)
    ActionFactory.create_batch(55, fiche=fiche)
    ActionFactory(fiche=fiche, prioritaire=True)
    assert len(lire_csv(client_api.get("/api/v1/actions/?format=csv"))) == 56
    assert len(lire_csv(client_api.get("/api/v1/actions/?format=csv&prioritaire=oui"))) == 1


def test_l_en_tete_accept_choisit_aussi_le_format(client_api):
    for type_mime, attendu in (("text/csv", "text/csv; charset=utf-8"), (XLSX, XLSX)):
        reponse = client_api.get("/api/v1/contrats/", headers={"accept": type_mime})
        assert reponse["Content-Type"] == attendu
        assert reponse["Content-Disposition"].startswith('attachment; filename="contrats.')
        corps(reponse)


def test_une_formule_reste_du_texte(client_api):
    fiche = FicheFactory(publiee=True)
    for intitule in ("=1+1", "+33", "-2", "@SUM(A1)", "\tx", "a=b", "#N/A"):
        ActionFactory(fiche=fiche, intitule=intitule)
    lus = [a["intitule"] for a in lire_csv(client_api.get("/api/v1/actions/?format=csv"))]
    assert lus == ["'=1+1", "'+33", "'-2", "'@SUM(A1)", "'\tx", "a=b", "#N/A"]
    feuille = lire_xlsx(client_api.get("/api/v1/actions/?format=xlsx"))
    colonne = [c.value for c in feuille[1]].index("intitule") + 1
    cellules = [feuille.cell(rang, colonne) for rang in range(2, 9)]
    assert [c.data_type for c in cellules] == ["s"] * 7
    assert [c.value for c in cellules][0::6] == ["=1+1", "#N/A"]


def test_un_caractere_de_controle_ne_casse_pas_le_classeur(client_api):
    ActionFactory(fiche=FicheFactory(publiee=True), intitule="avant\x07après")
    feuille = lire_xlsx(client_api.get("/api/v1/actions/?format=xlsx"))
    assert "avantaprès" in [c.value for c in feuille[2]]


def test_le_classeur_a_des_cellules_typees_et_un_en_tete_fige(client_api):
    echeance = datetime.date(2026, 6, 30)
    ActionFactory(fiche=FicheFactory(publiee=True), echeance=echeance, avancement=40)
    feuille = lire_xlsx(client_api.get("/api/v1/actions/?format=xlsx"))
    assert feuille.freeze_panes == "A2"
    ligne = dict(zip((c.value for c in feuille[1]), (c.value for c in feuille[2]), strict=True))
    assert ligne["echeance"] == datetime.datetime(2026, 6, 30)  # noqa: DTZ001 - openpyxl sans fuseau
    assert (ligne["avancement"], ligne["prioritaire"], ligne["debut"]) == (40, False, None)


def test_le_csv_suit_la_rfc_4180():
    octets = b"".join(en_csv([[{"a": 'dit "oui", puis\nnon', "b": None}]], Colonnes(a="a", b="b")))
    assert octets == b'a,b\r\n"dit ""oui"", puis\nnon",\r\n'


def test_une_liste_vide_garde_son_en_tete(client_api):
    assert corps(client_api.get("/api/v1/contrats/?format=csv")).startswith(b"id,url,type,")
    vide = json.loads(corps(client_api.get("/api/v1/contrats/?format=json-complet")))
    assert vide["results"] == []
    assert json.loads(corps(client_api.get("/api/v1/territoires/?format=geojson"))) == {
        "type": "FeatureCollection",
        "features": [],
    }


def test_geojson_donne_le_contour_sinon_le_point_sinon_rien(client_api):
    contour = {"type": "Polygon", "coordinates": [[[1, 43], [2, 43], [2, 44], [1, 43]]]}
    TerritoireFactory(nom="A", contour=contour, longitude=1, latitude=43)
    TerritoireFactory(nom="B", longitude="1.444209", latitude="43.604652")
    TerritoireFactory(nom="C")
    reponse = client_api.get("/api/v1/territoires/?format=geojson")
    assert reponse["Content-Type"] == "application/geo+json"
    entites = json.loads(corps(reponse))["features"]
    assert [e["geometry"] for e in entites] == [
        contour,
        {"type": "Point", "coordinates": [1.444209, 43.604652]},
        None,
    ]
    assert entites[1]["properties"]["nom"] == "B"
    assert entites[1]["id"] == entites[1]["properties"]["id"]


def test_geojson_n_existe_que_pour_les_territoires(client_api):
    assert client_api.get("/api/v1/actions/?format=geojson").status_code == 400


def test_l_export_suit_l_ordre_imprime(client_api):
    fiche = FicheFactory(publiee=True)
    seconde = ActionFactory(fiche=fiche, ordre=2)
    premiere = ActionFactory(fiche=fiche, ordre=1)
    lus = [a["id"] for a in lire_csv(client_api.get("/api/v1/actions/?format=csv"))]
    assert lus == [str(premiere.public_id), str(seconde.public_id)]
    pages = client_api.get("/api/v1/actions/").json()["results"]
    assert [a["id"] for a in pages] == lus[::-1]
    assert Action.objects.count() == 2
