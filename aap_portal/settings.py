"""Settings, read from the environment and parsed strictly. README.md lists the variables."""

import sqlite3
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()


def _booleen(nom, *, defaut):
    """A boolean is written « 1 » or « 0 », « true » or « false »: anything else stops the start."""
    texte = env.str(nom, default="1" if defaut else "0").strip().lower()
    if texte not in {"1", "0", "true", "false"}:
        raise ImproperlyConfigured(f"{nom} must be 1, 0, true or false, not {texte!r}.")
    return texte in {"1", "true"}


# --- Kind of installation -------------------------------------------------------------------------
DEBUG = _booleen("DEBUG", defaut=False)
# Fictional data, known passwords and a public page of outgoing mails: only ever on the machine itself.
DEMONSTRATION = _booleen("DEMONSTRATION", defaut=False)
_HOTES_LOCAUX = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=_HOTES_LOCAUX)
if DEMONSTRATION and not set(ALLOWED_HOSTS) <= {*_HOTES_LOCAUX, "testserver"}:
    raise ImproperlyConfigured("DEMONSTRATION opens known accounts: ALLOWED_HOSTS must then stay on this machine.")

_SECRET_PAR_DEFAUT = "insecure-default-for-development-only-never-in-production"
SECRET_KEY = env.str("SECRET_KEY", default=_SECRET_PAR_DEFAUT)
if not DEBUG and (SECRET_KEY == _SECRET_PAR_DEFAUT or len(SECRET_KEY) < 50):
    raise ImproperlyConfigured("SECRET_KEY must be set to a random text of 50 characters or more when DEBUG is off.")

# --- Where things are kept ------------------------------------------------------------------------
DONNEES_DIR = Path(env.str("DONNEES_DIR", default=str(BASE_DIR / "var")))
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DONNEES_DIR / 'aap_portal.sqlite3'}")}
_base = DATABASES["default"]
if _base["ENGINE"] == "django.db.backends.sqlite3":
    DONNEES_DIR.mkdir(parents=True, exist_ok=True)
    # WAL loses commits with two connections before 3.51.3 (fixed in 3.50.7 and 3.44.6 for their branches).
    SQLITE_WAL_SUR = sqlite3.sqlite_version_info >= (3, 51, 3)
    _base["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode={'WAL' if SQLITE_WAL_SUR else 'DELETE'};"
            "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        ),
    }
elif _base["ENGINE"] == "django.db.backends.postgresql":
    # What the address says is kept, sslmode above all.
    _base["OPTIONS"] = _base.get("OPTIONS", {}) | {
        "options": "-c statement_timeout=30000 -c lock_timeout=10000",
        "pool": True,
    }
else:
    raise ImproperlyConfigured("DATABASE_URL must be of SQLite or of PostgreSQL.")

FICHIERS_DIR = DONNEES_DIR / "fichiers"  # never served by the web server itself
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

# --- Applications ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "aap_portal.comptes",
    "aap_portal.referentiel",
    "aap_portal.fichiers",
    "aap_portal.documents",
    "aap_portal.courriels",
    "aap_portal.demonstration",
    "candidatures",
    "copil",
    "conventions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
    "dsfr",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "simple_history",
    "widget_tweaks",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "aap_portal.compression.PagesCompresseesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "aap_portal.comptes.sessions.InactiviteMiddleware",
    "aap_portal.comptes.sessions.RepriseDeSaisieMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "aap_portal.comptes.sessions.SecondFacteurMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "aap_portal.erreurs.AdresseSansNulMiddleware",
]
ROOT_URLCONF = "aap_portal.urls"
WSGI_APPLICATION = "aap_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "aap_portal.contexte.cadre",
            ],
            "builtins": ["aap_portal.referentiel.templatetags.formats", "aap_portal.referentiel.templatetags.cadre"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "dsfr"
CRISPY_TEMPLATE_PACK = "dsfr"
_SAISIE = (
    "textinput numberinput emailinput urlinput telinput searchinput passwordinput colorinput "
    "dateinput datetimeinput timeinput textarea"
)
CRISPY_CLASS_CONVERTERS = dict.fromkeys(_SAISIE.split(), "fr-input") | {
    "select": "fr-select",
    "selectmultiple": "fr-select",
    "nullbooleanselect": "fr-select",
    "fileinput": "fr-upload",
    "clearablefileinput": "fr-upload",
}
DSFR_CONTENT_IS_SAFE = False
# Only services of the French State may show the Marianne and its typeface: « dsfr » or « neutre ».
THEME = env.str("THEME", default="dsfr")
if THEME not in {"dsfr", "neutre"}:
    raise ImproperlyConfigured("THEME must be dsfr or neutre.")
# Lines of the bloc-marque in the header, and the address in the footer of the pages that belong to no service.
BLOC_MARQUE = env.str("BLOC_MARQUE", default="République|française")
CONTACT_COURRIEL = env.str("CONTACT_COURRIEL", default="")

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
USE_I18N = True
USE_TZ = True
# The service's own zone is used wherever an instant is shown or typed; this is only the fallback.
TIME_ZONE = "Indian/Mayotte"

# --- Static files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DONNEES_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "aap_portal.statiques.ApplicationsFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FICHIERS_DIR}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Accounts -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accueil"
ACCOUNT_ADAPTER = "aap_portal.comptes.adaptateur.AdaptateurCompte"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "aap_portal.comptes.forms.InscriptionForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_LOGOUT_REDIRECT_URL = "accueil"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Wide by address, because Mayotte shares addresses; narrow by account.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "signup": "60/m/ip",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
}
ACCOUNT_FORMS = {
    "login": "aap_portal.comptes.forms_allauth.ConnexionForm",
    "signup": "aap_portal.comptes.forms_allauth.CreationForm",
    "add_email": "aap_portal.comptes.forms_allauth.AdresseForm",
    "change_password": "aap_portal.comptes.forms_allauth.MotDePasseForm",
    "reset_password": "aap_portal.comptes.forms_allauth.OubliForm",
    "reset_password_from_key": "aap_portal.comptes.forms_allauth.NouveauMotDePasseForm",
    "reauthenticate": "aap_portal.comptes.forms_allauth.VerificationForm",
}
MFA_FORMS = {
    "authenticate": "aap_portal.comptes.forms_allauth.CodeForm",
    "reauthenticate": "aap_portal.comptes.forms_allauth.VerificationCodeForm",
    "activate_totp": "aap_portal.comptes.forms_allauth.ActivationForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Portail AAP"
# An agent or a member of the COPIL without a second factor is led to its setting-up page first.
SECOND_FACTEUR_OBLIGATOIRE = _booleen("SECOND_FACTEUR_OBLIGATOIRE", defaut=not (DEBUG or DEMONSTRATION))
INACTIVITE_AGENT = env.int("INACTIVITE_AGENT_MINUTES", default=30) * 60
INACTIVITE_PORTEUR = env.int("INACTIVITE_PORTEUR_MINUTES", default=240) * 60
# A day longer, so that the end of a session is still told to the person whose session it was.
SESSION_COOKIE_AGE = max(INACTIVITE_AGENT, INACTIVITE_PORTEUR) + 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- Mails and background work --------------------------------------------------------------------
# Without EMAIL_URL nothing is sent: mails stay in the outbox, where agents read them.
EMAIL_CONFIGURE = bool(env.str("EMAIL_URL", default=""))
if EMAIL_CONFIGURE:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="ne-pas-repondre@localhost")
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Files coming in ------------------------------------------------------------------------------
FICHIER_TAILLE_MAX = env.int("FICHIER_TAILLE_MAX_MO", default=20) * 1024 * 1024
DOSSIER_FICHIERS_MAX = env.int("DOSSIER_FICHIERS_MAX", default=30)
DOSSIER_TAILLE_MAX = env.int("DOSSIER_TAILLE_MAX_MO", default=200) * 1024 * 1024
# Antivirus: the socket of clamd (« /run/clamav/clamd.ctl », « 127.0.0.1:3310 »). Empty: files are « non analysés ».
CLAMD_ADRESSE = env.str("CLAMD_ADRESSE", default="")
if CLAMD_ADRESSE and not (CLAMD_ADRESSE.startswith("/") or CLAMD_ADRESSE.rpartition(":")[2].isdecimal()):
    raise ImproperlyConfigured("CLAMD_ADRESSE must be the path of a socket or host:port.")
CLAMD_DELAI = env.int("CLAMD_DELAI_SECONDES", default=60)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Security -------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
HTTPS = _booleen("HTTPS", defaut=not (DEBUG or DEMONSTRATION))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # the preload list takes a whole domain, which is not ours to decide
if _booleen("DERRIERE_UN_PROXY", defaut=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_FAILURE_VIEW = "aap_portal.erreurs.csrf"

# --- Logs -----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
