"""Les parapheurs : confier un document à un outil de signature, relever ce qu'il en est.

Une interface, deux adaptateurs ; sans réglage, il n'y en a aucun et rien n'appelle le réseau.
"""

from django.conf import settings

from signatures.parapheurs.fichiers import ParapheurParFichiers
from signatures.parapheurs.interface import (
    Dossier,
    EtatDossier,
    Parapheur,
    ParapheurInjoignable,
    Releve,
)
from signatures.parapheurs.iparapheur import IParapheur

__all__ = [
    "Dossier",
    "EtatDossier",
    "Parapheur",
    "ParapheurInjoignable",
    "Releve",
    "parapheur",
]


def parapheur() -> Parapheur | None:
    """Celui que règle l'installation (`PARAPHEUR`), ou aucun."""
    if settings.PARAPHEUR == "fichiers":
        return ParapheurParFichiers(settings.PARAPHEUR_ENVOI, settings.PARAPHEUR_RETOUR)
    if settings.PARAPHEUR == "iparapheur":
        return IParapheur(settings.IPARAPHEUR)
    return None
