"""Les dix indicateurs du contrat de ville : écrits, chargés, et démonstration dite comme telle."""

import pytest

from indicateurs.enums import Agregation, Comparaison, Evolution, Sens
from indicateurs.lecture import lire_tableau
from indicateurs.models import Analyse, Indicateur, Mesure, Millesime, Source, Theme, VersionMesure
from tests.jeux import schema
from tests.jeux.lecture import VILLE, lire

pytestmark = pytest.mark.une_fois

FICHIER = f"indicateurs/{VILLE}"
SCHEMA = {
    "contrat": str,
    "reference": str,
    "etat_du": schema.datetime.date,
    "themes": [{"cle": str, "nom": str}],
    "sources": [
        {"cle": str, "nom": str, "nom_long": str, "organisme": schema.CLE, "precaution": str}
    ],
    "indicateurs": [
        {
            "cle": str,
            "intitule": str,
            "theme": str,
            "source": str,
            "millesimes_imprimes": str,
            "millesimes": [str],
            "orientation": str,
            "prioritaire": bool,
            "definition": str,
            "unite": str,
            "decimales": int,
            "sens": Sens,
            "agregation": Agregation,
            "comparaison": Comparaison,
            "a_verifier": str,
        }
    ],
    "ecartes": [{"cle": str, "intitule": str, "motif": str}],
    "analyses": [{"indicateur": str, "texte": str}],
    "signature_des_analyses": str,
}
# Tableau imprimé (S003, partie 5) : source, millésimes, orientation, priorité.
IMPRIME = [
    ("Le revenu médian", "Filosofi", "2012 et 2014", "1", False),
    ("Le rapport inter-décile", "Filosofi", "2012 et 2014", "1", False),
    ("L'évolution des demandeurs d'emplois", "Pôle Emploi", "2014, 2015, 2016, 2017", "1", True),
    ("La création/ radiation des sociétés", "Infogreffe", "2016 et 2018", "3", True),
    ("Le taux de scolarisation (16-24 ans)", "Toulouse Métropole", "2019", "1", True),
    ("La participation aux élections", "Ministère de l'intérieur", "2012 et 2017", "5", False),
    ("La densité de l'offre en équipements", "CAF", "2016", "4", False),
    ("L'évolution du nombre de logements sociaux", "RPLS", "1er janvier 2015 et 2017", "2", False),
    ("Les logements sociaux à très bas loyer", "RPLS", "1er janvier 2015 et 2017", "2", False),
    ("Le prix de vente des logements en QPV", "DVF", "2010-2015 et 2013-2017", "5", False),
]


def test_le_jeu_suit_son_schema():
    assert schema.ecarts(lire(FICHIER), SCHEMA) == []


@pytest.mark.usefixtures("jeux")
def test_les_dix_indicateurs_sont_ceux_qui_sont_imprimes():
    retenus = Indicateur.objects.retenus().prefetch_related("orientations").order_by("ordre")
    assert [
        (
            i.intitule,
            i.source.nom,
            i.millesimes_imprimes,
            i.orientations.get().numero,
            i.prioritaire,
        )
        for i in retenus
    ] == IMPRIME
    assert [i.theme.nom for i in retenus] == (
        ["Création de richesse et emploi"] * 4
        + ["Cohésion sociale"] * 3
        + ["Habitat et cadre de vie"] * 3
    )
    assert (Theme.objects.count(), Source.objects.count()) == (3, 8)
    assert {i.contrat.slug for i in retenus} == {VILLE}


@pytest.mark.usefixtures("jeux")
def test_les_deux_ecartes_disent_pourquoi():
    ecartes = Indicateur.objects.exclude(motif_ecart="").order_by("ordre")
    assert [e.intitule for e in ecartes] == [
        "Le taux d'obésité chez les enfants",
        "La taille des logements sociaux",
    ]
    assert not Mesure.objects.filter(indicateur__in=ecartes).exists()


@pytest.mark.usefixtures("jeux")
def test_chaque_millesime_attendu_a_une_mesure_par_quartier_et_pour_la_metropole():
    for indicateur in Indicateur.objects.retenus():
        for m in indicateur.millesimes_attendus.all():
            assert indicateur.mesures.filter(millesime=m).count() == 17
    formes = set(Millesime.objects.values_list("forme", flat=True))
    assert formes == {"annee", "date", "periode"}


@pytest.mark.usefixtures("jeux")
def test_toute_valeur_est_une_demonstration_et_se_dit():
    """Les sources n'impriment aucun chiffre : il n'y en a aucun qui ne soit marqué."""
    chiffres = Mesure.objects.filter(valeur__isnull=False)
    assert chiffres.exists()
    assert not chiffres.filter(demonstration=False).exists()
    assert not VersionMesure.objects.filter(valeur__isnull=False, demonstration=False).exists()
    muets = Mesure.objects.filter(indicateur__cle="densite-de-l-offre-en-equipements")
    assert set(muets.values_list("statut", "demonstration")) == {("non_disponible", False)}
    assert set(Mesure.objects.values_list("statut", flat=True)) == {
        "publiee",
        "provisoire",
        "secret",
        "non_disponible",
        "non_significative",
        "sans_objet",
    }


@pytest.mark.usefixtures("jeux")
def test_la_demonstration_montre_des_ecarts_et_deux_generations(anonyme):
    lectures = lire_tableau(Indicateur.objects.retenus().pour_liste(), anonyme)
    lues = [e for liste in lectures.values() for e in liste]
    assert len(lues) == 11
    assert {e.generation for e in lues} == {2015, 2024}
    assert all(e.demonstration == bool(e.chiffrees) for e in lues)
    assert {len(e.lignes) for e in lues} == {16}
    comptes = [e.comptes for e in lues if e.precedent]
    assert all(any(c[evolution] for c in comptes) for evolution in Evolution)
    assert Mesure.objects.filter(secret_induit=True).exists()


@pytest.mark.usefixtures("jeux")
def test_les_analyses_du_perr_sont_signees_et_datees():
    assert Analyse.objects.count() == len(lire(FICHIER)["analyses"]) == 8
    assert set(Analyse.objects.values_list("signature", flat=True)) == {
        lire(FICHIER)["signature_des_analyses"]
    }
