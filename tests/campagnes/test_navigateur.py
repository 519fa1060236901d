"""Une campagne dans un vrai Chromium : la démonstration entière, le téléphone, le clavier, axe."""

import datetime
import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from campagnes.models import Campagne, Reponse
from comptes.models import Utilisateur
from contrats.models import Action
from courrier.models import Courriel
from tests.campagnes.factories import ReponseFactory, jeton, ouverte, preparee
from tests.campagnes.images import photo
from tests.navigateur import violations_axe

pytestmark = pytest.mark.django_db(transaction=True)
TELEPHONE = {"width": 375, "height": 740}
DEBORDEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ACTIF = "css => document.activeElement.matches(css)"


@pytest.fixture
def telephone(chromium, live_server):
    """Onglet de 375 px, sans JavaScript ni session."""
    contexte = chromium.new_context(
        base_url=live_server.url, locale="fr-FR", viewport=TELEPHONE, java_script_enabled=False
    )
    yield contexte.new_page()
    contexte.close()


def atteindre(onglet, css):
    """Tabule jusqu'à l'élément, au clavier seul."""
    for _ in range(80):
        if onglet.evaluate(ACTIF, css):
            return
        onglet.keyboard.press("Tab")
    raise AssertionError(f"{css} ne s'atteint pas au clavier")


def test_la_demonstration_entiere_de_l_envoi_a_l_action_mise_a_jour(
    page, connecter, telephone, live_server, settings
):
    """45 actions, 18 partenaires : préparée, envoyée, répondue sans compte, relue, appliquée."""
    settings.ADRESSE_DU_SITE = live_server.url
    call_command("charger_demo", verbosity=0)
    preparer_et_envoyer(page, connecter)
    # L'agente reçoit aussi ses notifications : seuls comptent les courriels de la campagne.
    adresses = [c.destinataire for c in Courriel.objects.all() if "/repondre/" in c.texte]
    assert len(adresses) == len(set(adresses)) == 18
    [campagne] = Campagne.objects.all()
    assert campagne.actions.count() == 45

    repondre_au_clavier(telephone)
    page.goto(campagne.get_absolute_url())
    expect(page.get_by_text("2 sur 2")).to_have_count(1)
    page.get_by_role("checkbox", name=re.compile("Poursuivre la rénovation urbaine")).check()
    page.get_by_role("button", name="Accepter les réponses cochées").click()
    expect(page.get_by_text("1 réponse acceptée.")).to_be_visible()
    acceptee = Action.objects.get(contrat=campagne.contrat, numero="2")
    assert (acceptee.statut, acceptee.avancement) == ("suspendue", 55)
    assert acceptee.motif_statut == "Le marché est infructueux."

    page.locator("main table a").first.click()
    page.get_by_label("Ce que vous redemandez").fill("Précisez la prochaine date.")
    page.get_by_role("button", name="Renvoyer").click()
    telephone.goto(lien_de("tisseo"))
    telephone.get_by_role("button", name="Continuer").click()
    expect(telephone.get_by_text("Précisez la prochaine date.")).to_be_visible()
    page.goto(acceptee.get_absolute_url())
    expect(page.get_by_text("Tisséo, à")).to_be_visible()


def preparer_et_envoyer(page, connecter):
    connecter(Utilisateur.objects.get(email="awa.diop@demonstration.invalid"))
    page.goto("/atelier/campagnes/")
    page.get_by_role("link", name=re.compile("PERR de Toulouse")).click()
    expect(page.get_by_role("heading", name="45 actions")).to_be_visible()
    page.get_by_label("Intitulé").fill("Point du trimestre")
    fin = timezone.localdate() + datetime.timedelta(days=21)
    page.get_by_label("Dernier jour pour répondre").fill(fin.isoformat())
    page.get_by_role("button", name="Continuer : les destinataires").click()
    page.get_by_role("button", name="Continuer : relire les courriels").click()
    page.get_by_role("button", name="Envoyer 18 courriels").click()
    expect(page.get_by_text("Campagne ouverte : 18 courriels partent.")).to_be_visible()


def lien_de(nom):
    courriel = Courriel.objects.filter(destinataire__startswith=nom).order_by("-pk")[0]
    return re.search(r"\S+/repondre/\S+", courriel.texte).group()


def repondre_au_clavier(telephone):
    """Deux actions, fichier joint compris : au clavier seul, sans JavaScript, sans compte ; une
    erreur, corrigée."""
    # Écouté dès l'abord : demandé juste avant la touche, le choix pouvait s'ouvrir sans être vu.
    piece = {"name": "chantier.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    telephone.on("filechooser", lambda choix: choix.set_files(piece))
    telephone.goto(lien_de("tisseo"))
    atteindre(telephone, "main form button")
    telephone.keyboard.press("Enter")
    telephone.wait_for_url("**/1/")
    assert telephone.evaluate(DEBORDEMENT) <= 0
    cibles = [b.bounding_box()["height"] for b in telephone.locator(".choix").all()]
    assert min(cibles) >= 44
    atteindre(telephone, "[name=statut]")
    while not telephone.evaluate(ACTIF, "[value=suspendue]"):
        telephone.keyboard.press("ArrowDown")
    atteindre(telephone, "[name=avancement]")
    telephone.keyboard.press("ControlOrMeta+A")
    telephone.keyboard.type("55")
    telephone.keyboard.press("Enter")
    telephone.wait_for_selector(".resume-erreurs")
    assert telephone.locator("[value=suspendue]").is_checked()
    assert telephone.locator("[name=avancement]").input_value() == "55"
    atteindre(telephone, "[name=phrase]")
    telephone.keyboard.type("Le marché est infructueux.")
    atteindre(telephone, "main form button")
    telephone.keyboard.press("Enter")
    telephone.wait_for_url("**/2/")
    atteindre(telephone, "[name=piece]")
    telephone.keyboard.press("Space")  # ouvre le choix de fichier du navigateur
    expect(telephone.locator("[name=piece]")).to_have_value(re.compile("chantier"))
    atteindre(telephone, "main form button")
    telephone.keyboard.press("Enter")
    expect(telephone.get_by_text("Merci, vous avez tout répondu.")).to_be_visible()
    assert Reponse.objects.filter(pieces__nom="chantier.jpg").count() == 1


def test_ce_qui_se_tape_n_est_pas_perdu_si_le_lien_expire(telephone):
    campagne = ouverte()
    telephone.goto(reverse("campagnes:repondre-action", args=[jeton(campagne), 1]))
    telephone.fill("[name=phrase]", "Trois heures de texte.")
    Campagne.objects.update(fin=timezone.localdate() - datetime.timedelta(days=1))
    telephone.get_by_role("button", name="Enregistrer et continuer").click()
    assert "Trois heures de texte." in telephone.get_by_label("Votre texte").input_value()


@pytest.mark.parametrize("largeur", [1280, 375])
def test_aucune_page_d_une_campagne_n_a_de_violation_axe(page, connecter, largeur):
    page.set_viewport_size({"width": largeur, "height": 900})
    brouillon = preparee()
    campagne = ouverte(contrat=brouillon.contrat, message="Merci.")
    reponse = ReponseFactory(
        demande=campagne.destinataires.first().demandes.first(), phrase="En cours."
    )
    connecter(brouillon.cree_par)
    valeur = jeton(campagne)
    lien = [reverse("campagnes:repondre", args=[valeur])]
    lien += [f"{lien[0]}{rang}/" for rang in (1, 2)]
    agent = [reverse("campagnes:campagne-list"), reponse.get_absolute_url()]
    agent += [c.get_absolute_url() for c in (campagne, brouillon)]
    agent += [f"{brouillon.get_absolute_url()}{etape}/" for etape in ("destinataires", "apercu")]
    agent += [reverse("campagnes:contrat-campagne", args=[brouillon.contrat.slug])]
    fautes = {}
    for adresse in [*lien, f"{lien[0]}99/", *agent, reponse.demande.action.get_absolute_url()]:
        page.goto(adresse)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        fautes[adresse] = (violations_axe(page), max(0, page.evaluate(DEBORDEMENT)))
    for adresse, champ, valeur, bouton in [
        (lien[1], "avancement", "999", "Enregistrer et continuer"),
        (agent[-1], "intitule", "", "Continuer : les destinataires"),
    ]:
        page.goto(adresse)
        page.locator(f"[name={champ}]").fill(valeur)
        page.get_by_role("button", name=bouton).click()
        page.wait_for_selector(".resume-erreurs")
        fautes[f"{adresse} (erreurs)"] = (violations_axe(page), max(0, page.evaluate(DEBORDEMENT)))
    assert {a: f for a, f in fautes.items() if f != ([], 0)} == {}
