"""Efface ce qui a fait son temps, dans chaque paquet. À lancer chaque nuit ; rejouable."""

import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

import campagnes.purge
import courrier.purge
import documents.purge
import notifications.purge
from contrats import corbeille
from edition import brouillons, presence

# Effacée plus tôt, une échéance déjà annoncée s'annoncerait de nouveau (`contrats.evenements`).
MINIMUM = 60


class Command(BaseCommand):
    help = (
        "Efface brouillons (90 jours), fiches à la corbeille (30 jours), notifications, courriels "
        "envoyés, fichiers préparés, adresses et pièces des campagnes closes "
        "(réglages CONSERVER_…, en jours)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        maintenant = timezone.now()
        presence.purger(maintenant - datetime.timedelta(days=1))
        comptes = {
            "brouillon(s)": brouillons.purger(maintenant - brouillons.DUREE),
            "fiche(s) supprimée(s)": corbeille.purger(maintenant - corbeille.DUREE),
            "notification(s)": notifications.purge.purger(avant("CONSERVER_NOTIFICATIONS")),
            "courriel(s)": courrier.purge.purger(avant("CONSERVER_COURRIELS")),
            "fichier(s) préparé(s)": documents.purge.purger(avant("CONSERVER_PREPARATIONS")),
            **campagnes.purge.purger(avant("CONSERVER_CAMPAGNES")),
        }
        self.stdout.write(f"Effacés : {', '.join(f'{n} {mot}' for mot, n in comptes.items())}.")


def avant(reglage: str) -> datetime.datetime:
    """L'instant avant lequel on efface, d'après un réglage en jours."""
    jours = getattr(settings, reglage)
    if jours < MINIMUM:
        raise CommandError(f"{reglage}={jours} : gardez au moins {MINIMUM} jours.")
    return timezone.now() - datetime.timedelta(days=jours)
