"""All settings, read from the environment; docs/reference/settings.md lists every variable."""

from __future__ import annotations

import os
import secrets
from datetime import date, time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from camket.config.logs import log_of_environment
from camket.core.rotation import Keep

BASE = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("CAMKET_DATA", "data")).resolve()


def _flag(name: str) -> bool:
    return os.environ.get(name, "0").strip().lower() in {"1", "true", "yes", "on"}


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isdecimal():
        raise ValueError(f"{name} must be a whole number, not {text!r}")
    return int(text)


def _secret_key() -> str:
    """Return the installation's key: from the environment, else made once and kept in the data folder."""
    if key := os.environ.get("CAMKET_SECRET_KEY"):
        return key
    path = DATA / "secret_key"
    if not path.exists():
        DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with open(
                os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
            ) as file:
                file.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass  # another process of this installation made it at the same moment
    return path.read_text("ascii")


def _database() -> dict[str, Any]:
    """Return the database of ``DATABASE_URL`` (postgresql://user:password@host:port/name), else SQLite in the data folder."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "camket.sqlite3",
            # Opened for each request, a file is read in, and brought in order at its close, again and again.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    tls = ("sslmode", "sslrootcert", "sslcert", "sslkey")
    options: dict[str, Any] = {name: unquote(query[name]) for name in tls if name in query}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _mail() -> dict[str, Any]:
    """Return how mail leaves, of ``CAMKET_MAIL_URL``: smtp://user:password@host:port?tls=starttls, ``ssl`` or ``no``."""
    url = os.environ.get("CAMKET_MAIL_URL", "").strip()
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    tls = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair).get("tls", "starttls")
    if parts.scheme != "smtp" or not parts.hostname or tls not in {"starttls", "ssl", "no"}:
        raise ValueError("CAMKET_MAIL_URL must read smtp://user:password@host:port?tls=starttls|ssl|no")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"starttls": 587, "ssl": 465, "no": 25}[tls],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "ssl",
        "EMAIL_TIMEOUT": 20,
    }


DEBUG = _flag("CAMKET_DEBUG")
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("CAMKET_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CAMKET_ORIGINS", "").split(",") if origin]
HTTPS = _flag("CAMKET_HTTPS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "camket.org",
    "camket.intake",
    "camket.journal",
    "camket.notifications",
    "camket.documents",
    "camket.actions",
    "camket.registers",
    "camket.dossiers",
    "camket.voices",
    "camket.indicators",
    "camket.objectives",
    "camket.improvement",
    "camket.reporting",
    "camket.publishing",
    "camket.packing",
    "camket.jobs",
    "camket.web",
]
MIDDLEWARE = [
    "camket.config.watching.Watch",
    "camket.web.public.kept.KeptPages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "camket.web.account.sessions.SessionLimits",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "camket.web.request.ActorMiddleware",
    "camket.web.held.HeldMiddleware",
]
ROOT_URLCONF = "camket.config.urls"
WSGI_APPLICATION = "camket.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],  # before those of allauth
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "camket.web.request.page_context",
            ],
            "builtins": ["camket.web.templatetags.camket"],
        },
    }
]
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "org.Person"
CSRF_FAILURE_VIEW = "camket.web.held.form_expired"
LOGIN_URL = "web:sign_in"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:sign_in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "camket.org.passwords.HardToGuess"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["login", "full_name", "email"]},
    },
]

# Signing in. Limits on guessing stand in the database (camket.org.operations.sign_in), not in allauth's memory.
ACCOUNT_ADAPTER = "camket.web.account.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "camket.web.account.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Cam Kết"
MFA_TOTP_TOLERANCE = 1  # clocks of phones in offices are not all right
MFA_RATE_LIMITS = False
SOCIALACCOUNT_ADAPTER = "camket.web.account.single_sign_on.Adapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
PASSWORD_RESET_TIMEOUT = 3600
# A session ends after so many hours without use, and after so many days in any case.
SESSION_COOKIE_AGE = _number("CAMKET_SESSION_HOURS", 12) * 3600
SESSION_DAYS = _number("CAMKET_SESSION_DAYS", 7)

# Single sign-on: a provider of OpenID Connect; none where the issuer is empty.
OIDC_ISSUER = os.environ.get("CAMKET_OIDC_ISSUER", "").strip()
OIDC_CLIENT_ID = os.environ.get("CAMKET_OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = os.environ.get("CAMKET_OIDC_CLIENT_SECRET", "")
OIDC_NAME = os.environ.get("CAMKET_OIDC_NAME", "") or "SSO"
OIDC_CLAIM = os.environ.get("CAMKET_OIDC_CLAIM", "") or "preferred_username"
if OIDC_ISSUER and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    raise ValueError("CAMKET_OIDC_ISSUER needs CAMKET_OIDC_CLIENT_ID and CAMKET_OIDC_CLIENT_SECRET")
OIDC_ONLY = bool(OIDC_ISSUER) and _flag("CAMKET_OIDC_ONLY")
OIDC_EMERGENCY = os.environ.get("CAMKET_OIDC_EMERGENCY", "").strip().casefold()

# Mail; none is sent where the sender is empty.
MAIL_FROM = os.environ.get("CAMKET_MAIL_FROM", "") if os.environ.get("CAMKET_MAIL_URL") else ""
DEFAULT_FROM_EMAIL = MAIL_FROM or "camket@localhost"
vars().update(_mail())

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE / "locale", BASE / "locale_upstream"]
FORMAT_MODULE_PATH = ["camket.config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
# A fixed day for demonstrations and screenshots, as 2026-07-01; empty means today.
TODAY = date.fromisoformat(os.environ["CAMKET_TODAY"]) if os.environ.get("CAMKET_TODAY") else None

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# What one request may bring, files and all: before signing in a name and a password, then several files of 20 MB.
MAX_REQUEST_BYTES = 100 * 1024 * 1024
MAX_REQUEST_BYTES_OF_STRANGERS = 1024 * 1024
# Feedback with three pictures as telephones take them: the one form of strangers that brings files.
MAX_REQUEST_BYTES_OF_SENDERS = 32 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = log_of_environment()
SLOW_QUERY_MS = _number("CAMKET_SLOW_QUERY_MS", 500)
METRICS_TOKEN = os.environ.get("CAMKET_METRICS_TOKEN", "")
MIN_FREE_DISK_BYTES = _number("CAMKET_MIN_FREE_DISK_MB", 500) * 1024 * 1024
# How long requests that are being answered may take when the server is asked to stop.
STOP_SECONDS = _number("CAMKET_STOP_SECONDS", 30)

# Work by the clock: "inline" in the server's process, "off" where `camket jobs run` does it.
JOBS = os.environ.get("CAMKET_JOBS", "inline")
# Seconds without a sign of life after which another worker takes a job over.
JOBS_LEASE = _number("CAMKET_JOBS_LEASE", 60)
# The folder in which one-stop software leaves its exports, one folder for each agency; none where it is not set.
DOSSIERS_INBOX = (
    Path(os.environ["CAMKET_DOSSIERS_INBOX"]).resolve() if os.environ.get("CAMKET_DOSSIERS_INBOX") else None
)
# Certificates (PEM, DER) whose word is taken for who signed a PDF.
SIGNATURE_ROOTS = (
    Path(os.environ["CAMKET_SIGNATURE_ROOTS"]).resolve() if os.environ.get("CAMKET_SIGNATURE_ROOTS") else None
)
BACKUPS = Path(os.environ["CAMKET_BACKUPS"]).resolve() if os.environ.get("CAMKET_BACKUPS") else None
BACKUP_AT = time.fromisoformat(os.environ.get("CAMKET_BACKUP_AT", "02:00"))
BACKUP_KEEP = Keep.parse(os.environ.get("CAMKET_BACKUP_KEEP", "7,4,12"))
# The passphrase that backups are sealed with; empty means unsealed.
BACKUP_KEY = os.environ.get("CAMKET_BACKUP_KEY", "")
