"""Addresses of reviewing, behind the language: the reviewers' own pages, then the coordination's."""

from django.urls import path

from applications.views import review_round, reviewing

app_name = "reviewing"
CALL, CASE = "coordination/calls/<slug:slug>/", "coordination/applications/<int:pk>/"
urlpatterns = [
    path("reviews/", reviewing.review_list, name="list"),
    path("reviews/statement/", reviewing.statement, name="statement"),
    path("reviews/invitations/<int:pk>/", reviewing.own_invitation, name="own_invitation"),
    path("reviews/invitation/<str:code>/", reviewing.invitation, name="invitation"),
    path("reviews/<int:pk>/", reviewing.review, name="review"),
    path("reviews/<int:pk>/conflict/", reviewing.recuse, name="recuse"),
    path("reviews/<int:pk>/reopen/", reviewing.reopen_review, name="reopen"),
    path(f"{CALL}reviewers/", review_round.reviewers, name="reviewers"),
    path(f"{CALL}reviewers/invite/", review_round.invite, name="invite"),
    path(f"{CALL}reviewers/<int:pk>/", review_round.invitation, name="invited"),
    path(f"{CALL}reviews/", review_round.assignments, name="assignments"),
    path(f"{CALL}reviews/propose/", review_round.propose, name="propose"),
    path(f"{CASE}reviews/", review_round.case, name="case"),
    path(f"{CASE}reviews/assign/", review_round.assign, name="assign"),
    path(f"{CASE}reviews/<int:number>/take-back/", review_round.take_back, name="take_back"),
    path(f"{CASE}conflict/", review_round.conflict, name="conflict"),
]
