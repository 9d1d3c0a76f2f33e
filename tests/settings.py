"""The portal's settings for tests: a throw-away folder, mail in memory, fast passwords, no slip in a template."""

import os

os.environ.setdefault("PORTAL", "demo")
# Playwright keeps an event loop in the main thread, in which Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from network.settings import *  # noqa: F403 - a settings file on top of the other
from network.settings import BASE_DIR, CACHES, DATABASES, DEMO_FOLDER, PREPARED, STORAGES, TEMPLATES
from tests.strict_templates import UnknownVariable

if DATABASES["default"]["ENGINE"] == "network.embedded":
    DATABASES = {"default": {**DATABASES["default"], "OPTIONS": {**PREPARED, "durable": False}}}
WHITENOISE_AUTOREFRESH = True  # else every new client would read all static files
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
# The names of static files are hashed as in production, so an unknown one fails; compressing them would only cost time.
STATIC_ROOT = DEMO_FOLDER / "static"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
MEDIA_ROOT = DEMO_FOLDER / "test-media"
# In memory, so that tests without a database can empty it too; tests/network/test_throttle.py asks the real one.
CACHES = CACHES | {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": CACHES["default"]["KEY_FUNCTION"],
    }
}
options = TEMPLATES[0]["OPTIONS"]
assert isinstance(options, dict)
options["string_if_invalid"] = UnknownVariable(BASE_DIR / "templates")
