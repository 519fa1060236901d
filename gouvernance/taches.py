"""Chaque jour : rappeler les sessions qui viennent, effacer les inscrits des anciennes."""

import datetime

from django.tasks import task
from django.utils import timezone

from gouvernance import courriels_session, inscriptions
from gouvernance.enums import StatutSession
from gouvernance.models import Session

HORIZON = datetime.timedelta(days=365)  # nul rappel ne se règle de si loin


@task()
def tenir_les_sessions() -> int:
    """Dépose les rappels du jour et purge ; rend le nombre de rappels. Rejouable."""
    aujourd_hui = timezone.localdate()
    nombre = 0
    a_venir = Session.objects.filter(
        statut=StatutSession.PUBLIEE, le__gte=aujourd_hui, le__lte=aujourd_hui + HORIZON
    )
    for session in a_venir.order_by("pk"):
        if session.le - datetime.timedelta(days=session.rappel) <= aujourd_hui:
            for inscription in session.inscriptions.inscrites().select_related("session"):
                courriels_session.rappeler(inscription)
                nombre += 1
    passees = Session.objects.filter(purgee_le=None, le__lt=aujourd_hui)
    for session in passees.order_by("pk"):
        inscriptions.purger(session)
    return nombre
