"""Addresses of the directory; they are part of the product and stay."""

from django.urls import path

from cities.views import city, directory, imports, networks, profile

app_name = "cities"
urlpatterns = [
    path("cities/", directory.city_list, name="list"),
    path("cities/<slug:slug>/", city.city_detail, name="detail"),
    path("cities/<slug:slug>/edit/", profile.edit, name="edit"),
    path("cities/<slug:slug>/edit/confirm/", profile.confirm, name="confirm"),
    path("cities/<slug:slug>/edit/pictures/add/", profile.add, name="picture_add"),
    path("cities/<slug:slug>/edit/pictures/<int:pk>/remove/", profile.remove, name="picture_remove"),
    path("import/", imports.start, name="import"),
    path("import/<uuid:key>/", imports.check, name="import_check"),
    path("germany/", networks.germany, name="germany"),
]
