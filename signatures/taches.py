"""Tâche de fond des signatures : assembler le PDF final."""

import logging

from django.tasks import task

from contrats.transitions import TransitionImpossible
from documents.figes.stockage import OctetsAlteres
from documents.rendu import RenduImpossible
from signatures.assemblage import assembler
from signatures.models import CampagneSignature
from signatures.sceau import SceauImpossible

alerte = logging.getLogger(__name__)


@task()
def assembler_le_pdf(campagne: int) -> str:
    """Assemble le PDF d'une campagne complète ; rend son empreinte, vide si ce n'est pas possible.

    Rejouable : les mêmes signatures donnent les mêmes octets. L'écran propose de recommencer.
    """
    lignes = CampagneSignature.objects.select_related("document__contrat")
    try:
        return assembler(lignes.get(pk=campagne), par=None)
    except (TransitionImpossible, RenduImpossible, OctetsAlteres, SceauImpossible):
        alerte.exception("Le PDF signé de la campagne %s n'a pas pu être assemblé.", campagne)
        return ""
