"""The home page: it counts cities, so it belongs to this app; its name is plain `home`."""

from django.urls import path

from cities.views.networks import home

urlpatterns = [path("", home, name="home")]
