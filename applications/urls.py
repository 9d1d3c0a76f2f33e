"""Addresses of applications, behind the language: fixed words before the keys of sections."""

from django.urls import path

from applications.views import applicant, case, documents, endorsing, history, submitting

app_name = "applications"
urlpatterns = [
    path("calls/<slug:slug>/apply/", applicant.start, name="start"),
    path("applications/<int:pk>/", applicant.detail, name="detail"),
    path("applications/<int:pk>/presence/", applicant.presence, name="presence"),
    path("applications/<int:pk>/history/<slug:question>/", history.answer_history, name="answer_history"),
    path("applications/<int:pk>/restore/<slug:question>/", history.restore, name="restore"),
    path("applications/<int:pk>/documents/<int:number>/", documents.download, name="document"),
    path("applications/<int:pk>/documents/<int:number>/remove/", documents.remove, name="document_remove"),
    path("applications/<int:pk>/endorsements/<slug:link>/", endorsing.sheet, name="sheet"),
    path("applications/<int:pk>/endorsements/<slug:link>/<int:number>/", endorsing.sheet_print, name="sheet_print"),
    path("applications/<int:pk>/check/", submitting.check, name="check"),
    path("applications/<int:pk>/receipt/<int:number>/", submitting.receipt, name="receipt"),
    path("applications/<int:pk>/withdraw/", submitting.withdraw, name="withdraw"),
    path("applications/<int:pk>/case/", case.case, name="case"),
    path("applications/<int:pk>/case/answer/", case.answer, name="answer"),
    path("applications/<int:pk>/<slug:section>/", applicant.section, name="section"),  # last: any word
]
