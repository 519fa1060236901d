"""Le Markdown restreint de la plateforme, de la saisie à la page.

Le dialecte : gras, italique, listes, liens, titres de niveau 3 et notes de bas de page
(`[^1]`, puis `[^1]: …` en début de ligne). Un retour à la ligne saisi est un retour à la ligne
affiché. Tout le reste (HTML, images, code, citations) s'affiche tel qu'il est écrit.
L'éditeur du navigateur (`static_src/editeur/`) lit et écrit exactement ce dialecte.
"""

import re
import unicodedata
import zlib
from collections.abc import Sequence

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from texte.typographie import insecables

REGLES = ["autolink", "emphasis", "escape", "heading", "link", "list", "newline"]
BALISES = {"a", "br", "div", "em", "h3", "li", "ol", "p", "span", "strong", "sup", "ul"}
ATTRIBUTS = {"a": {"class", "href", "id"}, "ol": {"class", "start"}, "li": {"id"}}
CLASSES = {"div": {"notes"}, "p": {"hors-vue"}, "span": {"hors-vue"}, "sup": {"appel-de-note"}}
LIEN_ADMIS = re.compile(r"https?://|mailto:|#|/(?!/)", re.IGNORECASE)

FINS_DE_LIGNE = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Contrôles C0 et C1, demi-codes UTF-16 (refusés par PostgreSQL), marque d'ordre des octets, et
# changements de sens d'écriture forcés, qui feraient lire autre chose que ce qui est enregistré.
INVISIBLES = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u202a-\u202e]")
ESPACES_FINALES = re.compile(r"[ \t]+$", re.MULTILINE)
LIGNES_VIDES = re.compile(r"\n{3,}")


def nettoyer(source: str | None) -> str:
    """Le texte à enregistrer : forme NFC, fins de ligne `\\n`, rien d'invisible ni de superflu.

    Deux applications donnent le même texte qu'une ; `None` donne le texte vide.
    """
    texte = FINS_DE_LIGNE.sub("\n", source or "")
    texte = INVISIBLES.sub("", texte).replace("\t", "    ")
    texte = unicodedata.normalize("NFC", texte)
    texte = ESPACES_FINALES.sub("", texte)
    return LIGNES_VIDES.sub("\n\n", texte).strip("\n").rstrip()


def rendre(source: str | None, *, prefixe: str = "") -> SafeString:
    """Le HTML sûr du texte.

    `prefixe` rend uniques les identifiants des notes quand plusieurs textes partagent une page ;
    vide, il vient du texte lui-même, si bien que deux textes différents ne se heurtent pas.
    """
    texte = nettoyer(source)
    prefixe = re.sub(r"[^\w-]", "-", prefixe) or f"t{zlib.crc32(texte.encode()):08x}"
    html = _LECTEUR.render(texte, {"prefixe": prefixe})
    sur = nh3.clean(
        insecables(html),
        tags=BALISES,
        attributes=ATTRIBUTS,
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
    return mark_safe(sur)  # noqa: S308 : nh3 vient de nettoyer ce HTML


def en_texte(source: str | None) -> str:
    """Le texte nu (CSV, recherche, résumé, balise meta) : mots, tirets de liste, notes à la fin."""
    lignes: list[str] = []
    listes: list[int | None] = []  # numéro suivant de chaque liste ouverte ; None : à puces
    marque = ""
    jetons = _LECTEUR.parse(nettoyer(source), {})
    for jeton in jetons:
        match jeton.type:
            case "bullet_list_open":
                listes.append(None)
            case "ordered_list_open":
                listes.append(int(jeton.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                listes.pop()
            case "list_item_open":
                marque, listes[-1] = _puce(listes[-1])
            case "footnote_open":
                marque = f"[{jeton.meta['id'] + 1}] "
            case "inline":
                lignes.append(marque + "".join(_texte_en_ligne(e) for e in jeton.children or []))
                marque = ""
    return "\n".join(lignes)


def _puce(numero: int | None) -> tuple[str, int | None]:
    """La marque de cet élément de liste et le numéro du suivant."""
    return ("- ", None) if numero is None else (f"{numero}. ", numero + 1)


def _texte_en_ligne(jeton: Token) -> str:
    match jeton.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "footnote_ref":
            return f"[{jeton.meta['id'] + 1}]"
    return jeton.content


def _titres_en_h3(etat: StateCore) -> None:
    """La page porte déjà h1 et h2 : un texte n'ouvre que des h3."""
    for jeton in etat.tokens:
        if jeton.type in {"heading_open", "heading_close"}:
            jeton.tag = "h3"


def _garder_notes_sans_appel(etat: StateCore) -> None:
    """Une note que rien n'appelle reste à lire : le greffon la perdrait."""
    notes = etat.env.get("footnotes", {})
    for nom, rang in notes.get("refs", {}).items():
        if rang < 0:
            liste = notes.setdefault("list", {})
            notes["refs"][nom] = len(liste)
            liste[len(liste)] = {"label": nom.removeprefix(":"), "count": 0}


def _identifiant(env: EnvType, nature: str, jeton: Token) -> str:
    rang = jeton.meta.get("subId", 0)
    suite = f"-{rang + 1}" if rang else ""
    return f"{env['prefixe']}-{nature}-{jeton.meta['id'] + 1}{suite}"


def _rendre_appel(
    _: RendererProtocol, jetons: Sequence[Token], i: int, options: OptionsDict, env: EnvType
) -> str:
    numero = jetons[i].meta["id"] + 1
    appel = _identifiant(env, "appel", jetons[i])
    return (
        f'<sup class="appel-de-note"><a href="#{env["prefixe"]}-note-{numero}" id="{appel}">'
        f'<span class="hors-vue">Note </span>{numero}</a></sup>'
    )


def _rendre_retour(
    _: RendererProtocol, jetons: Sequence[Token], i: int, options: OptionsDict, env: EnvType
) -> str:
    meta = jetons[i].meta
    nb_appels = env["footnotes"]["list"][meta["id"]]["count"]
    if not nb_appels:
        return ""
    appel = f", appel {meta['subId'] + 1}" if nb_appels > 1 else ""
    return (
        f' <a href="#{_identifiant(env, "appel", jetons[i])}" class="retour-au-texte">'
        f'Retour au texte<span class="hors-vue"> (note {meta["id"] + 1}{appel})</span></a>'
    )


def _rendre_debut_note(
    _: RendererProtocol, jetons: Sequence[Token], i: int, options: OptionsDict, env: EnvType
) -> str:
    return f'<li id="{_identifiant(env, "note", jetons[i])}">'


def _lecteur() -> MarkdownIt:
    reglage = {"html": False, "breaks": True, "maxNesting": 100}  # au-delà, le texte serait perdu
    lecteur = MarkdownIt("zero", reglage).enable(REGLES)
    footnote_plugin(lecteur, inline=False)
    lecteur.validateLink = lambda url: LIEN_ADMIS.match(url) is not None  # type: ignore[method-assign]  # seule prise offerte
    lecteur.core.ruler.push("titres_en_h3", _titres_en_h3)
    lecteur.core.ruler.before("footnote_tail", "garder_notes_sans_appel", _garder_notes_sans_appel)
    ouverture = '<div class="notes"><p class="hors-vue">Notes</p><ol>'
    for regle, rendu in {
        "footnote_ref": _rendre_appel,
        "footnote_anchor": _rendre_retour,
        "footnote_open": _rendre_debut_note,
        "footnote_close": lambda *_: "</li>",
        "footnote_block_open": lambda *_: ouverture,
        "footnote_block_close": lambda *_: "</ol></div>",
    }.items():
        lecteur.add_render_rule(regle, rendu)
    return lecteur


_LECTEUR = _lecteur()
