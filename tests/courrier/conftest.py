import threading

import pytest

from tests.courrier.serveur_smtp import ServeurSmtp


@pytest.fixture
def serveur_smtp():
    serveur = ServeurSmtp()
    fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.01})
    fil.start()
    yield serveur
    serveur.shutdown()
    serveur.server_close()
    fil.join()


@pytest.fixture
def hors_demonstration(settings, serveur_smtp):
    """Envoi réel, vers le serveur de la boucle locale."""
    settings.DEMONSTRATION = False
    options = {"host": "127.0.0.1", "port": serveur_smtp.port, "timeout": 5}
    moteur = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": moteur, "OPTIONS": options}}
    return serveur_smtp
