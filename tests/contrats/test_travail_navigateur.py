"""« Mon travail » et les changements groupés dans un vrai Chromium : clavier, sans script, axe."""

import pytest
from django.urls import reverse

from contrats import corbeille
from contrats.enums import RoleHabilitation, StatutAction, StatutFiche
from contrats.masse.fiches import ChangerEtatFiche, appliquer_aux_fiches
from contrats.models import Action, Fiche
from contrats.transitions import TransitionFiche
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    ActionFactory,
    ContratFactory,
    FicheFactory,
    LigneDeLotFactory,
    PartenariatFactory,
    fiche_complete,
)
from tests.contrats.test_atelier_navigateur import onglet_de  # noqa: F401 : une mise en place
from tests.navigateur import violations_axe
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db(transaction=True)
DEBORDEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def contrat(db):
    contrat = ContratFactory(publie=True)
    contrat.territoires.add(TerritoireFactory())
    return contrat


@pytest.fixture
def charge(contrat):
    return UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])


def aller(page, selecteur):
    """Avance par Tab jusqu'à l'élément ; échoue s'il n'est pas atteignable."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selecteur):
            return
    pytest.fail(f"« {selecteur} » ne s'atteint pas au clavier.")


def presser(page, selecteur, touche="Enter"):
    aller(page, selecteur)
    with page.expect_navigation():
        page.keyboard.press(touche)


def test_de_mon_travail_au_changement_groupe_puis_a_son_annulation_au_clavier(
    onglet_de,  # noqa: F811
    charge,
    contrat,
):
    """Sans souris ni JavaScript : les actions en retard reçoivent une échéance, puis la perdent."""
    for rang in range(3):
        ActionFactory(
            fiche=None,
            contrat=contrat,
            horizon="",
            ordre=rang,
            statut=StatutAction.EN_COURS,
            echeance=f"2020-01-0{rang + 1}",
        )
    page = onglet_de(charge, javascript=False)
    page.goto(reverse("contrats:mon-travail"))
    presser(page, "a[href*='en_retard=true']")
    aller(page, "details:has([value=echeance]) summary")
    page.keyboard.press("Enter")
    aller(page, "#id_echeance-echeance")
    page.keyboard.type("30/06/2030")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "3 actions changent" in page.content()
    presser(page, "#changement button")
    assert set(Action.objects.values_list("echeance", flat=True).distinct()) == {
        Action.objects.first().echeance
    }
    assert Action.objects.first().echeance.isoformat() == "2030-06-30"
    presser(page, "main form button")
    assert "Lot annulé" in page.content()
    assert sorted(str(a.echeance) for a in Action.objects.all()) == [
        f"2020-01-0{jour}" for jour in (1, 2, 3)
    ]


def test_publier_toutes_ses_fiches_d_un_coup_au_clavier(onglet_de, charge, contrat):  # noqa: F811
    fiches = FicheFactory.create_batch(2, contrat=contrat, statut=StatutFiche.VALIDEE)
    page = onglet_de(charge, javascript=False)
    page.goto(reverse("contrats:mes-fiches"))
    aller(page, "details:has([value=etat]) summary")
    page.keyboard.press("Enter")
    aller(page, "#id_etat-transition")
    page.keyboard.type("Pub")
    presser(page, "details form.changement button")
    presser(page, "#changement button")
    assert set(Fiche.objects.filter(contrat=contrat).values_list("statut", flat=True)) == {
        StatutFiche.PUBLIEE
    }
    assert len(fiches) == 2


def pages_de_l_atelier(charge, contrat):
    """Chaque page dans ses états : pleine, en aperçu, refusée, lot d'actions, lot de fiches."""
    fiche = fiche_complete(contrat=contrat)
    action = fiche.actions.first()
    PartenariatFactory(action=action, role="pilote")
    lot = LigneDeLotFactory(action=action).lot
    validee = FicheFactory(contrat=contrat, statut=StatutFiche.VALIDEE)
    publier = ChangerEtatFiche(TransitionFiche.PUBLIER)
    publiees = appliquer_aux_fiches({validee.public_id: validee.version}, publier, par=charge)
    jetee = FicheFactory(contrat=contrat, statut=StatutFiche.BROUILLON)
    corbeille.supprimer(jetee, version=jetee.version, par=charge)
    actions, fiches = reverse("contrats:actions-changer"), reverse("contrats:fiches-changer")
    return [
        reverse("contrats:mon-travail"),
        reverse("contrats:mes-actions"),
        reverse("contrats:mes-fiches"),
        reverse("contrats:corbeille"),
        reverse("contrats:changement-list"),
        *(reverse("contrats:changement-detail", args=[lo.public_id]) for lo in (lot, publiees)),
        f"{actions}?quoi=etat&etat-transition=lancer",
        f"{actions}?quoi=etat&etat-transition=suspendre",
        f"{fiches}?quoi=etat&etat-transition=depublier",
        f"{fiches}?quoi=etat&etat-transition=archiver",
        reverse("contrats:contrat-suite", args=[contrat.slug]),
        reverse("contrats:contrat-reprendre"),
    ]


@pytest.mark.parametrize("largeur", [1280, 375])
def test_aucune_page_du_travail_n_a_de_violation_axe(page, connecter, charge, contrat, largeur):
    connecter(charge)
    page.set_viewport_size({"width": largeur, "height": 900})
    fautes = {}
    for adresse in pages_de_l_atelier(charge, contrat):
        assert page.goto(adresse).status < 400, adresse
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        fautes[adresse] = (violations_axe(page), max(0, page.evaluate(DEBORDEMENT)))
    assert {a: f for a, f in fautes.items() if f != ([], 0)} == {}
