"""Ce qu'un parapheur sait faire, quel qu'il soit."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class ParapheurInjoignable(Exception):
    """Le parapheur ne répond pas, ou refuse : rien n'a changé, on recommencera."""


class EtatDossier(Enum):
    EN_COURS = "en cours"
    SIGNE = "signé"
    REFUSE = "refusé"
    INCONNU = "inconnu"


@dataclass(frozen=True)
class Dossier:
    """Un document à faire signer ; `reference` le nomme des deux côtés, une fois pour toutes."""

    reference: str
    intitule: str
    nom: str
    octets: bytes


@dataclass(frozen=True)
class Releve:
    """Où en est un dossier : les octets signés, ou le motif du refus."""

    etat: EtatDossier
    octets: bytes = b""
    motif: str = ""


class Parapheur(Protocol):
    """Un outil de signature. Chaque appel lève `ParapheurInjoignable` s'il échoue."""

    def envoyer(self, dossier: Dossier) -> str:
        """Confie le dossier et rend son identifiant. Renvoyé, il n'est pas créé deux fois."""

    def relever(self, identifiant: str) -> Releve:
        """Où il en est ; lire ne change rien."""
