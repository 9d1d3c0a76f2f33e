"""The portal's addresses and that of the bare page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from network.urls import urlpatterns as portal

BODY = b"x" * 30_000


def bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY)


urlpatterns = [path("bare/", bare), *portal]
