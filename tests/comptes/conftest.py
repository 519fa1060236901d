import threading

import pytest

from tests.comptes.serveur_oidc import CLIENT, SECRET, ServeurOidc


@pytest.fixture
def proconnect(settings):
    """ProConnect réglé vers un fournisseur de la boucle locale."""
    serveur = ServeurOidc()
    fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.01})
    fil.start()
    settings.PROCONNECT = True
    settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = CLIENT, SECRET
    settings.OIDC_OP_ISSUER = serveur.emetteur
    for nom, chemin in {
        "AUTHORIZATION": "authorize",
        "TOKEN": "token",
        "USER": "userinfo",
        "JWKS": "jwks",
        "LOGOUT": "session/end",
    }.items():
        setattr(settings, f"OIDC_OP_{nom}_ENDPOINT", f"{serveur.emetteur}/{chemin}")
    settings.AUTHENTICATION_BACKENDS = [
        *settings.AUTHENTICATION_BACKENDS,
        "comptes.proconnect.ProConnect",
    ]
    yield serveur
    serveur.shutdown()
    serveur.server_close()
    fil.join()
