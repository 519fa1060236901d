"""La matrice lue : mêmes lignes et mêmes cellules pour la page, l'export, le PDF et l'API."""

import pytest
from django.http import QueryDict

from perr.contenu import Contenu, Regard, Renvoi
from perr.ecriture import Modification, ecrire_cellules
from perr.filters import MatriceFilterSet
from perr.lecture import lire_matrice
from perr.models import Declinaison
from tests.perr.factories import matrice, places, remplir
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db


def filtrer(contrat, utilisateur, adresse):
    filtres = MatriceFilterSet(
        QueryDict(adresse), Declinaison.objects.visibles_par(utilisateur), contrat=contrat
    )
    return lire_matrice(contrat, utilisateur, filtres), filtres


def numeros(lue):
    return [ligne.action.numero for ligne in lue.lignes]


def test_la_matrice_de_demonstration_redit_l_inventaire(demo, anonyme):
    lue = lire_matrice(demo, anonyme)
    assert numeros(lue) == [str(n) for n in range(1, 46)]
    assert [(a.nom, len(a.colonnes)) for a in lue.annexes] == [
        ("Ouest", 4),
        ("Nord/Est", 5),
        ("Sud", 2),
    ]
    assert list(lue.totaux.values()) == [29, 25, 35, 34, 6, 21, 22, 19, 22, 26, 5]
    assert len(lue.remplies) == 244
    assert [p.axe.numero for p in lue.programmes] == [str(n) for n in range(1, 17)]
    assert lue.piliers[0].axe.intitule == "Cadre de vie"
    assert len(lue.piliers) == 5
    assert [ligne.action.numero for ligne in lue.actions_oubliees] == ["15", "37", "40"]
    cugnaux = lue.oublis[0]
    assert (cugnaux.colonne.cle, cugnaux.nb_remplies, len(cugnaux.programmes)) == ("cugnaux", 5, 12)
    mirail = next(c for c in lue.colonnes if c.cle == "mirail")
    assert [(q.code, q.couverture) for q in mirail.quartiers] == [
        ("QP031006", "totale"),
        ("QP031007", "partielle"),
    ]
    ligne = lue.lignes[27]
    assert ligne.cellules[0].partagee_avec == ("29",)
    assert set(ligne.titres) >= {"ouest"}


FILTRES = {
    "annexe=sud": (45, 31),
    "pilier=cadre-de-vie": (11, 61),
    "programme=12": (3, 17),
    "prioritaire=true": (13, None),
    "statut=sans_objet": (2, 2),
    "statut=renvoi,a_regrouper": (None, 10),
    "territoire=QP031017": (45, 5),
    "territoire=QP031007": (45, 61),
    "vides=false": (42, 244),
    "vides=true&annexe=sud": (42, 0),
    "q=laïcité": (1, 7),
    "annexe=sud&programme=1&territoire=QP031017": (2, 0),
}


def test_un_filtre_donne_les_memes_cellules_a_la_matrice_et_aux_declinaisons(demo, anonyme):
    for adresse, (lignes, cellules) in FILTRES.items():
        lue, filtres = filtrer(demo, anonyme, adresse)
        assert filtres.form.is_valid(), filtres.form.errors
        declinaisons = filtres.qs.filter(action__contrat=demo)
        assert {(d.action_id, d.colonne_id) for d in declinaisons} == {
            (c.action, c.colonne) for c in lue.remplies
        }, adresse
        assert lignes in (None, len(lue.lignes)), adresse
        assert cellules in (None, len(lue.remplies)), adresse


def test_une_valeur_inconnue_est_dite_et_ne_filtre_pas(demo, anonyme):
    lue, filtres = filtrer(demo, anonyme, "annexe=inconnue&statut=faux&programme=99")
    assert len(lue.lignes) == 45
    assert len(lue.remplies) == 244
    assert set(filtres.form.errors) == {"annexe", "statut", "programme"}


def test_un_axe_d_un_autre_contrat_est_inconnu(anonyme):
    contrat, autre = matrice(), matrice()
    autre.parent.axes.create(cle="a-part", nature="pilier", intitule="Ailleurs", ordre=9)
    _, filtres = filtrer(contrat, anonyme, "pilier=a-part")
    assert "pilier" in filtres.form.errors


def test_le_public_ne_lit_que_le_contenu_publie(anonyme):
    contrat = matrice(publie=False)
    remplir(contrat, ["secret"])
    lue = lire_matrice(contrat, anonyme)
    assert (lue.lignes, lue.remplies) == ((), ())


def test_une_action_sans_programme_a_sa_ligne(anonyme):
    contrat = matrice(actions=1)
    contrat.actions.update(axe=None)
    [programme] = lire_matrice(contrat, anonyme).programmes
    assert programme.axe is None
    assert len(programme.lignes) == 1


@pytest.mark.parametrize("adresse", ["", "statut=texte&annexe=a1&vides=false"])
def test_le_nombre_de_requetes_ne_depend_pas_de_la_taille(
    anonyme, django_assert_num_queries, adresse
):
    def emplie(**taille):
        contrat = matrice(**taille)
        autre = str(contrat.actions.last().public_id)
        contenu = Contenu(
            texte="x",
            renvois=(Renvoi("r", action=autre), Renvoi("s", axe="cadre")),
            regards=(Regard(TerritoireFactory().cle),),
        )
        lot = [Modification(a, c, None, contenu) for a, c in places(contrat)]
        ecrire_cellules(contrat, lot, par=None)
        return contrat

    petite, grande = emplie(actions=2, colonnes=1), emplie(actions=10, colonnes=5, annexes=2)
    requetes = 9 if not adresse else 10
    for contrat in (petite, grande):
        with django_assert_num_queries(requetes):
            lue, _ = filtrer(contrat, anonyme, adresse)
            assert lue.totaux
            assert lue.oublis
            assert [r.action or r.axe for c in lue.remplies for r in c.renvois]
