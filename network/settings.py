"""All settings, read from the environment. A missing or wrong variable stops the start and says which one.

Production needs SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL, MAIL_URL and MEDIA. `PORTAL=demo` (set by ./run when there
is no DATABASE_URL) needs nothing: it keeps all it makes in the folder .demo of the project.
"""

import os
import secrets
from pathlib import Path

from django.utils.csp import CSP

from network import environment

BASE_DIR = Path(__file__).resolve().parent.parent
DEMO = os.environ.get("PORTAL", "") == "demo"
DEMO_FOLDER = Path(os.environ.get("PORTAL_FOLDER") or BASE_DIR / ".demo")
DEBUG = environment.flag("DEBUG", default=False) and DEMO


def _demo_secret() -> str:
    DEMO_FOLDER.mkdir(exist_ok=True)
    path = DEMO_FOLDER / "secret-key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


if DEMO:
    SECRET_KEY = _demo_secret()
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    # The HOST of the embedded server is its folder.
    DATABASES: dict[str, dict[str, object]] = {
        "default": environment.database("DATABASE_URL")
        if os.environ.get("DATABASE_URL")
        else {"ENGINE": "network.embedded", "NAME": "postgres", "USER": "portal", "HOST": str(DEMO_FOLDER / "postgres")}
    }
    MAILERS: dict[str, dict[str, object]] = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(DEMO_FOLDER / "mail")},
        }
    }
    MEDIA = str(DEMO_FOLDER / "media")
    SITE_ADDRESS = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
else:
    SECRET_KEY = environment.text(
        "SECRET_KEY", expects="a long random text, kept secret and never changed", example=secrets.token_urlsafe(40)
    )
    ALLOWED_HOSTS = environment.words(
        "ALLOWED_HOSTS", expects="the host names of the portal, separated by commas", example="networks.example.org"
    )
    DATABASES = {"default": environment.database("DATABASE_URL")}
    MAILERS = environment.mail("MAIL_URL")
    MEDIA = environment.text(
        "MEDIA", expects="a folder for uploaded files, or s3://BUCKET", example="/srv/portal/media"
    )
    SITE_ADDRESS = f"https://{ALLOWED_HOSTS[0].lstrip('.*')}"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DEFAULT_FROM_EMAIL = environment.text(
    "MAIL_FROM", expects="the sender of all mail", example="portal@example.org", default="portal@localhost"
)
# Where reports of barriers go; every operator of the portal also sees them in the admin.
OPERATOR = {
    "name": os.environ.get("OPERATOR_NAME", ""),
    "address": os.environ.get("OPERATOR_ADDRESS", "").replace("\\n", "\n"),
    "email": os.environ.get("OPERATOR_EMAIL", ""),
    "phone": os.environ.get("OPERATOR_PHONE", ""),
    "representative": os.environ.get("OPERATOR_REPRESENTATIVE", ""),
    "supervisory": os.environ.get("OPERATOR_SUPERVISORY", ""),
}

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, whose forms it extends
    "network.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "django.forms",  # its templates, which ours in templates/django/forms replace
    "django_filters",
    "network.apps.NetworkConfig",
    "cities",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "network.urls"
WSGI_APPLICATION = "network.wsgi.application"
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
                "network.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "network.templatetags.portal",
                "network.templatetags.languages",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "network.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
MODELTRANSLATION_DEFAULT_LANGUAGE = "de"
MODELTRANSLATION_FALLBACK_LANGUAGES = {"default": ("de",)}
# Thousands are set by the filter `number` (a year must not become 2 014).
FORMAT_MODULE_PATH = "network.formats"
TIME_ZONE = "Europe/Berlin"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "network.statics.Storage"},
}
if MEDIA.startswith("s3://"):
    STORAGES["default"] = environment.bucket("MEDIA", host=ALLOWED_HOSTS[0])
else:
    MEDIA_ROOT = DEMO_FOLDER / "media" if DEMO else environment.folder("MEDIA", example="/srv/portal/media")

# One process keeps rendered public pages; each is checked against the database's version before use (network.pages).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 2000},
        "TIMEOUT": None,
    },
}

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
