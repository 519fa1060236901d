"""Un comité entier dans un vrai Chromium : du premier ordre du jour au suivant, au clavier."""

import datetime
import os
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from contrats.enums import RoleHabilitation, RolePartenaire
from edition.models import Brouillon
from gouvernance.models import Decision, Seance
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ActionFactory, ContratFactory, PartenariatFactory
from tests.gouvernance.factories import (
    ConvocationFactory,
    DecisionFactory,
    InscriptionFactory,
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    SessionFactory,
)
from tests.navigateur import violations_axe
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db(transaction=True)
HIER = timezone.localdate() - datetime.timedelta(days=1)
PRINTEMPS = (timezone.localdate() + datetime.timedelta(days=120)).isoformat()
DEBORDEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def contrat():
    return ContratFactory(publie=True, intitule_court="PERR d'essai")


@pytest.fixture
def agent(contrat):
    return UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])


@pytest.fixture
def instance(contrat):
    instance = InstanceFactory(contrat=contrat)
    instance.participations.create(libelle="Le Préfet", role="co_preside", ordre=1)
    instance.participations.create(libelle="Le Président", role="co_preside", ordre=2)
    return instance


@pytest.fixture
def retards(contrat):
    """Trois actions en retard, dont les deux premières changeront d'état."""
    commun = {"fiche": None, "contrat": contrat, "horizon": "", "statut": "en_cours"}
    commun |= {"echeance": HIER, "debut": None}
    actions = [
        ActionFactory(numero=str(n), intitule=f"Rénover l'îlot {n}", **commun) for n in (1, 2, 3)
    ]
    pilote = OrganismeFactory(nom="Office de l'habitat")
    PartenariatFactory(action=actions[0], organisme=pilote, role=RolePartenaire.PILOTE)
    return actions


def capturer(page, nom):
    """Pour regarder : `CAPTURES=dossier pytest …`."""
    if dossier := os.environ.get("CAPTURES"):
        page.screenshot(path=f"{dossier}/{nom}.png", full_page=True)


def verifier(page, nom):
    """axe 0 (à 375 px, où les tableaux sont des fiches) et rien qui déborde à 1280 ni à 375."""
    capturer(page, f"{nom}-1280")
    assert page.evaluate(DEBORDEMENT) <= 0, nom
    page.set_viewport_size({"width": 375, "height": 900})
    assert violations_axe(page) == [], nom
    assert page.evaluate(DEBORDEMENT) <= 0, nom
    capturer(page, f"{nom}-375")
    page.set_viewport_size({"width": 1280, "height": 900})


def decider(page, texte, qui, *, effet=""):
    """Une décision, sans quitter le clavier : Entrée l'ouvre, Ctrl + Entrée la note."""
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "texte"
    page.keyboard.type(texte)
    page.keyboard.press("Tab")
    if qui == "Le Préfet":  # une qualité de l'instance, pas un organisme
        page.keyboard.press("Tab")
    page.keyboard.type(qui)
    page.get_by_label("Avant le").fill(PRINTEMPS)
    if effet:
        page.get_by_label("À la clôture, l'action").select_option(effet)
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Décidé sur ce point").wait_for()
    expect(page.get_by_text(texte).first).to_be_visible()


def test_un_comite_entier_de_l_ordre_du_jour_au_suivant(
    page, connecter, agent, contrat, instance, retards
):
    connecter(agent)
    seance = preparer(page, contrat)
    tenir(page, seance)
    clore(page, seance, retards)
    suivant(page, contrat)


def preparer(page, contrat):
    """L'ordre du jour se propose de ce qui est en retard."""
    page.goto(reverse("gouvernance:contrat-seance", args=[contrat.slug]))
    page.get_by_label("Instance", exact=True).select_option("comité de pilotage")
    page.get_by_label("Date", exact=True).fill(timezone.localdate().isoformat())
    page.get_by_label("Lieu").fill("Hôtel de la Métropole")
    with page.expect_navigation():
        page.get_by_role("button", name="Continuer : l’ordre du jour").click()
    expect(page.get_by_text("3", exact=True).first).to_be_visible()
    for case in page.get_by_role("checkbox").all():
        case.check()
    page.get_by_role("button", name="Mettre à l’ordre du jour").click()
    expect(page.get_by_role("heading", name="3 points")).to_be_visible()
    verifier(page, "ordre-du-jour")
    with page.expect_navigation():
        page.get_by_role("link", name="Continuer : qui est attendu").click()
    for presence in page.get_by_label("Présence, Le Pr").all():
        presence.select_option("present")
    page.get_by_role("button", name="Enregistrer les présences").click()
    expect(page.get_by_text("2 membres présents ou représentés")).to_be_visible()
    verifier(page, "presences")
    page.get_by_role("link", name="Voir la séance").click()
    page.get_by_role("button", name="Ouvrir la séance").click()
    page.wait_for_url("**/tenir/")
    return Seance.objects.get()


def tenir(page, seance):
    """Trois décisions au clavier ; l'onglet est tué au milieu d'une phrase, et rien n'est perdu."""
    verifier(page, "mode-seance")
    decider(page, "Reporter l'îlot 1", "Office de l'habitat", effet="reporter")
    page.keyboard.press("ArrowRight")
    page.get_by_role("heading", name=re.compile("îlot 2")).wait_for()
    page.get_by_label("Ce qui se dit").fill("Le préfet demande un calendrier.")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.keyboard.type("Suspendre l'îlot 2, dans l'att")
    page.locator("#garde", has_text="Gardé à").wait_for()
    page.goto("about:blank")  # tué : rien n'a été envoyé
    page.goto(reverse("gouvernance:seance-tenir", args=[seance.public_id]))
    expect(page.get_by_text("Ce que vous tapiez est là.")).to_be_visible()
    assert page.get_by_label("Quoi").input_value() == "Suspendre l'îlot 2, dans l'att"
    assert page.get_by_label("Ce qui se dit").input_value() == "Le préfet demande un calendrier."
    page.get_by_label("Quoi").fill("Suspendre l'îlot 2, dans l'attente du permis")
    page.get_by_label("Fonction ou service").fill("Préfecture")
    page.get_by_label("À la clôture, l'action").select_option("suspendre")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Décidé sur ce point").wait_for()
    page.keyboard.press("PageDown")
    page.get_by_role("heading", name=re.compile("îlot 3")).wait_for()
    decider(page, "Visiter l'îlot 3", "Le Préfet")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/clore/")


def clore(page, seance, retards):
    """Confirmées, les décisions s'appliquent ; l'état est figé, le procès-verbal s'imprime."""
    expect(page.get_by_role("heading", name="3 décisions")).to_be_visible()
    verifier(page, "clore")
    page.get_by_role("button", name="Clore la séance").click()
    expect(
        page.get_by_text("Séance close : 3 décisions à suivre, dont 2 appliquées")
    ).to_be_visible()
    verifier(page, "seance-close")
    for action in retards:
        action.refresh_from_db()
    assert [a.statut for a in retards] == ["reportee", "suspendue", "en_cours"]
    assert retards[0].echeance.isoformat() == PRINTEMPS
    page.get_by_role("link", name="Toutes les actions, telles qu’elles étaient").click()
    expect(page.get_by_text("Suspendue")).to_be_visible()
    assert seance.versions.count() == 1
    for piece in ("proces-verbal", "releve-de-decisions", "dossier"):
        chemin = reverse("documents:seance-pdf", args=[seance.public_id, piece])
        assert page.request.get(chemin).body().startswith(b"%PDF-"), piece


def suivant(page, contrat):
    """L'ordre du jour suivant montre ce qui n'a pas été fait."""
    page.goto(Decision.objects.get(texte__startswith="Visiter").get_absolute_url())
    page.get_by_text("Dire ce qu’elle est devenue").last.click()
    page.get_by_label("Ce qui en a été fait").last.fill("Visite faite.")
    page.get_by_role("button", name="Faite", exact=True).last.click()
    page.goto(reverse("gouvernance:contrat-seance", args=[contrat.slug]))
    page.get_by_label("Instance", exact=True).select_option("comité de pilotage")
    page.get_by_label("Date", exact=True).fill(PRINTEMPS)
    page.get_by_role("button", name="Continuer : l’ordre du jour").click()
    proposes = page.locator("fieldset").first.inner_text()
    assert "Reporter l'îlot 1" in proposes
    assert "Suspendre l'îlot 2" in proposes
    assert "Visiter" not in proposes


def test_sans_javascript_la_seance_se_tient_par_ses_boutons(
    chromium, live_server, client, agent, instance
):
    """Les mêmes gestes, par les boutons : noter, décider, avancer, clore."""
    seance = SeanceFactory(instance=instance, ouverte=True)
    PointFactory(seance=seance, intitule="Le second point", ordre=10_000)
    contexte = chromium.new_context(
        base_url=live_server.url, locale="fr-FR", java_script_enabled=False
    )
    client.force_login(agent)
    contexte.add_cookies(
        [{"name": n, "value": b.value, "url": live_server.url} for n, b in client.cookies.items()]
    )
    page = contexte.new_page()
    page.goto(reverse("gouvernance:seance-tenir", args=[seance.public_id]))
    page.get_by_label("Quoi").fill("Se revoir en mars")
    page.get_by_role("button", name="Point suivant").click()
    expect(page.get_by_role("heading", name="Le second point")).to_be_visible()
    page.get_by_role("button", name="Finir : relire et clore").click()
    page.get_by_role("button", name="Clore la séance").click()
    expect(page.get_by_text("Séance close : 1 décision à suivre")).to_be_visible()
    contexte.close()
    assert not Brouillon.objects.exclude(contenu="").exists()


def test_les_pages_publiques_et_de_l_organisateur_sont_accessibles(
    page, connecter, agent, contrat, instance
):
    seance = SeanceFactory(instance=instance, close=True, publique=True)
    DecisionFactory(seance=seance, statut="a_faire", avant_le=HIER)
    ConvocationFactory(seance=seance)
    session = SessionFactory(contrat=contrat, profils=["Élu·e"], condition="Cotisation annuelle")
    point = session.programme.create(ordre=1, intitule="Ouverture", visio=True)
    point.interventions.create(ordre=1, nom="Mme Durand", statut="sous_reserve")
    InscriptionFactory(session=session)
    publiques = {
        "gouvernance": reverse("gouvernance:contrat-gouvernance", args=[contrat.slug]),
        "seance": seance.get_absolute_url(),
        "calendrier": reverse("gouvernance:calendrier"),
        "sessions": reverse("gouvernance:session-list"),
        "session": session.get_absolute_url(),
        "inscription": reverse("gouvernance:session-inscrire", args=[session.slug]),
    }
    for nom, chemin in publiques.items():
        page.goto(chemin)
        verifier(page, nom)
    connecter(agent)
    for nom, route in {"seances": "seance-list", "inscrits": "session-inscrits"}.items():
        page.goto(reverse(f"gouvernance:{route}", args=[session.slug] if nom == "inscrits" else []))
        verifier(page, nom)
