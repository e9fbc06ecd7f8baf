"""Django settings; everything that differs between machines comes from the environment.

DEBUG         1 for development; off otherwise
SECRET_KEY    required unless DEBUG; else the file `secret-key` in VAR, which `make run` creates
ALLOWED_HOSTS host names of the site, separated by commas
HTTPS         0 if the site is served without TLS (a trial on one's own machine)
DATABASE_URL  postgres://user:password@host:5432/name, or sqlite:////folder/file
DATABASE_POOL minimum and maximum connections of a web process to PostgreSQL, default 1-4; 0 for
              one connection without a pool
DATABASE      the SQLite file, if DATABASE_URL is not set
CACHE_URL     cache shared by all machines: redis://host:6379/0; default: files on this machine
VAR           folder of generated files: database, documents, collected static files
STATIC        folder of collected static files; default: `static` in VAR
NO_REPLY      sender's address for events without a public office
SITE          address of the site, for links in e-mails: https://agenda.example.org
BEHIND_PROXY  1 if a proxy ends TLS and writes X-Forwarded-Proto and X-Forwarded-For
EMAIL_URL     mail server: smtp://user:password@host:587/?tls=1, smtps://user:password@host/,
              file:///folder or console:; default: files in VAR/mails, nothing is sent
              (with DEBUG, the console)
MAILS_A_MINUTE maximum number of e-mails a minute, default 60; 0 for no limit
LOGS          json for log lines as JSON objects; default: plain text
METRICS_TOKEN bearer token of /healthz/metrics; default: no metrics
STORAGE       storage of generated files (documents), as JSON for Django's STORAGES:
              {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {...}}; default: VAR
"""

import json
import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.conf import locale
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from workshop.config import cache_url, database_url, mail_url
from workshop.editing.admin_theme import UNFOLD as UNFOLD
from workshop.ops.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR", BASE_DIR / "var"))
VAR.mkdir(parents=True, exist_ok=True)


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0") == "1"


DEBUG = _flag("DEBUG", False)
HTTPS = _flag("HTTPS", not DEBUG)
BEHIND_PROXY = _flag("BEHIND_PROXY", False)
_secret_file = VAR / "secret-key"
SECRET_KEY = (
    os.environ.get("SECRET_KEY")
    or (_secret_file.read_text().strip() if _secret_file.exists() else "")
    or ("only-for-developing" if DEBUG else "")
)
if not SECRET_KEY:
    raise ImproperlyConfigured(
        f"Set SECRET_KEY in the environment or write one to {_secret_file} (`make run` does), "
        "or set DEBUG=1 for development."
    )
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "modeltranslation",
    "unfold",
    "unfold.contrib.simple_history",
    "simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_countries",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "axes",
    "django_tasks",
    "django_tasks_db",
    "workshop",
    "participants",
    "sessions_app",
]
MIDDLEWARE = [
    "workshop.ops.request_id.availability_middleware",
    "sessions_app.response_cache.public.CachedResponseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "workshop.ops.admin_csp.admin_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "workshop.urls"
WSGI_APPLICATION = "workshop.wsgi.application"
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
            ],
        },
    },
]

try:
    DATABASES = {
        "default": database_url.parse(
            os.environ.get("DATABASE_URL", ""),
            file=os.environ.get("DATABASE", VAR / "workshop.sqlite3"),
            pool=os.environ.get("DATABASE_POOL", ""),
        )
    }
    CACHES = cache_url.parse(
        os.environ.get("CACHE_URL", ""),
        folder=VAR / "shared",
        site=f"{os.environ.get('SITE', '')} {DATABASES['default']['NAME']}",
    )
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses locked accounts
    "django.contrib.auth.backends.ModelBackend",
    "sesame.backends.ModelBackend",
]
SESAME_MAX_AGE = 3600
SESAME_ONE_TIME = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        *("UserAttributeSimilarityValidator", "MinimumLengthValidator"),
        *("CommonPasswordValidator", "NumericPasswordValidator"),
    )
]
LOGIN_URL = "/admin/login/"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "/"
# Login throttling: see workshop/ops/login_throttle.py.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "workshop.ops.client_network.client_network"
AXES_WHITELIST_CALLABLE = "workshop.ops.login_throttle.is_sign_in_link"
AXES_LOCKOUT_CALLABLE = "workshop.ops.login_throttle.locked_out_response"
# Only failures of the last 15 minutes are stored, and nobody needs to see them.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
# Django has no Lao translation, and no entry for the language.
locale.LANG_INFO["lo"] = {"bidi": False, "code": "lo", "name": "Lao", "name_local": "ລາວ"}
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("lo", _("Lao"))]


def _in_language(name: object, language: str) -> str:
    """Label of a translated field in the admin: `Title (Lao)`."""
    return f"{name} ({dict(LANGUAGES)[language]})"


MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME = _in_language
FORMAT_MODULE_PATH = ["workshop.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
# Country names as printed in the programme.
COUNTRIES_OVERRIDE = {"KR": "Republic of Korea", "LA": "Lao PDR", "VN": "Vietnam"}

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC", VAR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Storage of generated and uploaded files, if it is not this machine.
try:
    _storage = json.loads(os.environ.get("STORAGE") or "{}")
except ValueError as error:
    raise ImproperlyConfigured(f"STORAGE is not valid JSON: {error}") from None
STORAGES = {
    "default": _storage or {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "documents": _storage
    or {
        "BACKEND": "workshop.config.atomic_storage.AtomicFileStorage",
        "OPTIONS": {"location": VAR},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
SITE = os.environ.get("SITE", "http://127.0.0.1:8000").rstrip("/")
DEFAULT_FROM_EMAIL = os.environ.get("NO_REPLY", "no-reply@localhost")
try:
    _mail = mail_url.parse(
        os.environ.get("EMAIL_URL") or ("console:" if DEBUG else (VAR / "mails").resolve().as_uri())
    )
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from None
EMAIL_BACKEND = _mail.backend
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starttls, _mail.tls
EMAIL_FILE_PATH = _mail.folder or None
EMAIL_TIMEOUT = 30
# Up to so many characters of HTML, a PDF is rendered within its request (a few seconds).
QUICK_DOCUMENT_LENGTH = 150_000
MAILS_A_MINUTE = int(os.environ.get("MAILS_A_MINUTE", "60"))
# Background tasks: see workshop/ops/task_queues.py.
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["mails", "documents"],
    }
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^healthz/metrics$", "^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "sessions_app.public.views.csrf_failure"
SESSION_ENGINE = "workshop.config.session_store"
PERSONAL_SESSION_AGE = 90 * 24 * 3600  # since the last visit to the personal page

METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")

LOGGING = logging_config(debug=DEBUG)
