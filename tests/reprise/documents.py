"""Un contrat d'une forme jamais vue, écrit pour les tests, en six formats."""

import io
from typing import Any

from docx import Document
from odfdo import Document as Odt
from odfdo import Header, List, ListItem, Paragraph, Table
from weasyprint import HTML

Contenu = list[tuple[str, Any]]

# (nature, texte) : h1 à h3, p, li (puce), lj (sous-puce), t (rangées d'un tableau)
CONVENTION: Contenu = [
    ("h1", "Convention de réciprocité entre la Ville de Beauval et le Pays des Trois Vallées"),
    ("p", "Le bourg et la ville voisine échangent depuis longtemps de l'eau et du bois."),
    ("h2", "1. Objet de la convention"),
    ("p", "La présente convention organise la coopération des deux territoires pour six ans."),
    ("h2", "2. Engagements des parties"),
    ("p", "Les deux parties s'engagent à :"),
    ("li", "réunir un comité commun deux fois par an,"),
    ("li", "partager leurs études,"),
    ("li", "publier un bilan annuel."),
    ("h2", "3. Pilotage"),
    ("p", "Le suivi est confié aux directions des deux structures, qui en rendent compte."),
    ("p", "Fait à Beauval, le 3 mars 2024"),
    ("p", "La présidente du Pays des Trois Vallées"),
    ("p", "Anne MARTEL"),
    ("p", "Le maire de Beauval"),
    ("p", "Karim DUVIVIER"),
    ("h1", "Fiche n° 1 : Filière bois"),
    ("h2", "Contexte"),
    ("p", "Les forêts des vallées alimentent déjà deux scieries de la ville."),
    ("h2", "Action pilote"),
    ("p", "Construire une école en bois local."),
    ("h2", "Actions de court terme (2024-2025)"),
    ("li", "Recenser les parcelles communales"),
    ("li", "Former les charpentiers :"),
    ("lj", "au lycée professionnel,"),
    ("lj", "dans les entreprises."),
    ("h2", "Partenaires"),
    ("p", "Ville de Beauval, Pays des Trois Vallées, communes (volontaires, ou citées), Région..."),
    ("h1", "Fiche n° 2 : Marchés de producteurs"),
    ("h2", "Contexte"),
    ("p", "Onze producteurs vendent en ville chaque semaine."),
    ("h2", "Actions de court terme (2024-2025)"),
    ("li", "Ouvrir une halle le vendredi soir"),
    ("h2", "Budget prévisionnel"),
    ("p", "Une ligne que le modèle ne connaît pas."),
]  # fmt: skip


def texte(contenus: Contenu = CONVENTION) -> bytes:
    marques = {"li": "- ", "lj": "  - "}
    lignes: list[str] = []
    for nature, contenu in contenus:
        puce = nature in marques
        if lignes and not (puce and lignes[-1].lstrip().startswith("- ")):
            lignes.append("")
        if nature == "t":
            lignes += ["\t".join(rangee) for rangee in contenu]
        else:
            lignes.append(marques.get(nature, "") + contenu)
    return "\n".join(lignes).encode()


def markdown(contenus: Contenu = CONVENTION) -> bytes:
    marques = {"h1": "# ", "h2": "## ", "h3": "### ", "li": "- ", "lj": "    - "}
    blocs = []
    for nature, contenu in contenus:
        if nature == "t":
            tete, *rangees = ("| " + " | ".join(r) + " |" for r in contenu)
            blocs.append("\n".join([tete, "|---" * len(contenu[0]) + "|", *rangees]))
        else:
            blocs.append(marques.get(nature, "") + contenu)
    return "\n\n".join(blocs).encode()


def page_web(contenus: Contenu = CONVENTION, *, complete: bool = True) -> bytes:
    corps = []
    for nature, contenu in contenus:
        if nature == "t":
            rangees = ("".join(f"<td>{c}</td>" for c in r) for r in contenu)
            corps.append("<table>" + "".join(f"<tr>{r}</tr>" for r in rangees) + "</table>")
        elif nature == "lj":
            corps.append(f"<ul><li><ul><li>{contenu}</li></ul></li></ul>")
        else:
            corps.append(
                f"<ul><li>{contenu}</li></ul>"
                if nature == "li"
                else f"<{nature}>{contenu}</{nature}>"
            )
    texte_web = "\n".join(corps).replace("</ul>\n<ul>", "\n")
    debut = '<!DOCTYPE html><html lang="fr"><head><title>x</title><script>alert(1)</script></head>'
    return f"{debut if complete else ''}<body>{texte_web}</body></html>".encode()


def docx(contenus: Contenu = CONVENTION) -> bytes:
    document = Document()
    styles = {"li": "List Bullet", "lj": "List Bullet 2"}
    styles |= {f"h{n}": f"Heading {n}" for n in (1, 2, 3)}
    for nature, contenu in contenus:
        if nature == "t":
            tableau = document.add_table(len(contenu), len(contenu[0]))
            for rangee, cases in zip(tableau.rows, contenu, strict=True):
                for case, mots in zip(rangee.cells, cases, strict=True):
                    case.text = mots
        else:
            document.add_paragraph(contenu, style=styles.get(nature))
    return en_octets(document)


def en_octets(document) -> bytes:
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def odt(contenus: Contenu = CONVENTION) -> bytes:
    document = Odt("text")
    document.body.clear()
    liste = None
    for nature, contenu in contenus:
        if nature in ("li", "lj"):
            if liste is None:
                liste = List()
                document.body.append(liste)
            if nature == "li":
                liste.append(ListItem(contenu))
            else:
                liste.children[-1].append(List([contenu]))
            continue
        liste = None
        if nature == "t":
            document.body.append(_tableau_odt(contenu))
            continue
        e = Header(int(nature[1]), contenu) if nature[0] == "h" else Paragraph(contenu)
        document.body.append(e)
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def _tableau_odt(rangees: list[list[str]]) -> Table:
    tableau = Table("t", width=len(rangees[0]), height=len(rangees))
    tableau.set_values(rangees)
    return tableau


def pdf(contenus: Contenu = CONVENTION) -> bytes:
    style = (
        "<style>@page{size:A4;margin:2cm;@bottom-center{content:'Convention – ' counter(page)}}"
        "body{font-size:11pt}h1{font-size:18pt}h2{font-size:14pt}h1,h2{break-after:avoid}</style>"
    )
    return HTML(string=page_web(contenus).decode().replace("<title>x</title>", style)).write_pdf()


FABRIQUES = {
    "txt": texte, "md": markdown, "html": page_web, "docx": docx, "odt": odt, "pdf": pdf,
}  # fmt: skip
FORMATS = {f"convention.{format_}": faire for format_, faire in FABRIQUES.items()}
