"""Un contrat dont chaque passage porte de quoi faire agir une page, en six formats."""

import html
import io
import random

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from odfdo import Document as Odt
from odfdo import Header, List, ListItem, Paragraph
from weasyprint import HTML

from tests.reprise.documents import CONVENTION, en_octets

ACTIFS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
    "<style>p{display:none}</style>", "<iframe src=//x.test></iframe>", "<svg onload=alert(1)>",
    "<a href='http://x.test' target=_blank onclick=alert(1) style=color:red>lien</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "![i](http://x.test/i.png)", "<base href=//x.test>",
    "[a](http://x.test \"title\" onclick=alert(1))", "<div style='position:fixed'>boo</div>",
    "<a href=\"JaVaScRiPt:alert(1)\">z</a>", "<form action=//x.test><input name=q></form>",
    "'\"><script src=//x.test/a.js></script>",
    "<meta http-equiv=refresh content=0>", "[d](data:text/html,<script>alert(1)</script>)",
    "<http://x.test/?<script>>", "`<script>alert(1)</script>`",
]  # fmt: skip
# Ce qui s'ouvre par ses premiers mots garde sa forme : l'actif le suit.
INTACTS = ("Fait à", "Anne", "Karim", "La présidente", "Le maire", "Contexte", "Action", "Parten")


def contenu(graine: int) -> list[tuple[str, str]]:
    """La convention des tests, un morceau actif au bout de chaque passage qui en admet un."""
    hasard = random.Random(graine)
    return [
        (nature, texte if texte.startswith(INTACTS) else f"{texte} {hasard.choice(ACTIFS)}")
        for nature, texte in CONVENTION
    ]


def en_texte(passages) -> bytes:
    marques = {"li": "- ", "lj": "  - "}
    return "\n\n".join(marques.get(n, "") + t for n, t in passages).encode()


def en_markdown(passages) -> bytes:
    marques = {"h1": "# ", "h2": "## ", "li": "- ", "lj": "    - "}
    return "\n\n".join(marques.get(n, "") + t for n, t in passages).encode()


def en_html(passages, *, echappe: bool = False) -> bytes:
    """Les balises du document sont les siennes, sauf `echappe` : du texte, pour en faire un PDF."""
    corps = []
    for nature, texte in passages:
        dedans = html.escape(texte) if echappe else texte
        nom = nature if nature[0] in "hp" else "li"
        corps.append(f"<ul><li>{dedans}</li></ul>" if nom == "li" else f"<{nom}>{dedans}</{nom}>")
    return f"<!DOCTYPE html><html><body>{' '.join(corps)}</body></html>".encode()


def en_docx(passages) -> bytes:
    """Le texte actif, et un lien Word vers une adresse qui agit."""
    document = Document()
    styles = {"h1": "Heading 1", "h2": "Heading 2", "li": "List Bullet", "lj": "List Bullet 2"}
    for nature, texte in passages:
        paragraphe = document.add_paragraph(texte, style=styles.get(nature))
        if nature == "p":
            relation = document.part.relate_to(
                "javascript:alert(1)", RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
            lien = OxmlElement("w:hyperlink")
            lien.set(qn("r:id"), relation)
            lien.append(paragraphe.add_run(" ici")._r)
            paragraphe._p.append(lien)
    return en_octets(document)


def en_odt(passages) -> bytes:
    document = Odt("text")
    document.body.clear()
    for nature, texte in passages:
        if nature[0] == "l":
            liste = List()
            liste.append(ListItem(texte))
            document.body.append(liste)
        else:
            titre = nature[0] == "h"
            document.body.append(Header(int(nature[1]), texte) if titre else Paragraph(texte))
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def en_pdf(passages) -> bytes:
    return HTML(string=en_html(passages, echappe=True).decode()).write_pdf()


FORMATS = {
    "a.txt": en_texte, "a.md": en_markdown, "a.html": en_html, "a.docx": en_docx,
    "a.odt": en_odt, "a.pdf": en_pdf,
}  # fmt: skip
