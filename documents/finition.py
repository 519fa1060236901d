"""Dernière passe sur le PDF : ce que le moteur d'impression laisse à compléter, puis l'écriture.

Une seule passe, avant toute signature. Elle répartit aussi les objets en paquets : d'un seul
tenant, le fichier demande 96 s au lieu de 3 à un vérificateur de signature (mesuré).
"""

import html
import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

ANCRE = re.compile(r'id="([^"]+)"[^>]* data-partie="([^"]+)"')
FIN_DES_METADONNEES = b"</rdf:RDF>"
# PDF/A ne connaît pas l'identifiant de PDF/UA : il exige que le fichier en décrive le schéma.
PDF_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 the file follows</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def finir(brut: bytes, page: str) -> bytes:
    """Le PDF complété ; mêmes octets pour mêmes entrées.

    `page` est le HTML imprimé : il donne aux liens internes le titre de leur cible.
    """
    sortie = io.BytesIO()
    with pikepdf.open(io.BytesIO(brut)) as pdf:
        pdf.Root.PageMode = Name.UseOutlines
        _dedoublonner_pieces_jointes(pdf)
        _decrire_liens(pdf, {ancre: html.unescape(titre) for ancre, titre in ANCRE.findall(page)})
        _completer_structure(pdf)
        _annoncer_pdf_ua(pdf)
        pdf.save(
            sortie,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )
    return sortie.getvalue()


def _dedoublonner_pieces_jointes(pdf: pikepdf.Pdf) -> None:
    """Chaque pièce jointe est citée une fois par `/AF`."""
    if "/AF" in pdf.Root:
        uniques = {piece.objgen: piece for piece in pdf.Root.AF}
        pdf.Root.AF = Array(uniques.values())


def _decrire_liens(pdf: pikepdf.Pdf, titres: dict[str, str]) -> None:
    """Un lecteur d'écran annonce le titre de la cible, pas son identifiant."""
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            if annotation.get("/Subtype") == "/Link" and "/Dest" in annotation:
                cible = str(annotation.Dest)
                annotation.Contents = f"Aller à : {titres.get(cible, 'note de bas de page')}"


def _completer_structure(pdf: pikepdf.Pdf) -> None:
    """Portée des cellules d'en-tête et index des identifiants qu'elles portent."""
    identifiants = []
    for element, ancetres in parcourir(pdf):
        if element.get("/S") == "/TH":
            portee = Name.Column if "/THead" in ancetres else Name.Row
            attributs = element.get("/A", Dictionary(O=Name.Table))
            attributs.Scope = portee
            element.A = attributs
        if "/ID" in element:
            identifiants.append((bytes(element.ID), element))
    if identifiants:
        noms = Array()
        for identifiant, element in sorted(identifiants, key=lambda paire: paire[0]):
            noms.append(pikepdf.String(identifiant))
            noms.append(element)
        pdf.Root.StructTreeRoot.IDTree = pdf.make_indirect(Dictionary(Names=noms))


def _annoncer_pdf_ua(pdf: pikepdf.Pdf) -> None:
    """Le moteur n'annonce qu'une norme : PDF/A. Celle du balisage s'y ajoute."""
    avant, fin, apres = pdf.Root.Metadata.read_bytes().partition(FIN_DES_METADONNEES)
    pdf.Root.Metadata.write(avant + PDF_UA + fin + apres)


def parcourir(pdf: pikepdf.Pdf) -> Iterator[tuple[Dictionary, tuple[str, ...]]]:
    """Éléments de structure dans l'ordre de lecture, avec les rôles de leurs ancêtres."""
    pile: list[tuple[Any, tuple[str, ...]]] = [(pdf.Root.StructTreeRoot, ())]
    while pile:
        element, ancetres = pile.pop()
        role = str(element.get("/S", ""))
        if role:
            yield element, ancetres
        enfants: Any = element.get("/K", Array())
        enfants = list(enfants) if isinstance(enfants, Array) else [enfants]
        pile += [
            (enfant, (*ancetres, role) if role else ancetres)
            for enfant in reversed(enfants)
            if isinstance(enfant, Dictionary) and "/S" in enfant
        ]
