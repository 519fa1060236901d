"""Poste de développement et démonstration : rien à régler."""

from config.settings.base import *  # noqa: F403
from config.settings.base import API_DEBITS, STATIC_ROOT, STORAGES, env

DEBUG = env.bool("DEBUG", default=False)
DEMONSTRATION = env.bool("DEMONSTRATION", default=True)
SECRET_KEY = "cle-de-demonstration-sans-valeur-jamais-admise-en-production"  # noqa: S105

# Les comptes de démonstration s'essaient sans second facteur.
DOUBLE_FACTEUR_OBLIGATOIRE = env.bool("DOUBLE_FACTEUR_OBLIGATOIRE", default=False)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

# La démonstration s'essaie par des scripts, souvent d'une seule adresse.
API_DEBITS = {**API_DEBITS, "anonyme": env.int("API_DEBIT_ANONYME", default=600)}

# Fichiers empreints et compressés comme en production s'ils ont été collectés (`make demo`),
# servis depuis leurs sources sinon.
if (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
else:
    WHITENOISE_AUTOREFRESH = True
    WHITENOISE_USE_FINDERS = True

# Les erreurs se lisent dans le terminal, mise au point ou non.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"terminal": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
}
