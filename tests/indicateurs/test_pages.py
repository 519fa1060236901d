"""Les pages d'un indicateur : mêmes valeurs partout, démonstration et rupture dites, rien de tu."""

import csv
import datetime
import io
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from indicateurs.enums import Agregation, Comparaison, StatutMesure
from indicateurs.lecture import lire_ecarts
from indicateurs.models import Analyse, Cible, Mesure
from indicateurs.nombres import brut
from tests.comptes.factories import UtilisateurFactory
from tests.indicateurs.factories import (
    AnalyseFactory,
    IndicateurFactory,
    mesurer,
    observatoire,
)
from tests.navigateur import violations_axe
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def o():
    """Trois quartiers : un se rapproche, un s'éloigne, un est secret au dernier millésime."""
    o = observatoire(3, intitule="Le taux")
    a, b, c = o.quartiers
    mesurer(o.indicateur, "2014", {o.reference: 60, a: 40, b: 45.5, c: 30})
    mesurer(o.indicateur, "2016", {o.reference: 62, a: 50, b: 41.25, c: StatutMesure.SECRET})
    return o


@pytest.fixture
def agente(o):
    return UtilisateurFactory(habilitations=[(o.contrat, "redaction")])


def adresse(o, vue="indicateur-detail", **plus):
    return reverse(f"indicateurs:{vue}", args=[o.contrat.slug, o.indicateur.cle, *plus.values()])


def lignes_csv(reponse):
    return list(csv.DictReader(io.StringIO(reponse.getvalue().decode())))


def test_la_meme_valeur_sur_la_page_la_figure_le_csv_et_l_api(client, o, anonyme):
    lecture = lire_ecarts(o.indicateur, anonyme)
    page = client.get(adresse(o)).content.decode()
    svg = client.get(adresse(o, "indicateur-svg", generation=2015)).content.decode()
    table = lignes_csv(client.get(adresse(o, "indicateur-csv")))
    api = client.get(f"/api/v1/indicateurs/{o.indicateur.public_id}/ecarts/").json()
    [lue] = api["lectures"]
    assert lue["phrase"] == lecture.phrase
    assert lecture.phrase in page.replace("\u00a0", " ").replace("&#x27;", "'")
    assert lecture.phrase in svg.replace("\u00a0", " ").replace("&#x27;", "'")
    for ligne, ecrite, objet in zip(lecture.lignes, table, lue["lignes"], strict=True):
        valeur = brut(ligne.valeur.valeur)
        assert (ecrite["valeur"] or None, objet["valeur"]) == (valeur, valeur)
        assert ecrite["ecart"] == (objet["ecart"] or "") == (brut(ligne.ecart) or "")
        assert ecrite["evolution"] == objet["evolution"] == ligne.evolution.value
        for texte in filter(None, [lecture.ecrire(ligne.valeur.valeur)]):
            assert texte in page
            assert texte in svg
    assert [li["statut"] for li in table] == ["publiee", "publiee", "secret"]
    assert {o_["version"] for o_ in client.get("/api/v1/mesures/").json()["results"]} == {1}


def test_la_liste_dit_la_phrase_et_les_ecartes_leur_raison(client, o, anonyme):
    IndicateurFactory(contrat=o.contrat, motif_ecart="Donnée indisponible.")
    page = client.get(reverse("indicateurs:indicateur-list")).content.decode()
    phrase = lire_ecarts(o.indicateur, anonyme).phrase
    assert phrase.capitalize() in page.replace("\u00a0", " ").replace("&#x27;", "'")
    assert "Écarté : Donnée indisponible." in page
    filtree = client.get(reverse("indicateurs:indicateur-list") + "?ecarte=true").content.decode()
    assert "Le taux" not in filtree


def test_chaque_figure_a_un_nom_une_source_une_date_un_perimetre_et_sa_table(client, o):
    page = client.get(adresse(o)).content.decode()
    dessins = re.findall(r"<svg class=\"(?:classement|petite)\"[^>]*>", page)
    assert len(dessins) == 4  # un classement, trois petits multiples
    assert all('role="img"' in d and re.search(r'aria-label="[^"]+"', d) for d in dessins)
    for figure in re.findall(r"<figure.*?</figure>", page, re.S):
        assert f"Source : {o.indicateur.source}" in figure
        assert "3 quartiers de la génération 2015" in figure
        assert re.search(r"valeurs écrites le \d", figure)
    assert "<caption" in page
    assert adresse(o, "indicateur-csv") in page


def test_une_figure_se_lit_sans_couleur(client, o):
    """L'encre de la page et la forme, rien d'autre : plein, vide, pointillé."""
    svg = client.get(adresse(o, "indicateur-svg", generation=2015)).content.decode()
    couleurs = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg))
    assert couleurs == {"currentColor", "none"}
    assert "stroke-dasharray" in svg


def test_deux_generations_sont_separees_par_une_rupture(client, o):
    assert "Rupture de série" not in client.get(adresse(o)).content.decode()
    neuf = TerritoireFactory(qpv=True, generation=2024, code="QN03101N", nom="Nouveau")
    mesurer(o.indicateur, "2025", {neuf: 55, o.reference: 62})
    page = client.get(adresse(o)).content.decode()
    assert "Rupture de série en 2024" in page
    assert {li["generation"] for li in lignes_csv(client.get(adresse(o, "indicateur-csv")))} == {
        "2015",
        "2024",
    }
    seule = f"/api/v1/indicateurs/{o.indicateur.public_id}/ecarts/?generation=2024"
    assert [e["generation"] for e in client.get(seule).json()["lectures"]] == [2024]


def test_la_demonstration_se_dit_partout_ou_la_valeur_parait(client, o):
    mesurer(o.indicateur, "2016", {o.quartiers[0]: 51}, demonstration=True)
    for url in (adresse(o), reverse("indicateurs:indicateur-list")):
        assert 'class="demo"' in client.get(url).content.decode()
    svg = client.get(adresse(o, "indicateur-svg", generation=2015)).content.decode()
    assert "valeurs de démonstration" in svg
    table = lignes_csv(client.get(adresse(o, "indicateur-csv")))
    assert [li["demonstration"] for li in table] == ["true", "false", "false"]
    ecarts = client.get(f"/api/v1/indicateurs/{o.indicateur.public_id}/ecarts/").json()
    assert ecarts["lectures"][0]["demonstration"]
    mesures = client.get("/api/v1/mesures/?demonstration=true").json()["results"]
    assert [m["valeur"] for m in mesures] == ["51"]


def test_a_une_date_passee_toute_la_page_et_ses_fichiers_suivent(client, o):
    jadis = datetime.datetime(2019, 1, 1, 12, tzinfo=datetime.UTC)
    autre = observatoire(1, contrat=o.contrat)
    mesurer(autre.indicateur, "2014", {autre.quartiers[0]: 11, autre.reference: 20}, le=jadis)
    mesurer(autre.indicateur, "2014", {autre.quartiers[0]: 12})
    for date in ("2019-01-01", "01/01/2019"):
        table = lignes_csv(client.get(f"{adresse(autre, 'indicateur-csv')}?a_la_date={date}"))
        assert "11" in {li["valeur"] for li in table}
        page = client.get(f"{adresse(autre)}?a_la_date={date}").content.decode()
        assert "tels que connus le 01/01/2019" in page
        assert "11,0" in page
        assert "12,0" not in page
    for vue in ("indicateur-detail", "indicateur-csv"):
        reponse = client.get(f"{adresse(o, vue)}?a_la_date=demain")
        assert reponse.status_code == 400
        assert "jj/mm/aaaa" in reponse.content.decode()


def test_une_valeur_tue_ne_sort_par_aucun_ecran_fichier_filtre_ni_par_l_administration(
    client, administrateur
):
    """Ni la valeur induite, ni de quoi calculer l'autre : on lit tout ce que le site rend."""
    o = observatoire(3, comparaison=Comparaison.AUCUNE, agregation=Agregation.SOMME, unite="")
    a, b, c = o.quartiers
    mesurer(o.indicateur, "2015", {o.reference: 90817, a: 10433, b: 60277, c: 20107}, note="Note")
    mesurer(o.indicateur, "2015", {c: StatutMesure.SECRET})
    assert Mesure.objects.get(territoire=a).secret_induit
    client.force_login(administrateur)
    i = o.indicateur
    adresses = [
        reverse("indicateurs:indicateur-list"),
        adresse(o),
        f"{adresse(o)}?a_la_date=2100-01-01",
        adresse(o, "indicateur-csv"),
        adresse(o, "indicateur-svg", generation=2015),
        reverse("indicateurs:mesure-saisir", args=[o.contrat.slug, i.cle])
        + f"?territoire={a.cle}&millesime=2015",
        reverse("indicateurs:indicateur-suivre", args=[o.contrat.slug]),
        f"/api/v1/indicateurs/{i.public_id}/",
        f"/api/v1/indicateurs/{i.public_id}/ecarts/",
        f"/api/v1/indicateurs/{i.public_id}/ecarts/?a_la_date=2100-01-01",
        f"/api/v1/mesures/{Mesure.objects.get(territoire=a).public_id}/",
        *(
            f"/api/v1/mesures/?format={f}&statut={s}"
            for f in ("json", "json-complet", "csv")
            for s in ("", "secret", "publiee", "secret,publiee")
        ),
        reverse("admin:indicateurs_mesure_changelist"),
        reverse("admin:indicateurs_mesure_change", args=[Mesure.objects.get(territoire=a).pk]),
        reverse("admin:indicateurs_mesure_exporter_csv"),
    ]
    for url in adresses:
        reponse = client.get(url)
        assert reponse.status_code == 200, url
        texte = re.sub(r"[\s\u00a0\u202f]", "", reponse.getvalue().decode())
        for valeur in (10433, 20107, 10433 + 20107):
            assert str(valeur) not in texte, (url, valeur)
    classeur = load_workbook(io.BytesIO(client.get("/api/v1/mesures/?format=xlsx").getvalue()))
    valeurs = {c.value for ligne in classeur.active for c in ligne}
    assert valeurs.isdisjoint({10433, 20107, "10433", "20107"})
    assert {90817, 60277} <= valeurs
    statuts = client.get("/api/v1/mesures/?statut=secret").json()["results"]
    assert {m["territoire"]["id"] for m in statuts} == {a.cle, c.cle}
    for parametre in ("valeur=10433", "valeur_min=1", "sort=valeur", "secret_induit=true"):
        assert client.get(f"/api/v1/mesures/?{parametre}").status_code == 400


def test_le_total_ne_parait_que_pour_un_indicateur_sommable_et_complet(client):
    o = observatoire(2, comparaison=Comparaison.AUCUNE, agregation=Agregation.SOMME, unite="lits")
    mesurer(o.indicateur, "2015", {o.quartiers[0]: 12, o.quartiers[1]: 30, o.reference: 500})
    page = client.get(adresse(o)).content.decode()
    assert "Total des quartiers" in page
    assert "42,0\u00a0lits" in page
    assert "Pointillé" not in page
    assert "stroke-dasharray" not in page
    mesurer(o.indicateur, "2015", {o.quartiers[1]: StatutMesure.NON_DISPONIBLE})
    assert "Total des quartiers" not in client.get(adresse(o)).content.decode()


# Saisir


def saisir(client, o, **champs):
    url = reverse("indicateurs:mesure-saisir", args=[o.contrat.slug, o.indicateur.cle])
    depart = {
        "territoire": o.quartiers[0].pk,
        "millesime": "2018",
        "statut": "publiee",
        "valeur": "12,5",
        "note": "",
        "version": "",
    }
    return client.post(url, depart | champs)


def test_saisir_cree_puis_modifie_une_mesure(client, o, agente):
    client.force_login(agente)
    assert saisir(client, o).status_code == 302
    mesure = Mesure.objects.get(millesime__cle="2018")
    assert (brut(mesure.valeur), mesure.statut) == ("12.5", "publiee")
    url = reverse("indicateurs:mesure-saisir", args=[o.contrat.slug, o.indicateur.cle])
    page = client.get(f"{url}?territoire={o.quartiers[0].cle}&millesime=2018").content.decode()
    assert 'value="12,5"' in page
    reponse = saisir(client, o, statut="secret", valeur="", version=mesure.version)
    assert reponse.status_code == 302
    mesure.refresh_from_db()
    assert (mesure.valeur, mesure.statut) == (None, "secret")


def test_deux_saisies_en_meme_temps_ne_s_ecrasent_pas(client, o, agente):
    client.force_login(agente)
    saisir(client, o)
    reponse = saisir(client, o, valeur="99")  # croit la mesure absente
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "elle vaut « 12,5 »" in page.replace("\u00a0", " ")
    assert 'value="99"' in page
    assert brut(Mesure.objects.get(millesime__cle="2018").valeur) == "12.5"
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    assert saisir(client, o, valeur="99", version=version).status_code == 302
    assert brut(Mesure.objects.get(millesime__cle="2018").valeur) == "99"


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"valeur": ""}, "a une valeur"),
        ({"valeur": "douze"}, "douze"),
        ({"statut": "secret"}, "Effacez la valeur"),
        ({"millesime": "hier"}, "pas un millésime"),
        ({"territoire": "0"}, "territoire"),
        ({"statut": "bof"}, "bof"),
        ({"version": "99999999999999999999"}, "version"),
    ],
)
def test_une_saisie_invalide_revient_avec_sa_raison(client, o, agente, champs, dit):
    client.force_login(agente)
    reponse = saisir(client, o, **champs)
    assert reponse.status_code == 400
    assert dit in reponse.content.decode()
    assert not Mesure.objects.filter(millesime__cle="2018").exists()


def test_une_analyse_datee_s_ajoute_et_se_lit(client, o, agente):
    client.force_login(agente)
    url = reverse("indicateurs:analyse-ajouter", args=[o.contrat.slug, o.indicateur.cle])
    demain = datetime.date.today() + datetime.timedelta(days=2)  # noqa: DTZ011
    champs = {"le": "10/02/2021", "texte": "**Mieux** qu'hier.", "signature": "L'observatoire"}
    assert client.post(url, champs | {"le": demain.strftime("%d/%m/%Y")}).status_code == 400
    assert client.post(url, champs).status_code == 302
    analyse = Analyse.objects.get()
    assert (analyse.auteur, analyse.le) == (agente, datetime.date(2021, 2, 10))
    client.logout()
    page = client.get(adresse(o)).content.decode()
    assert "<strong>Mieux</strong>" in page
    assert "10 février 2021" in page


def test_une_cible_se_fixe_une_fois_par_echeance(client, o, agente):
    client.force_login(agente)
    url = reverse("indicateurs:cible-fixer", args=[o.contrat.slug, o.indicateur.cle])
    champs = {"territoire": "", "porte_sur": "valeur", "valeur": "55,5", "echeance": "31/12/2030"}
    assert client.post(url, champs).status_code == 302
    reponse = client.post(url, champs)
    assert reponse.status_code == 400
    assert "a déjà cette échéance" in reponse.content.decode()
    assert brut(Cible.objects.get().valeur) == "55.5"
    assert "55,5" in client.get(adresse(o)).content.decode()


def test_un_indicateur_ecarte_ne_se_saisit_pas(client, o, agente):
    ecarte = IndicateurFactory(contrat=o.contrat, motif_ecart="Indisponible.")
    client.force_login(agente)
    for vue in ("mesure-saisir", "analyse-ajouter", "cible-fixer"):
        url = reverse(f"indicateurs:{vue}", args=[o.contrat.slug, ecarte.cle])
        assert client.get(url).status_code == 404


def test_les_pages_n_ont_ni_violation_axe_ni_debordement(page, connecter, o, agente):
    """Public puis agente, à 1280 et 375 px ; le tableau qui défile s'atteint au clavier."""
    AnalyseFactory(indicateur=o.indicateur)
    neuf = TerritoireFactory(qpv=True, generation=2024, code="QN03101N", nom="Nouveau")
    mesurer(o.indicateur, "2025", {neuf: 55, o.reference: 62})
    contrat, cle = o.contrat.slug, o.indicateur.cle
    publiques = [reverse("indicateurs:indicateur-list"), adresse(o)]
    agent = [
        reverse("indicateurs:indicateur-suivre", args=[contrat]),
        reverse("indicateurs:mesure-saisir", args=[contrat, cle]),
        reverse("indicateurs:cible-fixer", args=[contrat, cle]),
        reverse("indicateurs:depot-list", args=[contrat]),
    ]
    visites = [(publiques, None), (agent, agente)]
    for adresses, qui in visites:
        if qui is not None:
            connecter(qui)
        for largeur in (1280, 375):
            page.set_viewport_size({"width": largeur, "height": 900})
            for url in adresses:
                page.goto(url)
                assert violations_axe(page) == [], url
                assert page.evaluate("document.documentElement.scrollWidth") <= largeur, url
