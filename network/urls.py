"""Where all apps come together. Every page for people carries its language in the address."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.static import serve

from network.views.root import favicon, robots, root

urlpatterns = [
    path("", root, name="root"),
    path("favicon.ico", favicon, name="favicon"),
    path("robots.txt", robots, name="robots"),
    path("", include("cities.urls_sitemaps")),
    path("oidc/", include("network.urls_oidc")),
    *i18n_patterns(
        # what is asked for most comes first: an address is looked for from the top
        path("", include("cities.urls_home")),
        path("", include("cities.urls")),
        path("", include("cities.urls_networks")),
        path("", include("exchange.urls")),
        path("", include("network.urls_account")),
        path("news/", include("network.urls_news")),
        path("letters/", include("network.urls_letters")),
        path("outbox/", include("network.urls_outbox")),
        path("", include("network.urls_legal")),
        path("calls/", include("applications.urls_calls")),
        path("", include("applications.urls")),
        path("my-desk/", include("applications.urls_desk")),
        path("", include("applications.urls_reviewing")),
        path("coordination/calls/", include("applications.urls_editor")),
        path("coordination/", include("applications.urls_coordination")),
        path("coordination/", include("applications.urls_deciding")),
        path("coordination/members/", include("cities.urls_members")),
        path("desk/", admin.site.urls),
    ),
]
if settings.DEMO:  # in production the web server or S3 gives out the pictures of cities, and nothing else
    pictures = {"document_root": settings.MEDIA_ROOT / "cities"}
    urlpatterns.append(path("media/cities/<path:path>", login_not_required(serve), pictures, name="media"))
