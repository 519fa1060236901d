"""Une campagne de vingt signataires dans un vrai Chromium : au clavier, sans JavaScript, axe."""

import pytest
from django.urls import reverse

from contrats.enums import RoleHabilitation, RoleSignature, StatutContrat
from signatures.enums import EtatCampagne
from signatures.models import CampagneSignature
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ContratFactory, PartieFactory
from tests.documents.factories import DocumentFigeFactory, SignatureFactory
from tests.navigateur import violations_axe
from tests.partenaires.factories import OrganismeFactory
from tests.signatures.autorite import Autorite
from tests.signatures.factories import PIXEL, campagne_lancee, pdf
from tests.signatures.test_transitions import signer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.navigateur]
DEBORDEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ENVOYE = pdf()
NOMBRE = 20


@pytest.fixture
def sans_script(chromium, live_server, client):
    """Onglet de 1280 px sans JavaScript ; `ouvrir(utilisateur)` y met sa session."""
    contexte = chromium.new_context(
        base_url=live_server.url,
        locale="fr-FR",
        viewport={"width": 1280, "height": 900},
        java_script_enabled=False,
    )
    onglet = contexte.new_page()

    def ouvrir(utilisateur):
        client.force_login(utilisateur)
        biscuits = client.cookies.items()
        contexte.add_cookies(
            [{"name": nom, "value": b.value, "url": live_server.url} for nom, b in biscuits]
        )
        return onglet

    yield ouvrir
    contexte.close()


@pytest.fixture
def autorite(settings, tmp_path, sur_place):
    autorite = Autorite()
    settings.SIGNATURE_RACINES = autorite.poser(tmp_path / "racines")
    return autorite


def contrat_a_signer():
    contrat = ContratFactory(publie=True, statut=StatutContrat.EN_SIGNATURE)
    for rang in range(1, NOMBRE + 1):
        partie = PartieFactory(
            contrat=contrat, libelle=f"Partie {rang:02d}", organisme=OrganismeFactory()
        )
        SignatureFactory(partie=partie, rang=rang, le=None)
    SignatureFactory(partie=None, contrat=contrat, role=RoleSignature.TEMOIN, rang=99, le=None)
    DocumentFigeFactory(contrat=contrat, octets=ENVOYE, titre="Contrat des vingt")
    return contrat


def deplier(onglet, libelle):
    onglet.locator("summary", has_text=libelle).click()


def constater(onglet, campagne, rang, libelle, *, fichier=None, motif=None):
    """Ouvre le signataire depuis la campagne, remplit, envoie."""
    onglet.goto(campagne.get_absolute_url())
    with onglet.expect_navigation():
        onglet.get_by_role("row", name=f"Partie {rang:02d}").get_by_role("link").click()
    bouton = onglet.get_by_role("button", name=libelle, exact=True)
    if not bouton.is_visible():
        deplier(onglet, libelle)
    if motif:
        onglet.get_by_label("Pourquoi ?").locator("visible=true").fill(motif)
    if fichier:
        nom, octets = fichier
        champ = onglet.locator("input[type=file]:visible")
        champ.set_input_files({"name": nom, "mimeType": "application/pdf", "buffer": octets})
    with onglet.expect_navigation():
        bouton.click()


def test_vingt_signataires_de_la_preparation_au_pdf_final(sans_script, autorite):
    contrat = contrat_a_signer()
    agent = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])
    onglet = sans_script(agent)
    onglet.goto(reverse("contrats:contrat-cycle", args=[contrat.slug]))
    onglet.get_by_role("link", name="Signatures").click()
    onglet.get_by_label("Document à signer").select_option(index=1)
    onglet.get_by_role("button", name="Préparer la campagne").focus()
    onglet.keyboard.press("Enter")
    onglet.wait_for_url("**/atelier/signatures/**")
    [campagne] = CampagneSignature.objects.select_related("document__contrat")
    onglet.get_by_role("button", name="Lancer la campagne").focus()
    onglet.keyboard.press("Enter")
    onglet.get_by_text("Campagne lancée : 20 signataires à attendre.").wait_for()

    for rang in range(1, 11):
        page = (f"page {rang}.png", PIXEL + f"page {rang}".encode())
        constater(onglet, campagne, rang, "Constater la signature sur papier", fichier=page)
    assert onglet.get_by_text("10 sur 20 ; attend Partie 11 depuis").is_visible()
    constater(onglet, campagne, 4, "Annuler", motif="Page d'un autre contrat.")
    constater(onglet, campagne, 4, "Envoyer de nouveau")
    page = ("page 4.png", PIXEL + b"bonne page 4")
    constater(onglet, campagne, 4, "Constater la signature sur papier", fichier=page)
    constater(onglet, campagne, 20, "Constater un refus", motif="Délibération ajournée.")
    assert onglet.get_by_text("Partie 20 refuse : Délibération ajournée.").is_visible()
    constater(onglet, campagne, 20, "Envoyer de nouveau")

    faux = autorite.signer(pdf("Les parties s'engagent sur 46 actions."), "Faussaire")
    electronique = "Constater la signature électronique"
    constater(onglet, campagne, 11, electronique, fichier=("faux.pdf", faux))
    assert onglet.get_by_text("« 45 » est devenu « 46 »").is_visible()
    for rang in range(11, 21):
        signe = autorite.signer(ENVOYE, f"Personne {rang}")
        constater(onglet, campagne, rang, electronique, fichier=("signé.pdf", signe))
    assert onglet.get_by_text("20 sur 20 : toutes les signatures sont là").is_visible()
    campagne.refresh_from_db()
    assert campagne.etat == EtatCampagne.COMPLETE
    onglet.goto(campagne.get_absolute_url())
    with onglet.expect_download() as recu:
        onglet.get_by_role("link", name="Télécharger le PDF signé").click()
    assert recu.value.path().read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("largeur", [1280, 375])
def test_aucun_ecran_de_signature_n_a_de_violation_axe_ni_ne_deborde(page, connecter, largeur):
    campagne = campagne_lancee(nb=3)
    signer(campagne, 1)
    connecter(campagne.preparee_par)
    page.set_viewport_size({"width": largeur, "height": 900})
    un, deux = campagne.signataires.filter(rang__lte=2).order_by("rang")
    adresses = [
        reverse("signatures:contrat-signatures", args=[campagne.document.contrat.slug]),
        campagne.get_absolute_url(),
        un.get_absolute_url(),
        deux.get_absolute_url(),
    ]
    fautes = {}
    for adresse in adresses:
        page.goto(adresse)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        if (violations := violations_axe(page)) or page.evaluate(DEBORDEMENT):
            fautes[adresse] = violations or "déborde"
    assert fautes == {}
