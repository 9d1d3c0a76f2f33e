"""Addresses of calls for applications, behind the language."""

from django.urls import path

from applications.views import calls, readiness, schema

app_name = "calls"
urlpatterns = [
    path("", calls.call_list, name="list"),
    path("pack.schema.json", schema.pack_schema, name="schema"),
    path("<slug:slug>/", calls.call_detail, name="detail"),
    path("<slug:slug>/questions/", calls.call_questions, name="questions"),
    path("<slug:slug>/calendar.ics", calls.call_calendar, name="calendar"),
    path("<slug:slug>/readiness/", readiness.readiness, name="readiness"),
    path("<slug:slug>/readiness/keep/", readiness.keep, name="readiness_keep"),
]
