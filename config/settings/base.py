"""Réglages communs ; chaque environnement (dev, test, prod) les complète."""

from pathlib import Path

import environ
from django.utils.csp import CSP

from config.bases_de_donnees import base_de_donnees

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

DONNEES = env.path("DONNEES", default=str(BASE_DIR / "donnees"))
DATABASES = {"default": base_de_donnees(env.str("DATABASE_URL", default=""), Path(DONNEES()))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Mode démonstration : comptes et jeux d'essai admis, bandeau affiché sur toutes les pages.
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)

# Mentions légales : qui publie cette installation, et qui l'héberge (nom et adresse, une ligne).
EDITEUR = env.str("EDITEUR", default="")
HEBERGEUR = env.str("HEBERGEUR", default="")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "texte",
    "edition",
    "api",
    "courrier",
    "territoires",
    "partenaires",
    "comptes",
    "notifications",
    "contrats",
    "perr",
    "indicateurs",
    "gouvernance",
    "avenants",
    "campagnes",
    "reprise",
    "tableaux",
    "coherence",
    "documents",
    "signatures",
    "portail",
]

MIDDLEWARE = [
    # Le premier : son numéro vaut pour tout ce que les suivants journalisent.
    "edition.requete.NumeroDeRequete",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Après les en-têtes de sécurité : les fichiers statiques les portent aussi.
    "api.middleware.ApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "documents.publics.DocumentsPublics",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "comptes.middleware.provenance",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "comptes.middleware.AssistanceMiddleware",
    "edition.session.ConnexionExigee",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "comptes.middleware.DoubleFacteurMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["texte.templatetags.dates"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.contexte.site",
                "notifications.contexte.non_lues",
            ],
        },
    }
]

# Comptes
AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = ["comptes.authentification.ConnexionParCourriel"]
LOGIN_URL = "comptes:connexion"
LOGIN_REDIRECT_URL = "contrats:mes-fiches"
LOGOUT_REDIRECT_URL = "portail:accueil"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Connexion (django-allauth) : par courriel, sur invitation, sans inscription libre
SESSION_ENGINE = "comptes.sessions"
SESSION_COOKIE_AGE = 12 * 3600
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_ADAPTER = "comptes.adaptateurs.AdaptateurDeCompte"
ACCOUNT_FORMS = {"login": "comptes.forms.ConnexionForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Les essais se comptent par couple courriel et adresse (`key`) et par adresse, jamais par compte
# seul : un compte que l'on attaque reste ouvert à son titulaire.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/10m/key,30/10m/ip",
    "lien": "5/10m/key,20/10m/ip",
    "reset_password": "10/10m/ip",
    "verification": "120/10m/ip",
    "verification_fichier": "30/10m/ip",  # les signatures d'un PDF s'examinent longuement
    "inscription": "5/10m/key,30/10m/ip",
    "preparation": "60/10m/ip",
}
# Mandataires de confiance devant le site : sans eux, l'adresse de tous serait celle du mandataire.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("MANDATAIRES", default=0)
MFA_ADAPTER = "comptes.adaptateurs.AdaptateurDeSecondFacteur"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Réciproque"
MFA_TOTP_TOLERANCE = 1  # un téléphone dont l'heure dérive, une saisie lente
MFA_FORMS = {
    "add_webauthn": "comptes.forms.CleForm",
    "edit_webauthn": "comptes.forms.CleNomForm",
}
# L'administration ne se fait qu'avec un second facteur.
DOUBLE_FACTEUR_OBLIGATOIRE = env.bool("DOUBLE_FACTEUR_OBLIGATOIRE", default=True)
# Compteurs d'essais partagés par les processus : en base, ou ailleurs par CACHE_URL.
CACHES = {"default": env.cache_url("CACHE_URL", default="dbcache://reciproque_cache")}

# ProConnect (OpenID Connect) : actif dès que son identifiant de client est donné
PROCONNECT = bool(env.str("PROCONNECT_CLIENT_ID", default=""))
OIDC_RP_CLIENT_ID = env.str("PROCONNECT_CLIENT_ID", default="")
OIDC_RP_CLIENT_SECRET = env.str("PROCONNECT_CLIENT_SECRET", default="")
OIDC_OP_ISSUER = env.str("PROCONNECT_DOMAINE", default="https://auth.agentconnect.gouv.fr/api/v2")
OIDC_OP_AUTHORIZATION_ENDPOINT = f"{OIDC_OP_ISSUER}/authorize"
OIDC_OP_TOKEN_ENDPOINT = f"{OIDC_OP_ISSUER}/token"
OIDC_OP_USER_ENDPOINT = f"{OIDC_OP_ISSUER}/userinfo"
OIDC_OP_JWKS_ENDPOINT = f"{OIDC_OP_ISSUER}/jwks"
OIDC_OP_LOGOUT_ENDPOINT = f"{OIDC_OP_ISSUER}/session/end"
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_RP_SCOPES = "openid given_name usual_name email"
OIDC_AUTHENTICATION_CALLBACK_URL = "comptes:proconnect-retour"
OIDC_CREATE_USER = False
OIDC_STORE_ID_TOKEN = True
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 10
if PROCONNECT:
    AUTHENTICATION_BACKENDS.append("comptes.proconnect.ProConnect")

# Langue et heure
LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# Fichiers statiques : servis par WhiteNoise, compressés à la collecte
STATIC_URL = "/statique/"
STATIC_ROOT = BASE_DIR / "statiques"
STATICFILES_DIRS = [BASE_DIR / "static"]

# Documents figés et ancres du journal, gardés hors de la base et hors de ce qui se sert
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "documents": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(Path(DONNEES()) / "documents")},
    },
}
# Un service compatible S3 à la place du disque. Le seau n'est ouvert à personne d'autre.
if seau := env.str("S3_SEAU", default=""):
    STORAGES["documents"] = {
        "BACKEND": "documents.figes.s3.DepotS3",
        "OPTIONS": {
            "bucket_name": seau,
            "endpoint_url": env.str("S3_ADRESSE", default=None),
            "region_name": env.str("S3_REGION", default=None),
            "access_key": env.str("S3_CLE", default=None),
            "secret_key": env.str("S3_SECRET", default=None),
            "location": env.str("S3_DOSSIER", default=""),
            "file_overwrite": False,
        },
    }
# PDF présenté à la vérification : au-delà, refus en une phrase. Un recueil de 180 pages pèse 3 Mo.
VERIFICATION_TAILLE_MAX = env.int("VERIFICATION_TAILLE_MAX", default=50_000_000)

# Signatures : pièce reçue au-delà de laquelle on refuse, dossier des certificats racines reconnus
# (un fichier PEM ou DER chacun ; vide : aucune signature électronique n'est reçue), secondes
# données à l'examen d'un PDF signé.
SIGNATURE_TAILLE_MAX = env.int("SIGNATURE_TAILLE_MAX", default=50_000_000)
SIGNATURE_RACINES = env.str("SIGNATURE_RACINES", default="")
SIGNATURE_DELAI = env.int("SIGNATURE_DELAI", default=25)

# Parapheur : aucun par défaut, rien n'appelle le réseau. « fichiers » (deux dossiers) ou
# « iparapheur » (i-Parapheur v5).
PARAPHEUR = env.str("PARAPHEUR", default="")
PARAPHEUR_ENVOI = env.str("PARAPHEUR_ENVOI", default=str(Path(DONNEES()) / "parapheur" / "envoi"))
PARAPHEUR_RETOUR = env.str(
    "PARAPHEUR_RETOUR", default=str(Path(DONNEES()) / "parapheur" / "retour")
)
IPARAPHEUR = {
    "adresse": env.str("IPARAPHEUR_ADRESSE", default=""),
    "client": env.str("IPARAPHEUR_CLIENT", default=""),
    "identifiant": env.str("IPARAPHEUR_IDENTIFIANT", default=""),
    "passe": env.str("IPARAPHEUR_PASSE", default=""),
    "entite": env.str("IPARAPHEUR_ENTITE", default=""),
    "bureau": env.str("IPARAPHEUR_BUREAU", default=""),
    "type": env.str("IPARAPHEUR_TYPE", default=""),
    "sous_type": env.str("IPARAPHEUR_SOUS_TYPE", default=""),
}

# Sceau du serveur sur ce qu'il produit (facultatif) : un PKCS#12, ou un module PKCS#11, et un
# horodateur RFC 3161. Sans horodateur, rien ne se scelle.
SCEAU = {
    "pkcs12": env.str("SCEAU_PKCS12", default=""),
    "pkcs11_module": env.str("SCEAU_PKCS11_MODULE", default=""),
    "pkcs11_jeton": env.str("SCEAU_PKCS11_JETON", default=""),
    "pkcs11_certificat": env.str("SCEAU_PKCS11_CERTIFICAT", default=""),
    "passe": env.str("SCEAU_PASSE", default=""),
    "horodateur": env.str("SCEAU_HORODATEUR", default=""),
    "delai": env.int("SCEAU_DELAI", default=10),
}

# Navigateur : rien ne vient d'ailleurs, rien en ligne (bar B-20 de la spécification)
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portail.erreurs.csrf_refuse"

# Un contrat entier tient dans un formulaire : dix fiches, une centaine d'actions
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Fichiers importés : au-delà, refus en une phrase. Le plus grand PERR connu pèse 150 ko.
IMPORT_TAILLE_MAX = env.int("IMPORT_TAILLE_MAX", default=10_000_000)
IMPORT_DEPLIE_MAX = env.int("IMPORT_DEPLIE_MAX", default=100_000_000)
IMPORT_PIECES_MAX = env.int("IMPORT_PIECES_MAX", default=500)
IMPORT_LIGNES_MAX = env.int("IMPORT_LIGNES_MAX", default=5_000)
IMPORT_COLONNES_MAX = env.int("IMPORT_COLONNES_MAX", default=100)
IMPORT_CASE_MAX = env.int("IMPORT_CASE_MAX", default=20_000)

# Ce que `manage.py purger` garde, en jours, de ce qui nomme des personnes.
CONSERVER_NOTIFICATIONS = env.int("CONSERVER_NOTIFICATIONS", default=365)
CONSERVER_COURRIELS = env.int("CONSERVER_COURRIELS", default=365)
CONSERVER_CAMPAGNES = env.int("CONSERVER_CAMPAGNES", default=365)
CONSERVER_PREPARATIONS = env.int("CONSERVER_PREPARATIONS", default=90)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "contrats.api.jetons.JetonAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["api.debit.LimiteDeDebit"],
    "EXCEPTION_HANDLER": "api.problemes.traiter",
    # orjson écrit lui-même dates et instants
    "DATETIME_FORMAT": None,
    "DATE_FORMAT": None,
}
# Requêtes par minute : par adresse sans compte, par compte avec ; 0 ne limite pas.
API_DEBITS = {
    "anonyme": env.int("API_DEBIT_ANONYME", default=60),
    "compte": env.int("API_DEBIT_COMPTE", default=600),
}
API_DEBITS_FICHIER = Path(DONNEES()) / "debits.sqlite3"
SPECTACULAR_SETTINGS = {
    "TITLE": "API de Réciproque",
    "DESCRIPTION": (
        "Lecture des contrats de coopération territoriale publiés : contrats, fiches, actions, "
        "organismes, territoires. Sans compte ni clé. Suivre une action ou écrire une cellule "
        "de matrice demande un jeton personnel."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "LICENSE": {"name": "Licence Ouverte 2.0", "identifier": "etalab-2.0"},
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "jeton": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "rcp_<clé>.<secret>",
                "description": "Jeton personnel, créé sur la page « Mes jetons d’API ».",
            },
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "Session du navigateur, avec l'en-tête X-CSRFToken.",
            },
        }
    },
    "ENUM_NAME_OVERRIDES": {
        "TypeContrat": "contrats.enums.TypeContrat",
        "StatutContrat": "contrats.enums.StatutContrat",
        "StatutFiche": "contrats.enums.StatutFiche",
        "StatutAction": "contrats.enums.StatutAction",
        "StatutDeclinaison": "perr.enums.StatutDeclinaison",
        "SensIndicateur": "indicateurs.enums.Sens",
        "Agregation": "indicateurs.enums.Agregation",
        "Comparaison": "indicateurs.enums.Comparaison",
        "Frequence": "indicateurs.enums.Frequence",
        "FormeMillesime": "indicateurs.enums.FormeMillesime",
        "StatutMesure": "indicateurs.enums.StatutMesure",
        "Evolution": "indicateurs.enums.Evolution",
        "Horizon": "contrats.enums.Horizon",
        "LienParent": "contrats.enums.LienParent",
        "NatureAxe": "contrats.enums.NatureAxe",
        "NatureSection": "contrats.enums.NatureSection",
        "NatureCritere": "contrats.enums.NatureCritere",
        "NatureFinancement": "contrats.enums.NatureFinancement",
        "NatureOrganisme": "partenaires.enums.NatureOrganisme",
        "RolePartie": "contrats.enums.RolePartie",
        "RoleSignature": "contrats.enums.RoleSignature",
        "RolePartenaire": "contrats.enums.RolePartenaire",
        "ContenuAnnexe": "contrats.enums.ContenuAnnexe",
        "EtatSection": "contrats.enums.EtatSection",
        "Origine": "contrats.api.partenaires.Origine",
        "Precision": "contrats.enums.Precision",
        "TypeTerritoire": "territoires.enums.TypeTerritoire",
        "Couverture": "territoires.enums.Couverture",
        "TypeInstance": "gouvernance.enums.TypeInstance",
        "RoleParticipation": "gouvernance.enums.RoleParticipation",
        "StatutSeance": "gouvernance.enums.StatutSeance",
        "StatutDecision": "gouvernance.enums.StatutDecision",
        "StatutDeliberation": "gouvernance.enums.StatutDeliberation",
        "TransitionAction": "contrats.enums.TransitionAction",
    },
}

# Courriels : déposés en base, envoyés par l'ouvrier. En démonstration, rien ne quitte la machine
# (`courrier.envoi`) ; ailleurs qu'en production, ils s'écrivent dans le terminal.
MAILERS: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
}
ADRESSE_DU_SITE = env.str("ADRESSE_DU_SITE", default="http://127.0.0.1:8000")
DEFAULT_FROM_EMAIL = env.str("EXPEDITEUR", default="Réciproque <reciproque@exemple.invalid>")

# Tâches de fond : gardées en base, faites par `manage.py db_worker`.
TASKS: dict[str, dict[str, object]] = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
