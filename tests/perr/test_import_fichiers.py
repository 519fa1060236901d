"""Un mauvais fichier reçoit une phrase qui nomme l'endroit, et la base ne change pas."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contrats.models import Action
from perr.importation import sessions
from perr.importation.formes import FichierRefuse
from perr.importation.lecteur import lire_fichier
from perr.importation.plan import prevoir
from perr.models import AnnexeTerritoriale, Colonne, Declinaison, Import
from tests.contrats.factories import ContratFactory
from tests.perr.factories import matrice
from tests.perr.fichiers_mauvais import BON, LONGUE, LONGUE_OK, MAUVAIS
from tests.perr.tableaux import en_classeur, en_csv

pytestmark = pytest.mark.django_db
MODELES = (Action, AnnexeTerritoriale, Colonne, Declinaison, Import)


@pytest.fixture
def contrat():
    return matrice()


@pytest.fixture(autouse=True)
def limites(settings):
    """Plus basses qu'en service : les mêmes refus, sans fabriquer de gros fichiers."""
    settings.IMPORT_DEPLIE_MAX = 2_000_000


def comptes():
    return [modele.objects.count() for modele in MODELES]


def test_au_moins_quarante_genres_sont_essayes():
    assert len(MAUVAIS) >= 40


@pytest.mark.parametrize("genre", MAUVAIS)
def test_un_mauvais_fichier_est_refuse_en_nommant_l_endroit(contrat, genre, settings):
    if "lignes" in genre:
        settings.IMPORT_DEPLIE_MAX = 100_000_000
    fabriquer, nomme = MAUVAIS[genre]
    avant = comptes()
    with pytest.raises(FichierRefuse) as refus:
        sessions.deposer(contrat, "fichier.xlsx", fabriquer(), par=None)
    phrase = str(refus.value)
    assert nomme in phrase
    assert phrase[0].isupper()
    assert phrase.endswith(".")
    assert comptes() == avant


@pytest.mark.parametrize(
    "octets",
    [
        en_classeur(BON),
        en_csv([LONGUE, LONGUE_OK]),
        en_csv([LONGUE, LONGUE_OK], ","),
        en_csv([LONGUE, LONGUE_OK], "\t"),
        en_csv([LONGUE, ["Ouest", "Arènes", "1", "Été à la cité."]]).decode().encode("cp1252"),
        b"\xef\xbb\xbf" + en_csv([LONGUE, LONGUE_OK]),
        en_csv([LONGUE, LONGUE_OK]).decode().encode("utf-16"),
    ],
    ids=["xlsx", "point-virgule", "virgule", "tabulation", "windows-1252", "utf-8-bom", "utf-16"],
)
def test_les_bons_fichiers_voisins_sont_lus(octets):
    assert lire_fichier(octets)


def test_une_puce_en_tete_de_texte_n_est_pas_une_formule():
    texte = "- Animer la place\n- Planter des arbres"
    feuilles = lire_fichier(en_csv([LONGUE, ["Ouest", "Nord", "1", texte]]))
    [creation] = prevoir(ContratFactory(type="perr"), feuilles, {}).creations
    assert creation.apres.texte == texte


def test_la_page_de_depot_redit_la_phrase_et_ne_garde_rien(client, administrateur, contrat):
    client.force_login(administrateur)
    adresse = reverse("perr:import-list", args=[contrat.slug])
    fichier = SimpleUploadedFile("plan.pdf", b"%PDF-1.7")
    reponse = client.post(adresse, {"fichier": fichier})
    assert reponse.status_code == 400
    assert "Ce fichier est un PDF, pas un tableau." in reponse.content.decode()
    assert not Import.objects.exists()


def test_la_page_de_depot_juge_la_taille_avant_de_lire(client, administrateur, contrat, settings):
    settings.IMPORT_TAILLE_MAX = 1000
    client.force_login(administrateur)
    adresse = reverse("perr:import-list", args=[contrat.slug])
    reponse = client.post(adresse, {"fichier": SimpleUploadedFile("gros.csv", b"a;b;c\n" * 500)})
    assert reponse.status_code == 400
    assert "la limite est" in reponse.content.decode()
