"""Addresses of the networks."""

from django.urls import path

from cities.views import networks

app_name = "networks"
urlpatterns = [
    path("networks/", networks.network_list, name="list"),
    path("networks/<slug:slug>/", networks.network_detail, name="detail"),
]
