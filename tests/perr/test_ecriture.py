"""Écrire des cellules : tout ou rien, jamais d'écrasement, tout se défait."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from contrats.enums import RoleHabilitation
from perr.contenu import Contenu, Regard, Renvoi, contenu_de
from perr.ecriture import (
    AnnulationImpossible,
    CellulesInvalides,
    CellulesPerimees,
    Modification,
    annuler,
    ecrire_cellules,
)
from perr.enums import StatutDeclinaison
from perr.lecture import avec_contenu
from perr.models import Declinaison, Lot, VersionDeclinaison
from tests.comptes.factories import UtilisateurFactory
from tests.perr.factories import matrice, places, remplir
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def contrat():
    return matrice()


@pytest.fixture
def agente(contrat):
    return UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.REDACTION)])


def modif(place, version, contenu):
    return Modification(
        *place, version, Contenu(texte=contenu) if isinstance(contenu, str) else contenu
    )


def lu(place):
    d = avec_contenu(Declinaison.objects.filter(action=place[0], colonne=place[1])).first()
    return (d.version, contenu_de(d)) if d else (None, None)


def etat():
    return list(Declinaison.objects.order_by("pk").values_list("pk", "version", "texte"))


def test_une_cellule_se_remplit_se_modifie_et_se_vide(contrat, agente):
    place = places(contrat)[0]
    ecrire_cellules(contrat, [modif(place, None, "Un")], par=agente)
    identifiant = Declinaison.objects.get().public_id
    ecrire_cellules(contrat, [modif(place, 1, "Deux")], par=agente, motif="Corrige")
    assert lu(place) == (2, Contenu(texte="Deux"))
    ecrire_cellules(contrat, [modif(place, 2, None)], par=agente)
    assert lu(place) == (None, None)
    versions = VersionDeclinaison.objects.order_by("numero")
    assert [v.numero for v in versions] == [1, 2, 3]
    assert [(v.avant or {}).get("texte") for v in versions] == [None, "Un", "Deux"]
    assert [(v.apres or {}).get("texte") for v in versions] == ["Un", "Deux", None]
    assert {v.lot.auteur for v in versions} == {agente}
    assert {v.declinaison for v in versions} == {identifiant}

    ecrire_cellules(contrat, [modif(place, None, "Quatre")], par=agente)
    assert lu(place)[0] == 4, "une version lue ne désigne jamais deux états de la cellule"
    assert Declinaison.objects.get().public_id == identifiant


def test_renvois_et_regards_s_ecrivent_se_gardent_et_reviennent(contrat, agente):
    place, cible = places(contrat)[0], contrat.actions.last()
    contenu = Contenu(
        statut=StatutDeclinaison.TEXTE_RENVOI,
        texte="Avec la 3.",
        modalites="Deux ateliers.",
        groupe="g",
        a_verifier="La date ?",
        renvois=(
            Renvoi("action 3", action=str(cible.public_id)),
            Renvoi("cadre", axe="cadre", deduit=True),
            Renvoi("ailleurs"),
        ),
        regards=(Regard(TerritoireFactory().cle, "Ici."),),
    )
    ecrire_cellules(contrat, [modif(place, None, contenu)], par=agente)
    assert lu(place) == (1, contenu)
    lot = ecrire_cellules(contrat, [modif(place, 1, "Seul")], par=agente)
    assert lu(place) == (2, Contenu(texte="Seul"))
    annuler(lot, par=agente)
    assert lu(place) == (3, contenu)


def test_deux_agents_sur_une_cellule_le_second_est_prevenu_et_rien_n_est_ecrase(contrat, agente):
    place = places(contrat)[0]
    remplir(contrat, ["Départ"])
    autre = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])
    ecrire_cellules(contrat, [modif(place, 1, "Le sien")], par=autre)
    with pytest.raises(CellulesPerimees) as refus:
        ecrire_cellules(contrat, [modif(place, 1, "Le mien")], par=agente)
    [cellule] = refus.value.cellules
    assert (cellule.place, cellule.version, cellule.contenu.texte) == (place, 2, "Le sien")
    assert cellule.auteur == autre
    assert lu(place)[1].texte == "Le sien"
    assert ecrire_cellules(contrat, [modif(place, 1, "Le sien")], par=agente) is None


@pytest.mark.parametrize("version", [None, 1])
def test_une_cellule_remplie_ou_videe_entre_temps_est_perimee(contrat, agente, version):
    place = places(contrat)[0]
    remplir(contrat, ["Départ"])
    if version:
        ecrire_cellules(contrat, [modif(place, 1, None)], par=agente)
    with pytest.raises(CellulesPerimees) as refus:
        ecrire_cellules(contrat, [modif(place, version, "Tard")], par=agente)
    [cellule] = refus.value.cellules
    assert cellule.version == (None if version else 1)


def test_un_lot_s_ecrit_en_entier_ou_pas_du_tout(contrat, agente):
    remplir(contrat, ["Un", "Deux"])
    avant = etat()
    p = places(contrat)
    with pytest.raises(CellulesPerimees):
        ecrire_cellules(contrat, [modif(p[0], 1, "A"), modif(p[1], 7, "B")], par=agente)
    with pytest.raises(CellulesInvalides):
        ecrire_cellules(contrat, [modif(p[0], 1, "A"), modif(p[2], None, "")], par=agente)
    assert etat() == avant
    assert Lot.objects.count() == 1


FAUTIFS = [
    (Contenu(texte=""), "texte"),
    (Contenu(statut="inconnu", texte="x"), "statut"),
    (Contenu(statut=StatutDeclinaison.SANS_OBJET), "motif"),
    (Contenu(texte="a\x00b"), "texte"),
    (Contenu(texte="x" * 20_001), "texte"),
    (Contenu(texte="x", groupe="g" * 61), "groupe"),
    (Contenu(texte="x", renvois=(Renvoi(""),)), "renvois"),
    (Contenu(texte="x", renvois=(Renvoi("r", axe="inconnu"),)), "renvois"),
    (Contenu(texte="x", renvois=(Renvoi("r", action="pas-un-uuid"),)), "renvois"),
    (Contenu(texte="x", regards=(Regard("introuvable"),)), "regards"),
]


@pytest.mark.parametrize(("contenu", "champ"), FAUTIFS)
def test_un_contenu_refuse_se_dit_par_champ(contrat, agente, contenu, champ):
    place = places(contrat)[0]
    with pytest.raises(CellulesInvalides) as refus:
        ecrire_cellules(contrat, [modif(place, None, contenu)], par=agente)
    assert refus.value.fautes[place][champ].endswith((".", "!"))
    assert etat() == []


def test_ce_qui_est_d_un_autre_contrat_est_refuse(contrat, agente):
    (action, colonne), (action_ailleurs, colonne_ailleurs) = (
        places(contrat)[0],
        places(matrice())[0],
    )
    ailleurs = contrat.actions.model.objects.get(pk=action_ailleurs)
    cite = Contenu(texte="x", renvois=(Renvoi("r", action=str(ailleurs.public_id)),))
    for place, contenu in (
        ((action_ailleurs, colonne), "x"),
        ((action, colonne_ailleurs), "x"),
        ((action, colonne), cite),
    ):
        with pytest.raises(CellulesInvalides):
            ecrire_cellules(contrat, [modif(place, None, contenu)], par=agente)
    with pytest.raises(CellulesInvalides, match="deux fois"):
        ecrire_cellules(contrat, [modif((action, colonne), None, t) for t in "ab"], par=agente)
    assert etat() == []


@pytest.mark.parametrize("role", RoleHabilitation)
def test_ecrire_et_annuler_suivent_le_droit_de_modifier(contrat, role):
    membre = UtilisateurFactory(habilitations=[(contrat, role)])
    place, lot = places(contrat)[1], remplir(contrat, ["Un"])
    if role in (RoleHabilitation.REDACTION, RoleHabilitation.PILOTAGE):
        assert ecrire_cellules(contrat, [modif(place, None, "x")], par=membre)
        assert annuler(lot, par=membre)
    elif role in (RoleHabilitation.LECTURE, RoleHabilitation.PARTENAIRE):
        with pytest.raises(PermissionDenied):
            ecrire_cellules(contrat, [modif(place, None, "x")], par=membre)
        with pytest.raises(PermissionDenied):
            annuler(lot, par=membre)
        assert Lot.objects.count() == 1


def test_annuler_defait_tout_le_lot_et_l_annulation_s_annule(contrat, agente):
    p = places(contrat)
    remplir(contrat, ["Un", "Deux"])
    depart = {place: lu(place)[1] for place in p}
    lot = ecrire_cellules(
        contrat,
        [modif(p[0], 1, None), modif(p[1], 1, "Autre"), modif(p[2], None, "Neuf")],
        par=agente,
    )
    arrivee = {place: lu(place)[1] for place in p}
    retour = annuler(lot, par=agente)
    assert {place: lu(place)[1] for place in p} == depart
    lot.refresh_from_db()
    assert lot.annule_le
    with pytest.raises(AnnulationImpossible, match="déjà annulée"):
        annuler(lot, par=agente)
    annuler(retour, par=agente)
    assert {place: lu(place)[1] for place in p} == arrivee


def test_un_lot_depasse_ne_s_annule_pas_et_dit_ou(contrat, agente):
    p = places(contrat)
    lot = remplir(contrat, ["Un", "Deux", "Trois"])
    ecrire_cellules(contrat, [modif(p[1], 1, "Après"), modif(p[2], 1, None)], par=agente)
    avant = etat()
    with pytest.raises(AnnulationImpossible) as refus:
        annuler(lot, par=agente)
    assert refus.value.places == [p[1], p[2]]
    assert etat() == avant
    lot.refresh_from_db()
    assert lot.annule_le is None


def test_le_nombre_de_requetes_d_une_creation_ne_depend_pas_du_nombre_de_cellules(
    django_assert_num_queries, django_assert_max_num_queries
):
    petit, grand = matrice(actions=1, colonnes=1), matrice(actions=6, colonnes=5)
    with django_assert_max_num_queries(13) as compte:
        remplir(petit, ["x"])
    with django_assert_num_queries(len(compte.captured_queries)):
        remplir(grand, ["x"] * 30)


def test_un_contenu_se_relit_tel_quel_de_l_historique(contrat):
    contenu = Contenu(texte="x", renvois=(Renvoi("r", deduit=True),), regards=(Regard("q", "t"),))
    assert Contenu.depuis_json(contenu.en_json()) == contenu
    assert Contenu.depuis_json(contenu.en_json()) != replace(contenu, motif="m")
