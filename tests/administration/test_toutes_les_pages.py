"""Ce que tient chaque page de l'administration, sans exception de modèle."""

import csv
import io

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from api.admin import Exportable
from edition.admin import AdministrationVersionnee
from edition.models import Versionne
from tests.administration.objets import OBJETS

pytestmark = [pytest.mark.django_db, pytest.mark.une_fois]

MODELES = sorted(admin.site._registry, key=lambda modele: modele._meta.label)
parmi_tous_les_modeles = pytest.mark.parametrize("modele", MODELES, ids=lambda m: m._meta.label)


@pytest.fixture
def administration(client, administrateur):
    client.force_login(administrateur)
    return client


def adresse(modele, page, *args):
    return reverse(f"admin:{modele._meta.app_label}_{modele._meta.model_name}_{page}", args=args)


def nb_requetes(client, url):
    """Requêtes d'une seconde visite : la première remplit les caches de types de contenu."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as requetes:
        client.get(url)
    return len(requetes)


@parmi_tous_les_modeles
def test_une_liste_coute_autant_pour_1_et_5_objets(administration, modele):
    OBJETS[modele](1)
    budget = nb_requetes(administration, adresse(modele, "changelist"))
    for _ in range(4):
        OBJETS[modele](1)
    assert nb_requetes(administration, adresse(modele, "changelist")) == budget


@parmi_tous_les_modeles
def test_un_formulaire_coute_autant_pour_1_et_5_lignes(administration, modele):
    une, cinq = OBJETS[modele](1), OBJETS[modele](5)
    budget = nb_requetes(administration, adresse(modele, "change", une.pk))
    assert nb_requetes(administration, adresse(modele, "change", cinq.pk)) == budget


@parmi_tous_les_modeles
def test_une_liste_se_cherche(administration, modele):
    OBJETS[modele](1)
    assert admin.site._registry[modele].search_fields
    reponse = administration.get(adresse(modele, "changelist"), {"q": "introuvable"})
    assert reponse.context["cl"].result_count == 0


@parmi_tous_les_modeles
def test_une_page_d_ajout_s_ouvre_ou_se_refuse(administration, modele, rf, administrateur):
    requete = rf.get("/")
    requete.user = administrateur
    attendu = 200 if admin.site._registry[modele].has_add_permission(requete) else 403
    assert administration.get(adresse(modele, "add")).status_code == attendu


@parmi_tous_les_modeles
def test_un_objet_versionne_s_ecrit_a_version_controlee(modele, rf, administrateur):
    """Tout objet versionné que l'administration modifie passe par la mise à jour conditionnelle."""
    requete = rf.get("/")
    requete.user = administrateur
    administre = admin.site._registry[modele]
    if issubclass(modele, Versionne) and administre.has_change_permission(requete):
        assert isinstance(administre, AdministrationVersionnee)
        for champ in ("statut", "publie_le", "version"):
            assert champ not in administre.get_form(requete).base_fields


@pytest.mark.parametrize(
    "modele",
    [m for m in MODELES if isinstance(admin.site._registry[m], Exportable)],
    ids=lambda m: m._meta.label,
)
def test_l_export_est_la_liste_filtree_entiere(administration, modele, monkeypatch):
    """Toutes les pages, sous les mêmes colonnes, en CSV et en XLSX."""
    for _ in range(3):
        OBJETS[modele](1)
    monkeypatch.setattr(admin.site._registry[modele], "list_per_page", 1)
    liste = administration.get(adresse(modele, "changelist")).context["cl"]
    octets = b"".join(administration.get(adresse(modele, "exporter_csv")).streaming_content)
    lignes = list(csv.reader(io.StringIO(octets.decode())))
    assert len(lignes) == 1 + liste.result_count >= 4
    octets = b"".join(administration.get(adresse(modele, "exporter_xlsx")).streaming_content)
    feuille = load_workbook(io.BytesIO(octets)).active
    assert [c.value for c in feuille[1]] == lignes[0]
    assert feuille.max_row == len(lignes)


def test_l_administration_est_celle_de_reciproque(administration):
    reponse = administration.get("/administration/")
    assert "Administration de Réciproque" in reponse.content.decode()


def test_un_agent_n_entre_pas_dans_l_administration(client, redactrice):
    client.force_login(redactrice)
    assert client.get("/administration/").status_code == 302
