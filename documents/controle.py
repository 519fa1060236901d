"""Contrôle de structure d'un PDF produit : les règles de PDF/A-3a et de PDF/UA-1 qui régressent.

Ce n'est pas un validateur. La plateforme annonce « produit au format PDF/A-3a, contrôles
automatiques », jamais « conforme » : seule veraPDF le dirait.
"""

import io
import re
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from documents.finition import parcourir

ENTETE = re.compile(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}")
ACTIONS_INTERDITES = {
    "/JavaScript",
    "/Launch",
    "/Sound",
    "/Movie",
    "/ResetForm",
    "/ImportData",
    "/SubmitForm",
    "/Hide",
    "/Rendition",
    "/Trans",
    "/SetOCGState",
    "/GoTo3DView",
}
SCHEMA_PDF_UA = b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
IMPRIMABLE = 4  # drapeau Print d'une annotation
TITRES = {f"/H{rang}": rang for rang in range(1, 7)}


def controler(octets: bytes) -> list[str]:
    """Les manquements, un par phrase ; vide si tout est en ordre."""
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        return [
            *_fichier(octets, pdf),
            *_metadonnees(pdf),
            *_objets(pdf),
            *_balises(pdf),
            *_signets(pdf),
        ]


def _fichier(octets: bytes, pdf: pikepdf.Pdf) -> Iterator[str]:
    if not ENTETE.match(octets[:30]):
        yield "en-tête sans commentaire binaire"
    if "/Encrypt" in pdf.trailer:
        yield "fichier chiffré"
    if len(pdf.trailer.get("/ID", [])) != 2:
        yield "pas d'identifiant (/ID)"
    intentions = pdf.Root.get("/OutputIntents")
    if not intentions or intentions[0].get("/S") != "/GTS_PDFA1":
        yield "pas d'intention de sortie PDF/A"
    elif "/DestOutputProfile" not in intentions[0]:
        yield "intention de sortie sans profil de couleur"
    if "/AcroForm" in pdf.Root and pdf.Root.AcroForm.get("/NeedAppearances"):
        yield "apparences de formulaire à recalculer"


def _metadonnees(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "pas de métadonnées XMP"
        return
    xmp = pdf.open_metadata()  # sans `with` : sa sortie récrirait ce que l'on contrôle
    if (xmp.get("pdfaid:part"), xmp.get("pdfaid:conformance")) != ("3", "A"):
        yield "XMP n'annonce pas PDF/A-3a"
    if xmp.get("pdfuaid:part") != "1":
        yield "XMP n'annonce pas PDF/UA-1"
    elif SCHEMA_PDF_UA not in pdf.Root.Metadata.read_bytes():
        yield "schéma de l'identifiant PDF/UA non décrit"
    paires = {
        "/Title": xmp.get("dc:title"),
        "/Author": next(iter(xmp.get("dc:creator", [])), None),
        "/Subject": xmp.get("dc:description"),
        "/Keywords": xmp.get("pdf:Keywords"),
        "/Producer": xmp.get("pdf:Producer"),
        "/Creator": xmp.get("xmp:CreatorTool"),
    }
    dates = {"/CreationDate": "xmp:CreateDate", "/ModDate": "xmp:ModifyDate"}
    for cle, propriete in dates.items():
        if _chiffres(pdf.docinfo.get(cle)) != _chiffres(xmp.get(propriete)):
            yield f"{cle} diffère de XMP"
    for cle, valeur in paires.items():
        dit = pdf.docinfo.get(cle)
        if (str(dit) if dit is not None else None) != valeur:
            yield f"{cle} diffère de XMP"
    if not pdf.docinfo.get("/Title"):
        yield "document sans titre"


def _chiffres(date: object) -> str:
    """Les chiffres d'une date, à la seconde, sans le fuseau : « D:2026… » comme « 2026-… »."""
    return re.sub(r"\D", "", str(date or ""))[:14]


def _objets(pdf: pikepdf.Pdf) -> Iterator[str]:
    for objet in pdf.objects:
        if not isinstance(objet, Dictionary | Stream):
            continue
        if objet.get("/Type") == "/Font":
            yield from _police(objet)
        if str(objet.get("/S", "")) in ACTIONS_INTERDITES:
            yield f"action interdite {objet.S}"
        if isinstance(objet, Stream) and "/LZWDecode" in str(objet.get("/Filter", "")):
            yield "compression LZW"
        if objet.get("/Type") == "/Filespec":
            yield from _piece_jointe(pdf, objet)
        if objet.get("/Subtype") == "/Link" and not int(objet.get("/F", 0)) & IMPRIMABLE:
            yield "lien non imprimable"
        if objet.get("/Subtype") == "/Link" and not str(objet.get("/Contents", "")):
            yield "lien sans description"


def _police(police: pikepdf.Object) -> Iterator[str]:
    nom = police.get("/BaseFont")
    if police.get("/Subtype") == "/Type0":
        if "/ToUnicode" not in police:
            yield f"police {nom} sans table vers Unicode"
        return
    if police.get("/Subtype") == "/Type3":
        return
    description = police.get("/FontDescriptor", Dictionary())
    if not any(cle in description for cle in ("/FontFile", "/FontFile2", "/FontFile3")):
        yield f"police {nom} non incorporée"


def _piece_jointe(pdf: pikepdf.Pdf, piece: pikepdf.Object) -> Iterator[str]:
    if "/AFRelationship" not in piece:
        yield "pièce jointe sans relation (AFRelationship)"
    if not any(piece.objgen == citee.objgen for citee in pdf.Root.get("/AF", Array())):
        yield "pièce jointe absente de /AF"
    if "/UF" not in piece or "/Subtype" not in piece.EF.F:
        yield "pièce jointe sans nom ou sans type"


def _balises(pdf: pikepdf.Pdf) -> Iterator[str]:
    racine = pdf.Root
    if "/StructTreeRoot" not in racine or not racine.get("/MarkInfo", Dictionary()).get("/Marked"):
        yield "document non balisé"
        return
    if not str(racine.get("/Lang", "")):
        yield "langue absente"
    if not racine.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle"):
        yield "le lecteur n'affiche pas le titre"
    if any(page.get("/Tabs") != Name.S for page in pdf.pages):
        yield "ordre de tabulation non structuré"
    dernier = 0
    for element, ancetres in parcourir(pdf):
        role = str(element.S)
        yield from _element(element, role, ancetres)
        if rang := TITRES.get(role):
            if rang > dernier + 1:
                yield f"titre de niveau {rang} après un niveau {dernier}"
            dernier = rang


def _element(element: Dictionary, role: str, ancetres: tuple[str, ...]) -> Iterator[str]:
    parent = next((a for a in reversed(ancetres) if a != "/NonStruct"), "")
    if role == "/Figure" and not str(element.get("/Alt", "")):
        yield "image sans alternative"
    if role == "/TH" and "/Scope" not in element.get("/A", {}):
        yield "cellule d'en-tête sans portée"
    if role in {"/TH", "/TD"} and parent != "/TR":
        yield f"cellule {role} hors d'une ligne"
    if role == "/TR" and parent not in {"/Table", "/THead", "/TBody", "/TFoot"}:
        yield "ligne hors d'un tableau"
    if role == "/LI" and parent != "/L":
        yield "élément hors d'une liste"
    if role == "/LBody" and parent != "/LI":
        yield "corps d'élément hors d'un élément de liste"
    if role in TITRES and any(ancetre in TITRES for ancetre in ancetres):
        yield "titre dans un titre"
    if role == "/Link" and not _contient_une_annotation(element):
        yield "lien sans annotation"


def _contient_une_annotation(element: Dictionary) -> bool:
    enfants = element.get("/K", Array())
    return any(isinstance(e, Dictionary) and e.get("/Type") == "/OBJR" for e in enfants)


def _signets(pdf: pikepdf.Pdf) -> Iterator[str]:
    with pdf.open_outline() as signets:
        if not signets.root:
            yield "pas de signets"
