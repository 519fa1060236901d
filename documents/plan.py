"""Le plan d'un document : ses pièces, dans l'ordre du sommaire et des pages.

Ajouter une pièce au PDF, c'est ajouter une ligne à `plan()` et un gabarit `templates/pdf/pieces/`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils.text import capfirst

from contrats.enums import ContenuAnnexe, NatureAxe
from contrats.models import Annexe, Axe
from contrats.presentation.contrat import pluriel
from documents.document import Document
from documents.lecture import FicheLue


@dataclass(frozen=True)
class Piece:
    """Une entrée du sommaire : son ancre, son titre, le gabarit qui l'imprime et ce qu'il lit."""

    ancre: str
    titre: str
    gabarit: str
    objet: Any = None
    surtitre: str = ""
    page_neuve: bool = False
    dans_l_annexe: bool = False

    @property
    def entree(self) -> str:
        """Au sommaire et dans les signets : « Article 1. Objet », « Fiche 4. Titre »."""
        if self.gabarit == "fiche" and self.objet.total > 1:
            return f"Fiche {self.objet.rang}. {self.titre}"
        return f"{self.surtitre}. {capfirst(self.titre)}" if self.surtitre else self.titre

    @property
    def chemin(self) -> str:
        return f"pdf/pieces/{self.gabarit}.html"


@dataclass(frozen=True)
class Noeud:
    """Un axe, ses enfants et les fiches qui s'y rattachent."""

    axe: Axe
    enfants: list["Noeud"] = field(default_factory=list)
    fiches: list[FicheLue] = field(default_factory=list)

    @property
    def est_developpe(self) -> bool:
        """Il porte plus que son intitulé."""
        return bool(self.axe.texte or self.enfants)


def plan(document: Document) -> list[Piece]:
    """Les pièces du document ; une pièce sans contenu n'y figure pas."""
    if not document.entier:
        return [_fiche(fiche) for fiche in document.fiches]
    return [*_corps(document), *_signatures(document), *_annexes(document)]


def _corps(document: Document) -> Iterator[Piece]:
    contrat = document.contrat
    if contrat.parties.all():
        yield Piece("parties", "Les parties", "parties")
    yield Piece("essentiel", "L’essentiel", "essentiel")
    if contrat.etapes.all():
        yield Piece("chronologie", "Chronologie", "chronologie")
    if contrat.preambule:
        yield Piece("preambule", "Préambule", "preambule")
    engagements = list(contrat.engagements.all())
    for article in contrat.articles.all():
        siens = [e for e in engagements if e.article_id == article.pk]
        yield Piece(
            f"article-{article.numero}",
            article.titre,
            "article",
            {"article": article, "engagements": siens},
            f"Article {article.numero}",
        )
    if libres := [e for e in engagements if e.article_id is None]:
        yield Piece("engagements", "Engagements", "engagements", libres)
    for nature, noeuds in groupby(_arbre(document), key=lambda noeud: noeud.axe.nature):
        freres = list(noeuds)
        famille = {
            "noeuds": freres,
            "annonce": _annonce(document, nature),
            "developpes": any(noeud.est_developpe for noeud in freres),
        }
        yield Piece(f"axes-{nature}", pluriel(NatureAxe(nature).label), "axes", famille)
    if contrat.instances.all():
        yield Piece("gouvernance", "Gouvernance", "gouvernance")
    if document.actions_sans_fiche:
        yield Piece("actions", "Actions", "actions", document.actions_sans_fiche)


def _signatures(document: Document) -> Iterator[Piece]:
    if document.contrat.signatures.all():
        yield Piece("signatures", "Signatures", "signatures")


def _annexes(document: Document) -> Iterator[Piece]:
    """Les annexes ; les fiches suivent celle qui les annonce, ou ferment le document."""
    a_imprimer = document.fiches
    for rang, annexe in enumerate(document.contrat.annexes.all()):
        yield Piece(
            f"annexe-{annexe.numero}",
            annexe.intitule,
            "annexe",
            annexe,
            f"Annexe {annexe.numero}",
            page_neuve=rang == 0,
        )
        if annexe.contenu == ContenuAnnexe.FICHES:
            yield from (_fiche(fiche, annexe) for fiche in a_imprimer)
            a_imprimer = []
    yield from (_fiche(fiche) for fiche in a_imprimer)


def _fiche(lue: FicheLue, annexe: Annexe | None = None) -> Piece:
    rang = f"fiche {lue.rang} sur {lue.total}" if lue.total > 1 else "fiche"
    surtitre = f"Annexe {annexe.numero}, {rang}" if annexe else rang.capitalize()
    return Piece(
        lue.ancre,
        lue.fiche.titre,
        "fiche",
        lue,
        surtitre,
        page_neuve=True,
        dans_l_annexe=annexe is not None,
    )


def _annonce(document: Document, nature: str) -> str:
    """Ce que le texte annonce, quand ce n'est pas ce qu'il décrit (6 orientations, 3 décrites)."""
    decrits = sum(axe.nature == nature for axe in document.contrat.axes.all())
    for annonce in document.contrat.annonces.all():
        if annonce.objet in {nature, f"{nature}s"} and annonce.nombre != decrits:
            return (
                f"Le texte annonce « {annonce.libelle} » : "
                f"{annonce.nombre} sont annoncés, {decrits} sont décrits."
            )
    return ""


def _arbre(document: Document) -> list[Noeud]:
    noeuds = {
        axe.pk: Noeud(axe, fiches=[f for f in document.fiches if f.fiche.axe_id == axe.pk])
        for axe in document.contrat.axes.all()
    }
    racines: list[Noeud] = []
    for noeud in noeuds.values():
        parent = noeuds.get(noeud.axe.parent_id or 0)
        (parent.enfants if parent else racines).append(noeud)
    return racines
