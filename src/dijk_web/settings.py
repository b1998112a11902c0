"""What differs from one installation to another, from the environment alone; nothing that officials choose stands here.

``DIJK_SECRET``, ``DIJK_HOSTS`` (names, split by commas) and https are demanded, unless ``DIJK_DEMO=1``: then this
machine alone is served, in the clear, and every page says so. ``DIJK_DATA`` names the folder of the database, the runs
and the uploads, ``DIJK_DATABASE_URL`` a PostgreSQL, ``DIJK_CLOCK`` the moment at which a demo starts, ``DIJK_PROXIES``
how many proxies of ours stand before it (1), so that limits on guessing count who asks and not the proxy.
``DIJK_MAIL_URL`` names the server that takes its mail (``smtps://`` or ``smtp://`` with user and password), and
``DIJK_MAIL_FROM`` the sender; without them mail stays in the outbox, as in a demo always. ``DIJK_SITE`` is the address
that links in a mail begin with (https and the first of the hosts).
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

SECONDS_OPEN = 600
"""How long a thread keeps its connection to the database: to open one, on SQLite too, takes as long as a short page."""


def from_environment(name: str, *, demo: str) -> str:
    """A setting that must be given, but for a demo.

    Raises
    ------
    ImproperlyConfigured
        It is not given, and this is no demo.
    """
    if value := os.environ.get(name, demo if DEMO else ""):
        return value
    raise ImproperlyConfigured(f"{name} is not set; dijk starts without it only where DIJK_DEMO=1.")


def database(url: str | None) -> dict[str, object]:
    """PostgreSQL where a URL names it, else SQLite, of which what is acknowledged survives a power cut.

    Raises
    ------
    ImproperlyConfigured
        The URL is of another kind of database.
    """
    if not url:
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA / "dijk.sqlite3"),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
            "CONN_MAX_AGE": SECONDS_OPEN,
            "TEST": {"NAME": str(DATA / "test.sqlite3")},
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(f"DIJK_DATABASE_URL begins with {parts.scheme}://, wanted postgresql://.")
    host = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair).get("host")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host or parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": SECONDS_OPEN,
    }


MAIL_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
"""Ways to the server of the mail: encrypted from the first byte, from ``STARTTLS`` on, or not at all."""


def mail_server(url: str | None) -> dict[str, str | int | bool]:
    """Where mail is handed over, and how; a server that is not there answers within half a minute or not at all.

    Raises
    ------
    ImproperlyConfigured
        The URL is of another kind, or names no host.
    """
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in MAIL_PORTS or not parts.hostname:
        raise ImproperlyConfigured("DIJK_MAIL_URL, wanted smtps://user:password@host, smtp://... or smtp+plain://...")
    return {
        "host": parts.hostname,
        "port": parts.port or MAIL_PORTS[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp",
        "timeout": 30,
    }


DEMO = os.environ.get("DIJK_DEMO") == "1"
DATA = Path(os.environ.get("DIJK_DATA", "tower"))
CLOCK = os.environ.get("DIJK_CLOCK")
if CLOCK and not DEMO:
    raise ImproperlyConfigured("DIJK_CLOCK is for a demo alone (DIJK_DEMO=1): a pen that moved ahead never comes back.")

SECRET_KEY = from_environment("DIJK_SECRET", demo="a demo has no secrets")
ALLOWED_HOSTS = from_environment("DIJK_HOSTS", demo="127.0.0.1,localhost").split(",")
CSRF_TRUSTED_ORIGINS = [] if DEMO else [f"https://{host}" for host in ALLOWED_HOSTS]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_NAME = "dijk"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

INSTALLED_APPS = [
    "dijk_web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "dijk_web.urls"
WSGI_APPLICATION = "dijk_web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dijk_web.pages.navigation.frame",
            ]
        },
    }
]

DATABASES = {"default": database(os.environ.get("DIJK_DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

MAIL_SERVER = mail_server(None if DEMO else os.environ.get("DIJK_MAIL_URL"))
SENDS_MAIL = bool(MAIL_SERVER)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SENDS_MAIL else 'dummy'}.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("DIJK_MAIL_FROM", "")
if SENDS_MAIL and "@" not in DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured("DIJK_MAIL_FROM is not set to an address, although DIJK_MAIL_URL is.")
SITE = os.environ.get("DIJK_SITE", "http://127.0.0.1:8000" if DEMO else f"https://{ALLOWED_HOSTS[0]}").rstrip("/")

AUTH_USER_MODEL = "dijk_web.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_ADAPTER = "dijk_web.pages.account.Accounts"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_ADAPTER = "dijk_web.pages.account.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up with an address of somebody else: people come in by invitation
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("DIJK_PROXIES", "0" if DEMO else "1"))
FORM_RENDERER = "dijk_web.look.Forms"
CSRF_FAILURE_VIEW = "dijk_web.pages.errors.stale_form"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_HANDLERS = [
    "dijk_web.upload_handler.NotTooLarge",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
