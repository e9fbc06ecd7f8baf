"""Django's settings; what differs between machines comes from the environment.

DEBUG         1 while developing; off otherwise
SECRET_KEY    required unless DEBUG; else the file `secret-key` in VAR, which `make run` makes
ALLOWED_HOSTS names the site answers to, separated by commas
HTTPS         0 where the site is served without TLS (a trial on one's own machine)
DATABASE_URL  where rows are kept: postgres://user:password@host:5432/name, or sqlite:////folder/file
DATABASE_POOL fewest and most connections of a web process to PostgreSQL, 1-4 unless set; 0 for
              one without a pool
DATABASE      the SQLite file, where there is no DATABASE_URL
CACHE_URL     what machines share beside it: redis://host:6379/0; unset, files of this machine
VAR           the folder for what the site makes: database, papers, collected static files
STATIC        the folder for collected static files, where it is not `static` in VAR
NO_REPLY      the address that stands where an event names no public office
SITE          where the site is reached, for mails: https://agenda.example.org
BEHIND_PROXY  1 where a proxy ends TLS, and writes X-Forwarded-Proto and X-Forwarded-For
EMAIL_URL     where mails go: smtp://user:password@host:587/?tls=1, smtps://user:password@host/,
              file:///folder or console:; unset, they are files in VAR/mails and nothing is sent
              (on the console while developing)
MAILS_A_MINUTE at most so many mails a minute, 60 unless set; 0 for no limit
LOGS          json for log lines as JSON objects; else they are for people
METRICS_TOKEN whoever has it reads /healthz/metrics; unset, nobody does and nothing is counted
STORAGE       where made files (papers) lie, as JSON that Django's STORAGES takes:
              {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {...}}; VAR unless set
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
from workshop.ops.logs import AS_JSON

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
        "or set DEBUG=1 while developing."
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
    "workshop",
    "participants",
    "sessions_app",
]
MIDDLEWARE = [
    "workshop.ops.request_id.availability_middleware",
    "sessions_app.response_cache.public.ReadyMiddleware",
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
        "default": database_url.read(
            os.environ.get("DATABASE_URL", ""),
            file=os.environ.get("DATABASE", VAR / "workshop.sqlite3"),
            pool=os.environ.get("DATABASE_POOL", ""),
        )
    }
    CACHES = cache_url.read(
        os.environ.get("CACHE_URL", ""),
        folder=VAR / "shared",
        site=f"{os.environ.get('SITE', '')} {DATABASES['default']['NAME']}",
    )
except ValueError as problem:
    raise ImproperlyConfigured(str(problem)) from None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it stops those who are locked out
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
# Passwords: workshop/ops/login_throttle.py says how.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "workshop.ops.client_network.network_of"
AXES_WHITELIST_CALLABLE = "workshop.ops.login_throttle.is_link"
AXES_LOCKOUT_CALLABLE = "workshop.ops.login_throttle.locked_out"
# Nothing is kept but failures of the last quarter of an hour, and nobody has to look at them.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
# Django ships no Lao; its own tables do not know the language by name.
locale.LANG_INFO["lo"] = {"bidi": False, "code": "lo", "name": "Lao", "name_local": "ລາວ"}
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("lo", _("Lao"))]


def _in_language(name: object, language: str) -> str:
    """`Title (Lao)`, for the admin's labels."""
    return f"{name} ({dict(LANGUAGES)[language]})"


MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME = _in_language
FORMAT_MODULE_PATH = ["workshop.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
# As the programme prints them.
COUNTRIES_OVERRIDE = {"KR": "Republic of Korea", "LA": "Lao PDR", "VN": "Vietnam"}

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC", VAR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Where made and uploaded files lie, where that is not the machine itself.
try:
    _storage = json.loads(os.environ.get("STORAGE") or "{}")
except ValueError as problem:
    raise ImproperlyConfigured(f"STORAGE is no JSON: {problem}") from None
STORAGES = {
    "default": _storage or {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "papers": _storage
    or {"BACKEND": "workshop.config.atomic_storage.WholeFiles", "OPTIONS": {"location": VAR}},
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
    _mails = mail_url.read(
        os.environ.get("EMAIL_URL") or ("console:" if DEBUG else (VAR / "mails").resolve().as_uri())
    )
except ValueError as problem:
    raise ImproperlyConfigured(str(problem)) from None
EMAIL_BACKEND = _mails.backend
EMAIL_HOST, EMAIL_PORT = _mails.host, _mails.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mails.user, _mails.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mails.starttls, _mails.tls
EMAIL_FILE_PATH = _mails.folder or None
EMAIL_TIMEOUT = 30
# A paper of so many characters is set in a few seconds: whoever asks for it waits.
QUICK_PAPER = 150_000
MAILS_A_MINUTE = int(os.environ.get("MAILS_A_MINUTE", "60"))

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
CSRF_FAILURE_VIEW = "sessions_app.public.views.not_trusted"
SESSION_ENGINE = "workshop.config.session_store"
PERSONAL_SESSION_AGE = 90 * 24 * 3600  # since somebody last opened their own page

METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")

# A personal link is a way in: the loggers that write addresses leave it out.
_WITHOUT_LINKS = {"filters": ["without_links"]}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_links": {"()": "workshop.ops.logs.WithoutPersonalLinks"}},
    "formatters": {
        "json": {"()": "workshop.ops.logs.JsonLines"},
        "server": {
            "()": "django.utils.log.ServerFormatter",
            "format": "[{server_time}] {message}",
            "style": "{",
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            **({"formatter": "json"} if AS_JSON else {}),
            **_WITHOUT_LINKS,
        },
        "server": {
            "class": "logging.StreamHandler",
            "formatter": "json" if AS_JSON else "server",
        },
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "participants.mail": {"level": "INFO"},
        "sessions_app.documents.pdf_worker": {"level": "INFO"},
        # Without this, errors would go to nobody; a page that is not there is no error.
        "django": {"handlers": [], "level": "INFO" if DEBUG else "WARNING"},
        "django.request": {"level": "WARNING" if DEBUG else "ERROR", **_WITHOUT_LINKS},
        "django.security.csrf": _WITHOUT_LINKS,
        "django.server": {
            "handlers": ["server"],
            "level": "INFO",
            "propagate": False,
            **_WITHOUT_LINKS,
        },
    },
}
