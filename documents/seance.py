"""Les documents d'une séance : dossier avant, relevé de décisions et procès-verbal après."""

import datetime
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from documents.imprime import Imprime
from documents.lecture import completer
from gouvernance import etat
from gouvernance.enums import EtatPresence, StatutSeance
from gouvernance.models import Convocation, Decision, Point, Seance
from gouvernance.seances import PageSeance
from indicateurs.lecture import lire_ecarts
from texte.dates import en_lettres

DOSSIER, RELEVE, PROCES_VERBAL = "dossier", "releve-de-decisions", "proces-verbal"
TITRES = {
    DOSSIER: "Dossier de séance",
    RELEVE: "Relevé de décisions",
    PROCES_VERBAL: "Procès-verbal",
}


class Detail(NamedTuple):
    """Un point de la séance, tel qu'il s'imprime."""

    point: Point
    changements: list[str]
    decisions: list[Decision]
    phrase: str  # ce que disait son indicateur


@dataclass(frozen=True)
class DocumentSeance(Imprime):
    """Une pièce d'une séance ; close, elle imprime l'état figé et ne change plus que par le suivi
    des décisions."""

    gabarit = "pdf/seance.html"
    feuilles = ("pdf/document.css",)

    contrat: Contrat
    seance: Seance
    piece: str
    page: PageSeance
    modifie_le: datetime.datetime
    site: str = ""

    @property
    def nature(self) -> str:
        return TITRES[self.piece]

    @property
    def titre(self) -> str:
        return f"{self.nature}, {self.seance} ({self.contrat.intitule_court})"

    @property
    def mention_de_version(self) -> str:
        return f"Séance du {en_lettres(self.seance.le)}"

    @property
    def bandeau(self) -> list[str]:
        return ["Séance de démonstration"] if self.est_de_demonstration else []

    @cached_property
    def est_de_demonstration(self) -> bool:
        fige = self.seance.etat_fige or {}
        actions = any(p.action.demonstration for p in self.points if p.action)
        return self.seance.demonstration or bool(fige.get("demonstration")) or actions

    @property
    def contenu(self) -> str:
        """« 4 points, 3 décisions »."""
        morceaux = []
        for nombre, mot in ((len(self.points), "point"), (len(self.decisions), "décision")):
            if nombre:
                morceaux.append(f"{nombre}\u00a0{mot}{'s' if nombre > 1 else ''}")
        return ", ".join(morceaux)

    @property
    def adresse(self) -> str:
        return self.site + self.seance.get_absolute_url()

    @property
    def nom_de_fichier(self) -> str:
        return f"{self.contrat.slug}-{self.piece}-{self.seance.le:%Y-%m-%d}.pdf"

    @property
    def identifiant(self) -> bytes:
        cle = f"{self.seance.public_id}/{self.piece}"
        return hashlib.sha256(cle.encode()).hexdigest()[:32].encode()

    # Ce qu'impriment les gabarits

    @cached_property
    def points(self) -> list[Point]:
        return self.page.points

    @cached_property
    def decisions(self) -> list[Decision]:
        return self.page.decisions

    @cached_property
    def presences(self) -> list[tuple[str, list[Convocation]]]:
        """Par présence, dans l'ordre du vocabulaire : la qualité, jamais le nom ni l'adresse."""
        toutes = list(self.seance.convocations.order_by("ordre", "pk"))
        groupes = [(p.label, [c for c in toutes if c.presence == p]) for p in EtatPresence]
        return [(mot, siens) for mot, siens in groupes if siens]

    @cached_property
    def avant(self) -> Seance | None:
        return etat.precedente(self.seance)

    @cached_property
    def comptes(self) -> list[dict[str, Any]]:
        """Les actions par état, à la séance précédente puis à celle-ci (figée, ou maintenant)."""
        present = self.seance.etat_fige
        if present is None and self.seance.statut != StatutSeance.CLOSE:
            present = etat.photographier(self.contrat)  # ce jour-là n'est pas aujourd'hui
        ancien = self.avant.etat_fige["comptes"] if self.avant and self.avant.etat_fige else {}
        return [{**ligne, "avant": ancien.get(ligne["statut"])} for ligne in etat.comptes(present)]

    @cached_property
    def detail(self) -> list[Detail]:
        """Chaque point, ce qui a changé depuis la séance précédente, ce qui s'y est décidé, ce que
        disait son indicateur."""
        changements = etat.Changements(self.avant)
        return [
            Detail(
                point,
                changements.de(point.action) if point.action and self.piece == DOSSIER else [],
                [d for d in self.decisions if d.point_id == point.pk],
                self._phrase(point),
            )
            for point in self.points
        ]

    def _phrase(self, point: Point) -> str:
        """Close, celle que la clôture a figée ; sinon, celle d'aujourd'hui."""
        indicateur = point.indicateur
        if indicateur is None or not self.page.lisibles.voit(point):
            return ""
        if self.seance.statut != StatutSeance.CLOSE:
            return lire_ecarts(indicateur, self.page.lecteur).titre
        figees = (self.seance.etat_fige or {}).get("indicateurs", {})
        return str(figees.get(str(indicateur.public_id), ""))


def contexte_seance(
    seance: Seance, piece: str, *, par: Utilisateur | AnonymousUser, site: str
) -> dict[str, Any] | None:
    """La pièce demandée ; None si elle n'existe pas (encore) pour ce lecteur.

    Le relevé d'une séance close est à qui la voit ; le reste, à qui a un rôle sur le contrat.
    """
    close = seance.statut == StatutSeance.CLOSE
    interne = peut(par, Acte.LIRE_ATELIER, seance.contrat)
    permises = {RELEVE: close, PROCES_VERBAL: close and interne, DOSSIER: interne}
    if not permises.get(piece):
        return None
    completer(seance.contrat, entier=False)
    page = PageSeance(seance, par)
    dates = [seance.modifie_le, *(d.modifie_le for d in page.decisions)]
    document = DocumentSeance(
        seance.contrat, seance, piece, page, max(dates).replace(microsecond=0), site.rstrip("/")
    )
    return {"document": document, "contrat": seance.contrat, "seance": seance, "fichiers": []}
