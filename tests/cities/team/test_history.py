"""The history of a team: nobody changes it, it outlives its people, and the database guards it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cities import teams
from cities.chronicle import chronicle
from cities.models import TeamEvent, TeamHandOver, TeamInvitation, TeamMember, TeamRequest
from tests.cities.team.people import (
    a_newcomer,
    a_request,
    an_invitation,
)

pytestmark = pytest.mark.django_db


def test_history_then_no_sql_changes_or_deletes_it(cast):
    a_request(cast.bonn)
    before = list(TeamEvent.objects.values())
    for sql in (
        "UPDATE cities_teamevent SET reason = 'x'",
        "UPDATE cities_teamevent SET by_id = NULL",
        "DELETE FROM cities_teamevent",
    ):
        with (
            pytest.raises(IntegrityError, match="only ever added to"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamEvent.objects.all().delete()
    assert list(TeamEvent.objects.values()) == before


def test_history_when_a_person_is_erased_then_it_stays_and_names_nobody(cast):
    request = a_request(cast.bonn)
    teams.withdraw_request(request, by=request.user)
    before = list(TeamEvent.objects.values())
    request.user.delete()
    assert list(TeamEvent.objects.values()) == before
    _page, lines = chronicle(cast.bonn, "")
    assert [line.words for line in lines] == [
        "deleted person withdrew the request.",
        "deleted person asked to speak for the city.",
    ]


def test_database_then_it_refuses_what_no_act_would_do(cast):
    now = timezone.now()
    person = a_newcomer()
    asked = {"city": cast.bonn, "user": person, "office": "Amt", "proof": "Website"}
    invited = {"city": cast.bonn, "email": "x@example.org", "sent_at": now, "expires_at": now}
    proposed = {"city": cast.bonn, "giver": cast["lead"], "stays": True}
    TeamRequest.objects.create(**asked, phone="1")
    TeamInvitation.objects.create(**invited, role="editor")
    TeamHandOver.objects.create(**proposed, taker=cast["deputy"])
    for model, row in [
        (TeamMember, {"city": cast.bonn, "user": person, "role": "lead"}),
        (TeamMember, {"city": cast.bonn, "user": cast["lead"], "role": "editor"}),
        (TeamRequest, asked | {"phone": "1"}),
        (TeamRequest, asked | {"user": cast["stranger"]}),
        (TeamRequest, asked | {"phone": "1", "state": "declined", "decided_at": now}),
        (TeamRequest, asked | {"phone": "1", "state": "withdrawn"}),
        (TeamRequest, asked | {"phone": "1", "state": "confirmed", "decided_at": now}),
        (TeamRequest, asked | {"phone": "1", "state": "lost", "decided_at": now}),
        (TeamInvitation, invited | {"role": "editor", "email": "X@example.org"}),
        (TeamInvitation, invited | {"role": "lead", "email": "y@example.org"}),
        (TeamInvitation, invited | {"role": "editor", "state": "accepted"}),
        (TeamHandOver, proposed | {"taker": cast["editor"]}),
        (TeamHandOver, proposed | {"taker": cast["lead"], "state": "declined", "closed_at": now}),
        (TeamHandOver, proposed | {"taker": cast["editor"], "state": "declined"}),
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            model._default_manager.create(**row)


# --- in words


def test_history_then_every_kind_reads_as_a_sentence(cast):
    lea, edi, nele = cast["lead"], cast["editor"], a_newcomer()
    for kind in TeamEvent.Kind.values:
        TeamEvent.objects.create(
            city=cast.bonn, by=lea, person=edi, kind=kind, old_role="editor", new_role="deputy",
            invitation=an_invitation(cast.bonn, lea) if "nvit" in kind else None,
        )  # fmt: skip
    TeamEvent.objects.create(city=cast.bonn, by=nele, person=nele, kind="became_lead", old_role="editor")
    TeamEvent.objects.create(city=cast.bonn, by=lea, person=lea, kind="was_lead", old_role="lead")
    lines = [line.words for number in (1, 2) for line in chronicle(cast.bonn, str(number))[1]]
    assert all(line.endswith(".") and "%(" not in line and "  " not in line for line in lines)
    for sentence in (
        "Lea Leitung no longer leads the team and has left it.",
        "Nele Neu took over the lead.",
        "Lea Leitung gave the lead to Edi Redaktion.",
        "Lea Leitung changed the role of Edi Redaktion. Before: editor, from then on: deputy.",
    ):
        assert sentence in lines
