"""Un brouillon est gardé dans l'ordre, à une seule personne, et soldé par l'enregistrement."""

import datetime
import uuid

import pytest
from django.utils import timezone

from edition import brouillons
from edition.brouillons import BrouillonTropGrand, Envoi
from edition.models import Brouillon
from tests.comptes.factories import UtilisateurFactory
from tests.edition.factories import BrouillonFactory

pytestmark = pytest.mark.django_db
PAGE = uuid.UUID("00000000-0000-4000-8000-00000000000a")


@pytest.fixture
def envoi(db):
    """`envoi(ordre)` : un envoi de la même page de la même personne."""
    personne = UtilisateurFactory()
    return lambda ordre, page=PAGE: Envoi(personne, "fiche:1", page, ordre)


def gardes(envoi):
    return [b.contenu for b in brouillons.proposes(envoi.par, envoi.cle)]


def test_un_envoi_en_retard_ne_remplace_jamais_un_plus_recent(envoi):
    assert brouillons.garder(envoi(2), version=1, contenu="récent")
    assert not brouillons.garder(envoi(1), version=1, contenu="ancien")
    assert not brouillons.garder(envoi(2), version=1, contenu="rejoué")
    assert gardes(envoi(2)) == ["récent"]
    assert brouillons.garder(envoi(3), version=1, contenu="suivant")
    assert gardes(envoi(3)) == ["suivant"]


def test_deux_pages_de_la_meme_personne_ne_s_ecrasent_pas(envoi):
    brouillons.garder(envoi(1), version=1, contenu="un")
    brouillons.garder(envoi(1, uuid.uuid4()), version=1, contenu="deux")
    assert sorted(gardes(envoi(1))) == ["deux", "un"]


def test_un_brouillon_n_est_propose_qu_a_son_auteur_et_pour_son_objet(envoi):
    brouillons.garder(envoi(1), version=1, contenu="à moi")
    assert not brouillons.proposes(UtilisateurFactory(), "fiche:1").exists()
    assert not brouillons.proposes(envoi(1).par, "fiche:2").exists()


def test_l_enregistrement_solde_le_brouillon_et_ses_retardataires(envoi):
    brouillons.garder(envoi(1), version=1, contenu="tapé")
    brouillons.solder(envoi(3), version=2)
    assert gardes(envoi(3)) == []
    assert not brouillons.garder(envoi(2), version=1, contenu="parti avant l'enregistrement")
    assert gardes(envoi(3)) == []


def test_ce_qui_est_tape_pendant_l_enregistrement_reste_et_descend_de_sa_version(envoi):
    brouillons.garder(envoi(5), version=1, contenu="tapé depuis")
    brouillons.solder(envoi(4), version=2)
    [reste] = brouillons.proposes(envoi(5).par, "fiche:1")
    assert (reste.contenu, reste.version) == ("tapé depuis", 2)
    brouillons.garder(envoi(6), version=1, contenu="la page ne sait pas encore")
    assert Brouillon.objects.get().version == 2


def test_la_version_de_depart_est_la_derniere_faite_par_la_page(envoi):
    assert brouillons.version_de_depart(envoi(1), 1) == 1
    brouillons.garder(envoi(1), version=1, contenu="tapé")
    assert brouillons.version_de_depart(envoi(2), 1) == 1
    brouillons.solder(envoi(2), version=2)
    assert brouillons.version_de_depart(envoi(3), 1) == 2
    assert brouillons.version_de_depart(envoi(1), 1) == 1  # parti avant : il n'en descend pas
    assert brouillons.version_de_depart(envoi(1, uuid.uuid4()), 1) == 1


def test_un_texte_trop_grand_se_dit_et_ne_remplace_rien(envoi):
    brouillons.garder(envoi(1), version=1, contenu="tapé")
    with pytest.raises(BrouillonTropGrand, match="64 ko"):
        brouillons.garder(envoi(2), version=1, contenu="é" * 40_000)
    assert gardes(envoi(2)) == ["tapé"]


def test_on_ne_jette_que_ce_que_l_on_a_vu(envoi):
    brouillons.garder(envoi(2), version=1, contenu="plus récent")
    assert not brouillons.jeter(envoi(2).par, "fiche:1", PAGE, ordre=1)
    assert not brouillons.jeter(UtilisateurFactory(), "fiche:1", PAGE, ordre=2)
    assert brouillons.jeter(envoi(2).par, "fiche:1", PAGE, ordre=2)
    assert gardes(envoi(2)) == []


def test_la_purge_ne_touche_que_les_brouillons_abandonnes():
    ancien, recent = BrouillonFactory(), BrouillonFactory()
    il_y_a = timezone.now() - brouillons.DUREE
    Brouillon.objects.filter(pk=ancien.pk).update(modifie_le=il_y_a - datetime.timedelta(days=1))
    assert brouillons.purger(il_y_a) == 1
    assert Brouillon.objects.get() == recent
