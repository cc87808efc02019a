"""Settings, read top to bottom; each value that an operator can set is read here, and a wrong one raises an error.

Modes: ``production`` (the default), ``demo`` (``make run``), ``development`` and ``test``. Only production requires its
own secrets and HTTPS; the others keep random secrets in ``HITL_HOME``.
"""

import logging
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from approvals import logs
from hitl_project.environment.attachments import attachments
from hitl_project.environment.credentials import hosts_by_name
from hitl_project.environment.databases import bounded, database
from hitl_project.environment.home import prepared
from hitl_project.environment.reader import Environment
from hitl_project.environment.servers import broker, mail
from hitl_project.environment.signing_keys import decision_keys, secret_key
from hitl_project.environment.stand_ins import STAND_INS, demand_servers
from hitl_project.observability import traces

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()


# Runtime

HITL_MODE = env.one_of("HITL_MODE", "production", ("production", "demo", "development", "test"))
# Production on its own database and broker needs to write only HITL_LAST_KNOWN; without it, all but execution works.
HITL_HOME = prepared(Path(env.str("HITL_HOME", str(BASE_DIR / "var"))).resolve(), is_written=HITL_MODE != "production")
SECRET_KEY = secret_key(env, HITL_MODE, HITL_HOME)
# The first signs decisions, all verify them. Never in the database: who can write there must not be able to sign.
HITL_DECISION_KEYS = decision_keys(env, HITL_MODE, HITL_HOME, SECRET_KEY)
DEBUG = False
IS_PRODUCTION = HITL_MODE == "production"
# What production uses instead of a server, although it usually refuses to.
HITL_ALLOW = env.some_of("HITL_ALLOW", STAND_INS)
ALLOWED_HOSTS = env.list(
    "HITL_HOSTS", default=[] if IS_PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
CSRF_FAILURE_VIEW = "approvals.admin.account.expired.refuse"
CSRF_TRUSTED_ORIGINS = env.list("HITL_TRUSTED_ORIGINS")
HITL_URL = env.address("HITL_URL", f"http://127.0.0.1:{env.str('PORT', '8000')}")

# Installed apps

INSTALLED_APPS = [
    "approvals.apps.ApprovalsConfig",
    "policies.apps.PoliciesConfig",
    "hitl_project.apps.HitlAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "simple_history",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "hitl_project.serving.middleware.probes_first",
    "hitl_project.observability.access.logged",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hitl_project.serving.middleware.ContentPolicy",
    "hitl_project.serving.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "hitl_project.serving.middleware.Authentication",
    "hitl_project.serving.middleware.used",
    "hitl_project.serving.middleware.in_their_words",
    "hitl_project.serving.middleware.Messages",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "hitl_project.urls"
WSGI_APPLICATION = "hitl_project.wsgi.application"

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
            ]
        },
    }
]

# Database

HITL_PREPARED_STATEMENTS = env.bool("HITL_PREPARED_STATEMENTS", True)
DATABASES = {"default": bounded(env, database(env, "DATABASE_URL", HITL_HOME))}
if env.secret("DATABASE_OWNER_URL"):
    # The owner's role changes the schema; the application's role may not touch triggers or rewrite the ledger.
    DATABASES["owner"] = database(env, "DATABASE_OWNER_URL", HITL_HOME) | {"TEST": {"MIRROR": "default"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Authentication

AUTH_USER_MODEL = "approvals.Person"
AUTHENTICATION_BACKENDS = ["hitl_project.auth.PeopleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_ENGINE = "hitl_project.sessions"
SESSION_COOKIE_HTTPONLY = True
# However much it is used, a session ends this long after its sign-in.
SESSION_COOKIE_AGE = 12 * 60 * 60
HITL_SESSION_IDLE_MINUTES = env.within("HITL_SESSION_IDLE_MINUTES", 60, 5, 720)

# Browser security headers

SECURE_SSL_REDIRECT = env.bool("HITL_SSL_REDIRECT", True) and IS_PRODUCTION
_hsts_seconds = env.within("HITL_HSTS_SECONDS", 31_536_000, 0)
SECURE_HSTS_SECONDS = _hsts_seconds if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_PRODUCTION
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HITL_BEHIND_PROXY = env.bool("HITL_BEHIND_PROXY", False)
if HITL_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
CSP_NONCE = NONCE

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("HITL_STATIC_ROOT", str(HITL_HOME / "static")))
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": attachments(env, HITL_HOME),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Languages and time zones

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "approvals" / "locale"]
FORMAT_MODULE_PATH = "hitl_project.formats"
TIME_ZONE = env.time_zone("HITL_TIME_ZONE", "UTC")
USE_I18N = USE_TZ = True

# Celery: a message only says that there is work; the rows say which, so nothing is lost with the broker

CELERY_BROKER_URL = broker(env)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A task keeps its connection for the next one; it asks first whether it still works.
CELERY_DB_REUSE_MAX = 100_000
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT = "hitl_project.broker:Transport"
    _broker = HITL_HOME / "broker"
    for _folder in ("queue", "control", "processed"):
        (_broker / _folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "queue"),
        "data_folder_out": str(_broker / "queue"),
        "control_folder": str(_broker / "control"),
        "processed_folder": str(_broker / "processed"),
        "polling_interval": 0.05,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "visibility_timeout": 3600}

# Mail

_mail = mail(env)
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_TLS")), bool(_mail.get("EMAIL_USE_SSL"))
EMAIL_FILE_PATH = str(HITL_HOME / "mailbox")
# An unresponsive mail server must not block a worker.
EMAIL_TIMEOUT = env.within("HITL_EMAIL_TIMEOUT", 10, 1)
DEFAULT_FROM_EMAIL = env.str("HITL_MAIL_FROM", "hitl@localhost")

# Logs: one line of JSON for each event, and for each request

HITL_ACCESS_LOG = env.bool("HITL_ACCESS_LOG", IS_PRODUCTION)
LOGGING = logs.of_others() if IS_PRODUCTION else {}
HITL_TRACING = env.bool("HITL_TRACING", False)

# REST

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "HITL",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Swagger would put a link into the button of each call, which a screen reader cannot tell apart.
    "SWAGGER_UI_SETTINGS": {"deepLinking": False},
    "SERVE_INCLUDE_SCHEMA": False,
    "DESCRIPTION": "AI agents propose actions, people decide, and HITL executes each approved action exactly once.",
    "PREPROCESSING_HOOKS": ["approvals.api.docs.only_ours"],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "approvals.api.docs.closed"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "ActionStateEnum": "approvals.states.ActionState",
        "ExecutionStateEnum": "approvals.states.ExecutionState",
        "StageKindEnum": "approvals.states.StageKind",
        "StageStateEnum": "approvals.states.StageState",
        "VerdictEnum": "approvals.states.DecisionType",
        "DoorEnum": "approvals.actors.Door",
        "ModeEnum": "approvals.states.Mode",
        "StakesEnum": "approvals.states.Stakes",
        "ExecutionModeEnum": "approvals.states.ExecutionMode",
        "PolicyEvaluationOutOutcomeEnum": "approvals.api.serializers.responses.OUTCOMES",
    },
}

# History: read-only; nobody reverts or edits it

SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = False

# HITL's own settings

HITL_BASE_CURRENCY = env.currency("HITL_BASE_CURRENCY", "EUR")
HITL_RATE_MAX_AGE_DAYS = env.within("HITL_RATE_MAX_AGE_DAYS", 35, 1)
HITL_UNDO_SECONDS = env.within("HITL_UNDO_SECONDS", 10, 0)
HITL_LAST_KNOWN = env.str("HITL_LAST_KNOWN", str(HITL_HOME / "last-known"))
HITL_LEASE_SECONDS = env.within("HITL_LEASE_SECONDS", 30, 1)
HITL_CLAIM_SECONDS = env.within("HITL_CLAIM_SECONDS", 300, 1)
HITL_APPROVAL_VALID_SECONDS = env.within("HITL_APPROVAL_VALID_SECONDS", 7 * 24 * 60 * 60, 1)
HITL_BREAK_GLASS_MINUTES = env.within("HITL_BREAK_GLASS_MINUTES", 60, 1, 60)
HITL_WEBHOOK_LOG_DAYS = env.within("HITL_WEBHOOK_LOG_DAYS", 30, 1, 3_650)
HITL_OUTBOUND_HOSTS = env.list("HITL_OUTBOUND_HOSTS")
HITL_OUTBOUND_LOOPBACK = env.list("HITL_OUTBOUND_LOOPBACK")
# Hosts as host:port that may have a private address, and a file of certificate authorities for them.
HITL_OUTBOUND_PRIVATE = env.list("HITL_OUTBOUND_PRIVATE")
HITL_OUTBOUND_CA = env.str("HITL_OUTBOUND_CA", "")
# The hosts of each credential, and its value; a credential is sent to no other host.
HITL_CREDENTIALS = hosts_by_name(env.str("HITL_CREDENTIALS", ""))
HITL_CREDENTIAL_TOKENS = {name: env.secret(f"HITL_CREDENTIAL_{name}") for name in HITL_CREDENTIALS}
# The folders of the csv connector: name=/absolute/path, comma-separated.
HITL_CSV_FOLDERS = env.dict("HITL_CSV_FOLDERS")
# The sheets (people, owners, duty) that directory_import takes from a system of record without a second person.
HITL_DIRECTORY_FEEDS = env.list("HITL_DIRECTORY_FEEDS")
# Custom connectors, channels and lookup sources: name=package.module.OBJECT, comma-separated.
HITL_CONNECTORS = env.dict("HITL_CONNECTORS")
HITL_CHANNELS = env.dict("HITL_CHANNELS")
HITL_LOOKUPS = env.dict("HITL_LOOKUPS")
# Threads of one web process, as in its command (long polls use at most a quarter); and calls that wait without one.
HITL_WEB_THREADS = env.within("HITL_WEB_THREADS", 8, 1)
HITL_MAX_LONG_POLLS = env.within("HITL_MAX_LONG_POLLS", 2_000, 0)
HITL_PUBLIC_API_DOCS = env.bool("HITL_PUBLIC_API_DOCS", False)
HITL_METRICS_TOKEN = env.secret("HITL_METRICS_TOKEN")
HITL_RATE_PER_MINUTE = env.within("HITL_RATE_PER_MINUTE", 6000, 0)
# Proposed and pending actions; beyond it an agent is told to come back later. 0 means no limit.
HITL_MAX_WAITING_PER_AGENT = env.within("HITL_MAX_WAITING_PER_AGENT", 2_500, 0)
HITL_MAX_WAITING_PER_DESK = env.within("HITL_MAX_WAITING_PER_DESK", 10_000, 0)
# Attachments: how large one may be, how much an agent may upload in a day, and how many may wait for an action.
HITL_ATTACHMENT_MIB = env.within("HITL_ATTACHMENT_MIB", 10, 1, 100)
HITL_ATTACHMENTS_DAILY_MIB = env.within("HITL_ATTACHMENTS_DAILY_MIB", 500, 1)
HITL_MAX_UNATTACHED = env.within("HITL_MAX_UNATTACHED", 200, 1)

# What the doctor shows.
HITL_GIVEN = env.given()
if IS_PRODUCTION:
    env.refuse_unknown()
    demand_servers(HITL_ALLOW, engine=DATABASES["default"]["ENGINE"], broker=CELERY_BROKER_URL, mail=EMAIL_BACKEND)
# The demo's console is for people.
logs.configure(logging.WARNING if HITL_MODE == "demo" else logging.DEBUG)
traces.start(HITL_TRACING)
