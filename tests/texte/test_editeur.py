"""L'éditeur dans un vrai navigateur : écrire, relire, coller, au clavier et sans JavaScript."""

from urllib.parse import quote

import pytest

from tests.navigateur import violations_axe
from texte.markdown import rendre

pytestmark = [pytest.mark.urls("tests.texte.adresses"), pytest.mark.django_db]

COMPLET = """# Un titre
La fiche __relie__ les deux_mots[^a] et 2 * 3 * 4.
Une ligne _suit_.
* un
* deux
   1. trois

[^a]: La note,
    sur deux lignes.

Fin : [voir](/contrats/ "titre") <https://exemple.fr>"""


@pytest.fixture
def ouvrir(page):
    """`ouvrir(contexte)` ouvre la page d'essai et rend la zone d'édition du contexte."""

    def _ouvrir(contexte=""):
        page.goto(f"/essai-de-l-editeur/?contexte={quote(contexte)}")
        return page.get_by_role("textbox", name="Contexte")

    return _ouvrir


def valeur(page, champ="contexte"):
    return page.locator(f"[name={champ}]").evaluate("champ => champ.value")


def coller(zone, html, texte=""):
    zone.evaluate(
        """(zone, [html, texte]) => {
            const donnees = new DataTransfer();
            donnees.setData("text/html", html);
            donnees.setData("text/plain", texte);
            zone.dispatchEvent(new ClipboardEvent("paste",
                {clipboardData: donnees, bubbles: true, cancelable: true}));
        }""",
        [html, texte],
    )


def test_ce_que_l_on_tape_est_ce_que_le_serveur_recoit(page, ouvrir):
    ouvrir().click()
    page.keyboard.type("Un contexte.")
    page.get_by_role("button", name="Enregistrer").click()
    assert page.locator("#recu").inner_text() == "Un contexte."


def test_gras_et_italique_au_clavier(page, ouvrir):
    ouvrir().click()
    page.keyboard.type("du ")
    page.keyboard.press("Control+b")
    assert page.get_by_role("button", name="Gras").first.get_attribute("aria-pressed") == "true"
    page.keyboard.type("gras")
    page.keyboard.press("Control+b")
    page.keyboard.type(" et ")
    page.keyboard.press("Control+i")
    page.keyboard.type("penché")
    assert valeur(page) == "du **gras** et *penché*"


def test_annuler_et_retablir_au_clavier(page, ouvrir):
    ouvrir("Départ").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" neuf")
    page.keyboard.press("Control+z")
    assert valeur(page) == "Départ"
    page.keyboard.press("Control+y")
    assert valeur(page) == "Départ neuf"


def test_listes_intertitre_et_saut_de_ligne(page, ouvrir):
    ouvrir().click()
    page.get_by_role("button", name="Liste", exact=True).first.click()
    page.keyboard.type("un")
    page.keyboard.press("Enter")
    page.keyboard.type("deux")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Intertitre").first.click()
    page.keyboard.type("Titre")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Liste numérotée").first.click()
    page.keyboard.type("a")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("b")
    assert valeur(page) == "- un\n- deux\n\n### Titre\n\n1. a\n   b"


def test_une_liste_change_de_nature_puis_redevient_texte(page, ouvrir):
    ouvrir("- un").click()
    page.get_by_role("button", name="Liste numérotée").first.click()
    assert valeur(page) == "1. un"
    page.get_by_role("button", name="Liste numérotée").first.click()
    assert valeur(page) == "un"


def test_une_note_s_ecrit_a_la_suite_de_son_appel(page, ouvrir):
    ouvrir("Un fait.").click()
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="Note de bas de page").first.click()
    page.keyboard.type("La source.")
    assert valeur(page) == "Un fait.[^1]\n\n[^1]: La source."
    assert "La source. <a" in rendre(valeur(page))


def test_un_lien_se_pose_se_change_et_se_retire(page, ouvrir):
    ouvrir("Voir le site").click()
    page.keyboard.press("Control+Home")
    for _ in "Voir":
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+k")
    page.keyboard.type("javascript:alert(1)")
    page.keyboard.press("Enter")
    assert "commence par https" in page.get_by_role("alert").first.inner_text()
    page.get_by_label("Adresse du lien").first.fill("exemple.fr/page")
    page.keyboard.press("Enter")
    assert valeur(page) == "[Voir](https://exemple.fr/page) le site"
    page.keyboard.press("Control+k")
    assert page.get_by_label("Adresse du lien").first.input_value() == "https://exemple.fr/page"
    page.get_by_role("button", name="Retirer le lien").first.click()
    assert valeur(page) == "Voir le site"


def test_le_clavier_entre_et_sort_de_l_editeur(page, ouvrir):
    ouvrir("Texte")
    page.get_by_role("link", name="trop court").focus()
    noms = []
    for _ in range(5):
        page.keyboard.press("Tab")
        noms.append(
            page.evaluate(
                "document.activeElement.getAttribute('aria-labelledby')"
                " || document.activeElement.textContent"
            )
        )
    assert noms == ["Gras", "id_contexte-libelle", "Gras", "id_suite-libelle", "Enregistrer"]
    assert valeur(page) == "Texte"


def test_les_fleches_parcourent_la_barre(page, ouvrir):
    ouvrir()
    page.get_by_role("button", name="Gras").first.focus()
    for touche, nom in [
        ("ArrowRight", "Italique"),
        ("End", "Note de bas de page"),
        ("ArrowRight", "Gras"),
        ("ArrowLeft", "Note de bas de page"),
        ("Home", "Gras"),
    ]:
        page.keyboard.press(touche)
        assert page.evaluate("document.activeElement.textContent") == nom


@pytest.mark.parametrize(
    "source", [COMPLET, "[^9] sans note", "[^b]: sans appel", "- \n- b", "***"]
)
def test_un_texte_que_l_on_ne_touche_pas_ne_change_pas(page, ouvrir, source):
    zone = ouvrir(source)
    zone.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("ArrowLeft")
    assert valeur(page) == source
    page.keyboard.type("x")
    page.keyboard.press("Control+z")
    assert valeur(page) == source


def test_seul_le_bloc_touche_est_recrit(page, ouvrir):
    ouvrir(COMPLET).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" !")
    intact, touche = valeur(page).rsplit("\n\n", 1)
    assert intact == COMPLET.rsplit("\n\n", 1)[0]
    assert touche == 'Fin : [voir](/contrats/ "titre") <https://exemple.fr> !'


def test_un_bloc_recrit_se_rend_de_la_meme_facon(page, ouvrir):
    """Chaque bloc est touché : la source peut changer de forme, pas ce qu'elle montre."""
    ouvrir(COMPLET)
    zone = page.get_by_role("textbox", name="Contexte")
    for bloc in zone.locator("p, h3").all():
        bloc.click()
        page.keyboard.press("End")
        page.keyboard.type("§")
    recrit = valeur(page)
    assert "[^a]" in recrit
    assert "\\[" not in recrit
    assert rendre(recrit.replace("§", ""), prefixe="n") == rendre(
        COMPLET.replace("* un", "\n* un"), prefixe="n"
    )


@pytest.mark.parametrize(
    ("html", "attendu"),
    [
        (
            "<h1 style='color:red'>Titre</h1><p onclick='x()'>un <b>gras</b>"
            "<script>alert(1)</script><img src='https://ailleurs.exemple/x.png' onerror='x()'></p>",
            "### Titre\n\nun **gras**",
        ),
        (
            '<p><span style="font-weight:700">fort</span> <span style="font-style:italic">penché'
            '</span> <a href="javascript:alert(1)">piège</a> <a href="https://a.fr">lien</a></p>',
            "**fort** *penché* piège [lien](https://a.fr)",
        ),
        (
            '<b style="font-weight:normal"><p>ni gras</p></b>'
            "<table><tr><td>cellule</td></tr></table>",
            "ni gras\n\ncellule",
        ),
        (
            '<style>p{color:red}</style><p class="MsoNormal" style="mso-list:l0 level1 lfo1">'
            '<span style="mso-list:Ignore">·<span>&nbsp;&nbsp; </span></span>premier<o:p></o:p></p>'
            '<p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">· </span>second</p>',
            "- premier\n- second",
        ),
        ("<ul><li>un<ul><li>deux</li></ul></li></ul>", "- un\n  - deux"),
    ],
)
def test_le_html_colle_est_reduit_au_schema(page, ouvrir, html, attendu):
    zone = ouvrir()
    zone.click()
    coller(zone, html)
    assert valeur(page) == attendu


def test_un_texte_qui_ressemble_a_des_marques_reste_du_texte(page, ouvrir):
    ouvrir().click()
    texte = r"*étoiles* _soulignés_ a_b 2 * 3 [x](y) <https://a.fr> c:\dossier #"
    page.keyboard.insert_text(texte)
    page.keyboard.press("Enter")
    page.keyboard.insert_text("1. premier, + plus")
    assert "<em>" not in rendre(valeur(page))
    assert "<a" not in rendre(valeur(page))
    page.get_by_role("button", name="Enregistrer").click()
    ouvrir(page.locator("#recu").inner_text())
    assert page.get_by_role("textbox", name="Contexte").inner_text().startswith(texte)


def test_le_lien_d_un_resume_d_erreurs_mene_a_l_editeur(page, ouvrir):
    ouvrir()
    page.get_by_role("link", name="trop court").click()
    page.keyboard.type("ici")
    assert valeur(page) == "ici"


def test_les_attributs_du_champ_passent_a_l_editeur(page, ouvrir):
    zone = ouvrir()
    assert zone.get_attribute("aria-invalid") == "true"
    assert zone.get_attribute("aria-describedby") == "aide"
    assert zone.get_attribute("aria-required") == "true"
    assert zone.get_attribute("aria-multiline") == "true"
    page.get_by_text("Contexte", exact=True).click()
    page.keyboard.type("par le libellé")
    assert valeur(page) == "par le libellé"


def test_un_champ_ajoute_apres_coup_se_monte(page, ouvrir):
    ouvrir()
    page.evaluate(
        """() => {
            const bloc = document.createElement("div");
            bloc.innerHTML = '<label for="neuf">Neuf</label>'
                + '<textarea id="neuf" name="neuf" data-editeur></textarea>';
            document.querySelector("form").append(bloc);
            window.ReciproqueEditeur.monter(bloc);
            window.ReciproqueEditeur.monter(document);
        }"""
    )
    page.get_by_role("textbox", name="Neuf").click()
    page.keyboard.type("écrit")
    assert valeur(page, "neuf") == "écrit"
    assert page.locator(".editeur").count() == 3


def test_chaque_frappe_emet_un_evenement_input_sur_le_champ(page, ouvrir):
    ouvrir().click()
    page.evaluate("addEventListener('input', e => (window.vus ??= []).push(e.target.name))")
    page.keyboard.type("ab")
    assert page.evaluate("window.vus").count("contexte") == 2


@pytest.mark.parametrize("largeur", [1280, 375])
def test_axe_ne_releve_aucune_violation(page, ouvrir, largeur):
    page.set_viewport_size({"width": largeur, "height": 900})
    zone = ouvrir(COMPLET)
    zone.click()
    page.keyboard.press("Control+k")
    assert violations_axe(page) == []


def test_sans_javascript_le_champ_ordinaire_suffit(chromium, live_server):
    contexte = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = contexte.new_page()
    page.goto("/essai-de-l-editeur/")
    page.get_by_label("Contexte").fill("Écrit **sans** script")
    page.get_by_role("button", name="Enregistrer").click()
    assert page.locator("#recu").inner_text() == "Écrit **sans** script"
    contexte.close()
