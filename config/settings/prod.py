"""Production : refuse de démarrer, en disant quoi faire, si un réglage manque ou est faible.

Se règle par variables d'environnement ; `SECRET_KEY` et `ALLOWED_HOSTS` sont obligatoires,
`DATABASE_URL` est conseillée (PostgreSQL). Derrière un mandataire qui termine HTTPS, indiquez
l'en-tête qu'il pose : `SECURE_PROXY_SSL_HEADER=X-Forwarded-Proto`.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from config.journal import JOURNAL
from config.production import fautes
from config.settings.base import *  # noqa: F403
from config.settings.base import ALLOWED_HOSTS, STORAGES, env

if constats := fautes(os.environ):
    raise ImproperlyConfigured("\n".join(["Réglages de production à corriger :", *constats]))

DEBUG = False
DEMONSTRATION = False
SECRET_KEY = env.str("SECRET_KEY")

# HTTPS partout, et pour au moins un an
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
if en_tete := env.str("SECURE_PROXY_SSL_HEADER", default=""):
    SECURE_PROXY_SSL_HEADER = (f"HTTP_{en_tete.upper().replace('-', '_')}", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = env.int("MANDATAIRES", default=1)
SECURE_HSTS_SECONDS = 63_072_000  # deux ans
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# `__Host-` : le navigateur refuse ce biscuit d'un sous-domaine, ou sans HTTPS.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Noms empreints et fichiers compressés, faits par `manage.py collectstatic`
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

# Courriels : par le serveur de la machine, tant que l'exploitant n'en indique pas un autre.
# Un serveur muet est coupé : il ne retient pas l'ouvrier.
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": env.str("EMAIL_HOST", default="localhost"),
            "port": env.int("EMAIL_PORT", default=25),
            "username": env.str("EMAIL_HOST_USER", default=""),
            "password": env.str("EMAIL_HOST_PASSWORD", default=""),
            "use_tls": env.bool("EMAIL_USE_TLS", default=False),
            "timeout": 30,
        },
    }
}
DOMAINE = ALLOWED_HOSTS[0].lstrip(".")
ADRESSE_DU_SITE = env.str("ADRESSE_DU_SITE", default=f"https://{DOMAINE}")
DEFAULT_FROM_EMAIL = env.str("EXPEDITEUR", default=f"Réciproque <ne-pas-repondre@{DOMAINE}>")

LOGGING = JOURNAL
