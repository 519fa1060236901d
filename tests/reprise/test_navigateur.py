"""L'écran de reprise dans un vrai navigateur : clavier seul, axe, 1280 et 375 px."""

import os

import pytest

from contrats.enums import RoleHabilitation
from contrats.models import Contrat
from reprise.models import DocumentRepris
from reprise.sessions import abandonner, compris_de, ecrire_document
from reprise.sessions import deposer as deposer_en_base
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import fiche_complete
from tests.navigateur import violations_axe
from tests.reprise.documents import CONVENTION, docx
from tests.reprise.documents import texte as texte_de
from tests.reprise.outils import SOURCES, complet
from tests.territoires.factories import TerritoireFactory


@pytest.fixture
def territoire(modeles):
    fiche = fiche_complete()
    territoire = TerritoireFactory(nom="Midi-Quercy")
    fiche.contrat.territoires.add(territoire)
    return territoire


@pytest.fixture
def agente(connecter, territoire):
    contrat = territoire.contrats.get()
    agente = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])
    connecter(agente)
    return agente


def deposer(page, nom, octets):
    page.goto("/atelier/reprises/")
    page.set_input_files(
        "input[type=file]", {"name": nom, "mimeType": "application/octet-stream", "buffer": octets}
    )
    page.get_by_role("button", name="Déposer et relire").click()
    page.wait_for_url("**/atelier/reprises/*-*/")  # attend aussi la fin du chargement


GESTES_MAX = 40  # cinq minutes, à sept secondes et demie le geste, lecture du doute comprise


@pytest.mark.django_db(transaction=True)
def test_un_agent_place_un_document_au_clavier(page, agente, territoire):
    """Source 002 si elle est là, sinon notre convention : quelques touches, puis le contrat."""
    fichiers = sorted(SOURCES.glob("002_*.txt"))
    octets = fichiers[0].read_bytes() if fichiers else docx()
    deposer(page, "projet.txt" if fichiers else "projet.docx", octets)
    gestes = 2
    while page.locator(".synopse .a-decider").count():
        page.keyboard.press("n")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        gestes += 2
        assert gestes <= GESTES_MAX
    page.get_by_label("Territoire", exact=True).select_option(territoire.cle)
    page.get_by_role("button", name="Écrire le contrat").click()
    gestes += 2
    page.wait_for_url("**/atelier/contrats/**")
    assert Contrat.objects.filter(document_repris__isnull=False).count() == 1
    assert gestes <= GESTES_MAX


def examiner(page, adresse, fautes, nom):
    """axe et débordement, à 1280 puis à 375 px ; sans adresse, la page ouverte."""
    if adresse:
        page.goto(adresse)
    for largeur in (1280, 375):
        page.set_viewport_size({"width": largeur, "height": 900})
        if captures := os.environ.get("CAPTURES"):
            page.screenshot(path=f"{captures}/{nom}-{largeur}.png")
        fautes += [f"{nom} à {largeur} : {v}" for v in violations_axe(page)]
        deborde = page.evaluate("document.documentElement.scrollWidth") - largeur
        fautes += [f"{nom} à {largeur} : dépasse de {deborde} px"] * (deborde > 0)


@pytest.mark.django_db(transaction=True)
def test_chaque_etat_de_l_ecran_sans_violation_axe_ni_debordement(page, agente, territoire):
    """Vide, refusé, en cours, doutes seuls, passage ouvert, conflit, rien à décider, fini."""
    fautes: list[str] = []
    examiner(page, "/atelier/reprises/", fautes, "vide")
    page.set_input_files(
        "input[type=file]", {"name": "a.docx", "mimeType": "x/x", "buffer": b"\x89PNG0000"}
    )
    page.get_by_role("button", name="Déposer et relire").click()
    page.get_by_text("une image PNG").first.wait_for()
    examiner(page, "", fautes, "refus")

    sans_puces = [("p" if nature[0] == "l" else nature, dit) for nature, dit in CONVENTION]
    sans_puces.insert(20, ("p", "Lorem ipsum dolor sit amet."))
    document = deposer_en_base("convention.docx", docx(sans_puces), par=agente)
    adresse = document.get_absolute_url()
    compris = compris_de(document)
    assert compris.doutes
    assert compris.non_places
    assert compris.anomalies
    examiner(page, adresse, fautes, "en-cours")
    assert "confiance 99\u00a0%" not in "".join(page.locator(".a-decider").all_inner_texts())
    examiner(page, f"{adresse}?vue=doutes", fautes, "doutes")
    sur = next(p for p in compris.places if not p.doute).element.id
    examiner(page, f"{adresse}?passage={sur}", fautes, "passage-ouvert")
    DocumentRepris.objects.filter(pk=document.pk).update(version=document.version + 1)
    page.locator(".synopse .a-decider button").first.click()
    page.get_by_text("Rien n'a été fait.").wait_for()
    examiner(page, "", fautes, "conflit")

    document = complet(docx(), "convention.docx", par=agente)
    examiner(page, document.get_absolute_url(), fautes, "sans-doute")
    ecrire_document(document, version=document.version, par=agente, territoire=territoire)
    examiner(page, document.get_absolute_url(), fautes, "fini")
    document = deposer_en_base("b.docx", docx(), par=agente)
    abandonner(document, version=document.version, par=agente)
    examiner(page, document.get_absolute_url(), fautes, "abandonne")
    examiner(page, "/atelier/reprises/", fautes, "liste")
    assert fautes == []


@pytest.mark.django_db(transaction=True)
def test_sans_javascript_au_telephone_on_depose_decide_et_ecrit(
    chromium, live_server, client, agente, territoire
):
    contexte = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 375, "height": 800}
    )
    biscuits = client.cookies.items()
    contexte.add_cookies(
        [{"name": nom, "value": b.value, "url": live_server.url} for nom, b in biscuits]
    )
    page = contexte.new_page()
    deposer(page, "convention.txt", texte_de().decode().replace("- ", "").encode())
    with page.expect_navigation():
        page.get_by_role("button", name="Accepter toutes les propositions").click()
    while (reste := page.locator(".synopse .a-decider")).count():  # rien ne les reconnaît
        reste.first.locator("summary").click()
        reste.first.get_by_label("Raison d'ignorer").fill("Hors du contrat.")
        with page.expect_navigation():
            reste.first.get_by_role("button", name="Ignorer").click()
    page.get_by_label("Territoire", exact=True).select_option(territoire.cle)
    page.get_by_role("button", name="Écrire le contrat").click()
    page.wait_for_url("**/atelier/contrats/**")
    contexte.close()
    assert Contrat.objects.filter(document_repris__isnull=False).count() == 1
