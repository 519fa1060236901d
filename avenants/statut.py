"""Ce que vaut aujourd'hui le texte signé d'un contrat : en vigueur, ou remplacé par un avenant."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from avenants.models import Avenant
from contrats.models import Contrat
from texte.dates import en_lettres


@dataclass(frozen=True)
class Remplacement:
    """L'avenant qui a remplacé le texte signé, et la phrase qui le dit."""

    avenant: Avenant
    phrase: str


def remplacement(contrat: Contrat, le: datetime.date | None = None) -> Remplacement | None:
    """Le dernier avenant publié qui, à cette date, change le texte du contrat ; None : aucun.

    Un avenant sans effet (un PERR qui s'ajoute sans rien remplacer) laisse le texte en vigueur.
    """
    avenants = contrat.avenants.entres().filter(
        effet_le__lte=le or timezone.localdate(), contrat__publie_le__isnull=False
    )
    dernier = avenants.filter(effets__isnull=False).select_related("contrat").distinct().last()
    if dernier is None or dernier.effet_le is None:
        return None
    jour = en_lettres(dernier.effet_le)
    return Remplacement(dernier, f"Remplacé par l'{dernier.nom} le {jour}.")
