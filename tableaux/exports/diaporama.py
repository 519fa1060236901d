"""Le dossier en diaporama (PPTX), par python-pptx : une partie par vue, une table par vue."""

import io
from itertools import batched
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Cm, Pt

from tableaux.blocs import Dossier, Grille, Partie, abreger
from tableaux.exports.texte import DEGRES, propre

ARDOISE = RGBColor(0x11, 0x4B, 0x5A)
LIGNES_PAR_VUE = 12
PUCES_PAR_VUE = 8
CASE_MAX = 140
LARGEUR, HAUTEUR = Cm(33.867), Cm(19.05)
SEULE = 5  # disposition « titre seul » du modèle fourni par python-pptx


def diaporama(d: Dossier) -> bytes:
    """Les octets du fichier ; les parties qui ne sont pas essentielles restent au dossier."""
    vues = Presentation()
    vues.slide_width, vues.slide_height = LARGEUR, HAUTEUR
    vues.core_properties.title = d.titre
    vues.core_properties.author = "Réciproque"
    vues.core_properties.language = "fr-FR"
    premiere = vues.slides.add_slide(vues.slide_layouts[SEULE])
    _titrer(premiere, d.titre)
    _puces(premiere, [d.sous_titre, *d.mentions])
    for partie in d.parties:
        if partie.essentiel:
            _partie(vues, partie, d)
    sortie = io.BytesIO()
    vues.save(sortie)
    return sortie.getvalue()


def _partie(vues: Any, partie: Partie, d: Dossier) -> None:
    dits = [*partie.phrases, *partie.liste]
    for lot in batched(dits, PUCES_PAR_VUE):
        vue = _vue(vues, partie.titre, d)
        _puces(vue, list(lot))
    for grille in partie.grilles:
        for debut in range(0, len(grille.lignes), LIGNES_PAR_VUE):
            vue = _vue(vues, f"{partie.titre} : {grille.titre.lower()}", d)
            _grille(vue, grille, debut)


def _vue(vues: Any, titre: str, d: Dossier) -> Any:
    vue = vues.slides.add_slide(vues.slide_layouts[SEULE])
    _titrer(vue, titre)
    pied = vue.shapes.add_textbox(Cm(1), Cm(18.1), Cm(31), Cm(0.8)).text_frame
    pied.text = propre(" ".join(d.mentions))
    pied.paragraphs[0].font.size = Pt(9)
    return vue


def _titrer(vue: Any, titre: str) -> None:
    forme = vue.shapes.title
    forme.left, forme.top, forme.width, forme.height = Cm(1), Cm(0.6), Cm(31.8), Cm(2)
    forme.text_frame.text = propre(titre)
    forme.text_frame.word_wrap = True
    for paragraphe in forme.text_frame.paragraphs:
        paragraphe.alignment = 1
        paragraphe.font.size, paragraphe.font.bold = Pt(26), True
        paragraphe.font.color.rgb = ARDOISE


def _puces(vue: Any, dits: list[str]) -> None:
    cadre = vue.shapes.add_textbox(Cm(1), Cm(3.2), Cm(31.8), Cm(14)).text_frame
    cadre.word_wrap = True
    for rang, dit in enumerate(dits):
        paragraphe = cadre.paragraphs[0] if rang == 0 else cadre.add_paragraph()
        paragraphe.text = propre(dit)
        paragraphe.font.size = Pt(18)
        paragraphe.space_after = Pt(8)


def _grille(vue: Any, grille: Grille, debut: int) -> None:
    lignes = grille.lignes[debut : debut + LIGNES_PAR_VUE]
    nb = len(grille.tetes)
    table = vue.shapes.add_table(
        len(lignes) + 1, nb, Cm(1), Cm(3), Cm(31.8), Cm(1.1) * (len(lignes) + 1)
    ).table
    premiere = Cm(12) if nb > 3 else Cm(31.8) // nb
    for rang, colonne in enumerate(table.columns):
        colonne.width = premiere if rang == 0 else (Cm(31.8) - premiere) // max(1, nb - 1)
    taille = Pt(10) if nb > 6 else Pt(13)
    for rang, tete in enumerate(grille.tetes):
        _ecrire(table.cell(0, rang), tete, taille)
    for numero, ligne in enumerate(lignes, 1):
        for rang, texte in enumerate(ligne):
            case = table.cell(numero, rang)
            _ecrire(case, abreger(texte, CASE_MAX), taille)
            rangee = debut + numero - 1
            if rangee < len(grille.degres) and 0 < rang <= len(grille.degres[rangee]):
                _teinter(case, grille.degres[rangee][rang - 1])


def _ecrire(case: Any, texte: str, taille: Any) -> None:
    case.text = propre(texte)
    case.margin_top = case.margin_bottom = Cm(0.08)
    for paragraphe in case.text_frame.paragraphs:
        paragraphe.font.size = taille


def _teinter(case: Any, degre: int) -> None:
    case.fill.solid()
    case.fill.fore_color.rgb = RGBColor.from_string(DEGRES[degre])
    blanc = degre == len(DEGRES) - 1
    for paragraphe in case.text_frame.paragraphs:
        paragraphe.font.color.rgb = RGBColor.from_string("FFFFFF" if blanc else "14222A")
