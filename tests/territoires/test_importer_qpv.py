"""`importer_qpv` : le GeoJSON et le CSV de l'ANCT, relus sans rien changer, ou refusés avec leur
ligne. Tout ou rien."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from edition.ecriture import mettre_a_jour
from territoires.enums import Couverture, NatureFiliation, TypeTerritoire
from territoires.importation import ecriture
from territoires.importation.geometrie import centre, surfaces
from territoires.importation.lecture import lire
from territoires.importation.plan import preparer
from territoires.importation.refus import Refus
from territoires.models import AliasTerritoire, Filiation, Rattachement, Territoire
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db

CARRE = [[1.41, 43.59], [1.42, 43.59], [1.42, 43.6], [1.41, 43.6], [1.41, 43.59]]


def polygone(*anneaux):
    return {"type": "Polygon", "coordinates": list(anneaux or [CARRE])}


def entite(code="QP031008", nom="Arènes", commune="31555", geometrie=None, **autres):
    proprietes = {"code_qp": code, "lib_qp": nom, "insee_com": commune, "lib_com": "Toulouse"}
    return {
        "type": "Feature",
        "properties": proprietes | autres,
        "geometry": geometrie or polygone(),
    }


def geojson(*entites, **autres):
    return json.dumps({"type": "FeatureCollection", "features": list(entites)} | autres)


@pytest.fixture
def importer(tmp_path):
    """`importer(contenu, generation)` rend ce que dit la commande."""

    def _importer(contenu, generation=2015, **options):
        fichier = tmp_path / "fichier"
        octets = contenu.encode() if isinstance(contenu, str) else contenu
        fichier.write_bytes(octets)
        sortie = StringIO()
        call_command("importer_qpv", str(fichier), generation=generation, stdout=sortie, **options)
        return sortie.getvalue()

    return _importer


@pytest.fixture
def toulouse():
    return TerritoireFactory(nom="Toulouse", code="31555", type=TypeTerritoire.COMMUNE)


def etat():
    """Tout ce que l'import peut toucher."""
    modeles = (Territoire, Rattachement, AliasTerritoire, Filiation)
    return [list(m.objects.order_by("pk").values()) for m in modeles]


# Ce qui entre


def test_un_quartier_entre_avec_son_contour_son_point_ses_dates_et_sa_commune(importer, toulouse):
    importer(geojson(entite()))
    quartier = Territoire.objects.get(code="QP031008")
    assert (quartier.nom, quartier.cle, quartier.generation) == ("Arènes", "arenes-2015", 2015)
    assert quartier.contour == polygone()
    assert (float(quartier.longitude), float(quartier.latitude)) == (1.415, 43.595)
    assert (str(quartier.valide_du), str(quartier.valide_au)) == ("2015-01-01", "2023-12-31")
    [rattachement] = quartier.rattachements.all()
    assert (rattachement.parent, rattachement.couverture) == (toulouse, Couverture.TOTALE)
    quartier.full_clean()


def test_une_commune_inconnue_est_creee(importer):
    assert "Communes créées : 1." in importer(geojson(entite()))
    commune = Territoire.objects.get(code="31555")
    assert (commune.nom, commune.type) == ("Toulouse", TypeTerritoire.COMMUNE)


@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_un_csv_joint_plusieurs_communes_par_point_virgule(importer, separateur):
    lignes = [
        ["code_qp", "lib_qp", "insee_com", "lib_com"],
        ["QN03102N", "Les Deux Rives", '"31555; 31069"', '"Toulouse; Blagnac"'],
        ["QN97101I", "Boissard", '"=""97101"""', "Les Abymes"],
    ]
    importer("\ufeff" + "\r\n".join(separateur.join(ligne) for ligne in lignes), 2024)
    rives, boissard = Territoire.objects.filter(type=TypeTerritoire.QPV).order_by("code")
    liens = {r.parent.nom: r.couverture for r in rives.rattachements.all()}
    assert liens == {"Toulouse": "partielle", "Blagnac": "partielle"}
    assert boissard.rattachements.get().parent.code == "97101"
    # Outre-mer, la génération 2024 ne vaut que depuis 2025.
    assert [str(t.valide_du) for t in (rives, boissard)] == ["2024-01-01", "2025-01-01"]
    assert rives.contour is None


def test_les_entites_d_un_meme_quartier_dans_deux_communes_se_joignent(importer):
    """L'ANCT publie une entité par quartier et par commune."""
    ailleurs = [[x + 0.02, y] for x, y in CARRE]
    autre = entite(commune="31069", lib_com="Blagnac", geometrie=polygone(ailleurs))
    importer(geojson(entite(), autre))
    quartier = Territoire.objects.get(code="QP031008")
    assert quartier.contour["type"] == "MultiPolygon"
    assert quartier.rattachements.filter(couverture=Couverture.PARTIELLE).count() == 2


def test_relire_le_meme_fichier_ne_change_rien(importer):
    contenu = geojson(entite(), entite("QP031010", "Empalot"))
    assert "2 créés, 0 complétés, 0 sans changement" in importer(contenu)
    avant = etat()
    assert "0 créés, 0 complétés, 2 sans changement" in importer(contenu)
    assert etat() == avant


def test_une_simulation_dit_tout_et_n_ecrit_rien(importer):
    avant = etat()
    dit = importer(geojson(entite()), simulation=True, verbosity=2)
    assert "1 à créer" in dit
    assert "QP031008 Arènes : nom, code, contour" in dit
    assert etat() == avant


def test_un_csv_sans_contour_n_efface_ni_contour_ni_point(importer):
    importer(geojson(entite()))
    importer("code_qp;nom_qp;code_commune;nom_commune\nQP031008;Arènes;31555;Toulouse\n")
    assert Territoire.objects.get(code="QP031008").contour == polygone()


def test_un_nom_officiel_nouveau_garde_l_ancien_en_alias_et_change_la_version(importer, toulouse):
    quartier = TerritoireFactory(qpv=True, code="QP031008", nom="Les Arènes")
    assert "« Les Arènes » devient « Arènes »" in importer(geojson(entite()))
    quartier.refresh_from_db()
    assert (quartier.nom, quartier.version) == ("Arènes", 2)
    assert [a.libelle for a in quartier.alias.all()] == ["Les Arènes"]


# Rapprocher


@pytest.fixture
def sans_code(toulouse):
    quartier = TerritoireFactory(type=TypeTerritoire.QPV, generation=2024, nom="Arènes")
    Rattachement.objects.create(enfant=quartier, parent=toulouse)
    return quartier


@pytest.mark.parametrize("nom", ["Arènes", "ARENES", "Aux Arènes - Nord"])
def test_un_quartier_sans_code_se_reconnait_par_son_nom_ou_son_alias(importer, sans_code, nom):
    sans_code.alias.create(libelle="Aux Arènes – Nord")
    assert "Rapproché par son nom" in importer(geojson(entite("QN03101I", nom)), 2024)
    sans_code.refresh_from_db()
    assert sans_code.code == "QN03101I"
    assert Territoire.objects.filter(type=TypeTerritoire.QPV).count() == 1


def test_un_homonyme_d_une_autre_commune_est_un_autre_quartier(importer, sans_code):
    importer(geojson(entite("QN03001I", "Arènes", "30189", lib_com="Nîmes")), 2024)
    sans_code.refresh_from_db()
    assert sans_code.code == ""
    assert Territoire.objects.get(code="QN03001I").cle == "arenes-2024"


@pytest.mark.parametrize(
    ("lettre", "nature"), [("I", NatureFiliation.INCHANGE), ("M", NatureFiliation.MODIFIE)]
)
def test_la_lettre_du_code_tranche_la_filiation_a_verifier(importer, sans_code, lettre, nature):
    filiation = Filiation.objects.create(
        ancien=TerritoireFactory(qpv=True),
        nouveau=sans_code,
        nature=NatureFiliation.INCHANGE,
        a_verifier="Retouché ?",
    )
    assert "Filiation tranchée" in importer(geojson(entite(f"QN03101{lettre}")), 2024)
    filiation.refresh_from_db()
    assert (filiation.nature, filiation.a_verifier) == (nature, "")


def test_un_code_qui_contredit_la_filiation_est_signale_sans_la_changer(importer, sans_code):
    Filiation.objects.create(
        ancien=TerritoireFactory(qpv=True), nouveau=sans_code, nature=NatureFiliation.FUSION
    )
    assert "À relire : QN03101N" in importer(geojson(entite("QN03101N")), 2024)
    assert Filiation.objects.get().nature == NatureFiliation.FUSION


# Ce qui est refusé

NOEUD = [[1.41, 43.59], [1.42, 43.6], [1.42, 43.59], [1.41, 43.6], [1.41, 43.59]]
LAMBERT = [[573000.0, 6278000.0], [574000.0, 6278000.0], [574000.0, 6279000.0]]
LAMBERT = [*LAMBERT, LAMBERT[0]]
CRS_LAMBERT = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
ENTETE = "code_qp;lib_qp;insee_com;lib_com\n"

REFUSES = {
    "vide": (b"  \n", "Le fichier est vide"),
    "archive": (b"PK\x03\x04reste", "archive ou un classeur"),
    "pas-utf-8": ("code_qp;lib_qp\nQP031008;Arènes".encode("cp1252"), "UTF-8"),
    "octets-nuls": (b"code_qp;lib_qp\x00", "octets nuls"),
    "json-abime": ('{"type": "FeatureCollection",\n "features": [', "ligne 2"),
    "json-profond": ("[" * 200_000, "JSON"),
    "json-infini": (geojson(entite()).replace("1.41,", "Infinity,"), "« Infinity »"),
    "autre-json": ('{"type": "Topology"}', "FeatureCollection"),
    "sans-entite": (geojson(), "aucun quartier"),
    "lambert-annonce": (geojson(entite(), crs=CRS_LAMBERT), "Lambert 93"),
    "lambert-tu": (geojson(entite(geometrie=polygone(LAMBERT))), "Lambert 93"),
    "inverse": (geojson(entite(geometrie=polygone([[y, x] for x, y in CARRE]))), "inversées"),
    "hors-de-france": (
        geojson(entite(geometrie=polygone([[x + 20, y] for x, y in CARRE]))),
        "n'est pas en France",
    ),
    "sans-geometrie": (geojson(entite() | {"geometry": None}), "pas de géométrie"),
    "point": (geojson(entite(geometrie={"type": "Point", "coordinates": [1, 43]})), "une surface"),
    "contour-vide": (geojson(entite(geometrie={"type": "Polygon", "coordinates": []})), "vide"),
    "coordonnees-nulles": (geojson(entite(geometrie={"type": "Polygon"})), "listes de positions"),
    "anneau-ouvert": (geojson(entite(geometrie=polygone(CARRE[:-1]))), "n'est pas fermé"),
    "anneau-court": (geojson(entite(geometrie=polygone(CARRE[:2]))), "au moins quatre"),
    "anneau-plat": (geojson(entite(geometrie=polygone([CARRE[0]] * 4))), "sans surface"),
    "anneau-croise": (geojson(entite(geometrie=polygone(NOEUD))), "se croise"),
    "position-texte": (geojson(entite(geometrie=polygone(["a", *CARRE]))), "couple de nombres"),
    "sans-proprietes": (geojson({"type": "Feature", "geometry": polygone()}), "propriétés"),
    "sans-code": (geojson(entite(code="")), "il manque le code"),
    "sans-nom": (geojson(entite(nom=" ")), "il manque le nom"),
    "nom-long": (geojson(entite(nom="A" * 255)), "254 caractères"),
    "code-faux": (geojson(entite(code="QP31008")), "n'est pas un code de quartier de 2015"),
    "code-de-2024": (geojson(entite(code="QN03101M")), "de la génération 2024"),
    "commune-fausse": (geojson(entite(commune="Toulouse")), "code de commune"),
    "commune-sans-nom": (geojson(entite(lib_com="")), "ne dit pas son nom"),
    "nom-de-commune-seul": (geojson(entite(commune="")), "aucune commune connue"),
    "communes-inegales": (geojson(entite(commune="31555; 31069")), "2 codes de commune pour 1"),
    "double": (geojson(entite(), entite()), "en double : déjà lu (Entité 1)"),
    "deux-noms": (geojson(entite(), entite(nom="Arènes bis")), "déjà nommé « Arènes »"),
    "colonne-absente": ("code;lib_qp\nQP031008;Arènes\n", "Il manque la colonne code_qp"),
    "propriete-absente": (geojson(entite()).replace("lib_qp", "titre"), "lib_qp ou nom_qp"),
    "ligne-longue": (ENTETE + "QP031008;Arènes;31555; 31069;Toulouse\n", "Ligne 2 : 5 cellules"),
    "guillemet": (ENTETE + 'QP031008;"Arènes;31555;Toulouse\n', "CSV abîmé"),
    "sans-ligne": (ENTETE, "aucun quartier"),
}


@pytest.mark.parametrize("genre", REFUSES)
def test_un_mauvais_fichier_est_refuse_avec_une_phrase_et_ne_change_rien(importer, genre):
    contenu, phrase = REFUSES[genre]
    TerritoireFactory(qpv=True, code="QP031008", nom="Arènes")
    avant = etat()
    with pytest.raises(CommandError, match="rien n'est changé") as refus:
        importer(contenu)
    assert phrase in str(refus.value)
    assert etat() == avant


def test_une_faute_est_dite_avec_son_rang_et_les_bonnes_lignes_n_entrent_pas(importer):
    with pytest.raises(CommandError, match=r"Entité 2 \(QP031010\) : un anneau se croise"):
        importer(geojson(entite(), entite("QP031010", "Empalot", geometrie=polygone(NOEUD))))
    assert not Territoire.objects.exists()


def test_un_fichier_absent_ou_trop_gros_est_refuse(tmp_path, monkeypatch):
    with pytest.raises(Refus, match="introuvable"):
        lire(tmp_path / "absent.csv", 2015)
    monkeypatch.setattr("territoires.importation.lecture.OCTETS_MAX", 10)
    (tmp_path / "gros").write_text(geojson(entite()))
    with pytest.raises(Refus, match="dépasse"):
        lire(tmp_path / "gros", 2015)


def test_un_nom_porte_par_deux_quartiers_sans_code_est_refuse(importer, sans_code, toulouse):
    autre = TerritoireFactory(type=TypeTerritoire.QPV, generation=2024, nom="arènes")
    Rattachement.objects.create(enfant=autre, parent=toulouse)
    with pytest.raises(CommandError, match="plusieurs quartiers sans code"):
        importer(geojson(entite("QN03101I")), 2024)


def test_deux_codes_pour_un_meme_quartier_sont_refuses(importer, sans_code):
    with pytest.raises(CommandError, match=r"déjà reconnu \(Entité 1, QN03101I\)"):
        importer(geojson(entite("QN03101I"), entite("QN03102I")), 2024)


def test_un_quartier_modifie_pendant_l_import_fait_tout_annuler(tmp_path, toulouse):
    quartier = TerritoireFactory(qpv=True, code="QP031008", nom="Les Arènes")
    (tmp_path / "f").write_text(geojson(entite("QP031010", "Empalot"), entite()))
    plan = preparer(lire(tmp_path / "f", 2015), 2015)
    mettre_a_jour(Territoire.objects.get(pk=quartier.pk), version=1, nom="Place des Arènes")
    with pytest.raises(Refus, match="Relancez l'import"):
        ecriture.appliquer(plan)
    assert not Territoire.objects.filter(code="QP031010").exists()


def test_une_erreur_de_base_au_milieu_n_ecrit_rien(tmp_path, toulouse):
    (tmp_path / "f").write_text(geojson(entite("QP031010", "Empalot"), entite()))
    plan = preparer(lire(tmp_path / "f", 2015), 2015)
    TerritoireFactory(qpv=True, code="QP031008")  # créé entre-temps
    with pytest.raises(IntegrityError):
        ecriture.appliquer(plan)
    assert not Territoire.objects.filter(code="QP031010").exists()


# Géométrie


def test_un_recouvrement_d_arrondi_n_est_pas_un_croisement():
    """Les contours publiés à quatre décimales se chevauchent de quelques mètres."""
    replie = [[1.41, 43.59], [1.42, 43.59], [1.42, 43.6], [1.4201, 43.5999], [1.41, 43.6]]
    assert surfaces(polygone([*replie, replie[0]]))


def test_le_point_est_au_centre_de_la_plus_grande_surface():
    petit = [[x + 0.05, y] for x, y in [[1.41, 43.59], [1.411, 43.59], [1.411, 43.591]]]
    morceaux = [[[*petit, petit[0]]], [CARRE]]
    lues = surfaces({"type": "MultiPolygon", "coordinates": morceaux})
    assert centre(lues) == (1.415, 43.595)
