"""Tâches de fond des notifications."""

from django.tasks import task

from notifications import envoi
from notifications.enums import Cadence


@task()
def envoyer_les_immediates() -> int:
    """Envoie ce qui attend un courriel immédiat ; ce qu'une tâche tuée a laissé part avec la
    suivante, ou avec `envoyer_resumes`."""
    return envoi.envoyer(Cadence.IMMEDIAT)
