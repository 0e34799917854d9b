"""Every setting, in one file, from the environment; safe where nothing is said.

With DEBUG on, a fresh clone runs on SQLite, a file-based broker and files under var/.
Without it, SECRET_KEY and ALLOWED_HOSTS have to be given, or the start stops with their names.
"""

import tomllib
from pathlib import Path

import environ
import sentry_sdk
import structlog
from celery.schedules import schedule
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from jam.config.secret_paths import leave_secrets_out

BASE_DIR = Path(__file__).resolve().parents[2]
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
# A machine of one's own, as in the demonstration: no TLS, static files straight from the source,
# mails on the console.
LOCAL = env.bool("LOCAL", default=DEBUG)


def required(name: str, in_debug: str) -> str:
    """The variable `name`; without DEBUG it has to be there."""
    value = env.str(name, default=in_debug if DEBUG else "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example for what it means.")
    return value


SECRET_KEY = required("SECRET_KEY", "for-development-only-" + "0" * 50)
ALLOWED_HOSTS = [
    host for host in required("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host
]
# The address that mails and feeds lead back to.
SITE_URL = env.str("SITE_URL", default=f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
# Where our own front server is (addresses or networks): its X-Arrived, X-Real-IP and
# X-Forwarded-Proto are believed.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "ratings",
    "submissions",
    "sites",
    "jam",
    "jam.config",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_countries",
    "csp",
    "django_structlog",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "jam.middleware.moment",
    "jam.caching.shared_pages",
    "django_structlog.middlewares.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ratings.judge_sessions.OnlyJudging",
    "jam.keeping.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "jam.middleware.reader_zone",
    "jam.languages.reader_language",
    "jam.mending.AsMeant",
    "jam.seeing.AsSomebodyElse",
]

ROOT_URLCONF = "jam.config.urls"
WSGI_APPLICATION = "jam.config.wsgi.application"

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
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# -- data ------------------------------------------------------------------------------------

DATABASES = {
    "default": env.db_url_config(
        env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'peerjam.sqlite3'}"
    ),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# Sweeps and commands go by the database's clock (PostgreSQL), which all machines share.
DATABASE_CLOCK = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "jam.config.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
        }
    }
# Each process's own: there when Redis is not, and quicker.
CACHES["process"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}

# How long a page for readers who are signed out may be kept; it never outlives a boundary. 0: not.
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=10)

# -- people ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "jam.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "jam:mine"
LOGOUT_REDIRECT_URL = "jam:front"
ACCOUNT_ADAPTER = "jam.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "jam.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_USER_DISPLAY = str
# A hall full of people has one address; a guesser has one account in mind, or many.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/300s/key",
    "signup": "60/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "confirm_email": "1/180s/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Peerjam"
# One step of 30 seconds to either side, for clocks that are a little off.
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# Passkeys want https, or else the name "localhost".
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
# Five statements a request; a list of sessions does not need it.
USERSESSIONS_TRACK_ACTIVITY = False

# Doors of other houses, each where its keys are given.
SOCIALACCOUNT_ADAPTER = "jam.accounts.SocialAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIAL_DOORS = {
    "github": "https://github.com",
    "google": "https://accounts.google.com",
    "discord": "https://discord.com",
    "orcid": "https://orcid.org",
}
SOCIALACCOUNT_PROVIDERS: dict = {}
for _door in SOCIAL_DOORS:
    if _client_id := env.str(f"{_door.upper()}_CLIENT_ID", default=""):
        INSTALLED_APPS.append(f"allauth.socialaccount.providers.{_door}")
        _secret = env.str(f"{_door.upper()}_CLIENT_SECRET", default="")
        SOCIALACCOUNT_PROVIDERS[_door] = {
            "APPS": [{"client_id": _client_id, "secret": _secret, "key": ""}],
            "OAUTH_PKCE_ENABLED": True,
        }
if "github" in SOCIALACCOUNT_PROVIDERS:
    SOCIALACCOUNT_PROVIDERS["github"]["SCOPE"] = ["user:email"]

# Who may create jams: staff, or everyone with a confirmed e-mail address (as drafts).
ANYONE_MAY_CREATE_JAMS = env.bool("ANYONE_MAY_CREATE_JAMS", default=False)

# -- background work -------------------------------------------------------------------------

if REDIS_URL:
    CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL)
    # Asking for a task is a courtesy: without a broker it fails at once, and a sweep does the work.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_timeout": 5,
        "socket_connect_timeout": 1,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
    }
else:
    # With a host, or the transport warns that it has none.
    CELERY_BROKER_URL = "filesystem://localhost/"
    BROKER_DIR = VAR_DIR / "broker"
    for folder in ("queue", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# However long the broker is away, the worker waits for it.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    "close submissions": {"task": "submissions.close_due", "schedule": schedule(60)},
    "send announcements": {"task": "jam.announce_due", "schedule": schedule(60)},
    "remind of the start": {"task": "jam.remind_due", "schedule": schedule(60)},
    "remind of the deadline": {"task": "submissions.remind_due", "schedule": schedule(60)},
    "look at files": {"task": "submissions.look_at_files", "schedule": schedule(10 * 60)},
    "write receipts": {"task": "submissions.send_receipts", "schedule": schedule(60)},
    "ask authors": {"task": "submissions.ask_due", "schedule": schedule(60 * 60)},
    "sweep uploads": {"task": "submissions.sweep_uploads", "schedule": schedule(60 * 60)},
    "offer places": {"task": "sites.settle_due", "schedule": schedule(60)},
    "freeze results": {"task": "ratings.freeze_due", "schedule": schedule(60)},
    "find pieces": {"task": "ratings.find_pieces", "schedule": schedule(60)},
    "tell authors": {"task": "ratings.tell_due", "schedule": schedule(60)},
    "tell of rating": {"task": "ratings.news_due", "schedule": schedule(60)},
    "remind raters": {"task": "ratings.remind_behind", "schedule": schedule(60 * 60)},
    "tell changes of schedules": {"task": "jam.tell_changes", "schedule": schedule(60)},
    "tell changes at local sites": {"task": "sites.tell_changes", "schedule": schedule(60)},
    "send mail": {"task": "jam.send_mail_due", "schedule": schedule(60)},
    "forget": {"task": "jam.forget_due", "schedule": schedule(6 * 60 * 60)},
    "clear sessions": {"task": "jam.clear_sessions", "schedule": schedule(24 * 60 * 60)},
}
# Whether the worker asks the hosts of links, of submissions and resources, once a day, if they
# answer.
CHECK_LINKS = env.bool("CHECK_LINKS", default=False)
if CHECK_LINKS:
    CELERY_BEAT_SCHEDULE["ask links"] = {"task": "submissions.ask_links", "schedule": schedule(60)}
    CELERY_BEAT_SCHEDULE["ask resources"] = {"task": "jam.ask_links", "schedule": schedule(60)}

# -- mail ------------------------------------------------------------------------------------

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://" if LOCAL else "smtp://localhost:25")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
# Or a provider's API, by the name that anymail gives it, such as "mailgun"; it also tells us of
# mails that came back.
MAIL_PROVIDER = env.str("MAIL_PROVIDER", default="")
if MAIL_PROVIDER:
    INSTALLED_APPS += ["anymail"]
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
    ANYMAIL = env.dict("MAIL_PROVIDER_SETTINGS", default={})
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Peerjam <peerjam@{ALLOWED_HOSTS[0]}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# -- files -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
# Where the front server hands out MEDIA_ROOT to those whom we send there; empty: we do it.
MEDIA_ACCEL = env.str("MEDIA_ACCEL", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = LOCAL
# The front server reads them as someone else.
FILE_UPLOAD_PERMISSIONS = 0o644
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Text of a form; files are limited one by one, in submissions/files.py.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Whether people may begin a text from the README at an address of theirs, which we then fetch.
FETCH_READMES = env.bool("FETCH_READMES", default=False)

# -- language and time -----------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# -- security --------------------------------------------------------------------------------

SECURE_TLS = env.bool("SECURE_TLS", default=not LOCAL)
SECURE_SSL_REDIRECT = SECURE_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 63_072_000 if SECURE_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_TLS
SECURE_HSTS_PRELOAD = SECURE_TLS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = SECURE_TLS
CSRF_COOKIE_SECURE = SECURE_TLS
LANGUAGE_COOKIE_SECURE = SECURE_TLS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "jam.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = {
    feature: [] for feature in ("camera", "display-capture", "microphone", "payment", "usb")
}
# For the order of local sites, after a button was pressed and the browser has asked as well.
PERMISSIONS_POLICY["geolocation"] = ["self"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Only after the reader has agreed to load the video.
        "frame-src": ["https://www.youtube-nocookie.com", "https://player.vimeo.com"],
        "object-src": [NONE],
        "base-uri": [NONE],
        # Browsers hold the redirect to another house against this as well.
        "form-action": [SELF, *(SOCIAL_DOORS[door] for door in SOCIALACCOUNT_PROVIDERS)],
        "frame-ancestors": [NONE],
    },
}

# -- watching over it ------------------------------------------------------------------------

# Lines of JSON, one an event, each with the id of its request; or lines for people.
LOG_AS_JSON = env.bool("LOG_AS_JSON", default=not LOCAL)
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
_EVERY_LINE = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    leave_secrets_out,
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_EVERY_LINE,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _EVERY_LINE,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer()
                if LOG_AS_JSON
                else structlog.dev.ConsoleRenderer(colors=False),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # The front server writes a line for each request; here only what went wrong is told.
        "django_structlog.middlewares": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
    },
}
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
# The front server gives each request its id, and its own log names it.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = bool(TRUSTED_PROXIES)

# Whoever shows this token may read /metrics (Prometheus); without one there are none.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN:
    INSTALLED_APPS += ["django_prometheus"]
    MIDDLEWARE = [
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        *MIDDLEWARE,
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ]
    PROMETHEUS_EXPORT_MIGRATIONS = False

if SENTRY_DSN := env.str("SENTRY_DSN", default=""):
    sentry_sdk.init(
        dsn=SENTRY_DSN,
        environment=env.str("SENTRY_ENVIRONMENT", default="production"),
        # Neither names and addresses of people nor what they wrote leaves the house.
        send_default_pii=False,
        max_request_body_size="never",
    )
