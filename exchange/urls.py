"""Addresses of the exchange; they are part of the product and stay."""

from django.urls import path

from exchange.views import practices, programmes, sessions

app_name = "exchange"
urlpatterns = [
    path("practices/", practices.practice_list, name="list"),
    path("practices/<slug:slug>/", practices.practice_detail, name="practice"),
    path("programmes/", programmes.programme_list, name="programmes"),
    path("programmes/<slug:slug>/", programmes.programme_detail, name="programme"),
    path("sessions/", sessions.session_list, name="sessions"),
    path("sessions/<slug:slug>/", sessions.session_detail, name="session"),
    path("sessions/<slug:slug>/calendar/", sessions.session_calendar, name="session_calendar"),
]
