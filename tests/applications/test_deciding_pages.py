"""The pages of those who decide: what they show, what they refuse beside which field, and how many queries they ask."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from applications import ranking
from applications.models import Assignment, Outcome, Release, Review, Score
from applications.workflow import Action, State
from tests.factories import Role, a_city, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_pack_version,
    a_second_coordinator,
    an_application,
    prepared,
    released,
)
from tests.guards import only_reads, problems

pytestmark = pytest.mark.django_db


def reviewed(application, *values):
    """Finished reviews with these scores for the one criterion of the small pack."""
    now = timezone.now()
    for number, value in enumerate(values):
        reviewer = a_person(Role.REVIEWER, network=application.call.network, name=f"G{number} {application.city}")
        assignment = Assignment.objects.create(
            application=application, reviewer=reviewer, state="done", due_at=now, assigned_at=now, answered_at=now,
            assigned_by=a_coordinator(application.call.network),
        )  # fmt: skip
        review = Review.objects.create(assignment=assignment, changed_at=now, done_at=now)
        Score.objects.create(
            review=review, criterion="planning", value=value, reason="Weil.", confirmed=True,
            submission=application.submissions.first(),
        )  # fmt: skip
    return application


def under_review(call, scores):
    return [
        reviewed(an_application(State.IN_REVIEW, call=call, city=a_city(slug)), *values)
        for slug, values in scores.items()
    ]


@pytest.fixture
def call():
    return a_call("runde", pack=a_pack_version(key="two", quota={"count": 2, "tie_break": ["planning"]}))


def page_of(client, call, person, where="", language="en"):
    client.force_login(person)
    with only_reads():
        response = client.get(f"/{language}/coordination/calls/{call.slug}/decisions/{where}")
    assert response.status_code == 200
    assert problems(response, language) == []
    return response


def rows_of(response):
    """City → rank, verdict."""
    return {
        str(row.application.city): (row.place.rank, row.place.is_tied, row.place.verdict.value)
        for row in response.context["deciding"].ranked
    }


def test_ranking_then_points_rank_and_quota_stand_there_and_equals_are_shown_as_equals(client, call):
    under_review(call, {"bonn": (5, 4), "koeln": (3, 3), "mainz": (3, 3), "trier": ()})
    response = page_of(client, call, a_coordinator(call.network))
    assert rows_of(response) == {
        "Bonn": (1, False, "fits"),
        "Koeln": (2, True, "open"),
        "Mainz": (2, True, "open"),
        "Trier": (None, False, "no_points"),
    }
    assert [row.points for row in response.context["deciding"].ranked][:2] == [Decimal("90.00"), Decimal("60.00")]
    text = response.content.decode()
    for words in ("0 of 2 places taken", "equal to others: you decide", "Equals stand where the places end"):
        assert words in text
    assert text.index("Koeln") < text.index("Mainz")


def test_ranking_when_outcomes_are_prepared_then_their_places_count_as_taken(client, call):
    bonn, _koeln = under_review(call, {"bonn": (5, 5), "koeln": (4, 4)})
    prepared(bonn, Action.ENDORSE)
    text = page_of(client, call, a_second_coordinator(call.network)).content.decode()
    assert "1 of 2 places taken" in text
    assert f"prepared by {a_coordinator(call.network)}" in text
    assert "Check and release (1)" in text


def test_ranking_when_an_outcome_is_prepared_then_the_others_compete_for_the_places_it_leaves(client, call):
    _bonn, koeln, _mainz, trier = under_review(
        call, {"bonn": (5, 5), "koeln": (4, 4), "mainz": (3, 3), "trier": (2, 2)}
    )
    prepared(koeln, Action.REFUSE)
    second = a_second_coordinator(call.network)
    verdicts = [row.place.verdict for row in page_of(client, call, second).context["deciding"].ranked]
    assert verdicts == ["fits", None, "fits", "no_place"]
    prepared(trier, Action.ENDORSE)
    verdicts = [row.place.verdict for row in page_of(client, call, second).context["deciding"].ranked]
    assert verdicts == ["fits", None, "no_place", None]


@pytest.mark.django_db(transaction=True)  # as in production: what a test has not committed is not kept in memory
def test_ranking_when_there_are_more_rows_then_it_asks_no_more_queries(client, call, django_assert_num_queries):
    person = a_second_coordinator(call.network)
    for scores in ({"bonn": (5, 4)}, {"koeln": (3, 3), "mainz": (2, 2)}):
        for application in under_review(call, scores):
            prepared(application, Action.REFUSE)
        client.force_login(person)
        client.get("/de/coordination/calls/runde/decisions/")
        with django_assert_num_queries(8):
            client.get("/de/coordination/calls/runde/decisions/")


def test_decisions_when_there_are_more_than_a_page_then_its_parts_follow_each_other(client, call, monkeypatch):
    monkeypatch.setattr(ranking, "PER_PAGE", 2)
    under_review(call, {"bonn": (5, 5), "koeln": (4, 4), "mainz": ()})
    for state, slug in ((State.ENDORSED, "ulm"), (State.SUBMITTED, "aalen"), (State.SUBMITTED, "worms")):
        an_application(state, call=call, city=a_city(slug))
    seen = []
    for number in (1, 2, 3):
        shown = page_of(client, call, a_coordinator(call.network), f"?page={number}").context["deciding"]
        seen.append(
            [[str(row.application.city) for row in part] for part in (shown.ranked, shown.decided, shown.not_yet)]
        )
    assert seen == [[["Bonn", "Koeln"], [], []], [["Mainz"], ["Ulm"], []], [[], [], ["Aalen", "Worms"]]]
    assert [(part.count, part.first_page) for part in shown.parts] == [(3, 1), (1, 2), (2, 3)]


def test_release_page_when_there_are_more_rows_then_it_asks_no_more_queries(client, call, django_assert_num_queries):
    person = a_second_coordinator(call.network)
    for scores in ({"bonn": (5, 4)}, {"koeln": (3, 3), "mainz": (2, 2)}):
        for application in under_review(call, scores):
            prepared(application, Action.REFUSE)
        client.force_login(person)
        client.get("/de/coordination/calls/runde/decisions/release/")
        with django_assert_num_queries(10):
            client.get("/de/coordination/calls/runde/decisions/release/")


def test_prepare_page_when_reasons_were_released_then_they_are_filled_in(client, call):
    (bonn,) = under_review(call, {"bonn": (5, 4)})
    by = a_coordinator(call.network)
    Score.objects.filter(value=5).update(released_at=timezone.now(), released_by=by, reason="Der Plan ist beschlossen.")
    Score.objects.filter(value=4).update(reason="Nur für die Koordination.")
    text = page_of(client, call, by, f"{bonn.pk}/").content.decode()
    assert "Planung: Der Plan ist beschlossen." in text
    assert "Planning: Der Plan ist beschlossen." in text
    assert "Nur für die Koordination." not in text


def test_prepare_page_when_something_is_missing_then_it_says_so_beside_the_field_and_keeps_what_was_typed(client, call):
    (bonn,) = under_review(call, {"bonn": (5,)})
    client.force_login(a_coordinator(call.network))
    typed = {"action": "endorse", "reason_de": "Gut.", "reason_en": "", "without_quorum": "Frist."}
    response = client.post(f"/en/coordination/calls/runde/decisions/{bonn.pk}/", typed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["reason_en"]
    assert "Gut." in response.content.decode()
    assert problems(response, "en") == []
    response = client.post(f"/en/coordination/calls/runde/decisions/{bonn.pk}/", typed | {"reason_en": "Good."})
    assert response["Location"] == "/en/coordination/calls/runde/decisions/"
    assert Outcome.objects.get().without_quorum == "Frist."


def test_journey_when_two_people_decide_then_the_city_reads_it_at_the_set_moment_and_not_before(client, call):
    bonn, koeln = under_review(call, {"bonn": (5, 5), "koeln": (1, 1)})
    first, second = a_coordinator(call.network), a_second_coordinator(call.network)
    base = "/en/coordination/calls/runde/decisions/"
    client.force_login(first)
    for application, action in ((bonn, "endorse"), (koeln, "refuse")):
        client.post(f"{base}{application.pk}/", {"action": action, "reason_de": "Grund.", "reason_en": "Reason."})
    outcome = bonn.outcomes.get()
    page_of(client, call, first, f"{outcome.pk}/letter/de/")
    client.post(f"{base}{outcome.pk}/letter/de/", {"subject": "Glückwunsch", "text": "Wir freuen uns."})
    page = page_of(client, call, first, "release/")
    assert "You worked on this list yourself" in page.content.decode()
    assert (
        client.post(f"{base}release/", {"when": "now", "seen": page.context["form"]["seen"].value()}).status_code == 422
    )
    page = page_of(client, call, second, "release/")
    assert "changed by " in page.content.decode()
    seen = page.context["form"]["seen"].value()
    assert client.post(f"{base}release/", {"when": "later", "seen": seen}).status_code == 422
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    client.post(f"{base}release/", {"when": "later", "day": tomorrow, "clock": "10:00:00", "seen": seen})
    text = page_of(client, call, second).content.decode()
    assert "Set, and not known yet" in text
    release = Release.objects.get()
    assert timezone.localtime(release.at, call.zone_info).time() == datetime.time(10)
    Release.objects.update(at=timezone.now())
    assert "Release now" in page_of(client, call, first).content.decode()
    client.post(f"{base}releases/{release.pk}/carry-out/")
    bonn.refresh_from_db()
    assert bonn.state == State.ENDORSED
    assert bonn.letters.get(kind="application_decided").subject == "Glückwunsch"
    page_of(client, call, first)
    known = page_of(client, call, first, "released/")
    shown = [[one.label for one in outcomes] for _release, outcomes in known.context["released"].releases]
    assert shown == [["Endorse", "Do not endorse"]]
    assert str(bonn.city) in known.content.decode()


def test_release_when_taken_back_on_the_page_then_the_list_is_open_again(client, call):
    (bonn,) = under_review(call, {"bonn": (5, 5)})
    prepared(bonn, Action.ENDORSE)
    release = released(call, at=timezone.now() + datetime.timedelta(hours=1))
    client.force_login(a_coordinator(call.network))
    client.post(f"/de/coordination/calls/runde/decisions/releases/{release.pk}/take-back/")
    assert Outcome.objects.listed().count() == 1
    client.post(f"/de/coordination/calls/runde/decisions/{Outcome.objects.get().pk}/drop/")
    assert Outcome.objects.count() == 0


def test_forward_page_when_one_is_forwarded_then_day_and_channel_are_in_the_history_of_the_city(client, call):
    bonn = an_application(State.ENDORSED, call=call, city=a_city("bonn"))
    koeln = an_application(State.ENDORSED, call=call, city=a_city("koeln"))
    page_of(client, call, a_coordinator(call.network), "forward/")
    where = "/en/coordination/calls/runde/decisions/forward/"
    assert client.post(where, {"on": "bald"}).status_code == 422
    today = timezone.localdate()
    client.post(where, {"applications": [bonn.pk], "on": today, "channel": "email", "note": "Akte 7"})
    bonn.refresh_from_db()
    koeln.refresh_from_db()
    assert (bonn.state, koeln.state) == (State.FORWARDED, State.ENDORSED)
    text = client.get(f"/en/coordination/applications/{bonn.pk}/").content.decode()
    assert "by e-mail" in text
    assert "Akte 7" in text


def test_outside_call_when_the_network_has_decided_then_day_and_source_are_recorded_and_the_city_is_a_member(client):
    call = a_call("runde", pack=a_pack_version(key="out", outside=True, quota=None))
    bonn = an_application(State.FORWARDED, call=call, city=a_city("bonn"))
    page_of(client, call, a_coordinator(call.network), f"{bonn.pk}/")
    typed = {"action": "admit", "source_label": "Brief", "source_url": "", "reason_de": "", "reason_en": ""}
    where = f"/en/coordination/calls/runde/decisions/{bonn.pk}/"
    assert "decided_on" in client.post(where, typed).context["form"].errors
    client.post(where, typed | {"decided_on": "2026-06-30"})
    released(call)
    membership = bonn.city.memberships.get()
    assert (membership.since, membership.sources.get().what) == (2026, "Brief")
    text = client.get(f"/en/coordination/applications/{bonn.pk}/").content.decode()
    assert "decided on 30 June 2026; source: Brief" in text
