"""Le redline : pièce à pièce, ce qui a changé entre le contrat et le fichier revenu."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from contrats.models import Contrat, Fiche
from reprise.retour.docx import en_docx
from reprise.retour.pieces import Piece, pieces_du_contrat
from reprise.retour.relecture import relire
from texte.differences import Morceau, au_mot, en_html


@dataclass(frozen=True)
class Changement:
    """Une pièce changée : le texte en vigueur, le texte revenu, et leurs différences au mot."""

    piece: Piece
    avant: str
    apres: str
    absente: bool = False

    @property
    def cle(self) -> str:
        return self.piece.cle

    @property
    def morceaux(self) -> list[Morceau]:
        return au_mot(self.avant, self.apres)

    @property
    def html(self) -> SafeString:
        return en_html(self.morceaux)


def fiches_de(contrat: Contrat, seule: Fiche | None = None) -> list[Fiche]:
    if seule is not None:
        return [seule]
    vivantes = Fiche.objects.vivantes().filter(contrat=contrat).select_related("modele", "axe")
    return list(vivantes.order_by("ordre", "pk"))


def exporter(contrat: Contrat, seule: Fiche | None = None) -> bytes:
    """Le contrat, ou une de ses fiches, en DOCX."""
    fiches = fiches_de(contrat, seule)
    version = f"Version {seule.version if seule else contrat.version}"
    entier = seule is None
    pieces = pieces_du_contrat(contrat, fiches, entier=entier)
    return en_docx(contrat, pieces, version=version, entier=entier)


def comparer(contrat: Contrat, octets: bytes, seule: Fiche | None = None) -> list[Changement]:
    """Les pièces changées, dans l'ordre du contrat ; vide si rien n'a bougé.

    Le texte en vigueur passe par le même aller-retour que le fichier : une différence de forme
    entre Markdown et Word n'est pas un changement.
    """
    pieces = pieces_du_contrat(contrat, fiches_de(contrat, seule), entier=seule is None)
    actuel = relire(en_docx(contrat, pieces, version=""), pieces)
    revenu = relire(octets, pieces)
    # Une partie dont rien ne revient n'était pas dans le fichier (export d'une seule fiche), ou en
    # a été ôtée en entier : un retour ne supprime ni fiche ni article.
    revenus = {piece.groupe for piece in pieces if piece.cle in revenu}
    changements = []
    for piece in pieces:
        avant, apres = actuel.get(piece.cle, ""), revenu.get(piece.cle, "")
        if avant != apres and piece.groupe in revenus:
            changements.append(Changement(piece, avant, apres, piece.cle not in revenu))
    return changements
