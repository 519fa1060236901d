"""Le dossier en document modifiable (DOCX), par python-docx."""

import io
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from tableaux.blocs import Dossier, Grille, Partie

ARDOISE = RGBColor(0x11, 0x4B, 0x5A)
DEGRES = ("FFFFFF", "E3EEF3", "BEDCE1", "82B6BF", "1F6B7A")
INTERDITS = {i: None for i in range(32) if i not in (9, 10, 13)}


def document(d: Dossier) -> bytes:
    """Les octets du fichier ; titres vrais, sommaire que le traitement de texte met à jour."""
    doc = Document()
    doc.core_properties.title = d.titre
    doc.core_properties.author = "Réciproque"
    doc.core_properties.language = "fr-FR"
    _styles(doc)
    doc.add_heading(propre(d.titre), 0)
    doc.add_paragraph(propre(d.sous_titre), style="Subtitle")
    for mention in d.mentions:
        doc.add_paragraph(propre(mention))
    doc.add_heading("Sommaire", 1)
    for rang, partie in enumerate(d.parties, 1):
        doc.add_paragraph(f"{rang}. {propre(partie.titre)}")
    for partie in d.parties:
        _partie(doc, partie)
    sortie = io.BytesIO()
    doc.save(sortie)
    return sortie.getvalue()


def propre(texte: str) -> str:
    """Un texte que XML admet : sans caractère de contrôle."""
    return texte.translate(INTERDITS)


def _styles(doc: Any) -> None:
    for section in doc.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(2)
    doc.styles["Normal"].font.size = Pt(10.5)
    for nom in ("Title", "Heading 1", "Heading 2"):
        doc.styles[nom].font.color.rgb = ARDOISE


def _partie(doc: Any, partie: Partie) -> None:
    doc.add_heading(propre(partie.titre), 1)
    for phrase in partie.phrases:
        doc.add_paragraph(propre(phrase))
    for dit in partie.liste:
        doc.add_paragraph(propre(dit), style="List Bullet")
    for grille in partie.grilles:
        doc.add_heading(propre(grille.titre), 2)
        _grille(doc, grille)


def _grille(doc: Any, grille: Grille) -> None:
    table = doc.add_table(rows=1, cols=len(grille.tetes))
    table.style = "Table Grid"
    _entete(table.rows[0])
    petit = Pt(7.5) if len(grille.tetes) > 8 else Pt(9)
    for case, tete in zip(table.rows[0].cells, grille.tetes, strict=True):
        _ecrire(case, tete, petit, gras=True)
    for numero, ligne in enumerate(grille.lignes):
        cases = table.add_row().cells
        for rang, texte in enumerate(ligne):
            _ecrire(cases[rang], texte, petit, droite=rang >= grille.nombres)
            if numero < len(grille.degres) and 0 < rang <= len(grille.degres[numero]):
                _teinter(cases[rang], grille.degres[numero][rang - 1])


def _ecrire(
    case: Any, texte: str, taille: Any, *, gras: bool = False, droite: bool = False
) -> None:
    paragraphe = case.paragraphs[0]
    morceau = paragraphe.add_run(propre(texte))
    morceau.bold, morceau.font.size = gras, taille
    if droite:
        paragraphe.alignment = 2


def _entete(rangee: Any) -> None:
    """La ligne d'en-tête se répète de page en page, et se dit telle à un lecteur d'écran."""
    proprietes = rangee._tr.get_or_add_trPr()
    marque = OxmlElement("w:tblHeader")
    marque.set(qn("w:val"), "true")
    proprietes.append(marque)


def _teinter(case: Any, degre: int) -> None:
    fond = OxmlElement("w:shd")
    fond.set(qn("w:val"), "clear")
    fond.set(qn("w:fill"), DEGRES[degre])
    case._tc.get_or_add_tcPr().append(fond)
    if degre == len(DEGRES) - 1:
        for morceau in case.paragraphs[0].runs:
            morceau.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
