"""Lire l'écart : la phrase, l'évolution, les générations, et à une date passée."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser

from indicateurs.enums import Agregation, Comparaison, Evolution, StatutMesure
from indicateurs.lecture import lire_ecarts, lire_generations, lire_tableau
from indicateurs.models import Indicateur
from indicateurs.nombres import brut, nombre
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ContratFactory
from tests.indicateurs.factories import CibleFactory, mesurer, observatoire
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


def seize(**champs):
    """16 quartiers : 9 se rapprochent de la référence, 5 s'en éloignent, 2 sans chiffre."""
    o = observatoire(16, **champs)
    avant = dict.fromkeys(o.quartiers, 40) | {o.reference: 60}
    apres = {q: 50 if rang < 9 else 30 for rang, q in enumerate(o.quartiers[:14])}
    apres |= {o.quartiers[14]: StatutMesure.NON_DISPONIBLE, o.quartiers[15]: StatutMesure.SECRET}
    mesurer(o.indicateur, "2014", avant)
    mesurer(o.indicateur, "2016", apres | {o.reference: 60})
    return o


def test_la_phrase_dit_reduit_creuse_inconnu():
    o = seize()
    lecture = lire_ecarts(o.indicateur, PUBLIC)
    attendue = "l'écart s'est réduit dans 9 quartiers sur 16, creusé dans 5, inconnu dans 2"
    assert lecture.phrase == attendue
    assert lecture.comptes[Evolution.STABLE] == 0
    assert sum(lecture.comptes.values()) == 16
    assert lecture.titre.endswith(f"entre 2014 et 2016, {attendue}")
    compares = f"16 quartiers de la génération 2015, comparés à {o.reference.nom}"
    assert compares in lecture.perimetre


@pytest.mark.parametrize(
    ("apres", "phrase"),
    [
        ([40, 40], "l'écart est inchangé dans 2 quartiers sur 2"),
        ([30, 40], "l'écart s'est creusé dans 1 quartier sur 2, inchangé dans 1"),
        ([50, None], "l'écart s'est réduit dans 1 quartier sur 2, inconnu dans 1"),
        (
            [None, None],
            "un seul millésime (2014) : évolution de l'écart inconnue ; écart connu "
            "dans 2 quartiers sur 2, 2 sous la référence",
        ),
    ],
)
def test_la_phrase_s_accorde(apres, phrase):
    o = observatoire(2)
    mesurer(o.indicateur, "2014", dict.fromkeys(o.quartiers, 40) | {o.reference: 60})
    chiffres = {q: v for q, v in zip(o.quartiers, apres, strict=True) if v is not None}
    mesurer(o.indicateur, "2016", chiffres | {o.reference: 60})
    assert lire_ecarts(o.indicateur, PUBLIC).phrase == phrase


def test_sans_chiffre_la_phrase_le_dit_et_la_ligne_garde_sa_raison():
    o = observatoire(2)
    mesurer(o.indicateur, "2014", dict.fromkeys(o.quartiers, StatutMesure.NON_DISPONIBLE))
    lecture = lire_ecarts(o.indicateur, PUBLIC)
    assert lecture.phrase == "aucun chiffre n'est renseigné pour 2 quartiers"
    assert [li.valeur.statut for li in lecture.lignes] == [StatutMesure.NON_DISPONIBLE] * 2


def test_sans_quartier_la_phrase_le_dit():
    assert lire_ecarts(observatoire(0).indicateur, PUBLIC).phrase == "aucun quartier n'est suivi"


def test_sans_comparaison_la_phrase_dit_la_valeur():
    o = observatoire(3, comparaison=Comparaison.AUCUNE, unite="logements", decimales=0)
    a, b, c = o.quartiers
    mesurer(o.indicateur, "1er janvier 2015", {a: 10, b: 10, c: 10})
    mesurer(o.indicateur, "1er janvier 2017", {a: 12, b: 9, c: StatutMesure.NON_SIGNIFICATIVE})
    lecture = lire_ecarts(o.indicateur, PUBLIC)
    assert lecture.phrase == (
        "la valeur a monté dans 1 quartier sur 3, baissé dans 1, inconnue dans 1"
    )
    assert "du 1er janvier 2015 au 1er janvier 2017" in lecture.titre


@pytest.mark.parametrize(
    ("comparaison", "valeur", "reference", "ecart", "dit"),
    [
        (Comparaison.POINTS, "54", "66", "-12", "−12,0\u00a0points"),
        (Comparaison.POINTS, "65", "66", "-1", "−1,0\u00a0point"),
        (Comparaison.DIFFERENCE, "67.5", "66", "1.5", "+1,5\u00a0%"),
        (Comparaison.RAPPORT, "33", "66", "0.5", "0,50 fois la référence"),
        (Comparaison.RAPPORT, "33", "0", None, ""),
        (Comparaison.AUCUNE, "33", "66", None, ""),
    ],
)
def test_l_ecart_suit_la_comparaison_de_l_indicateur(comparaison, valeur, reference, ecart, dit):
    o = observatoire(1, comparaison=comparaison)
    mesurer(o.indicateur, "2019", {o.quartiers[0]: valeur, o.reference: reference})
    lecture = lire_ecarts(o.indicateur, PUBLIC)
    [ligne] = lecture.lignes
    assert ligne.ecart == (None if ecart is None else Decimal(ecart))
    assert lecture.ecrire_ecart(ligne.ecart) == dit


def test_un_ecart_favorable_qui_grandit_se_creuse_quand_meme():
    """« Réduit » dit l'approche de l'égalité : dépasser la référence l'éloigne d'elle."""
    o = observatoire(1, comparaison=Comparaison.RAPPORT)
    mesurer(o.indicateur, "2014", {o.quartiers[0]: 11, o.reference: 10})
    mesurer(o.indicateur, "2016", {o.quartiers[0]: 12, o.reference: 10})
    assert lire_ecarts(o.indicateur, PUBLIC).lignes[0].evolution == Evolution.CREUSE


def test_deux_generations_ne_se_raccordent_pas():
    o = seize()
    nouveau = TerritoireFactory(qpv=True, generation=2024, code="QN03101N")
    mesurer(o.indicateur, "2025", {nouveau: 55, o.reference: 60})
    ancienne, recente = lire_generations(o.indicateur, PUBLIC)
    assert (ancienne.generation, recente.generation) == (2015, 2024)
    assert [m.libelle for m in ancienne.millesimes] == ["2014", "2016"]
    assert [m.libelle for m in recente.millesimes] == ["2025"]
    assert recente.precedent is None
    assert lire_ecarts(o.indicateur, PUBLIC).generation == 2024
    assert lire_ecarts(o.indicateur, PUBLIC, generation=2015).phrase == ancienne.phrase


def test_une_periode_qui_recouvre_la_precedente_est_signalee():
    o = observatoire(1)
    for texte in ("2010-2015", "2013-2017"):
        mesurer(o.indicateur, texte, {o.quartiers[0]: 50, o.reference: 60})
    assert lire_ecarts(o.indicateur, PUBLIC).recouvrement


def test_rien_ne_s_additionne_sauf_un_indicateur_sommable_et_complet():
    o = observatoire(2, comparaison=Comparaison.AUCUNE, agregation=Agregation.SOMME)
    mesurer(o.indicateur, "2019", {o.quartiers[0]: 3})
    assert lire_ecarts(o.indicateur, PUBLIC).total is None
    mesurer(o.indicateur, "2019", {o.quartiers[1]: 4})
    assert lire_ecarts(o.indicateur, PUBLIC).total == 7
    Indicateur.objects.update(agregation=Agregation.AUCUNE)
    o.indicateur.refresh_from_db()
    assert lire_ecarts(o.indicateur, PUBLIC).total is None


def test_la_demonstration_se_dit_dans_la_lecture_et_dans_son_titre():
    o = observatoire(2)
    mesurer(o.indicateur, "2019", {o.quartiers[0]: 50, o.reference: 60})
    assert not lire_ecarts(o.indicateur, PUBLIC).demonstration
    mesurer(o.indicateur, "2019", {o.quartiers[1]: 50}, demonstration=True)
    lecture = lire_ecarts(o.indicateur, PUBLIC)
    assert lecture.demonstration
    assert lecture.titre.endswith("(valeurs de démonstration)")
    assert sorted(li.demonstration for li in lecture.lignes) == [False, True]


def test_a_une_date_on_lit_ce_qu_on_savait_alors():
    o = observatoire(2)
    fuseau = datetime.UTC
    hier, demain = (datetime.datetime(2020, 1, j, 9, tzinfo=fuseau) for j in (10, 20))
    mesurer(o.indicateur, "2014", dict.fromkeys(o.quartiers, 40) | {o.reference: 60}, le=hier)
    mesurer(o.indicateur, "2016", dict.fromkeys(o.quartiers, 50) | {o.reference: 60}, le=hier)
    avant = lire_ecarts(o.indicateur, PUBLIC).phrase
    mesurer(o.indicateur, "2016", {o.quartiers[0]: 30}, le=demain)
    assert lire_ecarts(o.indicateur, PUBLIC).phrase != avant
    lecture = lire_ecarts(o.indicateur, PUBLIC, a_la_date=datetime.date(2020, 1, 10))
    assert lecture.phrase == avant
    assert "tels que connus le 10/01/2020" in lecture.perimetre
    vide = lire_ecarts(o.indicateur, PUBLIC, a_la_date=datetime.date(2020, 1, 9))
    assert vide.phrase == "aucun chiffre n'est renseigné pour 2 quartiers"


def test_une_mesure_se_lit_avec_son_contrat():
    o = observatoire(1, publie=False)
    mesurer(o.indicateur, "2019", {o.quartiers[0]: 50, o.reference: 60})
    habilitee = UtilisateurFactory(habilitations=[(o.contrat, "lecture")])
    assert lire_ecarts(o.indicateur, habilitee).chiffrees
    jour = datetime.date(2100, 1, 1)
    assert lire_ecarts(o.indicateur, habilitee, a_la_date=jour).chiffrees
    for lecteur in (PUBLIC, UtilisateurFactory()):
        assert not lire_ecarts(o.indicateur, lecteur).chiffrees
        assert not lire_ecarts(o.indicateur, lecteur, a_la_date=jour).chiffrees


def test_un_perr_suit_les_indicateurs_de_son_contrat_de_ville():
    o = observatoire(1)
    enfant = ContratFactory(parent=o.contrat, lien="annexe", publie=True)
    petit = ContratFactory(parent=enfant, lien="avenant", publie=True)
    for contrat in (o.contrat, enfant, petit):
        assert list(Indicateur.objects.suivis_par(contrat)) == [o.indicateur]
    assert not Indicateur.objects.suivis_par(ContratFactory())


def test_la_cible_d_un_quartier_l_emporte_sur_celle_de_tous():
    o = observatoire(2)
    tous = CibleFactory(indicateur=o.indicateur)
    sienne = CibleFactory(indicateur=o.indicateur, territoire=o.quartiers[0], valeur=55)
    lignes = lire_ecarts(o.indicateur, PUBLIC).lignes
    assert [li.cible for li in lignes] == [sienne, tous]


@pytest.mark.parametrize("nb", [1, 5])
@pytest.mark.parametrize(("a_la_date", "requetes"), [(None, 3), (datetime.date(2100, 1, 1), 4)])
def test_un_tableau_coute_autant_pour_un_ou_cinq_indicateurs(
    django_assert_num_queries, nb, a_la_date, requetes
):
    for _ in range(nb):
        seize()
    indicateurs = list(Indicateur.objects.visibles_par(PUBLIC).pour_liste())
    with django_assert_num_queries(requetes):
        lectures = lire_tableau(indicateurs, PUBLIC, a_la_date=a_la_date)
        assert {lectures[i.pk][0].phrase for i in indicateurs} == {
            "l'écart s'est réduit dans 9 quartiers sur 16, creusé dans 5, inconnu dans 2"
        }


@pytest.mark.parametrize(
    ("valeur", "decimales", "signe", "ecrit"),
    [
        ("12345.678", 1, False, "12\u00a0345,7"),
        ("-0.04", 1, False, "0,0"),
        ("-3", 0, False, "−3"),
        ("3", 1, True, "+3,0"),
    ],
)
def test_un_nombre_s_ecrit_en_francais(valeur, decimales, signe, ecrit):
    assert nombre(Decimal(valeur), decimales, signe=signe) == ecrit


def test_un_nombre_des_fichiers_est_exact_et_sans_exposant():
    assert [brut(Decimal(v)) for v in ("12.500000", "100", "1E+3", "0.000000")] == [
        "12.5",
        "100",
        "1000",
        "0",
    ]
    assert brut(None) is None
