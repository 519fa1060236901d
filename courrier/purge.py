"""Effacer les courriels partis depuis longtemps : adresse, sujet, texte."""

import datetime

from courrier.enums import EtatCourriel
from courrier.models import Courriel


def purger(avant: datetime.datetime) -> int:
    """Efface ceux qui sont partis avant ; ce qui attend ou a échoué reste à décider."""
    nombre, _ = Courriel.objects.filter(etat=EtatCourriel.ENVOYE, envoye_le__lt=avant).delete()
    return nombre
