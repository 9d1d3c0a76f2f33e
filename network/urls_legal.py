"""Addresses of the legal pages."""

from django.urls import path

from network.views import legal

app_name = "legal"
urlpatterns = [
    path("imprint/", legal.page, {"name": "imprint"}, name="imprint"),
    path("privacy/", legal.page, {"name": "privacy"}, name="privacy"),
    path("accessibility/", legal.page, {"name": "accessibility"}, name="accessibility"),
    path("easy-language/", legal.page, {"name": "easy"}, name="easy"),
    path("sign-language/", legal.page, {"name": "sign"}, name="sign"),
    path("sources/", legal.page, {"name": "sources"}, name="sources"),
    path("barrier/", legal.barrier, name="barrier"),
    path("barrier/<str:receipt>/", legal.barrier_thanks, name="barrier_thanks"),
]
