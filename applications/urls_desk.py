"""The address of one's own desk, behind the language."""

from django.urls import path

from applications.views import desk

app_name = "desk"
urlpatterns = [path("", desk.home, name="home")]
