"""Suite de tests : base à part, mots de passe rapides, courriels en mémoire, tâches immédiates."""

import os
import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, STORAGES

DEBUG = False
DEMONSTRATION = True
SECRET_KEY = "cle-des-tests"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Les fichiers statiques se servent depuis leurs sources, sans collecte préalable.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600  # un navigateur ne les redemande pas à chaque page

MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
STORAGES["documents"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
API_DEBITS = {"anonyme": 0, "compte": 0}  # `tests/api/test_debit.py` les règle
DOUBLE_FACTEUR_OBLIGATOIRE = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

# SQLite : un fichier, comme en service. En mémoire, les fils du serveur de test et le test
# partageraient une seule connexion, et deux requêtes à la fois s'y mêlent.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    _dossier = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())  # noqa: S108
    DATABASES["default"]["TEST"] = {"NAME": _dossier / f"reciproque-{os.getpid()}.sqlite3"}
elif _modele := os.environ.get("BASE_MODELE"):  # migrée d'avance par `tests/base_modele.py`
    DATABASES["default"]["TEST"] = {"TEMPLATE": _modele.rpartition("/")[2]}

# La machine des tests est partagée : l'examen d'un PDF signé y attend son tour.
SIGNATURE_DELAI = 120
