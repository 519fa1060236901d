"""Campagnes de signature d'essai."""

import hashlib
import io

import factory
import pikepdf

from contrats.enums import RoleHabilitation, RoleSignature, StatutContrat
from documents.figes.stockage import garder
from signatures import transitions
from signatures.enums import EtatSignataire, GenrePiece, TransitionSignataire
from signatures.models import CampagneSignature, Passage, PieceSignee, Signataire
from signatures.pieces import Recue
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ContratFactory, PartieFactory
from tests.documents.factories import DocumentFigeFactory
from tests.partenaires.factories import OrganismeFactory

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)

FINAL = b"%PDF-1.7\n%%EOF\n"


class CampagneSignatureFactory(factory.django.DjangoModelFactory):
    """Campagne en préparation, sans signataire."""

    class Meta:
        model = CampagneSignature

    document = factory.SubFactory(DocumentFigeFactory)
    preparee_par = factory.SubFactory(UtilisateurFactory)

    class Params:
        assemblee = factory.Trait(assemblage=hashlib.sha256(FINAL).hexdigest())

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        campagne = super()._create(model_class, *args, **kwargs)
        if campagne.assemblage:
            garder(FINAL, campagne.chemin_assemblage)
        return campagne


class SignataireFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Signataire

    campagne = factory.SubFactory(CampagneSignatureFactory)
    partie = factory.LazyAttribute(
        lambda s: PartieFactory(
            contrat=s.campagne.document.contrat,
            organisme=OrganismeFactory(nom=f"Collectivité {s.rang}"),
            libelle="",
        )
    )
    role = RoleSignature.SIGNATAIRE
    rang = factory.Sequence(lambda n: n + 1)
    nom = factory.LazyAttribute(lambda s: f"Personne {s.rang}")
    qualite = "Président"
    email = factory.LazyAttribute(lambda s: f"signataire{s.rang}@exemple.invalid")
    etat = EtatSignataire.A_ENVOYER


class PassageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Passage

    signataire = factory.SubFactory(SignataireFactory)
    transition = TransitionSignataire.ENVOYER
    de = EtatSignataire.A_ENVOYER
    vers = EtatSignataire.ENVOYE


class PieceSigneeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PieceSignee

    signataire = factory.SubFactory(SignataireFactory)
    genre = GenrePiece.SCAN
    nom = "page.png"
    type = "image/png"
    octets = factory.Sequence(lambda n: PIXEL + f"pièce {n}".encode())
    empreinte = factory.LazyAttribute(lambda p: hashlib.sha256(p.octets).hexdigest())
    taille = factory.LazyAttribute(lambda p: len(p.octets))

    @classmethod
    def _create(cls, model_class, *args, octets, **kwargs):
        piece = super()._create(model_class, *args, **kwargs)
        garder(octets, piece.chemin)
        return piece


def pdf(texte="Les parties s'engagent sur 45 actions.", pages=2, code=""):
    """Un vrai PDF de quelques pages, sans rendu ; son code s'y lit, comme dans un document figé."""
    document = pikepdf.new()
    if code:
        document.docinfo["/Title"] = f"Contrat {code}"
    police = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for rang in range(pages):
        page = document.add_blank_page(page_size=(595, 842))
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=police))
        dessin = f"BT /F1 12 Tf 72 700 Td ({texte} Page {rang + 1}.) Tj ET"
        page.obj.Contents = document.make_stream(dessin.encode("latin-1"))
    sortie = io.BytesIO()
    document.save(sortie, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return sortie.getvalue()


def scan(rang=0):
    """Une page signée, différente pour chaque rang (des octets après la fin d'un PNG)."""
    octets = PIXEL + f"page {rang}".encode()
    return Recue(GenrePiece.SCAN, f"page-{rang}.png", "image/png", octets, ["Page signée."])


def campagne_prete(nb=3, octets=None, statut=StatutContrat.EN_SIGNATURE, **champs):
    """Campagne en préparation d'un contrat en signature : `nb` signataires, un témoin."""
    contrat = champs.pop("contrat", None) or ContratFactory(publie=True, statut=statut)
    agent = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])
    plus = {"octets": octets} if octets else {}
    if code := champs.pop("code", ""):
        plus["code"] = code
    document = DocumentFigeFactory(contrat=contrat, **plus)
    campagne = CampagneSignatureFactory(document=document, preparee_par=agent, **champs)
    for rang in range(1, nb + 1):
        SignataireFactory(campagne=campagne, rang=rang)
    SignataireFactory(
        campagne=campagne,
        rang=nb + 1,
        partie=None,
        role=RoleSignature.TEMOIN,
        etat=EtatSignataire.TEMOIN,
        qualite="Préfet",
    )
    return campagne


def campagne_lancee(*args, **champs):
    campagne = campagne_prete(*args, **champs)
    transitions.lancer(campagne, par=campagne.preparee_par)
    campagne.refresh_from_db()
    return campagne
