"""One settings file; what differs between machines comes from the environment.

A file named `.env` beside `manage.py` is read as well, if there is one (`make demo` writes it);
the environment wins over it. Every variable is described in the README.
"""

import re
import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.backstage import logs, refusals

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
# Where the environment says it all, each command would log that there is none.
if (BASE_DIR / ".env").is_file():
    environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
# False only where the site is reached over plain HTTP on the machine itself (the demo).
HTTPS = env.bool("HTTPS", default=not DEBUG)


def secret_key():
    """The secret from the environment; with DEBUG one is made and kept in `var/`."""
    key = env.str("SECRET_KEY", default="")
    if not DEBUG:
        refusals.weak_secret(key)
    if key:
        return key
    kept = VAR_DIR / "secret_key"
    if not kept.exists():
        VAR_DIR.mkdir(exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    return kept.read_text()


OF_ONES_OWN = [
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "SITE_URL",
]
refusals.placeholders({name: env.str(name, default="") for name in OF_ONES_OWN})
SECRET_KEY = secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if DEBUG:
    refusals.debug_in_public(ALLOWED_HOSTS, behind_proxy=BEHIND_PROXY)
else:
    refusals.no_hosts(ALLOWED_HOSTS)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# What links in a mail begin with: there is no request to take it from.
SITE_URL = env.str("SITE_URL", default="").rstrip("/") or (
    f"{'https' if HTTPS else 'http'}://{(ALLOWED_HOSTS or ['localhost'])[0].lstrip('.')}"
)

INSTALLED_APPS = [
    "jobcenter_crm.frame",
    "jobcenter_crm.staff",
    "jobcenter_crm.backstage",
    "companies",
    "contacts",
    "partnerships",
    "placements",
    "jobcenter_crm.desk",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "import_export",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jobcenter_crm.frame.middleware.RequestId",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jobcenter_crm.frame.middleware.FragmentRedirect",
    "jobcenter_crm.staff.middleware.LoginRequired",
    "jobcenter_crm.staff.middleware.ChosenLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "jobcenter_crm.urls"
WSGI_APPLICATION = "jobcenter_crm.wsgi.application"
FORM_RENDERER = "jobcenter_crm.frame.renderers.Renderer"

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
                "jobcenter_crm.frame.context.frame",
                "jobcenter_crm.staff.context.organisation",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.l10n",
                "django.templatetags.static",
                "jobcenter_crm.frame.templatetags.frame",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'jobcenter.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(exist_ok=True)
    # Writers queue instead of failing: a deferred transaction that turns into a writer answers "locked" at once.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    # A file, so that tests can start real workers on the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(env.str("TEST_DB_DIR", default=str(VAR_DIR))) / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a statement takes PostgreSQL longer than any page's statement runs (slots of the overview: 1.26 s, 0.29 without).
    # And what is read in portions is read to its end, as the planner does not expect (a hand-over's form: 974 ms, 257).
    options = f"{env.str('PGOPTIONS', default='')} -c jit=off -c cursor_tuple_fraction=1".strip()
    # A server that does not even refuse is as good as down after so many seconds.
    given = DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"]["OPTIONS"] = {"options": options, "connect_timeout": 10} | given
# With immediate transactions every page view would wait for the writer.
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Seconds for which `migrate` waits for a table that somebody else uses; behind it everybody waits (PostgreSQL).
MIGRATE_LOCK_TIMEOUT = env.int("MIGRATE_LOCK_TIMEOUT", default=5)

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    # Shared by all processes of one machine: the limits on guessing passwords count in it.
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": VAR_DIR / "cache"}
    }

FILES_DIR = Path(env.str("FILES_DIR", default=str(VAR_DIR / "files")))
STORAGES = {
    # Private: no URL serves this folder; a view with a permission hands out each file.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_DIR, "base_url": None, "file_permissions_mode": 0o640},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# Where somebody drops files of the register each night; empty for no feed. It is only read.
REGISTER_FEED_DIR = env.str("REGISTER_FEED_DIR", default="")

# How the case system writes a reference (a regular expression, for the whole of it), and where a case is opened there:
# an address with {reference} in it. The usual pattern asks for a digit and no blanks, so that a name does not pass.
CASE_REFERENCE_PATTERN = env.str("CASE_REFERENCE_PATTERN", default=r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z._/-]*")
CASE_URL = env.str("CASE_URL", default="")
try:
    re.compile(CASE_REFERENCE_PATTERN)
except re.error as error:
    raise ImproperlyConfigured(f"CASE_REFERENCE_PATTERN is no regular expression: {error}.") from error

CELERY_BROKER_URL = REDIS_URL or "embedded://localhost"  # backstage/embedded.py
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 3, "socket_keepalive": True}
else:
    BROKER_DIR = Path(env.str("BROKER_DIR", default=str(VAR_DIR / "broker")))
    for name in ("messages", "control"):
        (BROKER_DIR / name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
    }
CELERY_TASK_IGNORE_RESULT = True
# A worker waits for its broker as long as it takes; a page that orders a job goes on after seconds.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.2}
# What a worker holds without doing it is lost with it, and comes back only by the clock.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_TIMEZONE = "Europe/Copenhagen"
# A tick that nobody took within a minute is worth nothing: the next one does its work.
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "jobcenter_crm.backstage.tasks.tick", "schedule": 60.0, "options": {"expires": 55}}
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mail'}")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="jobcenter@localhost")

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "jobcenter_crm.staff.adapter.StaffAdapter"
ACCOUNT_FORMS = {
    "login": "jobcenter_crm.staff.forms.LoginForm",
    "change_password": "jobcenter_crm.staff.forms.PasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True

SESSION_COOKIE_AGE = 12 * 60 * 60  # one working day; the page keeps what was typed if it ends
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "jobcenter_crm.frame.views.csrf_failure"
# In a cookie: showing a message must not write to the database.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["jobcenter_crm.frame.formats"]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", BASE_DIR / "node_modules" / "bootstrap" / "dist"),
    ("chart", BASE_DIR / "node_modules" / "chart.js" / "dist"),
]
STATICFILES_FINDERS = [
    "jobcenter_crm.frame.staticfiles.ListedFilesFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
# Only these of a library's many files are served and compressed; the maps because collectstatic follows each reference.
STATICFILES_LISTED = {
    "bootstrap": ["css/bootstrap.min.css", "css/bootstrap.min.css.map"],
    "chart": ["chart.umd.min.js", "chart.umd.min.js.map"],
}
ICONS_DIR = BASE_DIR / "node_modules" / "bootstrap-icons" / "icons"
WHITENOISE_USE_FINDERS = DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its arrows and ticks from data: images
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31536000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Whose attempts to log in are counted: without this, behind a proxy, all of an office would be one.
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = False

# Code lists as files, for those who may change them (companies/code_lists.py).
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_USE_TRANSACTIONS = True
# Shared by all web processes, and forgotten by itself where nobody goes on to the second step.
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.CacheStorage"

LOGGING = logs.configure(debug=DEBUG)
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    from jobcenter_crm.backstage import sentry

    sentry.start(SENTRY_DSN)
