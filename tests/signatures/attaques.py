"""Ce qu'un PDF signé peut subir, et ce que la vérification doit en dire.

Chaque attaque reçoit un `Cas` et le hasard ; elle rend des octets, jamais ceux d'un fichier gardé.
"""

import io
import re
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

CONTENU = re.compile(rb"/Contents <([0-9a-fA-F]+)>")


@dataclass(frozen=True)
class Cas:
    """Un document envoyé, deux PDF signés de ce document, un autre et lui signé d'Anne."""

    envoye: bytes
    anne: bytes
    paul: bytes
    autre: bytes
    ailleurs: bytes


def revision(octets, changer):
    """Une mise à jour incrémentale de ces octets."""
    ecrit = IncrementalPdfFileWriter(io.BytesIO(octets))
    changer(ecrit)
    sortie = io.BytesIO()
    ecrit.write(sortie)
    return sortie.getvalue()


def _sur_la_page(mot):
    def changer(ecrit):
        ajout = ecrit.add_object(generic.StreamObject(stream_data=b"BT (" + mot + b") Tj ET"))
        page = ecrit.find_page_for_modification(0)[0].get_object()
        page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), ajout])
        ecrit.update_container(page)

    return changer


def _note(ecrit):
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9))),
            generic.pdf_name("/Contents"): generic.TextStringObject("sauf l'article 4"),
        }
    )
    page = ecrit.find_page_for_modification(0)[0].get_object()
    page["/Annots"] = generic.ArrayObject([ecrit.add_object(note)])
    ecrit.update_container(page)


def _programme(ecrit):
    acte = {
        generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
        generic.pdf_name("/JS"): generic.TextStringObject("app.alert(1)"),
    }
    ecrit.root["/OpenAction"] = generic.DictionaryObject(acte)
    ecrit.update_root()


def _sans_signature(ecrit):
    for champ in ecrit.root["/AcroForm"]["/Fields"]:
        lu = champ.get_object()
        del lu["/V"]
        ecrit.update_container(lu)


def page_changee(octets, mot=b"fraude"):
    return revision(octets, _sur_la_page(mot))


def annotee(octets):
    return revision(octets, _note)


def _contenu(octets):
    """Où commence et finit la signature, en hexadécimal."""
    trouve = CONTENU.search(octets)
    return trouve.span(1)


def bit_de_la_signature(cas, alea):
    place = alea.randrange(len(cas.envoye), len(cas.anne))
    return _bit(cas.anne, place, alea)


def bit_du_document(cas, alea):
    return _bit(cas.anne, alea.randrange(len(cas.envoye)), alea)


def _bit(octets, place, alea):
    return octets[:place] + bytes([octets[place] ^ (1 << alea.randrange(8))]) + octets[place + 1 :]


def couper_dans_la_signature(cas, alea):
    return cas.anne[: alea.randrange(len(cas.envoye) + 1, len(cas.anne))]


def ajouter_apres_la_signature(cas, alea):
    return cas.anne + alea.randbytes(alea.randrange(1, 400))


def effacer_la_signature(cas, alea):
    debut, fin = _contenu(cas.anne)
    return cas.anne[:debut] + b"0" * (fin - debut) + cas.anne[fin:]


def retirer_la_signature(cas, alea):
    return revision(cas.anne, _sans_signature) + b"%" * alea.randrange(3)


def echanger_la_signature(cas, alea):
    """Celle de Paul, mise à la place de celle d'Anne."""
    debut, fin = _contenu(cas.anne)
    de, a = _contenu(cas.paul)
    autre = cas.paul[de:a][: fin - debut].ljust(fin - debut, b"0")
    return cas.anne[:debut] + autre + cas.anne[fin:]


def prendre_la_signature_d_un_autre_document(cas, alea):
    debut, fin = _contenu(cas.anne)
    de, a = _contenu(cas.ailleurs)
    autre = cas.ailleurs[de:a][: fin - debut].ljust(fin - debut, b"0")
    return cas.anne[:debut] + autre + cas.anne[fin:]


def greffer_la_revision_d_un_autre_document(cas, alea):
    """Ce qui suit l'autre document, signature comprise, recollé à la suite de celui-ci."""
    return cas.envoye + cas.ailleurs[len(cas.autre) :]


def changer_la_page_apres(cas, alea):
    return page_changee(cas.anne, b"%06d" % alea.randrange(10**6))


def annoter_apres(cas, alea):
    return annotee(cas.anne)


def programmer_apres(cas, alea):
    return revision(cas.anne, _programme)


# Chaque attaque, et l'une des raisons qui la disent.
RAISONS = {
    bit_de_la_signature: ("1 octet changé",),
    bit_du_document: ("1 octet changé",),
    couper_dans_la_signature: ("tronqué",),
    ajouter_apres_la_signature: ("ne couvre pas tout le fichier", "ajoutés à la fin"),
    effacer_la_signature: ("effacée, illisible ou contrefaite",),
    retirer_la_signature: ("Une signature a été retirée",),
    echanger_la_signature: ("Le contenu signé n'est plus celui du fichier", "contrefaite"),
    prendre_la_signature_d_un_autre_document: (
        "Le contenu signé n'est plus celui du fichier",
        "contrefaite",
    ),
    greffer_la_revision_d_un_autre_document: (
        "Le contenu signé n'est plus celui du fichier",
        "contrefaite",
        "coupé ou abîmé",
    ),
    changer_la_page_apres: ("La page 1 a été changée",),
    annoter_apres: ("Une annotation (FreeText)",),
    programmer_apres: ("ce qui se fait à l'ouverture",),
}
