"""Addresses of the coordinators' pages, behind the language."""

from django.urls import path

from applications.views import case_care, case_list, coordinator

app_name = "coordination"
urlpatterns = [
    path("", case_list.home, name="home"),
    path("applications/", case_list.case_list, name="list"),
    path("applications/together/", case_list.together, name="together"),
    path("applications/applications.<slug:form>", case_list.export, name="export"),
    path("applications/<int:pk>/", coordinator.case_file, name="application"),
    path("applications/<int:pk>/city/", coordinator.as_city, name="as_city"),
    path("applications/<int:pk>/return/", coordinator.ask_for_more, name="return"),
    path("applications/<int:pk>/move/<slug:action>/", coordinator.move, name="move"),
    path("applications/<int:pk>/note/", case_care.note, name="note"),
    path("applications/<int:pk>/message/", case_care.message, name="message"),
    path("applications/<int:pk>/check/", case_care.check, name="check"),
    path("applications/<int:pk>/flags/", case_care.flag, name="flag"),
    path("applications/<int:pk>/flags/<int:number>/", case_care.flag_settle, name="flag_settle"),
    path("applications/<int:pk>/endorsements/<slug:link>/", case_care.outside, name="outside"),
    path("calls/<slug:slug>/late/", coordinator.allow_late, name="late"),
    path("calls/<slug:slug>/extend/", coordinator.extend, name="extend"),
]
