"""Le PDF final : le document en copie, le bordereau des signatures, les pages signées à la main, et
les originaux joints.

Les octets reçus ne sont pas touchés : chacun est joint tel quel, sous son empreinte. Recoller un
PDF signé dans un autre en détruirait la signature (ADR 0163).
"""

import base64
import hashlib
import io
from dataclasses import dataclass
from typing import Any

import pikepdf
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string

from comptes.models import Utilisateur
from contrats.permissions import Acte, peut
from contrats.transitions import TransitionImpossible
from documents import rendu
from documents.enums import ActeInscrit
from documents.figes import journal, stockage
from documents.imprime import Jointe
from signatures import sceau
from signatures.enums import EtatCampagne, GenrePiece
from signatures.models import CampagneSignature, PieceSignee, Signataire

LIENS = {GenrePiece.SCAN: "Alternative", GenrePiece.PADES: "Source"}


@dataclass
class Rendue:
    """Un signataire et la pièce qui vaut ; `image` : sa page, à imprimer."""

    signataire: Signataire
    piece: PieceSignee
    octets: bytes

    @property
    def image(self) -> str:
        if not self.piece.type.startswith("image/"):
            return ""
        return f"data:{self.piece.type};base64,{base64.b64encode(self.octets).decode()}"

    @property
    def nom_joint(self) -> str:
        extension = self.piece.chemin.rpartition(".")[2]
        return f"{self.signataire.rang:02d}-{self.piece.genre}.{extension}"

    @property
    def pages_jointes(self) -> bool:
        """Sa page numérisée est un PDF : elle suit le bordereau."""
        return self.piece.genre == GenrePiece.SCAN and not self.image


def assembler(campagne: CampagneSignature, *, par: Utilisateur | None) -> str:
    """Produit et garde le PDF final d'une campagne complète ; rend son empreinte.

    `par` vide : la tâche de fond qui suit la dernière signature. Refait, il donne les mêmes octets,
    au sceau près s'il y en a un. Lève `SceauImpossible` plutôt que de le garder sans son sceau.
    """
    if par is not None and not peut(par, Acte.CONDUIRE, campagne.document.contrat):
        raise PermissionDenied("Assembler les signatures : votre rôle ne le permet pas.")
    if campagne.etat != EtatCampagne.COMPLETE:
        raise TransitionImpossible("Le PDF s'assemble une fois toutes les signatures reçues.")
    if campagne.assemblage and sceau.est_regle():
        return campagne.assemblage  # un second sceau aurait une autre heure
    octets = produire(campagne)
    if sceau.est_regle():
        octets = sceau.sceller(octets)
    empreinte = hashlib.sha256(octets).hexdigest()
    stockage.garder(octets, f"{empreinte[:2]}/{empreinte}.pdf")
    with transaction.atomic():
        lignes = CampagneSignature.objects.filter(
            pk=campagne.pk, etat=EtatCampagne.COMPLETE, terminee_le=campagne.terminee_le
        )
        if not lignes.exclude(assemblage=empreinte).update(assemblage=empreinte):
            return empreinte
        faits = {"campagne": str(campagne.public_id), "empreinte": empreinte}
        document = str(campagne.document.public_id)
        journal.inscrire(
            ActeInscrit.ASSEMBLER, par=par.pk if par else None, document=document, **faits
        )
    campagne.assemblage = empreinte
    return empreinte


def produire(campagne: CampagneSignature) -> bytes:
    """Les octets du PDF final."""
    signataires = list(campagne.signataires.pour_page())
    rendues = [_rendue(s) for s in signataires if s.a_signe]
    envoye = stockage.octets_de(campagne.document)
    contexte = _contexte(campagne, signataires, rendues)
    page = rendu.typographier(render_to_string("pdf/signatures.html", contexte))
    identifiant = hashlib.sha256(f"signatures/{campagne.public_id}".encode()).hexdigest()[:32]
    jointes = [_jointe("00-document-envoye.pdf", envoye, campagne, "Le document envoyé", "Source")]
    jointes += [
        _jointe(
            r.nom_joint, r.octets, campagne, str(r.signataire), LIENS[GenrePiece(r.piece.genre)]
        )
        for r in rendues
    ]
    octets = rendu.imprimer(page, identifiant.encode(), jointes)
    return _reunir(envoye, octets, [r for r in rendues if r.pages_jointes])


def _contexte(
    campagne: CampagneSignature, signataires: list[Signataire], rendues: list[Rendue]
) -> dict[str, Any]:
    return {
        "campagne": campagne,
        "document": campagne.document,
        "contrat": campagne.document.contrat,
        "rendues": rendues,
        "temoins": [s for s in signataires if s.partie_id is None],
    }


def _rendue(signataire: Signataire) -> Rendue:
    """La dernière pièce reçue : celle du constat qui vaut."""
    piece = signataire.pieces.order_by("-recue_le", "-pk")[0]
    octets = stockage.lire(piece.chemin)
    if hashlib.sha256(octets).hexdigest() != piece.empreinte:
        raise stockage.OctetsAlteres(f"Les octets gardés de « {piece} » ont été changés.")
    return Rendue(signataire, piece, octets)


def _jointe(nom: str, octets: bytes, campagne: CampagneSignature, dit: str, lien: str) -> Jointe:
    return Jointe(nom, octets, dit, campagne.terminee_le, lien)


def _reunir(envoye: bytes, bordereau: bytes, suites: list[Rendue]) -> bytes:
    """La copie du document, le bordereau, puis les pages numérisées en PDF.

    La copie se lit ; l'original, joint, fait foi et reste balisé. Le fichier ne se dit donc plus
    PDF/UA, que PDF/A-3b, et plus PDF/A du tout si une page numérisée, qui ne l'est pas, le suit.
    """
    sortie = io.BytesIO()
    with pikepdf.open(io.BytesIO(bordereau)) as pdf, pikepdf.open(io.BytesIO(envoye)) as document:
        nombre = len(document.pages)
        for rang, page in enumerate(document.pages):
            for cle in ("/StructParents", "/Annots", "/AA"):
                if cle in page:
                    del page[cle]
            pdf.pages.insert(rang, page)
        with pdf.open_outline() as signets:
            signets.root.insert(0, pikepdf.OutlineItem("Le document (copie)", 0))
            for rendue in suites:
                titre = f"Page signée : {rendue.signataire.pour}"
                signets.root.append(pikepdf.OutlineItem(titre, len(pdf.pages)))
                with pikepdf.open(io.BytesIO(rendue.octets)) as scan:
                    pdf.pages.extend(scan.pages)
        chiffres = pikepdf.Dictionary(S=pikepdf.Name.D)
        signees = pikepdf.Dictionary(S=pikepdf.Name.D, P=pikepdf.String("Signatures "))
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, chiffres, nombre, signees]))
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadonnees:
            metadonnees["pdfaid:conformance"] = "B"
            metadonnees.pop("pdfuaid:part", None)
            for cle in ("pdfaid:part", "pdfaid:conformance") if suites else ():
                metadonnees.pop(cle, None)
        pdf.save(
            sortie,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )
    return sortie.getvalue()
