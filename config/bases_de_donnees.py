"""Seul endroit qui sait quel moteur sert : SQLite par défaut, PostgreSQL par `DATABASE_URL`."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

# Ouvrir une connexion coûte autant que la plupart des requêtes : elle en sert plusieurs.
# Une écriture prend le verrou dès BEGIN : sans IMMEDIATE, deux lectures suivies d'écritures
# se bloquent l'une l'autre (mesures M2-M3 de la spécification).
GARDEE = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
OPTIONS_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        "PRAGMA busy_timeout=20000;"
    ),
}


def base_de_donnees(url: str, dossier: Path) -> dict[str, Any]:
    """Réglage `DATABASES["default"]` pour cette adresse ; vide : fichier SQLite dans `dossier`."""
    if not url:
        dossier.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{dossier / 'reciproque.sqlite3'}"
    reglage = environ.Env.db_url_config(url)
    moteur = reglage.get("ENGINE", "")
    if moteur.endswith("sqlite3"):
        return {**reglage, **GARDEE, "OPTIONS": OPTIONS_SQLITE}
    if moteur.endswith("postgresql"):
        return {**reglage, **GARDEE}
    raise ImproperlyConfigured(
        "DATABASE_URL doit commencer par « postgres:// » ou « sqlite:// » ; "
        "laissez-la vide pour le fichier SQLite par défaut."
    )
