"""Journal de production : une ligne JSON par événement, sur la sortie standard."""

import datetime
import json
import logging
from typing import Any

from edition.requete import numero


class FormateurJson(logging.Formatter):
    """Heure universelle, niveau, source, numéro de requête, message et trace d'erreur.

    Rien de la requête n'est écrit hors du message (ni formulaire, ni témoin de connexion), et un
    retour à la ligne glissé dans un message ne fait pas une seconde ligne.
    """

    def format(self, record: logging.LogRecord) -> str:
        ligne: dict[str, Any] = {
            "le": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(),
            "niveau": record.levelname,
            "source": record.name,
            "message": record.getMessage(),
        }
        if numero.get():
            ligne["requete"] = numero.get()
        if record.exc_info:
            ligne["erreur"] = self.formatException(record.exc_info)
        return json.dumps(ligne, ensure_ascii=False)


JOURNAL = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.journal.FormateurJson"}},
    "handlers": {
        "sortie": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
        }
    },
    "root": {"handlers": ["sortie"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["sortie"], "level": "INFO", "propagate": False},
        # Chaque étape d'un rendu serait une ligne : seuls ses avertissements comptent.
        "weasyprint": {"level": "WARNING"},
        "weasyprint.progress": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        # Un nom d'hôte inconnu est le bruit ordinaire d'Internet, pas une erreur.
        "django.security.DisallowedHost": {
            "handlers": ["sortie"],
            "level": "CRITICAL",
            "propagate": False,
        },
    },
}
