"""La matrice du PERR de démonstration, chargée en base, redit l'inventaire de la source 003."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from contrats.models import Contrat
from gouvernance.models import Deliberation
from perr.enums import StatutDeclinaison
from perr.models import AxePrioritaire, Colonne, Declinaison, TitreVariante
from territoires.models import Filiation, Territoire

pytestmark = pytest.mark.django_db


def test_le_perr_a_ses_actions_ses_priorites_et_ses_declinaisons(demo):
    assert demo.parent.slug == "contrat-de-ville-toulouse-metropole-2015"
    actions = demo.actions.order_by("ordre")
    assert [a.numero for a in actions] == [str(n) for n in range(1, 46)]
    assert Counter(a.axe.nature for a in actions) == {"programme": 45}
    assert actions.filter(prioritaire=True).count() == 13
    assert AxePrioritaire.objects.count() == 14
    assert AxePrioritaire.objects.filter(action=None).count() == 1
    assert TitreVariante.objects.filter(ligne_absente=True).count() == 2
    assert Deliberation.objects.get().seance_le is None

    par_colonne = Counter(Declinaison.objects.values_list("colonne__abrege", flat=True))
    attendu = {
        "ARE": 29,
        "CEP": 25,
        "BAG": 35,
        "COL": 34,
        "BRE": 6,
        "EMP": 21,
        "IZA": 22,
        "SOU": 19,
        "BAR": 22,
        "MIR": 26,
        "CUG": 5,
    }
    assert par_colonne == attendu
    par_annexe = Counter(Declinaison.objects.values_list("colonne__annexe__cle", flat=True))
    assert sorted(par_annexe.values()) == [31, 90, 123]
    assert len({d.groupe for d in Declinaison.objects.exclude(groupe="")}) == 7


def test_onze_colonnes_couvrent_seize_quartiers_et_le_grand_mirail_deux_annexes(demo):
    assert Colonne.objects.count() == 11
    quartiers = Territoire.objects.filter(colonnes__isnull=False).distinct()
    assert sorted(q.code for q in quartiers) == [f"QP0310{n:02}" for n in range(4, 20)]
    mirail = Territoire.objects.get(code="QP031007")
    assert {c.annexe.nom for c in mirail.colonnes.all()} == {"Ouest", "Sud"}
    assert {c.couverture for c in mirail.couvertures.all()} == {"partielle"}


def test_les_generations_de_quartiers_sont_reliees(demo):
    natures = Counter(Filiation.objects.values_list("nature", flat=True))
    assert natures["sortie"] == 3
    assert natures["entree"] == 4
    assert not Territoire.objects.filter(generation=2024).exclude(code="").exists()


def test_recharger_ne_duplique_rien(demo):
    avant = Declinaison.objects.count()
    call_command("charger_demo", verbosity=0)
    assert Declinaison.objects.count() == avant == 244


def test_le_public_voit_les_declinaisons_d_un_contrat_publie(demo, anonyme):
    assert Declinaison.objects.visibles_par(anonyme).count() == 244
    Contrat.objects.filter(pk=demo.pk).update(publie_le=None)
    assert not Declinaison.objects.visibles_par(anonyme).exists()


@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({"statut": "inconnu"}, "statut_connu"),
        ({"statut": StatutDeclinaison.TEXTE, "texte": ""}, "texte_present"),
        ({"statut": StatutDeclinaison.SANS_OBJET, "motif": ""}, "sans_objet_motivee"),
    ],
)
def test_une_cellule_incoherente_est_refusee_en_base(demo, champs, contrainte):
    cellule = Declinaison.objects.first()
    with transaction.atomic(), pytest.raises(IntegrityError, match=contrainte):
        Declinaison.objects.filter(pk=cellule.pk).update(**champs)
