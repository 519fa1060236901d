"""L'atelier dans un vrai Chromium : au clavier, sans JavaScript, à deux, et accessible."""

import gzip
import re

import pytest
from django.conf import settings
from django.test import Client

from contrats.contenu.ecriture import enregistrer
from contrats.contenu.lecture import lire
from contrats.enums import RoleHabilitation
from contrats.models import Action, Fiche
from tests.comptes.factories import MOT_DE_PASSE, UtilisateurFactory
from tests.contrats.atelier import adresse, fiche_riche
from tests.contrats.factories import ActionFactory
from tests.navigateur import violations_axe

pytestmark = pytest.mark.django_db(transaction=True)

DEBORDEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def fiche(db):
    fiche = fiche_riche()
    enregistrer(fiche, {**lire(fiche), "titre": "La fiche"}, version=1, par=None)
    return fiche


@pytest.fixture
def onglet_de(chromium, live_server):
    """`onglet_de(utilisateur, javascript=True)` : un onglet de plus, dans sa propre session."""
    contextes = []

    def ouvrir(utilisateur, *, javascript=True):
        contexte = chromium.new_context(
            base_url=live_server.url, locale="fr-FR", java_script_enabled=javascript
        )
        session = Client()
        session.force_login(utilisateur)
        contexte.add_cookies(
            [
                {"name": nom, "value": b.value, "url": live_server.url}
                for nom, b in session.cookies.items()
            ]
        )
        contextes.append(contexte)
        return contexte.new_page()

    yield ouvrir
    for contexte in contextes:
        contexte.close()


@pytest.fixture
def edition(page, connecter, redactrice, fiche):
    """La page d'édition, ouverte par la rédactrice."""
    connecter(redactrice)
    page.goto(adresse(fiche))
    return page


def relire(fiche):
    return lire(Fiche.objects.get(pk=fiche.pk))


def texte_du_contexte(page):
    """La zone où s'écrit le contexte : l'éditeur, ou le champ ordinaire sans JavaScript."""
    return page.locator("#s-contexte").get_by_role("textbox", name="Texte")


def attendre_l_etat(page, phrase):
    attendre(page, "#etat", phrase)


def attendre(page, selecteur, phrase):
    # Une fonction, pas une expression : la politique de sécurité refuse `eval`.
    page.wait_for_function(
        "([s, phrase]) => document.querySelector(s)?.textContent.includes(phrase)",
        arg=[selecteur, phrase],
    )


def aller_au_clavier(page, selecteur):
    """Avance par Tab jusqu'à l'élément ; échoue s'il n'est pas atteignable."""
    for _ in range(250):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selecteur):
            return
    pytest.fail(f"« {selecteur} » ne s'atteint pas au clavier.")


def test_une_fiche_se_modifie_et_s_enregistre_au_clavier_seul(page, redactrice, fiche):
    page.goto(f"/connexion/?next={adresse(fiche)}")
    aller_au_clavier(page, "[name=login]")
    page.keyboard.type(redactrice.email)
    aller_au_clavier(page, "[name=password]")
    page.keyboard.type(MOT_DE_PASSE)
    page.keyboard.press("Enter")
    page.wait_for_selector("#etat")

    aller_au_clavier(page, "#id_f-titre")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Titre tapé au clavier")
    aller_au_clavier(page, "#s-contexte [role=textbox]")
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(" Fin tapée.")
    aller_au_clavier(page, "#ajouter-action-court")
    page.keyboard.press("Enter")
    attendre_l_etat(page, "Action ajoutée.")
    page.keyboard.type("Action au clavier")  # le foyer est sur le nouvel intitulé
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+S")
    attendre_l_etat(page, "Enregistré à")
    contenu = relire(fiche)
    assert contenu["titre"] == "Titre tapé au clavier"
    assert contenu["sections"][0]["texte"].endswith(" Fin tapée.")
    assert Action.objects.filter(fiche=fiche, intitule="Action au clavier").exists()

    aller_au_clavier(page, "#enregistrer")
    with page.expect_response(lambda r: r.request.method == "GET") as relue:
        page.keyboard.press("Enter")
    relue.value.finished()  # un onglet fermé pendant l'envoi ferait échouer le serveur de test
    assert Fiche.objects.get(pk=fiche.pk).version == 3  # rien n'avait changé depuis


def test_une_fiche_se_modifie_et_s_enregistre_sans_javascript(onglet_de, redactrice, fiche):
    page = onglet_de(redactrice, javascript=False)
    page.goto(adresse(fiche))
    texte_du_contexte(page).fill("Écrit sans JavaScript.")
    with page.expect_navigation():
        page.click("#ajouter-action-court")
    assert texte_du_contexte(page).input_value() == "Écrit sans JavaScript."
    foyer = page.locator("[autofocus]")
    assert "-intitule" in foyer.get_attribute("name")
    foyer.fill("Action sans JavaScript")
    page.locator("#s-partenaires summary").first.click()
    with page.expect_navigation():
        page.locator("#s-partenaires button:has-text('Monter')").last.click()
    assert foyer.count() == 1
    page.click("#enregistrer")
    assert "enregistrée à" in page.locator(".messages").inner_text()
    assert relire(fiche)["sections"][0]["texte"] == "Écrit sans JavaScript."
    assert Action.objects.filter(fiche=fiche, intitule="Action sans JavaScript").exists()


def test_deux_agents_se_croisent_et_reunissent(edition, onglet_de, pilote, fiche):
    autre = onglet_de(pilote)
    autre.goto(adresse(fiche))
    texte_du_contexte(autre).fill("Le texte de la pilote.")
    autre.click("#enregistrer")
    attendre_l_etat(autre, "Enregistré à")

    texte_du_contexte(edition).fill("Mon texte.")
    edition.keyboard.press("ControlOrMeta+S")
    edition.wait_for_selector("text=à départager")
    edition.wait_for_load_state()
    assert edition.evaluate("document.activeElement.tagName") == "H1"
    assert edition.locator(".la-leur").first.inner_text().count("pilote") == 1
    mienne = edition.get_by_role("textbox", name="La mienne, modifiable")
    assert mienne.inner_text() == "Mon texte."
    mienne.fill("Le texte de la pilote, et le mien.")
    edition.click("#enregistrer")
    edition.wait_for_selector("#sections")
    assert relire(fiche)["sections"][0]["texte"] == "Le texte de la pilote, et le mien."


@pytest.mark.parametrize("javascript", [True, False])
def test_deux_saisies_se_reunissent_au_clavier_seul(
    onglet_de, redactrice, pilote, fiche, javascript
):
    """B-50 : du foyer sur le titre au dernier bouton, chaque choix se fait sans souris."""
    page = onglet_de(redactrice, javascript=javascript)
    en_conflit(page, fiche, pilote)
    titres = page.get_by_role("heading", level=1)
    assert titres.inner_text().startswith("Votre texte et celui d")
    # La première question s'annonce par sa légende, ses réponses par leur libellé.
    groupe = page.get_by_role("group").first
    assert groupe.get_by_role("radio", name="Garder la leur").count() == 1
    aller_au_clavier(page, "[type=radio][id^=mienne-]:checked, [type=radio][id^=leur-]:checked")
    while not page.evaluate("document.activeElement.value === 'leur'"):
        page.keyboard.press("ArrowUp")
    aller_au_clavier(page, "#enregistrer")
    with page.expect_response(lambda r: r.request.method == "POST") as envoi:
        page.keyboard.press("Enter")
    assert envoi.value.status in (200, 302)
    page.wait_for_selector("#sections")
    contenu = relire(fiche)
    assert contenu["titre"] == "Le titre de la pilote"
    assert contenu["sections"][0]["texte"] == "Le contexte de la pilote."
    assert Action.objects.filter(fiche=fiche, avancement=30).count() == 1


def test_le_navigateur_ne_retient_que_si_quelque_chose_n_est_pas_enregistre(edition, fiche):
    questions = []
    edition.on("dialog", lambda d: (questions.append(d.type), d.accept()))
    edition.click("#enregistrer")  # un geste : sans lui Chromium ne demande jamais rien
    attendre_l_etat(edition, "Enregistré")
    edition.goto("/atelier/")
    assert questions == []
    edition.goto(adresse(fiche))
    edition.locator("#id_f-titre").fill("Pas encore enregistré")
    edition.goto("/atelier/")
    assert questions == ["beforeunload"]
    edition.goto(adresse(fiche))
    edition.locator("#id_f-titre").fill("Enregistré")
    edition.keyboard.press("ControlOrMeta+S")
    attendre_l_etat(edition, "Enregistré à")
    edition.goto("/atelier/")
    assert questions == ["beforeunload"]


def test_la_ligne_d_etat_suit_ce_qui_se_passe(edition):
    etat = edition.locator("#etat[role=status]")
    assert re.search(r"Enregistré à \d+\sh\s\d\d", etat.inner_text())
    edition.locator("#id_f-titre").press_sequentially(" !")
    assert etat.inner_text() == "Modifications non enregistrées."
    edition.keyboard.press("ControlOrMeta+S")
    attendre_l_etat(edition, "Enregistré à")
    assert "Fondée sur la version 3" in edition.locator("#fondee").inner_text()


def test_une_erreur_mene_au_resume_puis_au_champ(edition, fiche):
    edition.locator("[name$=-avancement]").first.fill("140")
    edition.keyboard.press("ControlOrMeta+S")
    edition.wait_for_selector("#erreurs")
    assert edition.evaluate("document.activeElement.id") == "erreurs"
    assert edition.title().startswith("Erreur : ")
    edition.locator("#erreurs a").click()
    champ = edition.locator("[aria-invalid=true]")
    assert champ.input_value() == "140"
    assert champ.evaluate("c => c === document.activeElement")
    champ.fill("40")
    edition.keyboard.press("ControlOrMeta+S")
    attendre_l_etat(edition, "Enregistré à")
    assert edition.locator("[aria-invalid]").count() == 0
    assert not edition.title().startswith("Erreur")


def test_ce_qui_se_tape_pendant_l_envoi_reste_et_reste_a_enregistrer(edition, fiche):
    retenues = []
    edition.route(re.compile("/atelier/fiches/[^/]+/$"), lambda route: retenues.append(route))
    edition.locator("#id_f-titre").fill("Envoyé")
    edition.keyboard.press("ControlOrMeta+S")
    edition.wait_for_timeout(100)
    edition.locator("#id_f-titre").fill("Envoyé, puis complété")
    retenues[0].continue_()
    edition.unroute_all()
    attendre(edition, "#fondee", "version 3")
    attendre_l_etat(edition, "Brouillon gardé")
    assert edition.locator("#id_f-titre").input_value() == "Envoyé, puis complété"
    assert relire(fiche)["titre"] == "Envoyé"
    edition.keyboard.press("ControlOrMeta+S")
    attendre(edition, "#fondee", "version 4")
    assert relire(fiche)["titre"] == "Envoyé, puis complété"


def en_edition(page, fiche, pilote):
    page.goto(adresse(fiche))


def en_volets(page, fiche, pilote):
    page.goto(adresse(fiche))
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")


def en_erreur(page, fiche, pilote):
    page.goto(adresse(fiche))
    page.locator("[name$=-avancement]").first.fill("140")
    page.locator("#id_s-partenaires-ajout").fill("Inconnu au bataillon")
    page.click("#enregistrer")
    page.wait_for_selector("#erreurs")


def en_conflit(page, fiche, pilote):
    page.goto(adresse(fiche))
    contenu = relire(fiche)
    contenu["titre"] = "Le titre de la pilote"
    contenu["sections"][0]["texte"] = "Le contexte de la pilote."
    contenu["sections"][4]["partenaires"].pop()
    enregistrer(fiche, contenu, version=Fiche.objects.get(pk=fiche.pk).version, par=pilote)
    texte_du_contexte(page).fill("Mon contexte.")
    page.locator("[name$=-avancement]").first.fill("30")
    page.click("#enregistrer")
    page.wait_for_selector("text=à départager")
    page.wait_for_load_state()


def en_historique(page, fiche, pilote):
    page.goto(adresse(fiche, "fiche-historique"))


def en_comparaison(page, fiche, pilote):
    contenu = relire(fiche)
    contenu["sections"][0]["texte"] = "Tout autre."
    enregistrer(fiche, contenu, version=2, par=pilote)
    page.goto(adresse(fiche, "fiche-comparer") + "?de=2&a=3")


def en_liste(page, fiche, pilote):
    page.goto("/atelier/")


ETATS = [en_edition, en_volets, en_erreur, en_conflit, en_historique, en_comparaison, en_liste]


@pytest.mark.parametrize("etat", ETATS)
def test_l_atelier_n_a_aucune_violation_axe(page, connecter, redactrice, pilote, fiche, etat):
    """L'état s'atteint sur un téléphone, se contrôle aussi en grand, et tient dans 320 px."""
    page.set_viewport_size({"width": 375, "height": 900})
    connecter(redactrice)
    etat(page, fiche, pilote)
    assert violations_axe(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    assert violations_axe(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate(DEBORDEMENT) == 0


def test_la_page_d_edition_pese_moins_de_150_kio(client, fiche):
    """La plus longue fiche connue a quinze actions ; tout ce que charge la page, compressé."""
    ActionFactory.create_batch(12, fiche=fiche, intitule="Un intitulé imprimé, assez long. " * 4)
    agent = UtilisateurFactory(habilitations=[(fiche.contrat, RoleHabilitation.REDACTION)])
    client.force_login(agent)
    page = client.get(adresse(fiche)).content
    statique = settings.BASE_DIR / "static"
    textes = ["vendor/editeur.js", "js/atelier.js", "css/reciproque.css", "marque.svg"]
    poids = len(gzip.compress(page, 6))
    poids += sum(len(gzip.compress((statique / nom).read_bytes(), 9)) for nom in textes)
    poids += sum(f.stat().st_size for f in (statique / "polices").glob("*.woff2"))
    assert poids <= 150 * 1024, poids
