"""Écrit les pièces en DOCX : vrais styles, listes, table des parties, notes de bas de page."""

import io
import re
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from lxml import etree

from contrats.enums import RoleSignature
from contrats.models import Contrat, Fiche
from reprise.lecture.formes import Bloc, Nature, echapper
from reprise.lecture.markdown import lire_markdown
from reprise.retour.pieces import Piece
from texte.dates import en_lettres

STYLES = {
    "titre1": "Heading 1",
    "titre2": "Heading 2",
    "puce": "List Bullet",
    "puce2": "List Bullet 2",
    "liste_en_ligne": "Normal",
    "texte": "Normal",
}
EN_LIGNE = re.compile(
    r"\\(?P<echappe>.)|(?P<gras>\*\*)|(?P<italique>_)|\[\^(?P<note>[^\]\s]+)\]"
    r"|\[(?P<lien>[^\[\]]*)\]\((?P<adresse>[^()\s]*)\)|(?P<saut>\n)|(?P<texte>[^\\*_\[\n]+|.)",
    re.S,
)
FICHE_SEULE = "rq_f_"  # signet de l'en-tête : le fichier est l'export de cette fiche
NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
AVERTISSEMENT = (
    "Modifiez ce texte dans votre traitement de texte, puis renvoyez ce fichier : chaque "
    "changement sera montré à côté du texte en vigueur, pour être accepté ou refusé."
)


def en_docx(
    contrat: Contrat, pieces: list[Piece], *, version: str, seule: Fiche | None = None
) -> bytes:
    """Le document ; le même contenu donne les mêmes pièces relues. `seule` : l'unique fiche."""
    ecrivain = _Ecrivain(contrat)
    ecrivain.en_tete(version, FICHE_SEULE + seule.public_id.hex if seule else "rq_entete")
    entier, signe = seule is None, False
    for piece in pieces:
        if not signe and entier and piece.cle.startswith(("annexe:", "fiche:")):
            ecrivain.signatures()
            signe = True
        ecrivain.piece(piece)
    if entier and not signe:
        ecrivain.signatures()
    return ecrivain.octets()


class _Ecrivain:
    def __init__(self, contrat: Contrat) -> None:
        self.contrat = contrat
        self.document: Any = Document()
        self.signets = 0
        self.notes: list[str] = []
        self.styles: dict[str, str] = {}
        self.document.core_properties.title = contrat.intitule[:250]
        self.document.core_properties.author = ""
        self.document.core_properties.language = "fr-FR"

    def en_tete(self, version: str, signet: str) -> None:
        titre = self.document.add_paragraph(style="Title")
        self._signet(titre, signet)
        titre.add_run(self.contrat.intitule)
        if self.contrat.sous_titre:
            self.document.add_paragraph(self.contrat.sous_titre, style="Subtitle")
        self.document.add_paragraph(f"{version}. {AVERTISSEMENT}", style="Intense Quote")
        parties = list(self.contrat.parties.select_related("organisme").order_by("rang"))
        if parties:
            table = self.document.add_table(rows=1, cols=2, style="Table Grid")
            for case, texte in zip(table.rows[0].cells, ("Partie", "Place"), strict=True):
                case.text = texte
            for partie in parties:
                cases = table.add_row().cells
                cases[0].text = partie.libelle or str(partie.organisme)
                cases[1].text = partie.get_role_display()

    def signatures(self) -> None:
        """Telles qu'imprimées ; elles ne s'amendent pas."""
        lignes = list(self.contrat.signatures.select_related("personne").order_by("rang"))
        if not lignes:
            return
        premiere = lignes[0]
        paragraphe = self.document.add_paragraph()
        self._signet(paragraphe, "rq_signatures")
        if premiere.lieu and premiere.le:
            paragraphe.add_run(f"A {premiere.lieu}, le {en_lettres(premiere.le)}")
        for ligne in lignes:
            temoin = ligne.role == RoleSignature.TEMOIN
            avant = f"En présence de {ligne.personne}" if temoin else ligne.qualite
            apres = ligne.qualite if temoin else str(ligne.personne)
            self.document.add_paragraph(avant).add_run().add_break()
            self.document.paragraphs[-1].add_run(apres)

    def piece(self, piece: Piece) -> None:
        if piece.nue:
            texte = echapper(piece.prefixe + piece.texte + piece.suffixe)
            paragraphe = self._paragraphe(STYLES[piece.forme])
            self._signet(paragraphe, piece.ancre)
            self._en_ligne(paragraphe, texte, {})
            return
        blocs = lire_markdown(piece.texte).blocs if piece.texte.strip() else []
        notes = {b.note: b.texte for b in blocs if b.nature == Nature.NOTE}
        corps = [b for b in blocs if b.nature != Nature.NOTE]
        for rang, bloc in enumerate(corps or [Bloc(Nature.PARAGRAPHE, "")]):
            paragraphe = self._paragraphe(_style(bloc))
            if not rang:
                self._signet(paragraphe, piece.ancre)
            self._en_ligne(paragraphe, bloc.texte, notes)

    def _paragraphe(self, style: str) -> Any:
        """python-docx cherche un style par son nom à chaque fois : c'était un tiers du temps."""
        paragraphe = self.document.add_paragraph()
        if style != "Normal":
            if style not in self.styles:
                self.styles[style] = self.document.styles[style].style_id
            paragraphe._p.style = self.styles[style]
        return paragraphe

    def _signet(self, paragraphe: Any, nom: str) -> None:
        self.signets += 1
        for genre in ("w:bookmarkStart", "w:bookmarkEnd"):
            e = OxmlElement(genre)
            e.set(qn("w:id"), str(self.signets))
            if genre == "w:bookmarkStart":
                e.set(qn("w:name"), nom)
            paragraphe._p.append(e)

    def _en_ligne(self, paragraphe: Any, texte: str, notes: dict[str, str]) -> None:
        gras = italique = False
        for m in EN_LIGNE.finditer(texte):
            if m["gras"]:
                gras = not gras
            elif m["italique"]:
                italique = not italique
            elif m["note"]:
                self._note(paragraphe, notes.get(m["note"], ""))
            elif m["adresse"] is not None:
                self._lien(paragraphe, m["lien"], m["adresse"])
            elif m["saut"]:
                paragraphe.add_run().add_break()
            else:
                run = paragraphe.add_run(m["echappe"] or m["texte"])
                run.bold, run.italic = gras or None, italique or None

    def _lien(self, paragraphe: Any, texte: str, adresse: str) -> None:
        relation = self.document.part.relate_to(
            adresse, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
        )
        lien = OxmlElement("w:hyperlink")
        lien.set(qn("r:id"), relation)
        run = paragraphe.add_run(re.sub(r"\\(.)", r"\1", texte.replace("**", "")))
        lien.append(run._r)
        paragraphe._p.append(lien)

    def _note(self, paragraphe: Any, texte: str) -> None:
        self.notes.append(texte)
        run = paragraphe.add_run()
        run.font.superscript = True
        appel = OxmlElement("w:footnoteReference")
        appel.set(qn("w:id"), str(len(self.notes) + 1))
        run._r.append(appel)

    def octets(self) -> bytes:
        if self.notes:
            partie = Part(
                PackURI("/word/footnotes.xml"),
                NOTES,
                self._xml_des_notes(),
                self.document.part.package,
            )
            self.document.part.relate_to(partie, RELATIONSHIP_TYPE.FOOTNOTES)
        sortie = io.BytesIO()
        self.document.save(sortie)
        return sortie.getvalue()

    def _xml_des_notes(self) -> bytes:
        racine = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}/>")
        for rang, genre in enumerate(("separator", "continuationSeparator")):
            note = _sous(racine, "w:footnote", {"w:id": str(rang), "w:type": genre})
            _sous(_sous(_sous(note, "w:p"), "w:r"), f"w:{genre}")
        for rang, texte in enumerate(self.notes, 2):
            note = _sous(racine, "w:footnote", {"w:id": str(rang)})
            paragraphe = _sous(note, "w:p")
            for m in EN_LIGNE.finditer(texte):
                morceau = m["echappe"] or m["texte"] or m["lien"] or ("" if not m["saut"] else " ")
                if morceau:
                    run = _sous(paragraphe, "w:r")
                    t = _sous(run, "w:t", {"xml:space": "preserve"})
                    t.text = morceau
        return etree.tostring(racine, xml_declaration=True, encoding="UTF-8", standalone=True)


def _sous(parent: Any, nom: str, attributs: dict[str, str] | None = None) -> Any:
    e = OxmlElement(nom)
    for cle, valeur in (attributs or {}).items():
        e.set(qn(cle), valeur)
    parent.append(e)
    return e


def _style(bloc: Bloc) -> str:
    if bloc.nature == Nature.TITRE:
        return "Heading 3"
    if bloc.nature == Nature.PUCE:
        nom = "List Number" if bloc.marque[:1].isdigit() else "List Bullet"
        return nom if bloc.niveau == 0 else f"{nom} {min(bloc.niveau + 1, 3)}"
    return "Normal"
