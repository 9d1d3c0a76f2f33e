"""Making a call from a pack or the last round, its dates, and publishing it; and that nobody else learns of it."""

import datetime
import json
import re
import zoneinfo
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions import MoveNotAllowedError
from applications.actions.preparing import NotReadyError, make_from_call, make_from_pack, publish, set_dates, unpublish
from applications.models import Call
from applications.pack import read
from applications.preparation import Standing, standing_of
from applications.rounds import months_on, next_title
from tests.factories import Role, a_city, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    a_network_of,
    a_pack_document,
    a_pack_version,
    an_application,
    let_time_pass,
)

pytestmark = pytest.mark.django_db
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
DAY = datetime.timedelta(days=1)


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def far(days: int) -> datetime.datetime:
    return (timezone.now() + days * DAY).astimezone(BERLIN).replace(hour=23, minute=59, second=59, microsecond=0)


def dates_of(call: Call) -> dict[str, object]:
    names = ("title_de", "title_en", "zone", "opens_at", "closes_at", "forwards_at", "decides_at")
    return {name: getattr(call, name) for name in names}


def a_prepared_call(slug: str = "naechste", **values: Any) -> Call:
    """One nobody else sees, with its dates confirmed."""
    version = a_pack_version()
    by = a_coordinator(version.network)
    dates = {"opens_at": far(10), "closes_at": far(40), "published_at": None}
    call = a_call(slug, pack=version, **(dates | values))
    return set_dates(call, dates_of(call), confirmed=True, by=by)


# --- the next round


def test_call_from_the_last_two_rounds_then_dates_move_by_their_distance_and_the_title_counts_on():
    first = a_call(
        "eins", title_de="Runde 2025", title_en="Round 2025",
        opens_at=at("2025-01-15 09:00"), closes_at=at("2025-03-31 23:59:59"),
    )  # fmt: skip
    second = a_call(
        "zwei", pack=first.pack_version, title_de="Runde 2027", title_en="Round 2027", opens_at=at("2027-01-15 09:00"),
        closes_at=at("2027-03-31 23:59:59"), forwards_at=at("2027-05-01 12:00"), zone="Europe/Berlin",
    )  # fmt: skip
    made = make_from_call(second, by=a_coordinator(second.network))
    assert (made.title_de, made.title_en, made.slug) == ("Runde 2029", "Round 2029", "round-2029")
    assert made.opens_at == at("2029-01-15 09:00")
    assert made.closes_at == at("2029-03-31 23:59:59")
    assert (made.forwards_at, made.decides_at) == (at("2029-05-01 12:00"), None)
    assert (made.made_from, made.pack_version) == (second, second.pack_version)
    assert (made.published_at, made.dates_confirmed_at) == (None, None)


def test_call_from_the_only_round_then_a_year_as_often_as_the_opening_lies_ahead():
    old = a_call(
        "alt", title_de="Aufruf", title_en="", opens_at=at("2023-02-01 09:00"), closes_at=at("2023-05-31 23:59:59")
    )
    made = make_from_call(old, by=a_coordinator(old.network))
    assert timezone.now() < made.opens_at < timezone.now() + 366 * DAY
    assert made.opens_at.astimezone(BERLIN).strftime("%d.%m. %H:%M") == "01.02. 09:00"
    assert made.title_de == f"Aufruf {made.opens_at.astimezone(BERLIN).year}"
    assert made.title_en == ""
    again = make_from_call(old, by=a_coordinator(old.network))
    assert made.slug != again.slug


@pytest.mark.parametrize(
    ("title", "months", "expected"),
    [
        ("UCCN 2027", 24, "UCCN 2029"),
        ("Runde 2026/2027", 12, "Runde 2027/2028"),
        ("7. Runde", 12, "8. Runde"),
        ("Call 3 for cities", 12, "Call 4 for cities"),
        ("Aufruf", 12, "Aufruf 2030"),
        ("", 12, ""),
    ],
)
def test_title_then_it_has_the_next_year_or_number(title, months, expected):
    assert next_title(title, months, 2030) == expected


@pytest.mark.parametrize(
    ("moment", "months", "expected"),
    [
        ("2027-01-31 23:59:59", 1, "2027-02-28 23:59:59"),
        ("2028-02-29 12:00", 12, "2029-02-28 12:00"),
        ("2027-11-15 09:00", 5, "2028-04-15 09:00"),  # clocks are put forward in between
    ],
)
def test_moment_then_the_clock_shows_the_same_time_months_later(moment, months, expected):
    assert months_on(at(moment), months, BERLIN) == at(expected)


def test_call_from_a_pack_then_dates_are_suggested_and_unconfirmed():
    network = a_network_of("gnlc")
    made = make_from_pack(read(a_pack_document()), by=a_coordinator(network))
    assert made.pack.key == "small"
    assert timezone.now() < made.opens_at < made.closes_at
    assert made.closes_at.astimezone(BERLIN).strftime("%H:%M:%S") == "23:59:59"
    assert (made.published_at, made.dates_confirmed_at, made.made_from) == (None, None, None)


def test_call_when_made_by_somebody_else_then_refused():
    call = a_call()
    others = [
        a_person(Role.COORDINATOR, network=a_network_of("uccn")),
        a_person(Role.REVIEWER, network=call.network),
        a_person(Role.OPERATOR),
        a_lead(a_city("bonn")),
    ]
    for person in others:
        with pytest.raises(MoveNotAllowedError):
            make_from_call(call, by=person)
        with pytest.raises(MoveNotAllowedError):
            make_from_pack(read(a_pack_document()), by=person)
    assert Call.objects.count() == 1


def test_coordinator_whose_city_applies_then_they_change_nothing_in_this_call():
    application = an_application(call=a_call())
    person = a_person(Role.EDITOR, city=application.city)
    person.offices.create(network=application.call.network, role="coordinator")
    assert not Call.objects.prepared_by(person).exists()
    with pytest.raises(MoveNotAllowedError):
        make_from_call(application.call, by=person)
    other = a_call("andere", pack=application.call.pack_version)
    assert list(Call.objects.prepared_by(person)) == [other]


# --- dates and publishing


def test_dates_when_saved_without_confirming_then_a_confirmation_is_gone():
    call = a_prepared_call()
    assert call.dates_confirmed_by is not None
    call = set_dates(call, dates_of(call), confirmed=False, by=call.dates_confirmed_by)
    assert (call.dates_confirmed_at, call.dates_confirmed_by) == (None, None)


def test_dates_then_the_database_holds_the_moment_and_the_person_together():
    call = a_prepared_call()
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(dates_confirmed_at=None)


def test_publish_now_then_everybody_sees_it(client):
    call = a_prepared_call()
    assert client.get(call.get_absolute_url()).status_code == 404
    published = publish(call, at=None, by=a_coordinator(call.network))
    assert standing_of(published) == Standing.ANNOUNCED
    assert client.get(call.get_absolute_url()).status_code == 200


def test_publish_later_then_not_a_moment_before():
    call = a_prepared_call()
    moment = timezone.now() + DAY
    published = publish(call, at=moment, by=a_coordinator(call.network))
    assert standing_of(published) == Standing.SCHEDULED
    assert not Call.objects.published().exists()
    let_time_pass(published_at=timezone.now())
    assert Call.objects.published().get() == call


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"title_en": ""}, "title_en"),
        ({"opens_at": timezone.now() - 50 * DAY, "closes_at": timezone.now() - DAY}, "closes_at"),
        ({"decides_at": timezone.now() + 20 * DAY}, "decides_at"),
    ],
)
def test_publish_when_something_is_missing_then_refused_with_its_place(values, place):
    call = a_prepared_call(**values)
    with pytest.raises(NotReadyError) as refusal:
        publish(call, at=None, by=a_coordinator(call.network))
    assert [problem.place for problem in refusal.value.call] == [place]
    assert Call.objects.get().published_at is None


def test_publish_when_the_dates_are_not_confirmed_or_the_pack_not_sound_then_refused_with_every_place():
    document = a_pack_document()
    document["criteria"][0]["weight"] = 90
    document["steps"][2]["sections"][0]["questions"][0]["label"]["en"] = ""
    call = a_call(pack=a_pack_version(**document), published_at=None, opens_at=far(3), closes_at=far(9))
    with pytest.raises(NotReadyError) as refusal:
        publish(call, at=None, by=a_coordinator(call.network))
    assert [problem.place for problem in refusal.value.call] == ["opens_at"]
    assert {problem.place for problem in refusal.value.pack} == {
        "criteria", "steps[apply].sections[plan].questions[vision].label.en",
    }  # fmt: skip


def test_take_back_when_the_call_has_opened_then_refused_else_it_is_in_preparation_again():
    call = publish(a_prepared_call(), at=None, by=a_coordinator(a_network_of()))
    assert unpublish(call, by=a_coordinator(call.network)).published_at is None
    publish(call, at=None, by=a_coordinator(call.network))
    let_time_pass(opens_at=timezone.now() - DAY)
    with pytest.raises(MoveNotAllowedError):
        unpublish(call, by=a_coordinator(call.network))
    assert Call.objects.published().exists()


def test_dates_of_a_published_call_then_they_stay():
    call = publish(a_prepared_call(), at=None, by=a_coordinator(a_network_of()))
    before = dates_of(call)
    with pytest.raises(MoveNotAllowedError):
        set_dates(call, before | {"closes_at": far(90)}, confirmed=True, by=a_coordinator(call.network))
    assert dates_of(Call.objects.get()) == before


# --- through the pages


def moment_fields(call: Call, **changes: str) -> dict[str, str]:
    data = {"title_de": call.title_de, "title_en": call.title_en or "", "zone": call.zone}
    for name in ("opens", "closes", "forwards", "decides"):
        local = getattr(call, f"{name}_at")
        local = local and local.astimezone(BERLIN)
        data |= {
            f"{name}_day": f"{local:%Y-%m-%d}" if local else "",
            f"{name}_clock": f"{local:%H:%M:%S}" if local else "",
        }
    return data | changes


def test_pages_from_the_last_round_to_the_published_call(client):
    old = a_call("alt", title_de="Runde 2025", title_en="Round 2025", opens_at=at("2025-01-15 09:00"),
                 closes_at=at("2025-03-31 23:59:59"))  # fmt: skip
    client.force_login(a_coordinator(old.network))
    made = client.post(reverse("editor:new"), {"source": "call:alt"})
    call = Call.objects.exclude(pk=old.pk).get()
    assert made.headers["Location"] == reverse("editor:dates", args=[call.slug])
    with translation.override("en"):
        own = reverse("editor:call", args=[call.slug])
        assert "Nobody has confirmed the dates yet." in client.get(own).text
        refused = client.post(reverse("editor:publish", args=[call.slug]), {"when": "now"})
        assert refused.status_code == 422
        assert "Nobody has confirmed the dates yet." in refused.text
    data = moment_fields(call, confirmed="on", closes_day=f"{call.closes_at + 10 * DAY:%Y-%m-%d}")
    assert client.post(reverse("editor:dates", args=[call.slug]), data).status_code == 302
    assert client.post(reverse("editor:publish", args=[call.slug]), {"when": "now"}).status_code == 302
    call.refresh_from_db()
    assert standing_of(call) == Standing.ANNOUNCED
    assert client.post(reverse("editor:take_back", args=[call.slug])).status_code == 302
    call.refresh_from_db()
    assert standing_of(call) == Standing.PREPARING


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"opens_day": "morgen"}, "opens_day", "This is not a date"),
        ({"closes_day": ""}, "closes_day", "Give the day."),
        ({"closes_day": "2020-01-01"}, "closes_day", "The deadline must lie after the opening."),
        ({"zone": "Bonn"}, "zone", "There is no time zone of this name."),
        ({"title_de": ""}, "title_de", "Give the title in German."),
        ({"opens_day": "2099-03-29", "opens_clock": "02:30", "closes_day": "2099-12-01"}, "opens_clock", "put forward"),
    ],
)
def test_dates_page_with_a_wrong_entry_then_told_beside_it_and_all_typed_stays(client, changes, field, words):
    call = a_prepared_call()
    client.force_login(a_coordinator(call.network))
    data = moment_fields(call, title_en="A title nobody has saved") | changes
    with translation.override("en"):
        response = client.post(reverse("editor:dates", args=[call.slug]), data)
    assert response.status_code == 422
    assert re.search(rf'id="id_{field}_error".*?{re.escape(words)}', response.text, re.S)
    assert "A title nobody has saved" in response.text
    if changes.get(field):
        assert f'value="{changes[field]}"' in response.text


def test_publish_page_at_a_moment_that_is_none_or_past_then_told(client):
    call = a_prepared_call()
    client.force_login(a_coordinator(call.network))
    for moment in ({"day": ""}, {"day": "2020-01-01"}, {"day": "2999-01-01"}):
        response = client.post(reverse("editor:publish", args=[call.slug]), {"when": "later", **moment})
        assert response.status_code == 422
    assert Call.objects.get().published_at is None


def test_new_page_from_a_file_then_a_call_and_a_bad_file_is_named_place_by_place(client):
    network = a_network_of("gnlc")
    client.force_login(a_coordinator(network))
    bad = a_pack_document()
    del bad["title"]
    for document, status in ((bad, 422), (a_pack_document(network="uccn"), 422), (a_pack_document(), 302)):
        file = SimpleUploadedFile("pack.json", json.dumps(document).encode())
        response = client.post(reverse("editor:new_from_file"), {"file": file})
        assert response.status_code == status
        assert ("title: " in response.text) is (document is bad)
    assert Call.objects.get().pack.key == "small"


def test_new_page_then_only_packs_and_calls_of_ones_own_networks(client):
    own, other = a_call("eigene"), a_call("fremde", pack=a_pack_version(network="uccn"))
    client.force_login(a_coordinator(own.network))
    html = client.get(reverse("editor:new")).text
    assert re.findall(r'value="((?:call|pack):[^"]+)"', html) == ["call:eigene", "pack:gnlc"]
    assert client.post(reverse("editor:new"), {"source": f"call:{other.slug}"}).status_code == 422
    assert Call.objects.count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_list_then_the_number_of_queries_does_not_grow(client, count, django_assert_num_queries):
    version = a_pack_version()
    for number in range(count):
        a_call(f"runde-{number}", pack=version)
    client.force_login(a_coordinator(version.network))
    client.get(reverse("editor:list"))
    with django_assert_num_queries(7):
        assert client.get(reverse("editor:list")).text.count('class="desk-row"') == count


# --- nobody else learns of it


HIDDEN = "Geheime Runde"


def test_call_in_preparation_then_it_is_in_no_public_list_feed_or_map_of_the_site(client):
    shown = a_call("offen", title_de="Offene Runde", title_en="Open round")
    call = a_prepared_call("geheim", title_de=HIDDEN, title_en=HIDDEN)
    scheduled = a_prepared_call("bald", title_de=HIDDEN, title_en=HIDDEN)
    publish(scheduled, at=timezone.now() + DAY, by=a_coordinator(call.network))
    people = [None, a_lead(a_city("bonn")), a_person(Role.REVIEWER, network=call.network),
              a_person(Role.COORDINATOR, network=a_network_of("uccn"))]  # fmt: skip
    pages = [reverse("calls:list"), reverse("home"), reverse("networks:detail", args=[call.network.slug]),
             reverse("desk:home"), "/sitemap.xml", reverse("news:list")]  # fmt: skip
    listed = 0
    for person in people:
        client.logout()
        if person:
            client.force_login(person)
        for page in pages:
            response = client.get(page, follow=True)
            assert HIDDEN not in response.text, (person, page)
            assert "/geheim/" not in response.text
            listed += shown.title_de in response.text
        for hidden in (call, scheduled):
            for name in ("detail", "questions", "calendar", "readiness"):
                assert client.get(reverse(f"calls:{name}", args=[hidden.slug])).status_code == 404
            assert client.get(reverse("applications:start", args=[hidden.slug])).status_code in {302, 404}
    assert listed >= len(people)
