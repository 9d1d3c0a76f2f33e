"""Addresses of the coordinators' pages, behind the language."""

from django.urls import path

from applications.views import coordinator

app_name = "coordination"
urlpatterns = [
    path("", coordinator.case_list, name="list"),
    path("applications/<int:pk>/", coordinator.case_file, name="application"),
    path("applications/<int:pk>/return/", coordinator.ask_for_more, name="return"),
    path("applications/<int:pk>/move/<slug:action>/", coordinator.move, name="move"),
    path("calls/<slug:slug>/late/", coordinator.allow_late, name="late"),
    path("calls/<slug:slug>/extend/", coordinator.extend, name="extend"),
]
