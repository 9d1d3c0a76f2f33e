"""Addresses of the sign-in with a town hall's own accounts: without a language, for its provider keeps them."""

from allauth.socialaccount.providers.openid_connect import views
from django.urls import path
from django.views.decorators.http import require_POST

PROVIDER = {"provider_id": "town-hall"}

urlpatterns = [
    path("login/", require_POST(views.login), PROVIDER, name="openid_connect_login"),
    path("callback/", views.callback, PROVIDER, name="openid_connect_callback"),
]
