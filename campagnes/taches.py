"""Les relances, en tâche de fond : à leur date, une fois."""

import datetime

from django.db import transaction
from django.tasks import task
from django.utils import timezone

from campagnes import courriels
from campagnes.enums import EtatCampagne
from campagnes.models import Relance

HEURE = datetime.time(8, 0)


@task()
def faire_les_relances() -> int:
    """Fait toutes les relances dont le jour est venu ; rend le nombre de courriels déposés.

    Rejouable : une relance faite ne se refait pas, et la clé d'un courriel l'empêche de doubler.
    """
    aujourd_hui = timezone.localdate()
    venues = Relance.objects.filter(
        faite_le=None,
        le__lte=aujourd_hui,
        campagne__etat=EtatCampagne.OUVERTE,
        campagne__fin__gte=aujourd_hui,
    )
    return sum(_faire(relance) for relance in venues.select_related("campagne__cree_par"))


@transaction.atomic
def _faire(relance: Relance) -> int:
    """Réclame la relance et dépose ses courriels d'un bloc : tuée, elle reste à faire."""
    if not Relance.objects.filter(pk=relance.pk, faite_le=None).update(faite_le=timezone.now()):
        return 0
    restants = relance.campagne.destinataires.joignables().silencieux()
    silencieux = list(restants.select_related("campagne__contrat", "campagne__cree_par"))
    for destinataire in silencieux:
        courriels.relancer(relance.pk, destinataire)
    Relance.objects.filter(pk=relance.pk).update(nombre=len(silencieux))
    return len(silencieux)


def prevoir(le: datetime.date) -> None:
    """Demande la tâche pour le matin de ce jour, ou tout de suite s'il est là ; après l'acte.

    Un moteur qui ne sait pas attendre s'en remet à `manage.py relancer_campagnes`, chaque matin.
    """
    if le <= timezone.localdate():
        transaction.on_commit(faire_les_relances.enqueue)
    elif faire_les_relances.get_backend().supports_defer:
        quand = timezone.make_aware(datetime.datetime.combine(le, HEURE))
        transaction.on_commit(faire_les_relances.using(run_after=quand).enqueue)
