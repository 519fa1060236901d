"""Le Markdown restreint : ce qui passe, ce qui ne passe pas, et qu'aucun texte n'arrête la page."""

import re
from html import unescape

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from texte.markdown import en_texte, nettoyer, rendre

MARQUES = st.sampled_from(
    ["*", "**", "_", "[", "](", ")", "[^1]", "[^1]: ", "- ", "1. ", "# ", "\\", "<", ">", "&", "`"]
)
CARACTERES = st.text(st.characters(codec=None, exclude_categories=[]), max_size=5)
TEXTES = st.lists(MARQUES | CARACTERES | st.sampled_from(["\n", "\n\n", "  "])).map("".join)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("du **gras**", "<p>du <strong>gras</strong></p>"),
        ("de l'*italique*", "<p>de l'<em>italique</em></p>"),
        ("une ligne\nune autre", "<p>une ligne<br>\nune autre</p>"),
        ("- un\n- deux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>"),
        ("3. trois\n4. quatre", '<ol start="3">\n<li>trois</li>\n<li>quatre</li>\n</ol>'),
        ("### Titre", "<h3>Titre</h3>"),
        (r"2 \* 3 \* 4", "<p>2 * 3 * 4</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("", ""),
        (None, ""),
    ],
)
def test_le_dialecte_se_rend_en_html(source, html):
    assert rendre(source).strip() == html


@pytest.mark.parametrize("niveau", [1, 2, 3, 4, 5, 6])
def test_tout_titre_devient_un_h3(niveau):
    assert rendre("#" * niveau + " Titre").strip() == "<h3>Titre</h3>"


@pytest.mark.parametrize(
    "source",
    ["```\ncode\n```", "> cité", "`code`", "    indenté", "---", "| a |\n|---|", "~~barré~~"],
)
def test_ce_qui_sort_du_dialecte_s_affiche_tel_quel(source):
    assert re.findall(r"<(\w+)", rendre(source)) in (["p"], ["p", "br"], ["p", "br", "br"])


@pytest.mark.parametrize(
    "adresse",
    ["https://exemple.fr/?a=1", "http://exemple.fr", "mailto:a@exemple.fr", "/contrats/", "#suite"],
)
def test_un_lien_admis_s_ouvre_sans_opener(adresse):
    html = rendre(f"[lien]({adresse})").strip()
    assert html == f'<p><a href="{adresse}" rel="noopener">lien</a></p>'


@pytest.mark.parametrize(
    "adresse",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//ailleurs.exemple",
        "vbscript:x",
        "ftp://exemple.fr",
        "relatif",
    ],
)
def test_un_lien_refuse_reste_du_texte(adresse):
    assert "<a" not in rendre(f"[lien]({adresse})")


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![image](https://exemple.fr/x.png)",
        '<p style="color:red" onclick="x()">texte</p>',
        "<style>*{}</style>",
        '[x](https://a.fr" onclick="alert(1))',
    ],
)
def test_ni_script_ni_style_ni_image_ni_gestionnaire(source):
    html = rendre(source)
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "a", "br"}
    assert not re.search(r"<[^>]*\s(on\w+|style|src)=", html)


def test_une_note_et_son_appel_se_repondent():
    html = rendre("Fait[^a] et encore[^a], puis[^b].\n\n[^b]: Deux.\n[^a]: Une.", prefixe="s1")
    assert 'href="#s1-note-1" id="s1-appel-1"' in html
    assert 'href="#s1-note-1" id="s1-appel-1-2"' in html
    assert '<li id="s1-note-1"><p>Une. <a href="#s1-appel-1"' in html
    assert html.count("Retour au texte") == 3


def test_une_note_sans_appel_reste_lisible_et_sans_retour():
    html = rendre("Texte.\n\n[^1]: Note oubliée.")
    assert "Note oubliée." in html
    assert "Retour" not in html


def test_un_appel_sans_note_reste_du_texte():
    assert rendre("Voir[^9].").strip() == "<p>Voir[^9].</p>"


def test_deux_textes_sans_prefixe_n_ont_aucun_identifiant_commun():
    un, deux = (
        set(re.findall(r'id="([^"]+)"', rendre(f"{mot}[^1]\n\n[^1]: note")))
        for mot in ("un", "deux")
    )
    assert len(un) == len(deux) == 2
    assert not un & deux


def test_le_prefixe_ne_sort_pas_de_son_attribut():
    html = rendre("a[^1]\n\n[^1]: n", prefixe='"><script>')
    assert "<script" not in html
    assert 'id="---script--note-1"' in html


@given(TEXTES)
def test_aucun_texte_ne_fait_echouer_le_rendu(source):
    html = rendre(source)
    identifiants = re.findall(r' id="([^"]+)"', html)
    assert len(identifiants) == len(set(identifiants))
    assert set(re.findall(r' href="#([^"]+-(?:note|appel)-[\d-]+)"', html)) <= set(identifiants)
    assert "\x00" not in en_texte(source)


@pytest.mark.parametrize(
    "motif",
    [
        "[",
        "*a",
        "**a*b",
        "- ",
        "[a](",
        "<https://a",
        "\\",
        "[^1]: ",
        "# a\n",
        "\x00",
        "‮א",
        "_",
        "(",
    ],
)
def test_un_motif_repete_reste_entier(motif):
    """Trente mille caractères hostiles : ni exception, ni explosion, ni page vide."""
    html = rendre(motif * (30_000 // len(motif)))
    assert len(html) < 1_000_000


def test_le_texte_nu_garde_tous_les_mots():
    source = (
        "## Un *titre*\n\nDu **gras**[^1]\nà la [ligne](/x/).\n\n- un\n- deux\n\n"
        "2. trois\n3. quatre\n\n[^1]: La note."
    )
    assert en_texte(source) == (
        "Un titre\nDu gras[1]\nà la ligne.\n- un\n- deux\n2. trois\n3. quatre\n[1] La note."
    )


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_le_texte_sans_marque_revient_intact(mot):
    assert en_texte(mot) == nettoyer(mot)
    assert nettoyer(mot) in unescape(rendre(mot))


@pytest.mark.parametrize(
    ("source", "propre"),
    [
        (None, ""),
        ("a\r\nb\rc\x0bd\u2028e", "a\nb\nc\nd\ne"),
        ("a\x00b\x07c\ufeff", "abc"),
        ("e\u0301te\u0301", "été"),
        ("a  \nb\t\n\n\n\nc\n\n", "a\nb\n\nc"),
        ("- a\n\t- b", "- a\n    - b"),
        ("demi\ud800code", "demicode"),
        ("sens\u202einverse", "sensinverse"),
        ("famille 👨\u200d👩\u200d👧", "famille 👨\u200d👩\u200d👧"),
    ],
)
def test_nettoyer_normalise(source, propre):
    assert nettoyer(source) == propre


@given(TEXTES)
def test_nettoyer_deux_fois_ne_change_plus_rien(source):
    propre = nettoyer(source)
    assert nettoyer(propre) == propre
    propre.encode()


def test_les_filtres_de_gabarit():
    gabarit = Template(
        "{% load texte %}{{ t|rendu:'s' }}|{{ t|texte_nu }}|{{ t|differences:'**b** c' }}"
    )
    rendu, nu, ecart = gabarit.render(Context({"t": "**b** <"})).split("|")
    assert rendu.strip() == "<p><strong>b</strong> &lt;</p>"
    assert nu == "b &lt;"
    assert '<ins><span class="hors-vue">ajouté : </span>c</ins>' in ecart
    assert '<del><span class="hors-vue">supprimé : </span>&lt;</del>' in ecart
