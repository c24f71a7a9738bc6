"""Settings of the portal. Every value that differs between ministries comes from the
environment or from `.env`; `.env.example` explains each variable."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.smart_cast = False
environ.Env.read_env(BASE_DIR / ".env")

PRODUCTION: bool = env.bool("PRODUCTION", default=False)
DEBUG: bool = env.bool("DEBUG", default=False) and not PRODUCTION

# Everything that is written at run time lies below this one folder; only its owner may read it.
DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "data").resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)


def _secret_key() -> str:
    """The configured key; outside production one that is made once and kept in DATA_DIR."""
    configured: str = env.str("SECRET_KEY", default="")
    if configured:
        return configured
    if PRODUCTION:
        raise ImproperlyConfigured(
            "SECRET_KEY belum diatur. Isi SECRET_KEY di lingkungan atau di berkas .env, "
            "misalnya dengan keluaran: "
            "python -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    kept = DATA_DIR / "secret_key"
    if not kept.exists():
        made = DATA_DIR / f"secret_key.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(get_random_secret_key(), encoding="utf-8")
        with suppress(FileExistsError):  # of processes that start together the first one decides
            kept.hardlink_to(made)
        made.unlink()
    return kept.read_text(encoding="utf-8").strip()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
if not ALLOWED_HOSTS and not PRODUCTION:
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS belum diatur. Isi ALLOWED_HOSTS dengan nama host portal, "
        "misalnya ALLOWED_HOSTS=zi.contoh.go.id"
    )
# Behind a proxy that speaks HTTPS the browser's origin differs from what gunicorn sees.
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "accounts.admin_app.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_tasks",
    "django_tasks_db",
    "zi_portal.ui",
    "accounts",
    "assessment",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zi_portal.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "zi_portal.urls"
WSGI_APPLICATION = "zi_portal.wsgi.application"
ASGI_APPLICATION = "zi_portal.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["zi_portal.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zi_portal.ui.context.frame",
            ],
        },
    }
]
# What the frame of every page shows (sections, the person's role); ui itself has no rules.
ZI_FRAME_SOURCE = "zi_portal.frame.frame"

# ── database ────────────────────────────────────────────────────────────────
SQLITE: dict[str, Any] = {
    "ENGINE": "zi_portal.sqlite",
    "NAME": DATA_DIR / "zi.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
    "TEST": {"NAME": ":memory:"},
}
DATABASES: dict[str, Any] = {
    "default": env.db("DATABASE_URL") if env.str("DATABASE_URL", default="") else SQLITE
}
if "postgresql" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── accounts ────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("email", "staff_number", "name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
     "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "staff_number"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# That mail would invite to sign up, which there is not.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_FORMS = {"login": "accounts.forms.LoginForm"}
# allauth's own writes to the database while a link is looked at; this one covers the address too.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"

# ── sessions, cookies, transport ────────────────────────────────────────────
SESSION_COOKIE_AGE = 60 * env.int("SESSION_MINUTES", default=12 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT: bool = PRODUCTION and env.bool("SSL_REDIRECT", default=True)
# Probes ask over plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^sehat/$"]
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    MIDDLEWARE.insert(0, "zi_portal.middleware.ClientAddress")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        # Bootstrap draws its own control marks as data: images.
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# Uploads are checked by their own rules; the largest form is a card of three counts with 500 rows
# of three cells each.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000
FILE_UPLOAD_TEMP_DIR = None

# ── rules that differ between ministries ────────────────────────────────────
# A survey with fewer respondents than this gets a warning.
MIN_RESPONDENTS: int = env.int("MIN_RESPONDENTS", default=30)

# ── language and time ───────────────────────────────────────────────────────
LANGUAGE_CODE = "id"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Jakarta")

# ── static files ────────────────────────────────────────────────────────────
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise looks there at every start
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "zi_portal.ui.finders.PackageFilesFinder",
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "zi_portal.ui.storage.BundledStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_AUTOREFRESH = DEBUG

# ── mail ────────────────────────────────────────────────────────────────────
# In production letters never go to the log: they carry links that open accounts.
MAIL_WHEN_UNSET = "smtp://localhost:25" if PRODUCTION else "consolemail://"
vars().update(env.email_url_config(env.str("EMAIL_URL", default="") or MAIL_WHEN_UNSET))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Portal Zona Integritas <zi@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ── work in the background ──────────────────────────────────────────────────
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# ── log ─────────────────────────────────────────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
