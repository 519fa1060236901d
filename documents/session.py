"""Pour l'organisateur d'une session : la liste d'émargement et les badges."""

import datetime
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from documents.imprime import Imprime
from gouvernance.models import Inscription, Session

INSCRITS, BADGES = "inscrits", "badges"
TITRES = {INSCRITS: "Liste des inscrits", BADGES: "Badges"}
GABARITS = {INSCRITS: "pdf/session_inscrits.html", BADGES: "pdf/session_badges.html"}


class Entete(NamedTuple):
    """Ce que le gabarit commun dit en tête de page."""

    intitule: str
    intitule_court: str


@dataclass(frozen=True)
class DocumentSession(Imprime):
    """Noms des inscrits : à l'organisateur seul, jamais en cache public."""

    feuilles = ("pdf/document.css", "pdf/session.css")

    session: Session
    piece: str
    modifie_le: datetime.datetime
    site: str = ""

    @property
    def gabarit(self) -> str:  # type: ignore[override]
        return GABARITS[self.piece]

    @property
    def titre(self) -> str:
        return f"{TITRES[self.piece]}, {self.session.intitule}"

    @property
    def auteurs(self) -> str:
        return self.session.organisateur

    @property
    def sujet(self) -> str:
        return f"{TITRES[self.piece]}, {self.session.le:%d/%m/%Y}."

    @property
    def mots_cles(self) -> list[str]:
        return [self.session.nature]

    @property
    def mention_de_version(self) -> str:
        return f"{self.session.le:%d/%m/%Y}"

    @property
    def est_de_demonstration(self) -> bool:
        return self.session.demonstration

    @property
    def bandeau(self) -> list[str]:
        interne = ["Données personnelles : ne pas diffuser"]
        return [*interne, "Session de démonstration"] if self.est_de_demonstration else interne

    @cached_property
    def inscrites(self) -> list[Inscription]:
        lignes = self.session.inscriptions.inscrites()
        return sorted(lignes, key=lambda i: (i.nom.casefold(), i.prenom.casefold(), i.rang))

    @cached_property
    def rangees(self) -> list[list[Inscription | None]]:
        """Les badges, deux par rangée."""
        paires = [self.inscrites[i : i + 2] for i in range(0, len(self.inscrites), 2)]
        return [[*paire, *[None] * (2 - len(paire))] for paire in paires]

    @property
    def nom_de_fichier(self) -> str:
        return f"{self.session.slug}-{self.piece}.pdf"

    @property
    def identifiant(self) -> bytes:
        cle = f"session/{self.session.slug}/{self.piece}"
        return hashlib.sha256(cle.encode()).hexdigest()[:32].encode()


def contexte_session(session: Session, piece: str, *, site: str) -> dict[str, Any] | None:
    """La pièce demandée ; None si elle n'existe pas."""
    if piece not in TITRES:
        return None
    modifie_le = session.modifie_le.replace(microsecond=0)
    document = DocumentSession(session, piece, modifie_le, site.rstrip("/"))
    entete = Entete(session.intitule, session.intitule)
    return {"document": document, "contrat": entete, "session": session, "fichiers": []}
