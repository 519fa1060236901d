"""Le poids d'une première visite, dans un vrai Chromium, fichiers servis comme en production.

WhiteNoise sert la collecte compressée. Le HTML se compresse au mandataire, pas dans l'application
(ETag forts, BREACH) : il est compté à sa taille gzip, niveau 6 comme nginx et Caddy l'envoient.
"""

import gzip

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.test.testcases import LiveServerThread

from portail.budgets import BUDGETS
from tests.portail.factories import plateforme

POIDS_MAX = 60_000
REQUETES_MAX = 6
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.navigateur]


@pytest.fixture
def comme_en_production(settings, tmp_path):
    """Collecte compressée, noms à empreinte, WhiteNoise dans la chaîne des intergiciels."""
    settings.STATIC_ROOT = tmp_path / "statiques"
    settings.WHITENOISE_AUTOREFRESH = False
    settings.WHITENOISE_USE_FINDERS = False
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    storages._storages.clear()
    call_command("collectstatic", interactive=False, verbosity=0)
    serveur = LiveServerThread("127.0.0.1", static_handler=lambda application: application)
    serveur.daemon = True
    serveur.start()
    serveur.is_ready.wait()
    yield f"http://127.0.0.1:{serveur.port}"
    serveur.terminate()
    storages._storages.clear()


def mesurer(chromium, adresse):
    """Octets sur le fil d'une première visite, par ressource, et messages de la console."""
    contexte = chromium.new_context(viewport={"width": 1280, "height": 900})
    onglet, recues, console = contexte.new_page(), [], []
    onglet.on("console", lambda message: console.append(message.text))
    onglet.on("requestfinished", lambda requete: recues.append(requete))
    onglet.goto(adresse, wait_until="networkidle")
    poids = {}
    for requete in recues:
        html = "text/html" in requete.response().headers["content-type"]
        envoye = requete.sizes()["responseBodySize"]
        corps = requete.response().body()
        poids[requete.url] = len(gzip.compress(corps, 6)) if html else envoye
    contexte.close()
    return poids, console


def test_chaque_page_publique_tient_dans_son_poids_et_ses_requetes(chromium, comme_en_production):
    plateforme(3)
    for budget in BUDGETS:
        poids, console = mesurer(chromium, comme_en_production + budget.adresse())
        assert console == [], f"{budget.nom} : {console}"
        assert all(url.startswith(comme_en_production) for url in poids), poids
        assert len(poids) <= REQUETES_MAX, f"{budget.nom} : {list(poids)}"
        assert sum(poids.values()) <= POIDS_MAX, f"{budget.nom} : {poids}"
        assert len(poids) >= 3, "la page, sa feuille et une police au moins"
