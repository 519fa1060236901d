"""Dans un vrai navigateur : le parcours entier au clavier et sans JavaScript, et axe partout."""

import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from contrats.enums import StatutContrat, StatutFiche
from contrats.models import Fiche
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    CommentaireFactory,
    ContratFactory,
    FicheFactory,
    InvitationFactory,
    PartenariatFactory,
    TransitionFactory,
    fiche_complete,
)
from tests.navigateur import atteindre, violations_axe
from tests.partenaires.factories import OrganismeFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.navigateur]
DEBORDEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def onglet(chromium, live_server):
    """`onglet(compte)` : sa page, sans JavaScript."""
    contextes = []

    def ouvrir(compte):
        contexte = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
        contextes.append(contexte)
        client = Client()  # à chacun le sien : ouvrir une session ferme celle qui y était
        client.force_login(compte)
        cle = client.cookies[settings.SESSION_COOKIE_NAME].value
        biscuit = {"name": settings.SESSION_COOKIE_NAME, "value": cle, "url": live_server.url}
        contexte.add_cookies([biscuit])
        return contexte.new_page()

    yield ouvrir
    for contexte in contextes:
        contexte.close()


def presser(page, bouton):
    """Au clavier seul : Tab jusqu'au bouton, puis Entrée."""
    atteindre(page, page.get_by_role("button", name=bouton, exact=True))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_ecrire_soumettre_corriger_valider_publier_au_clavier_sans_javascript(onglet):
    fiche = fiche_complete(publiee=False)
    redactrice, copilote, charge = (
        UtilisateurFactory(habilitations=[(fiche.contrat, role)])
        for role in ("redaction", "copilote", "pilotage")
    )
    edition = reverse("contrats:fiche-modifier", args=[fiche.public_id])
    cycle = reverse("contrats:fiche-cycle", args=[fiche.public_id])

    ecrit = onglet(redactrice)
    ecrit.goto(edition)
    atteindre(ecrit, ecrit.locator("textarea[name=s-contexte-texte]"))
    ecrit.keyboard.press("Control+A")
    ecrit.keyboard.type("Un premier jet.")
    presser(ecrit, "Enregistrer et soumettre à relecture")
    assert ecrit.url.endswith(cycle)  # le texte est fermé : la page dit la suite

    relit = onglet(copilote)
    relit.goto(cycle)
    assert "À vous de relire." in relit.content()
    atteindre(relit, relit.locator("summary", has_text="Demander une correction"))
    relit.keyboard.press("Enter")
    atteindre(relit, relit.locator("#renvoyer-motif"))
    relit.keyboard.type("Chiffrez.")
    atteindre(relit, relit.get_by_label("Contexte", exact=True))
    relit.keyboard.press("Space")
    presser(relit, "Demander une correction")
    assert "Correction demandée" in relit.content()

    ecrit.goto(edition)
    atteindre(ecrit, ecrit.locator("textarea[name=s-contexte-texte]"))
    ecrit.keyboard.press("Control+End")
    ecrit.keyboard.type(" Douze lieux.")
    presser(ecrit, "Enregistrer")
    ecrit.goto(cycle)
    presser(ecrit, "Marquer comme résolu : Chiffrez.")
    presser(ecrit, "Soumettre à relecture")

    relit.goto(cycle)
    presser(relit, "Valider")
    publie = onglet(charge)
    publie.goto(cycle)
    assert "À vous de publier." in publie.content()
    presser(publie, "Publier")
    assert Fiche.objects.get(pk=fiche.pk).statut == StatutFiche.PUBLIEE
    assert fiche.transitions.count() == 5


@pytest.fixture
def adresses(db, connecter):
    """Chaque page du cycle et des personnes, dans ses états, pour l'administration."""
    administration = UtilisateurFactory(administrateur=True)
    connecter(administration)
    contrat = ContratFactory(publie=True, statut=StatutContrat.SIGNE, fin=datetime.date(2025, 1, 1))
    autre = UtilisateurFactory(habilitations=[(contrat, "lecture")], organisme=OrganismeFactory())
    autre.habilitations.update(fin=datetime.date(2020, 1, 1))
    UtilisateurFactory(habilitations=[(contrat, "pilotage")])
    InvitationFactory(contrat=contrat)
    pages = [reverse("contrats:mes-contrats"), reverse("contrats:mes-fiches")]
    for statut in StatutFiche:
        fiche = FicheFactory(contrat=contrat, statut=statut)
        TransitionFactory(fiche=fiche, par=administration)
        pages.append(reverse("contrats:fiche-cycle", args=[fiche.public_id]))
    fiche = fiche_complete(contrat=contrat)
    CommentaireFactory(fiche=fiche, section=fiche.sections.first(), correction=True)
    action = fiche.actions.first()
    PartenariatFactory(action=action, role="pilote")
    enfant = ContratFactory(parent=contrat, lien="annexe", statut=StatutContrat.EN_RELECTURE)
    pourquoi = reverse("contrats:pourquoi")
    for objet in (contrat, enfant):
        pages.append(reverse("contrats:contrat-cycle", args=[objet.slug]))
        pages.append(reverse("contrats:contrat-personnes", args=[objet.slug]))
    return [
        *pages,
        reverse("contrats:fiche-cycle", args=[fiche.public_id]),
        reverse("contrats:action-cycle", args=[action.public_id]),
        fiche.get_absolute_url(),
        pourquoi,
        f"{pourquoi}?personne={autre.email}&objet={contrat.get_absolute_url()}",
        f"{pourquoi}?personne=x&objet=y",
        "/invitations/rien/",
    ]


@pytest.mark.parametrize("largeur", [1280, 375])
def test_aucune_page_du_cycle_n_a_de_violation_axe(page, adresses, largeur):
    page.set_viewport_size({"width": largeur, "height": 900})
    fautes = {}
    for adresse in adresses:
        assert page.goto(adresse).status < 500
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        if violations := violations_axe(page):
            fautes[adresse] = violations
        assert not page.evaluate(DEBORDEMENT), adresse
    page.goto(next(a for a in adresses if a.endswith("/personnes/")))
    page.get_by_role("button", name="Envoyer l’invitation").click()
    page.wait_for_url("**/inviter/")
    assert fautes == {}
    assert violations_axe(page) == []
