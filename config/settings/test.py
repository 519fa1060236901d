"""Suite de tests : base à part, mots de passe rapides, courriels en mémoire, tâches immédiates."""

from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES

DEBUG = False
DEMONSTRATION = True
SECRET_KEY = "cle-des-tests"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Les fichiers statiques se servent depuis leurs sources, sans collecte préalable.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
STORAGES["documents"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
API_DEBITS = {"anonyme": 0, "compte": 0}  # `tests/api/test_debit.py` les règle
DOUBLE_FACTEUR_OBLIGATOIRE = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
