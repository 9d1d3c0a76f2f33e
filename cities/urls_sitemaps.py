"""The sitemap and its parts."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import views
from django.urls import path

from cities.sitemaps import SITEMAPS

PART = "django.contrib.sitemaps.views.sitemap"  # the name that the index looks up
urlpatterns = [
    path("sitemap.xml", login_not_required(views.index), {"sitemaps": SITEMAPS}, name="sitemap-index"),
    path("sitemap-<section>.xml", login_not_required(views.sitemap), {"sitemaps": SITEMAPS}, name=PART),
]
