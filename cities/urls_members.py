"""Addresses of the members of a network, for its coordination, behind the language and `coordination/members/`."""

from django.urls import path

from cities.views import members

app_name = "members"
urlpatterns = [
    path("", members.member_list, name="list"),
    path("export/", members.export, name="export"),
    path("<int:pk>/", members.member, name="detail"),
    path("<int:pk>/fields/", members.fields, name="fields"),
    path("<int:pk>/<slug:status>/", members.status, name="status"),
]
