"""What stands on a call's page of who did what and when; deleting a call; calls in which one's own city applies."""

import datetime
import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions import MoveNotAllowedError, inviting
from applications.actions.calls import extend
from applications.actions.editing import take_over
from applications.actions.preparing import delete, make_from_call, publish, set_dates, unpublish
from applications.call_history import history_of
from applications.models import Call, CallEvent, PackDraft, PackVersion
from applications.pack import Text
from applications.personal import about
from applications.workflow import Action, State
from cities.models import TeamMember
from tests.applications.editing import VISION, edit
from tests.applications.test_call_preparing import DAY, a_prepared_call, dates_of, far
from tests.factories import Role, a_city, a_person
from tests.factories_applications import a_call, a_coordinator, a_lead, a_network_of, an_application, let_time_pass

pytestmark = pytest.mark.django_db


def test_call_then_each_act_stands_in_its_history_with_person_and_moment():
    earlier = a_call("alt")
    by = a_coordinator(earlier.network)
    other = a_person(Role.COORDINATOR, network=earlier.network, name="Zweite Person")
    call = make_from_call(earlier, by=by)
    call = set_dates(call, dates_of(call), confirmed=False, by=by)
    call = set_dates(call, dates_of(call), confirmed=True, by=other)
    later = timezone.now() + DAY
    publish(call, at=later, by=other)
    unpublish(call, by=by)
    unpublish(call, by=by)  # a second click
    call = publish(call, at=None, by=other)
    extend(call, "closes_at", new=call.closes_at + DAY, reason_de="Ferien.", reason_en="Holidays.", by=by)
    edit(call, VISION, label=Text("Anders", "Different"))
    take_over(call, seen=1, by=by)
    lines = [(line.what, line.by) for line in reversed(history_of(call))]
    kinds = ["made", "dated", "confirmed", "scheduled", "taken_back", "published"]
    people = [by, by, other, other, by, other]
    labels = [str(CallEvent.Kind(kind).label) for kind in kinds]
    assert lines[:6] == list(zip(labels, people, strict=True))
    assert {line.moment for line in history_of(call)} >= {later, call.closes_at + DAY}
    assert [line.extension.reason_de for line in history_of(call) if line.extension] == ["Ferien."]
    assert history_of(call)[0].version == 2
    assert history_of(earlier) == []


def test_own_data_then_what_the_person_did_with_calls_and_nothing_of_others():
    call = publish(a_prepared_call(), at=None, by=a_coordinator(a_network_of()))
    by, other = CallEvent.objects.filter(call=call).latest("pk").by, a_person(Role.OPERATOR)
    extend(call, "closes_at", new=far(60), reason_de="Ferien.", reason_en="Holidays.", by=by)
    mine: dict[str, Any] = about(by)
    theirs = about(other)
    assert [row["kind"] for row in mine["acts_on_calls"]][-1] == "published"
    assert {row["in_call"] for row in mine["acts_on_calls"]} == {call.slug}
    assert [(row["deadline"], row["reason_de"]) for row in mine["dates_moved"]] == [("closes_at", "Ferien.")]
    json.dumps(mine)
    assert (theirs["acts_on_calls"], theirs["dates_moved"]) == ([], [])


def test_history_when_somebody_changes_a_row_then_the_database_refuses():
    call = make_from_call(a_call("alt"), by=a_coordinator(a_network_of()))
    with pytest.raises(IntegrityError), transaction.atomic():
        CallEvent.objects.filter(call=call).update(kind="published")


def test_history_then_its_coordination_reads_it_on_the_page_of_the_call_and_nobody_in_public(client):
    call = publish(a_prepared_call(), at=None, by=a_coordinator(a_network_of()))
    by = a_coordinator(call.network)
    extend(call, "closes_at", new=far(60), reason_de="Ferien.", reason_en="Holidays.", by=by)
    client.force_login(by)
    with translation.override("en"):
        html = client.get(reverse("editor:call", args=[call.slug])).text
        client.logout()
        public = client.get(call.get_absolute_url()).text
    assert html.index("Date moved: deadline for cities") < html.index("Call published")
    assert "Holidays." in html
    assert by.name in html
    assert "Holidays." in public
    assert by.name not in public
    assert "Call published" not in public


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_call_then_the_number_of_queries_does_not_grow(client, count, django_assert_num_queries):
    call = a_prepared_call()
    by = a_coordinator(call.network)
    for _number in range(count):
        set_dates(call, dates_of(call), confirmed=True, by=by)
    client.force_login(by)
    where = reverse("editor:call", args=[call.slug])
    client.get(where)
    with django_assert_num_queries(8):
        assert client.get(where).text.count('class="case-what"') == count + 1


# --- deleting


def test_delete_a_call_nobody_began_anything_from_then_it_is_gone_with_its_working_copy_and_no_version(client):
    call = a_prepared_call()
    by = a_coordinator(call.network)
    edit(call, VISION, label=Text("Anders", "Different"))
    versions = PackVersion.objects.count()
    client.force_login(by)
    where = reverse("editor:delete", args=[call.slug])
    assert where in client.get(reverse("editor:call", args=[call.slug])).text
    assert client.get(where).status_code == 200
    assert Call.objects.filter(pk=call.pk).exists()
    assert client.post(where).headers["Location"] == reverse("editor:list")
    assert not Call.objects.exists()
    assert not PackDraft.objects.exists()
    assert PackVersion.objects.count() == versions
    assert client.post(where).status_code == 404


def test_delete_when_published_or_something_began_from_it_then_refused_and_not_offered(client):
    by = a_coordinator(a_network_of())
    began = a_prepared_call("begonnen")
    make_from_call(began, by=by)
    invited = a_prepared_call("eingeladen")
    inviting.invite(invited, "neu@example.org", by=by)
    applied = an_application(call=a_call("beworben"), city=a_city("bonn")).call
    let_time_pass(Call.objects.filter(pk=applied.pk), published_at=None)
    for call in (began, invited, applied, a_call("offen")):
        with pytest.raises(MoveNotAllowedError):
            delete(call, by=by)
        client.force_login(by)
        where = reverse("editor:delete", args=[call.slug])
        assert where not in client.get(reverse("editor:call", args=[call.slug])).text
        assert client.get(where).headers["Location"] == reverse("editor:call", args=[call.slug])
    assert Call.objects.count() == 5


def test_delete_when_somebody_else_tries_then_refused():
    call = a_prepared_call()
    for person in (a_person(Role.COORDINATOR, network=a_network_of("uccn")), a_person(Role.OPERATOR)):
        with pytest.raises(MoveNotAllowedError):
            delete(call, by=person)
    assert Call.objects.filter(pk=call.pk).exists()


# --- one's own city


def test_list_when_the_own_city_applies_then_the_call_is_there_to_be_read_and_not_to_be_changed(client):
    application = an_application(call=a_call("runde"), city=a_city("bonn"))
    call = application.call
    person = a_person(Role.COORDINATOR, network=call.network, name="Auch in Bonn")
    TeamMember.objects.create(city=application.city, user=person, role=TeamMember.Role.EDITOR)
    client.force_login(person)
    with translation.override("en"):
        html = client.get(reverse("editor:list")).text
    main = html.partition("<main")[2]
    assert call.get_absolute_url().replace("/de/", "/en/") in main
    assert "Your city applies in this call" in main
    own = reverse("editor:call", args=[call.slug])
    assert own not in main
    assert client.get(own).status_code == 404


def test_list_when_the_own_city_has_withdrawn_then_the_person_prepares_the_call_again():
    application = an_application(State.WITHDRAWN, call=a_call("runde"), city=a_city("bonn"))
    person = a_person(Role.COORDINATOR, network=application.call.network)
    TeamMember.objects.create(city=application.city, user=person, role=TeamMember.Role.EDITOR)
    assert list(Call.objects.prepared_by(person)) == [application.call]
    assert application.events.filter(kind=Action.WITHDRAW).exists()


def test_extend_page_then_applications_one_is_in_conflict_with_are_not_even_counted(client):
    call = a_call("runde")
    for state, slug in ((State.DRAFT, "bonn"), (State.SUBMITTED, "celle"), (State.SUBMITTED, "emden")):
        one = an_application(state, call=call, city=a_city(slug))
    by = a_coordinator(call.network)
    one.conflicts.create(person=by, reason="Verwandt.", by=by)
    draft = call.applications.get(state=State.DRAFT)
    draft.conflicts.create(person=by, reason="Verwandt.", by=by)
    client.force_login(by)
    page = client.get(reverse("coordination:extend", args=[call.slug]))
    assert (page.context["drafts"], page.context["others"]) == (0, 1)
    assert a_lead(draft.city)


def test_extend_a_call_in_preparation_then_refused_since_its_dates_can_be_changed():
    call = a_prepared_call()
    with pytest.raises(MoveNotAllowedError):
        extend(
            call, "closes_at", new=call.closes_at + datetime.timedelta(days=9), reason_de="a", reason_en="b",
            by=a_coordinator(call.network),
        )  # fmt: skip
