"""Effacer les notifications anciennes, lues ou non : l'objet, lui, garde son histoire."""

import datetime

from notifications.models import Notification


def purger(avant: datetime.datetime) -> int:
    """Efface celles d'avant ; rend leur nombre."""
    nombre, _ = Notification.objects.filter(cree_le__lt=avant).delete()
    return nombre
