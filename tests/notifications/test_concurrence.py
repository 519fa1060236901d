"""Quatre passages ensemble, sur PostgreSQL ; `test_tue` le fait sur SQLite, par des processus."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from courrier.models import Courriel
from notifications import envoi
from notifications.enums import Cadence
from notifications.models import Notification
from tests.notifications.conftest import membre
from tests.notifications.factories import NotificationFactory, PreferenceFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.lent,
    # Des fils partagent la base en mémoire de SQLite, qui ne sait pas attendre un verrou.
    pytest.mark.skipif(not connection.features.has_select_for_update, reason="SQLite : test_tue"),
]
PERSONNES = 8


@pytest.mark.parametrize("cadence", Cadence.par_courriel())
def test_quatre_passages_ensemble_n_ecrivent_qu_une_fois(soumise, relectrice, cadence):
    passage = soumise.transitions.get()
    for _ in range(PERSONNES - 1):
        NotificationFactory(passage=passage, destinataire=membre(soumise, "copilote"))
    Courriel.objects.all().delete()
    Notification.objects.update(envoyee_le=None)
    for destinataire in Notification.objects.values_list("destinataire", flat=True):
        PreferenceFactory(utilisateur_id=destinataire, utilisateur=None, cadence=cadence)
    depart = Barrier(4)

    def passer(_):
        depart.wait()
        try:
            return envoi.envoyer(cadence)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as fils:
        assert sum(fils.map(passer, range(4))) == PERSONNES
    assert Courriel.objects.values("destinataire").distinct().count() == PERSONNES
    assert Courriel.objects.count() == PERSONNES
    assert not Notification.objects.filter(envoyee_le=None).exists()
