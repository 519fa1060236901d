"""Valider les signatures d'un PDF reçu, dans un processus à part : `python -m signatures.valideur`.

Un PDF hostile peut coûter des minutes ou la mémoire : ce processus est borné, et sa mort est un
refus. Sans Django. Entrée : deux tailles et les racines sur une ligne JSON, puis le PDF envoyé et
le PDF reçu. Sortie : un JSON.
"""

import difflib
import hashlib
import io
import json
import logging
import resource
import sys
from typing import Any

from signatures.cadres import textes_couverts

MEMOIRE_MAX = 2_000_000_000
MOTS_MONTRES = 12
# Ce que le document fait ou porte, hors de ses pages : rien n'en change entre l'envoi et le retour.
TENUS = {
    "/OpenAction": "ce qui se fait à l'ouverture",
    "/AA": "ce qui se fait sans qu'on le demande",
    "/Names": "les pièces jointes ou les programmes",
    "/AF": "les pièces jointes",
    "/OCProperties": "les calques, qui montrent ou cachent",
    "/Collection": "la présentation des pièces jointes",
}
SANS_OBJET = ("/Parent", "/P", "/StructParents", "/Length", "/Annots")


def examiner(envoye: bytes, recu: bytes, racines: list[str]) -> dict[str, Any]:
    """Ce que portent ces octets : les signatures si le début est celui envoyé, sinon l'écart."""
    if not recu.startswith(envoye):
        return {"ecarts": comparer(envoye, recu)}
    return {
        "ecarts": [],
        "texte_change": texte_change(envoye, recu),
        "retirees": champs_vides(envoye, recu),
        "signatures": signatures(recu, racines),
    }


def signatures(recu: bytes, racines: list[str]) -> list[dict[str, Any]]:
    """Chaque signature, dans l'ordre où elle a été posée."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    lecteur = PdfFileReader(io.BytesIO(recu))
    autorites = _autorites(racines)
    try:
        posees = list(lecteur.embedded_regular_signatures)
    except Exception as erreur:  # noqa: BLE001 - une signature effacée ne se lit plus
        return [{"champ": "", "signataire": "", "autorite": "", "erreur": type(erreur).__name__}]
    couverts = textes_couverts(recu)
    return [
        _signature(posee, autorites, derniere=posee is posees[-1])
        | {"couvert": couverts.get(posee.field_name)}
        for posee in posees
    ]


def champs_vides(envoye: bytes, recu: bytes) -> list[str]:
    """Les champs de signature ajoutés depuis l'envoi, et vides : leur signature a été retirée."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import enumerate_sig_fields

    def vides(octets: bytes) -> set[str]:
        champs = enumerate_sig_fields(PdfFileReader(io.BytesIO(octets)), filled_status=False)
        return {nom for nom, _, _ in champs}

    return sorted(vides(recu) - vides(envoye))


def _autorites(racines: list[str]) -> list[Any]:
    from pyhanko.keys import load_certs_from_pemder

    return list(load_certs_from_pemder(racines)) if racines else []


def _signature(posee: Any, autorites: list[Any], *, derniere: bool) -> dict[str, Any]:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    dit: dict[str, Any] = {"champ": posee.field_name, "signataire": "", "autorite": ""}
    try:
        dit |= {
            "empreinte": hashlib.sha256(_contenu(posee.pkcs7_content)).hexdigest(),
            "signataire": _nom(posee.signer_cert.subject),
            "autorite": _nom(posee.signer_cert.issuer),
        }
        etat = validate_pdf_signature(
            posee,
            ValidationContext(trust_roots=autorites, allow_fetching=False),
            ts_validation_context=ValidationContext(trust_roots=autorites, allow_fetching=False),
        )
    except Exception as erreur:  # noqa: BLE001 - un PDF hostile fait lever n'importe quoi : invalide
        return dit | {"erreur": type(erreur).__name__}
    horodatage = etat.timestamp_validity
    couverture = (
        SignatureCoverageLevel.ENTIRE_FILE if derniere else SignatureCoverageLevel.ENTIRE_REVISION
    )
    change = etat.modification_level or ModificationLevel.NONE
    return dit | {
        "intacte": bool(etat.intact and etat.valid),
        "reconnue": bool(etat.trusted),
        "couvre": etat.coverage >= couverture,
        "inchangee": change <= ModificationLevel.FORM_FILLING and etat.docmdp_ok is not False,
        "annoncee_le": etat.signer_reported_dt.isoformat() if etat.signer_reported_dt else "",
        "horodatee_le": horodatage.timestamp.isoformat()
        if horodatage and horodatage.valid and horodatage.trusted
        else "",
        "horodateur": _nom(horodatage.signing_cert.subject) if horodatage else "",
    }


def _contenu(lu: bytes) -> bytes:
    """La signature sans son remplissage, que rien ne couvre : il n'y a que des zéros."""
    from asn1crypto.cms import ContentInfo

    signature: bytes = ContentInfo.load(lu).dump()
    if lu[len(signature) :].strip(b"\0"):
        raise ValueError("des octets étrangers suivent la signature")
    return signature


def _nom(nom: Any) -> str:
    lu = nom.native
    return str(lu.get("common_name") or lu.get("organization_name") or nom.human_friendly)


def texte_change(envoye: bytes, recu: bytes) -> str:
    """Ce qu'une mise à jour a changé aux pages, entre l'envoi et la signature ; vide si rien.

    Une signature valable couvre aussi ce qu'on a ajouté avant de signer : il faut comparer.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(envoye)) as avant, pikepdf.open(io.BytesIO(recu)) as apres:
        for cle, dit in TENUS.items():
            if _empreinte([avant.Root.get(cle)]) != _empreinte([apres.Root.get(cle)]):
                return f"Le document a été changé en dehors de ses pages : {dit}."
        if len(avant.pages) != len(apres.pages):
            return f"Le document envoyé a {len(avant.pages)} pages, celui-ci {len(apres.pages)}."
        for rang, (a, b) in enumerate(zip(avant.pages, apres.pages, strict=True), 1):
            if _dessin(a) != _dessin(b):
                return f"La page {rang} a été changée avant d'être signée."
            if autre := _annotation_etrangere(a, b):
                return f"Une annotation ({autre}) a été ajoutée à la page {rang}."
    return ""


def _dessin(page: Any) -> str:
    """L'empreinte de tout ce que la page dessine ou déclenche, hors ses annotations."""
    cles = ("/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/AA")
    return _empreinte([page.obj.get(cle) for cle in cles])


def _empreinte(objets: list[Any]) -> str:
    """L'empreinte de ces objets et de tout ce qu'ils nomment."""
    import pikepdf

    calcul = hashlib.sha256()
    deja: set[Any] = set()

    def ajouter(objet: Any) -> None:
        if isinstance(objet, pikepdf.Object) and objet.is_indirect:
            if objet.objgen in deja:
                calcul.update(b"<deja>")
                return
            deja.add(objet.objgen)
        if isinstance(objet, pikepdf.Stream):
            calcul.update(b"flux" + bytes(objet.read_raw_bytes()))
        if isinstance(objet, pikepdf.Dictionary | pikepdf.Stream):
            for cle in sorted(objet.keys()):
                if cle not in SANS_OBJET:
                    calcul.update(cle.encode())
                    ajouter(objet[cle])
        elif isinstance(objet, pikepdf.Array):
            calcul.update(b"[")
            for element in objet:
                ajouter(element)
        else:
            calcul.update(str(objet).encode())

    for objet in objets:
        calcul.update(b"|")
        ajouter(objet)
    return calcul.hexdigest()


def _annotation_etrangere(avant: Any, apres: Any) -> str:
    """Le genre d'une annotation nouvelle ou changée qui n'est pas un champ de signature."""
    import pikepdf

    def empreintes(page: Any) -> dict[Any, bytes]:
        annotations = page.obj.get("/Annots") or []
        return {a.objgen: a.unparse(resolved=True) for a in annotations if a.is_indirect}

    connues = empreintes(avant)
    for annotation in apres.obj.get("/Annots") or []:
        cle = annotation.objgen if annotation.is_indirect else None
        if cle in connues and connues[cle] == annotation.unparse(resolved=True):
            continue
        genre = annotation.get("/FT")
        if annotation.get("/Subtype") != pikepdf.Name.Widget or genre != pikepdf.Name.Sig:
            return str(annotation.get("/Subtype", "inconnue")).strip("/")
    return ""


def comparer(envoye: bytes, recu: bytes) -> list[str]:
    """En quoi ce PDF n'est pas celui envoyé : octets, pages, texte, en phrases."""
    commun = _prefixe(envoye, recu)
    dits = [
        f"Les octets diffèrent dès le {commun + 1:,}e".replace(",", " ")
        + f" (document envoyé : {len(envoye):,} octets).".replace(",", " ")
    ]
    try:
        avant, apres = _textes(envoye), _textes(recu)
    except Exception as erreur:  # noqa: BLE001 - un PDF hostile fait lever n'importe quoi
        return [*dits, f"Son texte ne se lit pas ({type(erreur).__name__})."]
    if len(avant) != len(apres):
        dits.append(f"Le document envoyé a {len(avant)} pages, celui-ci {len(apres)}.")
    for rang, (a, b) in enumerate(zip(avant, apres, strict=False), 1):
        if a != b:
            return [*dits, f"Page {rang} : {_premier_ecart(a, b)}."]
    if len(avant) == len(apres):
        dits.append(
            "Pages et texte sont les mêmes : le fichier a été réécrit (imprimé, réenregistré ou "
            "optimisé). Demandez le fichier signé d'origine."
        )
    return dits


def _prefixe(a: bytes, b: bytes) -> int:
    bas, haut = 0, min(len(a), len(b))
    while bas < haut:
        milieu = (bas + haut + 1) // 2
        if a[:milieu] == b[:milieu]:
            bas = milieu
        else:
            haut = milieu - 1
    return bas


def _textes(octets: bytes) -> list[list[str]]:
    """Les mots de chaque page."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTTextContainer

    return [
        " ".join(e.get_text() for e in page if isinstance(e, LTTextContainer)).split()
        for page in extract_pages(io.BytesIO(octets))
    ]


def _premier_ecart(avant: list[str], apres: list[str]) -> str:
    accord = difflib.SequenceMatcher(a=avant, b=apres, autojunk=False)
    for sens, i1, i2, j1, j2 in accord.get_opcodes():
        ancien, neuf = (" ".join(m[:MOTS_MONTRES]) for m in (avant[i1:i2], apres[j1:j2]))
        if sens == "replace":
            return f"« {ancien} » est devenu « {neuf} »"
        if sens == "delete":
            return f"« {ancien} » a été retiré"
        if sens == "insert":
            return f"« {neuf} » a été ajouté"
    return "le texte diffère"


def principal() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX, MEMOIRE_MAX))
    logging.disable(logging.CRITICAL)
    commande = json.loads(sys.stdin.buffer.readline())
    envoye = sys.stdin.buffer.read(commande["envoye"])
    recu = sys.stdin.buffer.read(commande["recu"])
    json.dump(examiner(envoye, recu, commande["racines"]), sys.stdout)


if __name__ == "__main__":
    principal()
