"""La matrice dans un vrai Chromium : au clavier, depuis un tableur, à deux, sans script, axe."""

import pytest
from django.test import Client
from django.urls import reverse

from contrats.enums import RoleHabilitation
from perr.contenu import Contenu
from perr.ecriture import Modification, ecrire_cellules
from perr.models import Declinaison, Lot
from tests.comptes.factories import UtilisateurFactory
from tests.navigateur import violations_axe
from tests.perr.factories import matrice, places, remplir

pytestmark = pytest.mark.django_db(transaction=True)
DEBORDEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def contrat(db):
    return matrice(actions=8, colonnes=5)


@pytest.fixture
def agente(contrat):
    return UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.REDACTION)])


@pytest.fixture
def ecran(page, connecter, agente, contrat):
    connecter(agente)
    page.goto(adresse(contrat))
    return page


def adresse(contrat):
    return reverse("perr:matrice-modifier", args=[contrat.slug])


def cellule(page, place):
    return page.locator(f"#c{place[0]}-{place[1]}")


def attendre_l_etat(page, phrase):
    page.wait_for_function(
        "phrase => document.querySelector('#etat').textContent.includes(phrase)", arg=phrase
    )


def attendre_enregistrees(page, nombre):
    page.wait_for_function(
        "n => document.querySelectorAll('td[data-etat^=\"Enregistré \"]').length === n", arg=nombre
    )


def textes(contrat):
    lus = Declinaison.objects.filter(action__contrat=contrat)
    return {(d.action_id, d.colonne_id): d.texte for d in lus}


def coller(page, texte):
    page.evaluate(
        """texte => {
            const donnees = new DataTransfer();
            donnees.setData("text/plain", texte);
            const options = { clipboardData: donnees, bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        texte,
    )


def copier(page):
    return page.evaluate(
        """() => {
            const donnees = new DataTransfer();
            const options = { clipboardData: donnees, bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new ClipboardEvent("copy", options));
            return donnees.getData("text/plain");
        }"""
    )


def aller_a_la_grille(page):
    """Par Tab, comme qui n'a pas de souris : la grille est une seule étape."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#matrice td')"):
            return
    pytest.fail("La grille ne s'atteint pas au clavier.")


def test_vingt_cellules_se_remplissent_au_clavier_seul(ecran, contrat):
    aller_a_la_grille(ecran)
    p = places(contrat)
    for colonne in range(4):
        for ligne in range(5):
            ecran.keyboard.type(f"Colonne {colonne}, ligne {ligne}")
            ecran.keyboard.press("Enter")
        for _ in range(5):
            ecran.keyboard.press("ArrowUp")
        ecran.keyboard.press("ArrowRight")
    attendre_enregistrees(ecran, 20)
    assert textes(contrat) == {
        p[ligne * 5 + colonne]: f"Colonne {colonne}, ligne {ligne}"
        for colonne in range(4)
        for ligne in range(5)
    }
    assert ecran.locator("tfoot td.fin").inner_text() == "20 / 40"
    # Échap referme sans écrire, Maj + Entrée va à la ligne, Suppr vide, Ctrl + Z défait.
    ecran.keyboard.press("Control+Home")
    ecran.keyboard.press("ArrowRight")
    ecran.keyboard.press("Enter")
    ecran.keyboard.type(" puis rien")
    ecran.keyboard.press("Escape")
    ecran.keyboard.press("Enter")
    assert ecran.locator(".editeur-cellule textarea").first.input_value().endswith("puis rien")
    ecran.keyboard.press("Shift+Enter")
    ecran.keyboard.type("autre ligne")
    ecran.keyboard.press("Enter")
    ecran.wait_for_function(
        "id => document.getElementById(id).dataset.v === '2'", arg=f"c{p[0][0]}-{p[0][1]}"
    )
    assert textes(contrat)[p[0]] == "Colonne 0, ligne 0 puis rien\nautre ligne"
    ecran.keyboard.press("ArrowUp")
    ecran.keyboard.press("Delete")
    attendre_l_etat(ecran, "Cellule enregistrée")
    ecran.wait_for_function(
        "() => document.querySelector('tfoot td.fin').textContent === '19 / 40'"
    )
    ecran.keyboard.press("Control+z")
    attendre_l_etat(ecran, "Dernière modification annulée.")
    assert len(textes(contrat)) == 20


def test_un_bloc_de_cinq_sur_quatre_se_colle_depuis_un_tableur_et_se_copie(ecran, contrat):
    p = places(contrat)
    bloc = [[f"L{ligne} C{colonne}" for colonne in range(4)] for ligne in range(5)]
    bloc[1][2] = 'Deux lignes,\nun "mot"\tet une tabulation'
    proteges = [
        ['"' + t.replace('"', '""') + '"' if "\n" in t else t for t in ligne] for ligne in bloc
    ]
    cellule(ecran, p[0]).focus()
    envois = []
    ecran.on("request", lambda r: envois.append(r.url) if r.method == "POST" else None)
    coller(ecran, "\r\n".join("\t".join(ligne) for ligne in proteges) + "\r\n")
    attendre_l_etat(ecran, "20 cellules enregistrées")
    assert len(envois) == 1
    assert textes(contrat) == {
        p[ligne * 5 + c]: texte
        for ligne, textes_ in enumerate(bloc)
        for c, texte in enumerate(textes_)
    }
    cellule(ecran, p[0]).focus()
    for touche in ["ArrowDown"] * 4 + ["ArrowRight"] * 3:
        ecran.keyboard.press(f"Shift+{touche}")
    assert copier(ecran) == "\n".join("\t".join(ligne) for ligne in proteges)
    ecran.click("#annuler")
    attendre_l_etat(ecran, "Dernière modification annulée.")
    assert textes(contrat) == {}
    cellule(ecran, p[4]).focus()
    coller(ecran, "a\tb")
    ecran.get_by_role("alert").get_by_text("dépasse la matrice").wait_for()
    assert Lot.objects.count() == 2


def test_deux_agents_sur_une_cellule_voient_les_deux_textes(ecran, contrat, agente):
    place = places(contrat)[0]
    autre = UtilisateurFactory(
        prenom="Awa", nom="Diop", habilitations=[(contrat, RoleHabilitation.PILOTAGE)]
    )
    cellule(ecran, place).focus()
    ecran.keyboard.type("Le mien")
    remplir(contrat, ["Le sien"], par=autre)
    ecran.keyboard.press("Enter")
    conflit = cellule(ecran, place).locator(".conflit")
    conflit.wait_for()
    assert "Awa Diop a enregistré le texte ci-dessus." in conflit.inner_text()
    assert "Le vôtre, non enregistré : « Le mien »" in conflit.inner_text()
    assert cellule(ecran, place).locator(".t").inner_text() == "Le sien"
    assert violations_axe(ecran) == []
    conflit.get_by_role("button", name="Reprendre le vôtre").click()
    zone = cellule(ecran, place).locator("textarea").first
    assert zone.input_value() == "Le mien"
    zone.fill("Le sien et le mien")
    ecran.keyboard.press("Enter")
    attendre_l_etat(ecran, "Cellule enregistrée")
    assert textes(contrat) == {place: "Le sien et le mien"}

    # Le premier l'apprend à son tour, en revenant à sa page.
    ecrire_cellules(contrat, [Modification(*place, 2, Contenu(texte="Le dernier"))], par=autre)
    ecran.evaluate("dispatchEvent(new Event('focus'))")
    attendre_l_etat(ecran, "Cellule modifiée par Awa Diop")
    assert cellule(ecran, place).locator(".t").inner_text() == "Le dernier"


def test_le_serveur_injoignable_se_dit_et_le_texte_reste_dans_sa_cellule(ecran, contrat):
    place = places(contrat)[0]
    ecran.context.set_offline(True)
    cellule(ecran, place).focus()
    ecran.keyboard.type("Hors ligne")
    ecran.keyboard.press("Enter")
    ecran.get_by_role("alert").get_by_text("Le serveur ne répond pas.").wait_for()
    ecran.context.set_offline(False)
    cellule(ecran, place).focus()
    ecran.keyboard.press("Enter")
    assert cellule(ecran, place).locator("textarea").first.input_value() == "Hors ligne"
    ecran.keyboard.press("Enter")
    attendre_l_etat(ecran, "Cellule enregistrée")
    assert textes(contrat) == {place: "Hors ligne"}


def test_sans_javascript_chaque_cellule_a_son_formulaire(chromium, live_server, contrat, agente):
    contexte = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    session = Client()
    session.force_login(agente)
    contexte.add_cookies(
        [{"name": n, "value": b.value, "url": live_server.url} for n, b in session.cookies.items()]
    )
    page, place = contexte.new_page(), places(contrat)[0]
    page.goto(adresse(contrat))
    cellule(page, place).get_by_role("link").click()
    page.get_by_label("Texte", exact=True).fill("Sans script")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    assert cellule(page, place).locator(".t").inner_text() == "Sans script"
    page.get_by_role("button", name="Annuler la dernière modification").click()
    assert "Dernière modification annulée." in page.locator(".messages").inner_text()
    contexte.close()
    assert textes(contrat) == {}


@pytest.mark.parametrize("largeur", [1280, 375])
def test_la_matrice_n_a_aucune_violation_axe(page, connecter, agente, contrat, largeur):
    page.set_viewport_size({"width": largeur, "height": 900})
    connecter(agente)
    p = places(contrat)
    remplir(contrat, ["Un texte assez long pour se couper. " * 4] * 12)
    sans_objet = Contenu(statut="sans_objet", motif="Rien à y faire.", texte="Rien.")
    ecrire_cellules(contrat, [Modification(*p[20], None, sans_objet)], par=None)
    public = reverse("perr:matrice-detail", args=[contrat.slug])
    cellule_seule = reverse("perr:cellule-modifier", args=[contrat.slug, *p[0]])
    for url in (public, f"{public}?statut=texte&programme=1", cellule_seule, adresse(contrat)):
        page.goto(url)
        assert violations_axe(page) == [], url
        assert page.evaluate(DEBORDEMENT) == 0, url
    cellule(page, p[7]).locator("a").first.click()
    page.locator(".editeur-cellule details").evaluate("d => { d.open = true }")
    assert violations_axe(page) == []
    assert page.evaluate(DEBORDEMENT) == 0
