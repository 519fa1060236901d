"""La page d'une action de PERR dit ce qu'elle devient dans chaque quartier."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contrats.models import Action
from perr.contenu import Contenu, Regard, Renvoi
from perr.ecriture import Modification, ecrire_cellules
from perr.enums import StatutDeclinaison
from tests.perr.factories import matrice, places, remplir
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def contrat():
    return matrice(actions=2, colonnes=2, annexes=2)


def page(client, contrat, numero="1"):
    action = Action.objects.get(contrat=contrat, numero=numero)
    return client.get(action.get_absolute_url()).content.decode()


def test_la_page_d_une_action_donne_ses_cellules_dans_l_ordre_de_la_matrice(client, contrat):
    remplir(contrat, ["Première colonne.", "Deuxième colonne.", "Troisième colonne."])
    html = page(client, contrat)
    assert "Dans chaque quartier" in html
    rangs = [html.index(mot) for mot in ("Première co", "Deuxième co", "Troisième co")]
    assert rangs == sorted(rangs)
    assert "Première colonne." not in page(client, contrat, "2")


def test_une_cellule_sans_objet_dit_pourquoi_et_un_renvoi_mene_a_son_action(client, contrat):
    cible = Action.objects.get(contrat=contrat, numero="2")
    quartier = TerritoireFactory(nom="Les Pins")
    (a, premiere), (_, seconde), *_ = places(contrat)
    sans_objet = Contenu(statut=StatutDeclinaison.SANS_OBJET, motif="Aucun commerce ici.")
    renvoi = Contenu(
        statut=StatutDeclinaison.TEXTE_RENVOI,
        texte="Ouvrir.",
        renvois=(Renvoi(texte="cf. action 2", action=str(cible.public_id)),),
        regards=(Regard(quartier.cle, "Surtout le matin."),),
    )
    ecrire_cellules(
        contrat,
        [Modification(a, premiere, None, sans_objet), Modification(a, seconde, None, renvoi)],
        par=None,
    )
    html = page(client, contrat)
    assert "Sans objet" in html
    assert "Aucun commerce ici." in html
    assert f'<a href="{cible.get_absolute_url()}">Action 2</a>' in html
    assert "Les Pins : </b>Surtout le matin." in html


def test_la_page_coute_autant_de_requetes_pour_une_cellule_que_pour_quatre(client, contrat):
    remplir(contrat, ["Seule."])
    with CaptureQueriesContext(connection) as une:
        page(client, contrat)
    autres = [Modification(a, c, None, Contenu(texte="Autre.")) for a, c in places(contrat)[1:4]]
    ecrire_cellules(contrat, autres, par=None)
    with CaptureQueriesContext(connection) as quatre:
        assert page(client, contrat).count("Autre.") == 3
    assert len(une) == len(quatre)
