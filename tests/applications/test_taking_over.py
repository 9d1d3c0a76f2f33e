"""Taking the working copy over into an announced call: sorted into harmless, told and forbidden."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions import MoveNotAllowedError
from applications.actions.editing import (
    remove_part,
    take_over,
)
from applications.actions.preparing import NotReadyError
from applications.log import faults
from applications.models import Application, Call, Event, PackVersion
from applications.pack import Text
from applications.pack_parts import find, mark_of
from applications.preparation import Preparation
from applications.workflow import State
from network.models import Letter
from tests.applications.editing import PLANNING, VISION, edit, pack_of, words
from tests.factories import a_city
from tests.factories_applications import (
    a_call,
    a_coordinator,
    an_application,
)

pytestmark = pytest.mark.django_db


def an_open_call() -> Call:
    return a_call("runde")


def test_open_call_when_something_harmless_changes_then_drafts_follow_without_a_letter():
    draft = an_application(call=an_open_call())
    call = draft.call
    edit(call, VISION, help=words("Ein Satz mehr"))
    assert call.pack.questions["vision"].help is None
    take_over(call, seen=Preparation(call).version, by=a_coordinator(call.network))
    draft.refresh_from_db()
    assert draft.pack_version.number == 2
    assert draft.pack_version == Call.objects.get().pack_version
    assert draft.events.filter(kind=Event.Kind.PACK_CHANGED).count() == 1
    assert not Letter.objects.filter(kind="application_pack_changed").exists()
    assert list(faults()) == []


def test_open_call_when_applicants_must_be_told_then_each_team_gets_a_letter_and_what_was_submitted_stays():
    call = an_open_call()
    draft = an_application(call=call, city=a_city("musterstadt"))
    submitted = an_application(State.SUBMITTED, call=call, city=a_city("bonn"))
    ended = an_application(State.WITHDRAWN, call=call, city=a_city("celle"))
    old = call.pack_version
    edit(call, VISION, words=25, label=Text("Ihre Vision?", "Your vision?"))
    take_over(call, seen=1, by=a_coordinator(call.network))
    versions = {one.pk: one.pack_version for one in Application.objects.all()}
    new = Call.objects.get().pack_version
    assert versions == {draft.pk: new, submitted.pk: old, ended.pk: old}
    letters = Letter.objects.filter(kind="application_pack_changed")
    assert {letter.to.teams.get().city.slug for letter in letters if letter.to} == {"musterstadt", "bonn"}
    for letter in letters:
        assert "Plan › Ihre Vision?" in letter.text
        assert "20" in letter.text
        assert "25" in letter.text
    assert not ended.events.filter(kind=Event.Kind.PACK_CHANGED).exists()


def test_open_call_when_something_forbidden_changes_then_refused_with_its_places_and_nothing_moves(client):
    draft = an_application(call=an_open_call())
    call = draft.call
    by = a_coordinator(call.network)
    edit(call, PLANNING, highest=10)
    edit(call, VISION, words=5)
    with pytest.raises(NotReadyError) as refusal:
        take_over(call, seen=2, by=by)
    assert {problem.place for problem in refusal.value.pack} == {
        "criteria[planning].highest", "steps[apply].sections[plan].questions[vision].words",
    }  # fmt: skip
    client.force_login(by)
    with translation.override("en"):
        url = reverse("editor:changes", args=[call.slug])
        html = client.get(url).text
        assert client.post(url, {"seen": "2"}).status_code == 422
    assert "Forbidden in an open call" in html
    assert "Highest score" in html
    assert "Take these changes over" not in html
    draft.refresh_from_db()
    assert draft.pack_version == call.pack_version == Call.objects.get().pack_version
    assert PackVersion.objects.count() == 1


def test_taking_over_what_a_colleague_has_changed_since_then_refused(client):
    call = an_open_call()
    by = a_coordinator(call.network)
    edit(call, VISION, words=25)
    edit(call, VISION, words=30)
    with pytest.raises(MoveNotAllowedError):
        take_over(call, seen=1, by=by)
    client.force_login(by)
    client.post(reverse("editor:changes", args=[call.slug]), {"seen": "1"})
    assert Call.objects.get().pack == call.pack
    client.post(reverse("editor:changes", args=[call.slug]), {"seen": "2"})
    assert Call.objects.get().pack.questions["vision"].words == 30


def test_call_that_will_be_published_then_what_is_changed_until_then_can_be_taken_over_whatever_it_is(client):
    call = a_call("bald", published_at=timezone.now() + datetime.timedelta(days=1))
    by = a_coordinator(call.network)
    edit(call, PLANNING, highest=10)
    client.force_login(by)
    with translation.override("en"):
        assert "Take these changes over" in client.get(reverse("editor:changes", args=[call.slug])).text
    take_over(call, seen=1, by=by)
    assert Call.objects.get().pack.criteria[0].highest == 10


def test_changes_when_dropped_then_the_working_copy_is_the_version_again(client):
    call = an_open_call()
    client.force_login(a_coordinator(call.network))
    remove_part(call, VISION, seen=mark_of(find(pack_of(call), VISION)), by=a_coordinator(call.network))
    url = reverse("editor:drop", args=[call.slug])
    client.post(url, {"seen": "0"})
    assert "vision" not in pack_of(call).questions
    client.post(url, {"seen": "1"})
    assert pack_of(call) == call.pack


def test_taking_over_a_pack_that_is_not_sound_then_refused():
    call = an_open_call()
    edit(call, PLANNING, weight=80)
    with pytest.raises(NotReadyError):
        take_over(call, seen=1, by=a_coordinator(call.network))
    assert PackVersion.objects.count() == 1
