"""Réglages de `bench.service` : ceux de tous, et les fichiers statiques collectés à part."""

import os

from config.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = "cle-de-la-mesure-du-service"  # noqa: S105
STATIC_ROOT = os.environ["STATIQUES"]
DOUBLE_FACTEUR_OBLIGATOIRE = False
