"""Addresses of the directory; they are part of the product and stay."""

from django.urls import path

from cities.views import city, directory, imports, joining, networks, profile, team

app_name = "cities"
urlpatterns = [
    path("cities/", directory.city_list, name="list"),
    path("cities/<slug:slug>/", city.city_detail, name="detail"),
    path("cities/<slug:slug>/edit/", profile.edit, name="edit"),
    path("cities/<slug:slug>/edit/confirm/", profile.confirm, name="confirm"),
    path("cities/<slug:slug>/edit/pictures/add/", profile.add, name="picture_add"),
    path("cities/<slug:slug>/edit/pictures/<int:pk>/remove/", profile.remove, name="picture_remove"),
    path("cities/<slug:slug>/team/", team.team, name="team"),
    path("cities/<slug:slug>/team/ask/", joining.ask, name="team_ask"),
    path("cities/<slug:slug>/team/requests/<int:pk>/", joining.answer, name="team_answer"),
    path("cities/<slug:slug>/team/requests/<int:pk>/withdraw/", joining.withdraw, name="team_withdraw"),
    path("cities/<slug:slug>/team/invite/", team.invite, name="team_invite"),
    path("cities/<slug:slug>/team/invitations/<int:pk>/again/", team.send_again, name="team_send_again"),
    path("cities/<slug:slug>/team/invitations/<int:pk>/revoke/", team.revoke, name="team_revoke"),
    path("cities/<slug:slug>/team/members/<int:pk>/", team.member, name="team_member"),
    path("cities/<slug:slug>/team/members/<int:pk>/remove/", team.remove, name="team_remove"),
    path("cities/<slug:slug>/team/leave/", team.leave, name="team_leave"),
    path("cities/<slug:slug>/team/hand-over/", team.hand_over, name="team_hand_over"),
    path("cities/<slug:slug>/team/take-over/", team.take_over, name="team_take_over"),
    path("cities/<slug:slug>/team/appoint/", team.appoint, name="team_appoint"),
    path("my-cities/", joining.mine, name="mine"),
    path("my-cities/invitations/<int:pk>/", joining.own_invitation, name="own_invitation"),
    path("invitations/<str:code>/", joining.invitation, name="invitation"),
    path("import/", imports.start, name="import"),
    path("import/<uuid:key>/", imports.check, name="import_check"),
    path("germany/", networks.germany, name="germany"),
]
