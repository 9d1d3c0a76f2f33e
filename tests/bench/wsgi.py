"""What gunicorn serves in the bench: the portal, and beside it the bare page that everything is compared with.

The bare page has the eight middleware of an ordinary Django project; the portal keeps its own
eleven. So the cost of a page includes what the portal's three others cost.
"""

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.test.utils import override_settings

USUAL = {
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
}
portal = get_wsgi_application()
with override_settings(MIDDLEWARE=[name for name in settings.MIDDLEWARE if name in USUAL]):
    plain = WSGIHandler()  # reads the list while it is made

from cities import directory  # noqa: E402 - needs the apps


def application(environ, start_response):
    """`X-Bench: cold` forgets the drawn rows and maps of the directory first, as after a change of content."""
    if environ["PATH_INFO"] == "/bare/":
        return plain(environ, start_response)
    if environ.get("HTTP_X_BENCH") == "cold" and directory._kept is not None:
        directory._kept.drawn_rows.clear()
        directory._kept.drawn_maps.clear()
    return portal(environ, start_response)
