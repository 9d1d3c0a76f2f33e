"""A person asks to work for a city: who is told, who answers, and what cannot be asked."""

import pytest

from cities import permissions, teams
from network.models import Letter, User
from tests.cities.team.people import (
    REQUEST,
    a_newcomer,
    a_request,
    everything,
    kinds,
    refusal,
    told,
)
from tests.factories import a_city

pytestmark = pytest.mark.django_db


def test_request_is_told_to_all_who_may_answer_and_the_answer_to_who_asked(cast):
    newcomer = a_newcomer()
    request = a_request(cast.bonn, newcomer)
    assert told() == [("team_request", cast[who].email) for who in ("lead", "deputy", "coordinator")]
    text = Letter.objects.earliest("pk").text
    assert f"/de/cities/bonn/team/requests/{request.pk}/" in text
    assert all(words in text for words in REQUEST.values())
    teams.confirm_request(request, by=cast["deputy"], role="editor")
    request.refresh_from_db()
    assert (request.state, request.role, request.decided_by) == ("confirmed", "editor", cast["deputy"])
    assert cast.roles()["somebody new"] == "editor"
    assert told()[3:] == [("team_confirmed", newcomer.email)]
    assert kinds(cast.bonn) == ["asked", "confirmed"]


def test_request_where_nobody_else_may_answer_then_the_operators_are_told(cast):
    ulm = a_city("ulm")
    cast["coordinator"].offices.all().delete()
    cast["other coordinator"].offices.all().delete()
    a_request(ulm)
    assert told() == [("team_request", cast["operator"].email)]


def test_request_when_declined_then_the_reason_is_kept_and_told_and_one_may_ask_again(cast):
    newcomer = a_newcomer()
    request = a_request(cast.bonn, newcomer)
    assert refusal(lambda: teams.decline_request(request, by=cast["lead"], reason=" ")) == (
        "Give the reason. The person reads it."
    )
    teams.decline_request(request, by=cast["lead"], reason="Im Rathaus unbekannt.")
    request.refresh_from_db()
    assert (request.state, request.reason) == ("declined", "Im Rathaus unbekannt.")
    assert "Im Rathaus unbekannt." in Letter.objects.get(kind="team_declined", to=newcomer).text
    assert "somebody new" not in cast.roles()
    a_request(cast.bonn, newcomer)


def test_request_then_nobody_answers_their_own(cast):
    for who in ("coordinator", "operator"):
        request = a_request(cast.bonn, cast[who])
        before = everything()
        for act in (
            lambda request=request, who=who: teams.confirm_request(request, by=cast[who], role="editor"),
            lambda request=request, who=who: teams.decline_request(request, by=cast[who], reason="Doch nicht"),
        ):
            assert refusal(act) == "Nobody answers their own request. Somebody else has to do it."
        assert everything() == before
        assert request not in permissions.requests_for(cast[who])
        assert cast[who].email not in [address for _kind, address in told()[-3:]]


def test_request_then_one_open_at_a_time_for_a_city_and_five_in_all(cast):
    newcomer = a_newcomer()
    first = a_request(cast.bonn, newcomer)
    assert (
        refusal(lambda: a_request(cast.bonn, newcomer)) == "You have asked already. Your request waits for an answer."
    )
    for number in range(4):
        a_request(a_city(f"stadt-{number}"), newcomer)
    assert refusal(lambda: a_request(a_city("ulm"), newcomer)).startswith("5 of your requests wait for an answer.")
    teams.withdraw_request(first, by=newcomer, reason="Versehen")
    first.refresh_from_db()
    assert (first.state, first.reason) == ("withdrawn", "Versehen")
    a_request(cast.bonn, newcomer)


def test_request_then_asking_and_withdrawing_writes_no_letters_without_end(cast):
    newcomer = a_newcomer()
    for _again in range(10):
        teams.withdraw_request(a_request(cast.bonn, newcomer), by=newcomer)
    before = everything()
    assert refusal(lambda: a_request(cast.bonn, newcomer)) == (
        "That was done 10 times within a day. Try it again tomorrow."
    )
    assert everything() == before


def test_request_once_answered_then_it_stays_as_it_is(cast):
    request = a_request(cast.bonn)
    teams.decline_request(request, by=cast["lead"], reason="Unbekannt")
    before = everything()
    for act in (
        lambda: teams.confirm_request(request, by=cast["coordinator"], role="editor"),
        lambda: teams.withdraw_request(request, by=request.user),
    ):
        assert refusal(act) == "This request has been answered or withdrawn meanwhile: declined."
    assert everything() == before


def test_request_to_lead_then_only_where_nobody_leads(cast):
    request = a_request(cast.bonn)
    with pytest.raises(teams.TeamRefusedError) as refused:
        teams.confirm_request(request, by=cast["lead"], role="lead")
    assert (refused.value.field, refused.value.for_reader) == (
        "answer", "The team has a lead already. Choose another role.",
    )  # fmt: skip
    cast.place("lead").delete()
    teams.confirm_request(request, by=cast["coordinator"], role="lead")
    assert cast.roles()["somebody new"] == "lead"


def test_request_of_somebody_whose_account_was_closed_then_it_can_only_be_declined(cast):
    request = a_request(cast.bonn)
    User.objects.filter(pk=request.user_id).update(is_active=False)
    assert "account of this person is closed" in refusal(
        lambda: teams.confirm_request(request, by=cast["lead"], role="editor")
    )
    teams.decline_request(request, by=cast["lead"], reason="Konto geschlossen")
    assert Letter.objects.filter(to=request.user).count() == 0


def test_request_without_official_contact_then_it_is_refused(cast):
    no_contact = REQUEST | {"email": "", "phone": ""}
    assert refusal(lambda: teams.ask_to_join(cast.bonn, by=cast["stranger"], **no_contact)) == (
        "Give an official e-mail address or telephone number."
    )
