"""Les fichiers préparés qui ont fait leur temps : qui les veut encore les redemande, refaits."""

import datetime

from documents.figes import stockage
from documents.models import Preparation


def purger(avant: datetime.datetime) -> int:
    """Efface les préparations demandées avant cet instant, et leurs octets ; rend leur nombre.

    Un document figé n'est jamais à nous : ses octets et sa ligne restent. Des octets que garde une
    préparation plus récente restent aussi. Rejouable : la ligne part avant ses octets.
    """
    nombre = 0
    for preparation in Preparation.objects.filter(demandee_le__lt=avant).order_by("pk").iterator():
        chemin = preparation.chemin if preparation.empreinte else ""
        nombre += bool(preparation.delete()[0])
        memes = Preparation.objects.filter(empreinte=preparation.empreinte)
        if chemin and not any(autre.chemin == chemin for autre in memes):
            stockage.depot().delete(chemin)
    return nombre
