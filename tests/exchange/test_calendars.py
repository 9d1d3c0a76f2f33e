"""Calendars of others as they come: time zones, series, versions, bad bytes, hostile files."""

import datetime
import random
import time
from itertools import islice
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from django.utils.translation import gettext

from exchange.calendars import NoCalendarError, Reading, read, reduced
from exchange.calendars.rules import RuleError, read_rule
from exchange.calendars.texts import plain, summary

TODAY = datetime.date(2027, 2, 1)
OUTLOOK = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def event(*lines: str, uid: str = "eins", title: str = "Treffen") -> str:
    """One event; `lines` beside UID and title."""
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", *lines, "END:VEVENT"])


def a_calendar(*parts: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *"\n".join(parts).split("\n"), "END:VCALENDAR", ""]).encode()


def reading(*parts: str, zone: str = "Europe/Berlin") -> Reading:
    return read(reduced(a_calendar(*parts)), zone=zone, today=TODAY)


def times(found: Reading) -> list[str]:
    """Beginnings in UTC, and the zone that is shown."""
    slots = [entry.values["slot"] for entry in found.entries]
    return [f"{slot.starts_at:%d.%m. %H:%M} {slot.zone}" if slot.starts_at else f"{slot.day:%d.%m.}" for slot in slots]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART;TZID=America/Bogota:20270324T150000"], "24.03. 20:00 America/Bogota"),
        (["DTSTART;TZID=W. Europe Standard Time:20270324T150000"], "24.03. 14:00 Europe/Berlin"),
        (['DTSTART;TZID="/mozilla.org/20050126_1/Europe/Paris":20270331T150000'], "31.03. 13:00 Europe/Paris"),
        (["DTSTART;TZID=Customized Time Zone:20270331T150000"], "31.03. 13:00 Asia/Tokyo"),
        (["DTSTART:20270324T140000Z"], "24.03. 14:00 Asia/Tokyo"),
        (["DTSTART:20270324T150000"], "24.03. 06:00 Asia/Tokyo"),
        (["DTSTART;VALUE=DATE:20270324"], "24.03."),
        # the clock goes from 2 to 3 that night: counted as if it had not been changed
        (["DTSTART;TZID=Europe/Berlin:20270328T023000"], "28.03. 01:30 Europe/Berlin"),
    ],
)
def test_time_then_read_in_its_zone_by_whatever_name(lines, expected):
    found = reading(OUTLOOK, event(*lines), zone="Asia/Tokyo")
    if "Customized" in lines[0]:  # the definition fits many zones of Europe
        slot = found.entries[0].values["slot"]
        assert slot.zone.startswith("Europe/")
        expected = expected.replace("Asia/Tokyo", slot.zone)
    assert (times(found), found.findings) == ([expected], [])


def test_series_over_the_change_to_summer_time_then_the_clock_stays_and_single_days_differ():
    master = event(
        "DTSTART;TZID=Europe/Berlin:20270317T150000", "DURATION:PT1H30M", "RRULE:FREQ=WEEKLY;COUNT=5",
        "EXDATE;TZID=Europe/Berlin:20270331T150000",
    )  # fmt: skip
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20270407T150000", "DTSTART;TZID=Europe/Berlin:20270408T100000",
        title="Anderer Tag",
    )  # fmt: skip
    off = event(
        "RECURRENCE-ID:20270414T130000Z", "DTSTART;TZID=Europe/Berlin:20270414T150000", "STATUS:CANCELLED"
    )  # fmt: skip
    found = reading(master, moved, off)
    assert times(found) == [
        "17.03. 14:00 Europe/Berlin", "24.03. 14:00 Europe/Berlin", "08.04. 08:00 Europe/Berlin",
        "14.04. 13:00 Europe/Berlin",
    ]  # fmt: skip
    assert [entry.values["title"] for entry in found.entries] == ["Treffen", "Treffen", "Anderer Tag", "Treffen"]
    assert [entry.is_cancelled for entry in found.entries] == [False, False, False, True]
    slot = found.entries[0].values["slot"]
    assert slot.ends_at - slot.starts_at == datetime.timedelta(minutes=90)
    # another time of the clock is the same day of the series
    later = reading(master.replace("T150000", "T160000"))
    assert {entry.key for entry in later.entries[:2]} == {entry.key for entry in found.entries[:2]}


def test_versions_of_an_event_then_the_newest_counts():
    found = reading(
        event("DTSTART:20270324T140000Z", "SEQUENCE:2", title="Neu"),
        event("DTSTART:20270324T140000Z", "SEQUENCE:1", title="Alt"),
    )
    assert [entry.values["title"] for entry in found.entries] == ["Neu"]
    assert [(finding.line, finding.part) for finding in found.findings] == [(10, "UID")]


def test_lines_when_folded_or_in_another_encoding_then_read_and_named():
    folded = "SUMMARY:Städte\r\n  lernen \u2026".encode()
    at = folded.index(b"\xc3") + 1  # inside a character, as some programs fold
    folded = folded[:at] + b"\r\n " + folded[at:]
    old = "SUMMARY:Köln".encode("cp1252")
    body = b"BEGIN:VEVENT\r\nUID:%s\r\nDTSTART:20270324T140000Z\r\n%s\r\nEND:VEVENT\r\n"
    content = b"\xef\xbb\xbfBEGIN:VCALENDAR\r\n" + body % (b"a", folded) + body % (b"b", old) + b"END:VCALENDAR"
    found = read(reduced(content), zone="Europe/Berlin", today=TODAY)
    assert [entry.values["title"] for entry in found.entries] == ["Städte lernen …", "Köln"]
    assert [(finding.line, finding.part) for finding in found.findings] == [(12, "SUMMARY")]


@pytest.mark.parametrize(
    ("lines", "part"),
    [
        (["DTSTART;TZID=Middle-earth/Shire:20270324T150000"], "DTSTART"),
        (["DTSTART:morgen"], "DTSTART"),
        (["DTSTART:99991231T000000Z"], "DTSTART"),
        ([], "DTSTART"),
        (["DTSTART:20270324T140000Z", "DTEND:20270324T130000Z"], "DTEND"),
        (["DTSTART:20270324T140000Z", "DURATION:lang"], "DURATION"),
        (["DTSTART:20270324T140000Z", "RRULE:FREQ=SECONDLY"], "RRULE"),
        (["DTSTART:20270324T140000Z", "RRULE:FREQ=DAILY;INTERVAL=0"], "RRULE"),
        (["DTSTART:19950324T140000Z", "RRULE:FREQ=DAILY"], "RRULE"),
        (["DTSTART:20270324T140000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20270324T140000Z"], "RECURRENCE-ID"),
    ],
)
def test_event_when_a_property_cannot_be_read_then_a_finding_with_its_line_and_the_others_are_read(lines, part):
    found = reading(event(*lines), event("DTSTART:20270401T120000Z", uid="zwei", title="Gut"))
    assert [entry.values["title"] for entry in found.entries] == ["Gut"]
    (finding,) = found.findings
    number = 5 + [line.partition(":")[0].partition(";")[0] for line in lines].index(part) + 1 if lines else 3
    assert (finding.part, finding.line, bool(finding.reason)) == (part, number, True)


def test_rules_then_the_same_days_as_an_independent_library():
    """Random rules by days, against dateutil."""
    dice = random.Random(7)
    first, last = (
        datetime.datetime.fromisoformat("2026-01-30T15:00"),
        datetime.datetime.fromisoformat("2027-12-31T23:00"),
    )
    for _number in range(150):
        every = dice.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
        parts = [f"FREQ={every}", f"INTERVAL={dice.randint(1, 4)}"]
        if dice.random() < 0.5:
            which = dice.choice(["", "", "1", "-1", "3"]) if every in {"MONTHLY", "YEARLY"} else ""
            parts.append(f"BYDAY={which}{dice.choice(['MO', 'WE', 'SU'])},{which}{dice.choice(['TU', 'FR'])}")
        elif every == "MONTHLY":
            parts.append(f"BYMONTHDAY={dice.choice(['1', '-1', '30,31', '15,-2'])}")
        if every == "MONTHLY" and "BYDAY=M" in parts[-1] and dice.random() < 0.5:
            parts.append(f"BYSETPOS={dice.choice(['1', '-1', '2'])}")
        if dice.random() < 0.3:
            parts.append(f"BYMONTH={dice.choice(['1', '3,10', '12'])}")
        if dice.random() < 0.3:
            parts.append("WKST=SU")
        text = ";".join(parts)
        ours = islice(read_rule(text).days(first.date(), last.date()), 40)
        theirs = islice(rrulestr(f"{text};UNTIL={last:%Y%m%dT%H%M%S}", dtstart=first), 40)
        assert list(ours) == [at.date() for at in theirs], text


@pytest.mark.parametrize(
    "text", ["", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=1,2", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;INTERVAL=99999999999",
             "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=2MO", "FREQ=WEEKLY;BYMONTHDAY=3", "FREQ=YEARLY;BYWEEKNO=7",
             "FREQ=DAILY;BYEASTER=1", "FREQ=MONTHLY;BYMONTHDAY=0", "A" * 400]
)  # fmt: skip
def test_rule_when_not_by_days_then_refused(text):
    with pytest.raises(RuleError):
        read_rule(text)


BERLIN, ANGELES = "DTSTART;TZID=Europe/Berlin:20270301T233000", "DTSTART;TZID=America/Los_Angeles:20270301T170000"


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        # the second Monday and the last Friday of the month
        ([BERLIN, "RRULE:FREQ=MONTHLY;BYDAY=2MO,-1FR;COUNT=4"], "08.03. 26.03. 12.04. 30.04."),
        ([BERLIN, "RRULE:FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3"], "31.03. 31.05. 31.07."),
        ([BERLIN, "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU;COUNT=4"], "01.03. 14.03. 15.03. 28.03."),
        # an end in UTC is one on the clock of the series: 22:30 there is 23:30 in Berlin
        ([BERLIN, "RRULE:FREQ=WEEKLY;UNTIL=20270315T223000Z"], "01.03. 08.03. 15.03."),
        ([BERLIN, "RRULE:FREQ=WEEKLY;UNTIL=20270315T222959Z"], "01.03. 08.03."),
        # one that is a day has all of it
        ([BERLIN, "RRULE:FREQ=WEEKLY;UNTIL=20270315"], "01.03. 08.03. 15.03."),
        (["DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=DAILY;UNTIL=20270303T000000Z"], "01.03. 02.03. 03.03."),
        # as programs write that there is none
        ([BERLIN, "RRULE:FREQ=MONTHLY;INTERVAL=6;UNTIL=99991231T235959Z"], "01.03. 01.09."),
        ([ANGELES, "RRULE:FREQ=WEEKLY;UNTIL=00010101T000000Z"], ""),
        # what is left out counts among COUNT, what is added does not
        ([BERLIN, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20270308T233000",
          "RDATE;TZID=Europe/Berlin:20270310T233000,20270311T080000"], "01.03. 10.03. 11.03. 15.03."),
        ([BERLIN, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20270308T223000Z", "EXDATE;VALUE=DATE:20270315"], "01.03."),
        ([BERLIN, "RDATE;VALUE=PERIOD:20270310T223000Z/PT1H"], "01.03. 10.03."),
    ],
)  # fmt: skip
def test_series_then_the_days_its_clock_shows(lines, days):
    found = reading(event(*lines))
    assert (" ".join(f"{entry.values['slot'].day:%d.%m.}" for entry in found.entries), found.findings) == (days, [])


def test_day_that_differs_when_named_in_utc_then_the_same_day_of_the_series():
    """Five in the evening in Los Angeles is the next day in UTC."""
    moved = event("RECURRENCE-ID:20270309T010000Z", ANGELES.replace("0301T", "0310T"), title="Anderer Tag")
    found = reading(event(ANGELES, "RRULE:FREQ=WEEKLY;COUNT=3"), moved)
    assert [f"{entry.values['slot'].day:%d.%m.} {entry.values['title']}" for entry in found.entries] == [
        "01.03. Treffen", "10.03. Anderer Tag", "15.03. Treffen",
    ]  # fmt: skip
    plain = reading(event(ANGELES, "RRULE:FREQ=WEEKLY;COUNT=3"))
    assert {entry.key for entry in found.entries} == {entry.key for entry in plain.entries}
    assert reading(moved).entries[0].key == found.entries[1].key


def test_hostile_calendars_then_bounded_in_time_and_number():
    never = [
        event("DTSTART:20130324T140000Z", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", uid=f"n{n}") for n in range(60)
    ]
    never += [
        event("DTSTART:20130324T140000Z", "RRULE:FREQ=DAILY;BYMONTHDAY=-31;BYMONTH=2", uid=f"d{n}") for n in range(60)
    ]
    begun = time.monotonic()
    found = reading(*never)
    assert (found.entries, {finding.reason for finding in found.findings}) == (
        [],
        {gettext("No day ever fits this rule.")},
    )
    endless = reading(event("DTSTART:20270101T140000Z", "RRULE:FREQ=DAILY"))
    assert (len(endless.entries), [finding.part for finding in endless.findings]) == (100, ["RRULE"])
    assert time.monotonic() - begun < 20  # a second or two
    for many in (
        [event("DTSTART:20270324T140000Z", uid=f"e{n}") for n in range(501)],
        [event("DTSTART:20270324T140000Z", "RRULE:FREQ=YEARLY", uid=f"s{n}") for n in range(201)],
    ):
        with pytest.raises(NoCalendarError):
            reading(*many)
    for content in (b"", b"<html>", b"\0" * 50, a_calendar("X:" + "a" * 1024 * 1024)):
        with pytest.raises(NoCalendarError):
            reduced(content)
    broken = a_calendar(event("DTSTART:20270324T140000Z")).replace(b"END:VEVENT\r\nEND:VCALENDAR\r\n", b"")
    found = read(reduced(broken), zone="Europe/Berlin", today=TODAY)
    assert (found.entries, [finding.part for finding in found.findings]) == ([], ["BEGIN"])


def test_words_then_plain_text_without_the_way_into_the_meeting():
    told: dict[str, Any] = reading(
        event(
            "DTSTART:20270324T140000Z",
            "DESCRIPTION:<p>Was <b>Städte</b> lernen&nbsp;&amp; teilen.</p><script>x</script> Mehr: https://example.org"
            "\\n\\n____________\\nMeeting ID: 123\\nPasscode: geheim",
            "LOCATION:https://meet.example/raum?pwd=1",
            "ATTENDEE;CN=Erika Muster:mailto:erika@example.org",
            "BEGIN:VALARM\nDESCRIPTION:Wecker\nEND:VALARM",
        )
    ).entries[0].values  # fmt: skip
    assert told["summary"] == "Was Städte lernen & teilen.\nx Mehr:"
    assert told["link"] == "https://meet.example/raum?pwd=1"
    kept = reduced(
        a_calendar(event("DTSTART:20270324T140000Z", "ATTENDEE:mailto:erika@example.org\n ganz", "COMMENT:x"))
    )
    assert (b"erika" in kept, b"ganz" in kept, b"SUMMARY" in kept) == (False, False, True)
    assert plain("a\u202egeheim\0\x07 b") == "ageheim b"
    assert len(summary("Wort " * 1000)) <= 600
    private = reading(event("DTSTART:20270324T140000Z", "CLASS:PRIVATE"))
    assert (private.entries, private.hidden) == ([], 1)
