"""Where all apps come together. Every page for people carries its language in the address."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.static import serve

from network.views.account import SignIn, SignOut
from network.views.root import favicon, robots, root

urlpatterns = [
    path("", root, name="root"),
    path("favicon.ico", favicon, name="favicon"),
    path("robots.txt", robots, name="robots"),
    path("", include("cities.urls_sitemaps")),
    *i18n_patterns(
        path("", include("cities.urls_home")),
        path("sign-in/", SignIn.as_view(), name="login"),
        path("sign-out/", SignOut.as_view(), name="logout"),
        path("news/", include("network.urls_news")),
        path("", include("network.urls_legal")),
        path("", include("cities.urls_networks")),
        path("", include("cities.urls")),
        path("desk/", admin.site.urls),
    ),
]
if settings.DEMO:  # in production the web server or S3 gives out the pictures of cities, and nothing else
    pictures = {"document_root": settings.MEDIA_ROOT / "cities"}
    urlpatterns.append(path("media/cities/<path:path>", login_not_required(serve), pictures, name="media"))
