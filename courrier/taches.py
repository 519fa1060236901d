"""Tâches de fond du courrier."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from courrier import envoi


@task()
def vider_la_boite() -> int:
    """Envoie tout ce qui attend ; rend le nombre de courriels partis.

    Chaque dépôt en demande une : ce qu'une tâche tuée a laissé part avec la suivante.
    """
    bilan = envoi.envoyer()
    if bilan.prochain_essai is not None:
        reprendre_a(bilan.prochain_essai)
    return bilan.envoyes


def reprendre_a(delai: timedelta) -> None:
    """Redemande une tâche plus tard, si le moteur de tâches sait attendre."""
    if vider_la_boite.get_backend().supports_defer:
        vider_la_boite.using(run_after=timezone.now() + delai).enqueue()
