"""Exporter puis importer ne change rien ; ce qu'on change dans le fichier change seul."""

import io

import pytest
from django.contrib.auth.models import AnonymousUser
from openpyxl import load_workbook

from contrats.enums import NatureAxe, TypeContrat
from perr.contenu import Contenu, Regard, Renvoi
from perr.ecriture import Modification, annuler, ecrire_cellules
from perr.enums import StatutDeclinaison as S
from perr.filters import MatriceFilterSet
from perr.importation.application import appliquer
from perr.importation.connu import quartiers_du_contrat
from perr.importation.lecteur import lire_fichier
from perr.importation.plan import prevoir
from perr.lecture import lire_matrice
from perr.models import Colonne, Declinaison
from perr.tableur import classeur, table_longue
from tests.contrats.factories import ContratFactory
from tests.perr.factories import matrice, places
from tests.perr.tableaux import TETES, en_classeur
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db

TEXTES = (
    "Animer la place.",
    "- Ouvrir un lieu d'écoute\n- Former deux médiatrices",
    "=Étendre le budget participatif",
    "+ de bancs, @ la demande des habitants",
    "Voir l'action n° 2, puis agir : un « café » <mobile> & gratuit.",
    "« Motif » n'est pas une rubrique ici.",
)


@pytest.fixture
def remplie():
    """Une matrice qui a de tout : chaque statut, modalités, motifs, renvois et regards."""
    contrat = matrice(actions=12, colonnes=4, annexes=2)
    quartier = TerritoireFactory(nom="Les Tilleuls")
    action = contrat.actions.order_by("ordre").first()
    colonne = Colonne.objects.filter(annexe__contrat=contrat).first()
    quartier.rattachements.create(parent=colonne.quartiers.get())
    contenus = [Contenu(texte=t) for t in TEXTES]
    contenus += [Contenu(statut=s, texte="Un texte.", motif="Une raison.") for s in S]
    contenus += [
        Contenu(statut=S.SANS_OBJET, motif="Le quartier n'a pas de place."),
        Contenu(texte="Un texte.", modalites="Dès l'été.\nAvec la régie."),
        Contenu(
            statut=S.RENVOI, renvois=(Renvoi("Voir l'action 1", action=str(action.public_id)),)
        ),
        Contenu(texte="Par quartier.", regards=(Regard(quartier.cle, "Aux Tilleuls d'abord."),)),
        Contenu(statut=S.A_REGROUPER),
    ]
    ecrire_cellules(
        contrat,
        [Modification(*p, None, c) for p, c in zip(places(contrat)[::3], contenus, strict=False)],
        par=None,
    )
    return contrat


def exporter(contrat, demande=None):
    filtres = MatriceFilterSet(demande or {}, Declinaison.objects.all(), contrat=contrat)
    lue = lire_matrice(contrat, AnonymousUser(), filtres if demande else None)
    quartiers = quartiers_du_contrat(contrat)
    return classeur(lue, quartiers, "Essai."), b"".join(table_longue(lue, quartiers))


def rien(plan):
    assert [(c.place, c.avant, c.apres) for c in plan.changements] == []
    assert not plan.ajouts
    assert [a.constat for a in plan.anomalies if a.genre != "vides"] == []


def test_exporter_puis_importer_n_annonce_rien_a_changer(remplie):
    for octets in exporter(remplie):
        plan = prevoir(remplie, lire_fichier(octets), {})
        rien(plan)
        assert plan.nb_inchangees == Declinaison.objects.count() == 18


def test_un_export_filtre_ne_vide_rien(remplie):
    avant = Declinaison.objects.count()
    for octets in exporter(remplie, {"statut": ["renvoi"]}):
        plan = prevoir(remplie, lire_fichier(octets), {})
        rien(plan)
        assert plan.nb_inchangees < avant


def autre_metropole():
    """Un PERR d'une autre forme : trois annexes, soixante actions, quinze colonnes."""
    feuilles = {}
    for a, annexe in enumerate(("Rive gauche", "Rive droite", "Plateau")):
        lignes = [[*TETES, *(f"{annexe} {n}" for n in range(1, 6))]]
        for n in range(1, 61):
            pilier = ("EMPLOI", "HABITAT", "ÉCOLE")[(n - 1) // 20]
            tete = [pilier, str((n - 1) // 10 + 1), f"Programme numéro {(n - 1) // 10 + 1}"]
            textes = [
                f"Geste {a}-{n}-{c} pour les familles." if (n + c + a) % 3 else "" for c in range(5)
            ]
            nom = f"Action n°{n} : Mener le chantier {'abcdefghij'[n % 10] * 6} numéro {n}"
            lignes.append([*(tete if n % 10 == 1 else ["", "", ""]), nom, *textes])
        feuilles[annexe] = lignes
    return feuilles


@pytest.fixture
def autre():
    contrat = ContratFactory(type=TypeContrat.PERR, publie=True)
    plan = prevoir(contrat, lire_fichier(en_classeur(autre_metropole())), {})
    assert not plan.questions
    appliquer(plan, par=None, motif="Import")
    return contrat


def test_une_autre_metropole_s_importe_en_base_vide(autre):
    assert autre.annexes_territoriales.count() == 3
    assert Colonne.objects.filter(annexe__contrat=autre).count() == 15
    assert autre.actions.count() == 60
    assert autre.axes.filter(nature=NatureAxe.PROGRAMME).count() == 6
    assert Declinaison.objects.count() == 600
    autre.refresh_from_db()
    assert autre.version == 2
    assert autre.versions.count() == 1


@pytest.mark.parametrize("forme", ["remplie", "autre"])
def test_dix_cases_changees_et_deux_colonnes_echangees_font_dix_changements(forme, request):
    contrat = request.getfixturevalue(forme)
    livre = load_workbook(io.BytesIO(exporter(contrat)[0]))
    attendues = set()
    feuille = livre.worksheets[0]
    for n in range(10):
        case = feuille.cell(3 + n, 5 + n % 2)
        case.value = f"Texte réécrit numéro {n}"
        attendues.add((str(n + 1), n % 2))
    for ligne in range(2, feuille.max_row + 1):  # on échange deux colonnes, en-tête compris
        gauche, droite = feuille.cell(ligne, 5), feuille.cell(ligne, 7)
        gauche.value, droite.value = droite.value, gauche.value
    sortie = io.BytesIO()
    livre.save(sortie)

    plan = prevoir(contrat, lire_fichier(sortie.getvalue()), {})
    assert {(c.place[2], c.place[1]) for c in plan.changements} == attendues
    assert len(plan.changements) == 10
    assert not plan.questions
    ecrit = appliquer(plan, par=None, motif="Import")
    assert Declinaison.objects.filter(texte__startswith="Texte réécrit").count() == 10

    annuler(ecrit.lot, par=None)
    rien(prevoir(contrat, lire_fichier(exporter(contrat)[0]), {}))
    assert not Declinaison.objects.filter(texte__startswith="Texte réécrit").exists()


def test_une_case_videe_dans_le_fichier_se_demande(remplie):
    livre = load_workbook(io.BytesIO(exporter(remplie)[0]))
    livre.worksheets[0]["E3"].value = None
    sortie = io.BytesIO()
    livre.save(sortie)
    feuilles = lire_fichier(sortie.getvalue())
    plan = prevoir(remplie, feuilles, {})
    assert not plan.changements
    [vides] = [a for a in plan.anomalies if a.genre == "vides"]
    vidage = prevoir(remplie, feuilles, {vides.cle: "vider"})
    assert [c.apres for c in vidage.changements] == [None]


def test_le_classeur_se_lit_seul(remplie):
    livre = load_workbook(io.BytesIO(exporter(remplie)[0]))
    assert livre.sheetnames[-1] == "Légende"
    feuille = livre.worksheets[0]
    assert feuille.freeze_panes == "E3"
    assert [c.value for c in feuille[2]][:4] == TETES
    for cases in feuille.iter_rows(min_row=3, min_col=5):
        for case in cases:
            assert case.data_type in ("s", "n")  # ni formule ni erreur, quoi qu'on ait écrit
            if case.value and case.value.startswith("["):
                assert case.fill.fgColor.rgb != "00FFFFFF"


def test_un_texte_qui_ressemble_a_une_formule_reste_un_texte(remplie):
    csv = exporter(remplie)[1].decode()
    assert "'=Étendre le budget" in csv
    assert "'+ de bancs" in csv
