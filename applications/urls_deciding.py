"""Addresses of the pages of those who decide, behind the language and `coordination/`."""

from django.urls import path, re_path

from applications.views import deciding

app_name = "deciding"
urlpatterns = [
    path("calls/<slug:slug>/decisions/", deciding.call, name="call"),
    path("calls/<slug:slug>/decisions/release/", deciding.release, name="release"),
    path("calls/<slug:slug>/decisions/released/", deciding.released, name="released"),
    path("calls/<slug:slug>/decisions/forward/", deciding.forward, name="forward"),
    path("calls/<slug:slug>/decisions/<int:pk>/", deciding.prepare, name="prepare"),
    path("calls/<slug:slug>/decisions/<int:pk>/drop/", deciding.drop, name="drop"),
    re_path(
        r"^calls/(?P<slug>[-\w]+)/decisions/(?P<pk>\d+)/letter/(?P<language>de|en)/$", deciding.letter, name="letter"
    ),
    path("calls/<slug:slug>/decisions/releases/<int:pk>/take-back/", deciding.take_back, name="take_back"),
    path("calls/<slug:slug>/decisions/releases/<int:pk>/carry-out/", deciding.carry_out, name="carry_out"),
]
