"""Le contrôle voit les fautes qu'on y met : sans cela, son silence ne dirait rien."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from documents import rendu
from documents.controle import controler
from documents.finition import parcourir

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sain(django_db_setup, django_db_blocker):
    """Un PDF sans faute, produit une fois."""
    from django.contrib.auth.models import AnonymousUser
    from django.db import transaction

    from tests.documents.factories import contrat_riche

    with django_db_blocker.unblock(), transaction.atomic():
        octets = rendu.rendre(
            rendu.contexte(contrat_riche(nb_fiches=1), par=AnonymousUser(), entier=True)
        )
        transaction.set_rollback(True)
    return octets


def premier(pdf, cle, valeur):
    return next(
        o
        for o in pdf.objects
        if isinstance(o, Dictionary | pikepdf.Stream) and o.get(cle) == valeur
    )


def element(pdf, role):
    return next(e for e, _ in parcourir(pdf) if e.get("/S") == role)


def retirer(objet, cle):
    del objet[cle]


def poser(objet, cle, valeur):
    objet[cle] = valeur


def changer_xmp(pdf, avant, apres):
    xmp = pdf.Root.Metadata.read_bytes()
    assert avant in xmp
    pdf.Root.Metadata.write(xmp.replace(avant, apres))


FAUTES = {
    "pas d'intention": lambda pdf: retirer(pdf.Root, "/OutputIntents"),
    "pas de métadonnées": lambda pdf: retirer(pdf.Root, "/Metadata"),
    "n'annonce pas PDF/A-3a": lambda pdf: changer_xmp(
        pdf, b'pdfaid:conformance="A"', b'pdfaid:conformance="B"'
    ),
    "n'annonce pas PDF/UA-1": lambda pdf: changer_xmp(pdf, b"<pdfuaid:part>1</pdfuaid:part>", b""),
    "PDF/UA non décrit": lambda pdf: changer_xmp(
        pdf, b"<pdfaSchema:prefix>pdfuaid<", b"<pdfaSchema:prefix>autre<"
    ),
    "/Title diffère": lambda pdf: poser(pdf.docinfo, "/Title", String("Autre")),
    "/ModDate diffère": lambda pdf: poser(pdf.docinfo, "/ModDate", String("D:20000101000000Z")),
    "non incorporée": lambda pdf: retirer(
        premier(pdf, "/Type", "/FontDescriptor"),
        "/FontFile2",
    ),
    "sans table vers Unicode": lambda pdf: retirer(
        premier(pdf, "/Subtype", "/Type0"), "/ToUnicode"
    ),
    "action interdite /Launch": lambda pdf: poser(
        pdf.Root, "/OpenAction", pdf.make_indirect(Dictionary(S=Name.Launch))
    ),
    "sans relation": lambda pdf: retirer(premier(pdf, "/Type", "/Filespec"), "/AFRelationship"),
    "absente de /AF": lambda pdf: poser(pdf.Root, "/AF", Array()),
    "lien non imprimable": lambda pdf: poser(premier(pdf, "/Subtype", "/Link"), "/F", 0),
    "lien sans description": lambda pdf: retirer(premier(pdf, "/Subtype", "/Link"), "/Contents"),
    "document non balisé": lambda pdf: retirer(pdf.Root, "/StructTreeRoot"),
    "langue absente": lambda pdf: retirer(pdf.Root, "/Lang"),
    "n'affiche pas le titre": lambda pdf: retirer(pdf.Root, "/ViewerPreferences"),
    "ordre de tabulation": lambda pdf: retirer(pdf.pages[0].obj, "/Tabs"),
    "image sans alternative": lambda pdf: poser(element(pdf, "/P"), "/S", Name.Figure),
    "sans portée": lambda pdf: retirer(element(pdf, "/TH"), "/A"),
    "hors d'une ligne": lambda pdf: poser(element(pdf, "/TR"), "/S", Name.Div),
    "hors d'un tableau": lambda pdf: poser(element(pdf, "/TBody"), "/S", Name.Div),
    "hors d'une liste": lambda pdf: poser(element(pdf, "/L"), "/S", Name.Div),
    "titre de niveau 4 après un niveau 1": lambda pdf: poser(element(pdf, "/H2"), "/S", Name.H4),
    "titre dans un titre": lambda pdf: poser(element(pdf, "/H2").K[0], "/S", Name.H3),
    "lien sans annotation": lambda pdf: poser(element(pdf, "/Link"), "/K", Array()),
    "pas de signets": lambda pdf: retirer(pdf.Root, "/Outlines"),
}


def test_un_pdf_produit_est_sans_faute(sain):
    assert controler(sain) == []


@pytest.mark.parametrize("faute", FAUTES)
def test_chaque_faute_est_vue(sain, faute):
    sortie = io.BytesIO()
    with pikepdf.open(io.BytesIO(sain)) as pdf:
        FAUTES[faute](pdf)
        pdf.save(sortie)
    assert any(faute in manquement for manquement in controler(sortie.getvalue()))


def test_un_fichier_chiffre_est_vu(sain):
    sortie = io.BytesIO()
    with pikepdf.open(io.BytesIO(sain)) as pdf:
        pdf.save(sortie, encryption=pikepdf.Encryption(owner="x", user=""))
    assert "fichier chiffré" in controler(sortie.getvalue())
