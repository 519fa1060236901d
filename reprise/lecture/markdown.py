"""Un document Markdown, par markdown-it-py : les marques disent la nature de chaque bloc."""

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.footnote import footnote_plugin

from reprise.lecture.formes import Bloc, DocumentRefuse, Lecture, Nature, echapper, propre


def lire_markdown(texte: str) -> Lecture:
    """Titres, paragraphes, listes, tables, notes ; le HTML en ligne reste du texte."""
    lecteur = MarkdownIt("commonmark", {"html": False, "maxNesting": 30}).enable("table")
    footnote_plugin(lecteur, inline=False)
    try:
        arbre = SyntaxTreeNode(lecteur.parse(texte))
    except (RecursionError, ValueError) as erreur:
        raise DocumentRefuse(
            "Le document Markdown est imbriqué au-delà du lisible : simplifiez ses listes."
        ) from erreur
    blocs: list[Bloc] = []
    for noeud in arbre.children:
        _bloc(noeud, blocs, 0)
    return Lecture("markdown", [b for b in blocs if b.texte or b.nature == Nature.PAGE])


def _bloc(noeud: SyntaxTreeNode, blocs: list[Bloc], niveau: int) -> None:
    ligne = noeud.map[0] + 1 if noeud.map else 0
    match noeud.type:
        case "heading":
            blocs.append(Bloc(Nature.TITRE, _texte(noeud), int(noeud.tag[1]), 1.0, ligne=ligne))
        case "paragraph":
            blocs.append(Bloc(Nature.PARAGRAPHE, _texte(noeud), ligne=ligne))
        case "bullet_list" | "ordered_list":
            _liste(noeud, blocs, niveau)
        case "table":
            cellules = [[_texte(c) for c in r.children] for s in noeud.children for r in s.children]
            contenu = "\n".join(" | ".join(r) for r in cellules)
            blocs.append(Bloc(Nature.TABLEAU, contenu, ligne=ligne, cellules=cellules))
        case "hr":
            blocs.append(Bloc(Nature.PAGE, "", ligne=ligne))
        case "code_block" | "fence":
            blocs.append(Bloc(Nature.PARAGRAPHE, propre(noeud.content), 0, 0.6, ligne=ligne))
        case "footnote":
            textes = [_texte(e) for e in noeud.children if e.type == "paragraph"]
            repere = str(noeud.meta.get("label") or noeud.meta["id"] + 1)
            blocs.append(Bloc(Nature.NOTE, "\n".join(textes), ligne=ligne, note=repere))
        case _:
            for enfant in noeud.children:
                _bloc(enfant, blocs, niveau)


def _liste(noeud: SyntaxTreeNode, blocs: list[Bloc], niveau: int) -> None:
    for rang, element in enumerate(noeud.children):
        marque = (
            "-" if noeud.type == "bullet_list" else f"{int(noeud.attrs.get('start', 1)) + rang}."
        )
        for i, enfant in enumerate(element.children):
            if enfant.type == "paragraph":
                ligne = enfant.map[0] + 1 if enfant.map else 0
                nature = Nature.PARAGRAPHE if i else Nature.PUCE
                blocs.append(Bloc(nature, _texte(enfant), niveau, 1.0, "" if i else marque, ligne))
            else:
                _bloc(enfant, blocs, niveau + 1)


def _texte(noeud: SyntaxTreeNode) -> str:
    return propre("".join(_en_ligne(e) for e in noeud.children))


def _en_ligne(noeud: SyntaxTreeNode) -> str:
    interieur = "".join(_en_ligne(e) for e in noeud.children)
    match noeud.type:
        case "text" | "code_inline" | "html_inline":
            return echapper(noeud.content)
        case "softbreak" | "hardbreak":
            return "\n"
        case "strong":
            return f"**{interieur}**"
        case "em":
            return f"_{interieur}_"
        case "link":
            adresse = str(noeud.attrs.get("href", ""))
            sur = adresse.lower().startswith(("http://", "https://", "mailto:"))
            return f"[{interieur}]({adresse})" if sur else interieur
        case "image":
            return ""
        case "footnote_ref":
            return f"[^{noeud.meta.get('label') or noeud.meta['id'] + 1}]"
        case "footnote_anchor":
            return ""
    return interieur
