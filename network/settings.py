"""All settings, read from the environment. A missing or wrong variable stops the start and says which one.

Production needs SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL, MAIL_URL and MEDIA. `PORTAL=demo` (set by ./run when there
is no DATABASE_URL) needs nothing: it keeps all it makes in the folder .demo of the project.
"""

import os
import secrets
from pathlib import Path
from typing import Any

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
    DATABASES: dict[str, dict[str, Any]] = {
        "default": environment.database("DATABASE_URL")
        if os.environ.get("DATABASE_URL")
        else {"ENGINE": "network.embedded", "NAME": "postgres", "USER": "portal", "HOST": str(DEMO_FOLDER / "postgres")}
    }
    MAILERS: dict[str, dict[str, object]] = {"default": {"BACKEND": "network.mailers.Terminal"}}
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
# A statement asked for the third time keeps its plan: planning a small one takes longer than answering it.
PREPARED = {"server_side_binding": True, "prepare_threshold": 3}
DATABASES["default"]["OPTIONS"] = PREPARED | DATABASES["default"].get("OPTIONS", {})
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
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "network.apps.NetworkConfig",
    "cities",
    "exchange",
    "applications.apps.ApplicationsConfig",
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
    "allauth.account.middleware.AccountMiddleware",
    "network.unsent.SignedInOnly",
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
                "cities.context.person",
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
# Work behind the scenes (letters) waits in the database for `manage.py worker`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "network.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "home"
# Sign-in by django-allauth (network.adapters, network.account_forms, network.urls_account).
ACCOUNT_ADAPTER = "network.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SESSION_REMEMBER = True
# An address is confirmed by a code, not a link: gateways that open links confirm nothing, and nobody learns to click.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# An hour, because some town halls hold back mail from unknown senders for a while.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_TIMEOUT = 3600
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True  # one address a person: the new one replaces the old once it is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_FORMS = {
    "login": "network.account_forms.SignInForm",
    "signup": "network.account_forms.RegisterForm",
    "confirm_email_verification_code": "network.account_forms.CodeForm",
    "confirm_password_reset_code": "network.account_forms.ResetCodeForm",
    "add_email": "network.account_forms.AddressForm",
    "reset_password": "network.account_forms.ForgottenForm",
    "reset_password_from_key": "network.account_forms.NewPasswordForm",
    "set_password": "network.account_forms.FirstPasswordForm",
    "change_password": "network.account_forms.ChangePasswordForm",
    "reauthenticate": "network.account_forms.AgainForm",
}
MFA_ADAPTER = "network.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # passkeys in a demo: at http://localhost
MFA_FORMS = {
    "authenticate": "network.account_forms.SecondFactorForm",
    "reauthenticate": "network.account_forms.SecondFactorAgainForm",
    "activate_totp": "network.account_forms.AppForm",
    "deactivate_totp": "network.account_forms.AppAwayForm",
    "generate_recovery_codes": "network.account_forms.RecoveryCodesForm",
    "add_webauthn": "network.account_forms.PasskeyForm",
}
# The accounts of a town hall itself, where its provider is named.
OIDC = environment.openid()
SOCIALACCOUNT_ADAPTER = "network.adapters.TownHallAdapter"
SOCIALACCOUNT_FORMS = {"signup": "network.account_forms.TownHallForm"}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
if OIDC:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "town-hall",
            "name": OIDC["name"],
            "client_id": OIDC["client_id"],
            "secret": OIDC["client_secret"],
            "settings": {"server_url": OIDC["issuer"]},
        }
    ]

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

# What counts attempts must be one for all processes: a table, so that no further service is needed. Rendered public
# pages are kept by each process and checked against the database's version before use (network.pages).
CACHES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "KEY_FUNCTION": "network.throttle.cache_key",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # full, it would forget attempts
    },
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
    # Chromium asks this for the redirect to a town hall's sign-in page too.
    "form-action": [CSP.SELF, *([environment.origin(OIDC["issuer"])] if OIDC else [])],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "network.views.unsent.token_failed"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Where uploads are checked for viruses: clamd's socket, or its host and port; None where nothing checks them.
CLAMAV = environment.scanner("CLAMAV")
# Whether the portal asks other hosts: addresses of material whether they still answer, and calendars of sessions.
CHECK_LINKS = environment.flag("CHECK_LINKS", default=False)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # a letter that leaves is no news, nor is a worker that is told to end; what fails is
    "loggers": {"django.tasks": {"level": "WARNING"}, "django_tasks_db": {"level": "ERROR"}},
}
