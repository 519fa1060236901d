"""Vitesse de l'API, en rapports dans un même passage : `python -m bench.api`.

Trois routes de même sortie (vérifiée) passent par le serveur WSGI de Django, tour à tour : le
curseur brut + orjson (plancher), notre route, un ModelViewSet DRF ordinaire. `DATABASE_URL`
choisit le moteur ; la base de mesure est créée puis détruite.
"""

import io
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

TOURS_PAGE, TOURS_EXPORT = 40, 5
OBJECTIFS = {"page de 100": 2.5, "export entier": 2.0}
ROUTES = {
    "page de 100": {
        "brut": "/brut/page/",
        "api": "/api/v1/actions/?limit=100",
        "drf": "/drf/?limit=100",
    },
    "export entier": {
        "brut": "/brut/export/",
        "api": "/api/v1/actions/?format=json-complet",
        "drf": "/drf/?limit=100000",
    },
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from django.conf import settings
    from django.db import connection

    from bench.donnees import semer

    settings.ROOT_URLCONF = "bench.repere"
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    with tempfile.TemporaryDirectory() as dossier:
        nom = str(Path(dossier) / "bench.sqlite3") if connection.vendor == "sqlite" else "bench_api"
        connection.settings_dict["TEST"]["NAME"] = nom
        ancien = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            semer()
            if connection.vendor == "postgresql":
                connection.cursor().execute("ANALYZE")
            mesurer(connection.vendor)
        finally:
            connection.creation.destroy_test_db(ancien, verbosity=0)


def mesurer(moteur: str) -> None:
    """Imprime, par mesure, la médiane de chaque route et son rapport au plancher."""
    from django.core.wsgi import get_wsgi_application

    appeler = appelant(get_wsgi_application())
    print(f"API, {moteur} : 20 000 actions, 80 000 partenariats")
    for mesure, routes in ROUTES.items():
        corps = {nom: triees(appeler(adresse)) for nom, adresse in routes.items()}
        if not corps["brut"] == corps["api"] == corps["drf"]:
            raise SystemExit(f"{mesure} : les routes ne rendent pas la même chose.")
        tours = TOURS_PAGE if mesure == "page de 100" else TOURS_EXPORT
        durees: dict[str, list[float]] = {nom: [] for nom in routes}
        for tour in range(tours):
            for nom, adresse in routes.items():
                if nom == "drf" and tour and mesure == "export entier":
                    continue  # une minute par passage : un seul suffit à situer
                debut = time.perf_counter()
                appeler(adresse)
                durees[nom].append((time.perf_counter() - debut) * 1000)
        medianes = {nom: statistics.median(valeurs) for nom, valeurs in durees.items()}
        plancher = medianes["brut"]
        for nom, mediane in medianes.items():
            print(f"  {mesure:<14} {nom:<5} {mediane:9.1f} ms  {mediane / plancher:5.2f} × brut")
        rapport = medianes["api"] / plancher
        atteint = "atteint" if rapport <= OBJECTIFS[mesure] else "MANQUÉ"
        print(f"  {mesure:<14} objectif {OBJECTIFS[mesure]} × : {rapport:.2f}, {atteint}")


def appelant(application: Callable) -> Callable[[str], bytes]:
    """Appelle l'application WSGI comme un serveur, et lit toute la réponse."""

    def appeler(adresse: str) -> bytes:
        chemin, _, question = adresse.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": chemin,
            "QUERY_STRING": question,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": "http",
        }
        statuts: list[str] = []
        reponse = application(environ, lambda statut, entetes: statuts.append(statut))
        try:
            corps = b"".join(reponse)
        finally:
            reponse.close()
        if statuts != ["200 OK"]:
            raise SystemExit(f"{adresse} répond {statuts} : {corps[:300]!r}")
        return corps

    return appeler


def triees(octets: bytes) -> list[dict]:
    """Les objets d'une réponse, par identifiant : les routes n'ont pas toutes le même ordre."""
    return sorted(json.loads(octets)["results"], key=lambda objet: objet["id"])


if __name__ == "__main__":
    main()
