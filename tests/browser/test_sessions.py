"""A session from its announcement in Bogotá to its report, read in Berlin, over a change to summer time; and a calendar
that is taken over. In a real browser, with and without scripts."""

import calendar
import datetime
import re
import zoneinfo

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cities.models import City
from exchange.actions import registering
from exchange.models import Practice, Programme, Session
from network.daily import Window
from network.models import Letter, Network
from tests.browser.pages import _portal  # noqa: F401 - the data of the portal
from tests.browser.test_exchange import WAYS, link_in, send, signed_in
from tests.exchange.test_sessions import event_of
from tests.factories import Role, a_person

BOGOTA = zoneinfo.ZoneInfo("America/Bogota")
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
HOUR = datetime.timedelta(hours=1)
LINK = "https://meet.example/raum"


def before_summer_time() -> datetime.date:
    """The Wednesday before the next last Sunday of March, when Berlin's clocks go forward and Bogotá's do not."""
    year = timezone.localdate().year + 1
    last = max(week[calendar.SUNDAY] for week in calendar.monthcalendar(year, 3))
    return datetime.date(year, 3, last) - datetime.timedelta(days=4)


@pytest.fixture
def coordinator():
    return a_person(Role.COORDINATOR, network=Network.objects.get(slug="gnlc"))


@pytest.mark.parametrize(("language", "scripts"), WAYS)
def test_a_session_from_its_announcement_to_its_report_over_a_change_to_summer_time(
    open_page, coordinator, language, scripts
):
    options = {"java_script_enabled": scripts}
    first_day = before_summer_time()
    keeper = signed_in(open_page, coordinator, language, **options)
    keeper.goto(f"/{language}/sessions/new/")
    filled = {"title_de": "Lernläden am Abend", "title_en": "Learning shops at night", "summary_de": "Worum es geht.",
              "summary_en": "What it is about.", "day": first_day.isoformat(), "zone": "America/Bogota",
              "begins": "08:30", "ends": "10:00", "hosts": "Alcaldía de Prueba", "times": "2",
              "link": LINK}  # fmt: skip
    for name, words in filled.items():
        keeper.locator(f"[name={name}]").fill(words)
    keeper.locator("[name=theme]").select_option("learning")
    keeper.locator("[name=repeat]").select_option("weekly")
    keeper.locator("[name=takes_registrations]").check()
    send(keeper, "form.work-form")
    keeper.locator("form[action*='/do/announce/'] [type=submit]").click()
    first, second = Session.objects.filter(hosts="Alcaldía de Prueba").order_by("day")
    assert Session.objects.published().filter(series=first.series).count() == 2

    visitor = open_page(timezone_id="Europe/Berlin", may_fail=("422",), **options)
    for session, own in ((first, "14:30"), (second, "15:30")):
        visitor.goto(session.get_absolute_url().replace("/de/", f"/{language}/"))
        expect(visitor.locator(".session-when")).to_contain_text("08:30")
        expect(visitor.locator(".session-when")).to_contain_text("America/Bogota")
        expect(visitor.locator("[data-own-clock]")).to_contain_text(own)
        expect(visitor.locator("main")).not_to_contain_text("meet.example")
    file = visitor.request.get(f"/{language}/sessions/{second.slug}/calendar/").body()
    event = event_of(file)
    assert event["DTSTART"].dt == second.starts_at
    assert event["DTSTART"].params["TZID"] == "America/Bogota"
    assert LINK.encode() not in file

    visitor.goto(f"/{language}/sessions/{first.slug}/register/")
    visitor.locator("[name=name]").fill("Erika Muster")
    visitor.locator("[name=email]").fill("erika@example.org")
    visitor.wait_for_timeout(3200)  # nobody types faster
    send(visitor)
    expect(visitor.locator("#id_consent_error, [id*=consent][id*=error]").first).to_be_visible()
    visitor.locator("[name=consent]").check()
    send(visitor)
    own_page = link_in(Letter.objects.get(kind="session_confirm"))
    visitor.goto(own_page)
    visitor.locator("main form:not(:has([name=leave])) [type=submit]").click()
    letter = Letter.objects.get(kind="session_registered")
    assert ("08:30" in letter.text, "14:30" in letter.text, LINK in letter.text) == (True, True, False)
    expect(visitor.locator("main")).not_to_contain_text("meet.example")

    # the day before: the clock of the place is the same, its day comes nearer
    first.refresh_from_db()
    begins = (timezone.now() + datetime.timedelta(hours=30)).astimezone(BOGOTA)
    Session.objects.filter(pk=first.pk).update(day=begins.date(), starts_at=begins, ends_at=begins + HOUR)
    registering.remind(Window(timezone.now(), timezone.now()))
    reminder = Letter.objects.get(kind="session_tomorrow")
    assert reminder.not_before == begins - datetime.timedelta(days=1)
    assert f"{begins.astimezone(BERLIN):%H:%M}" in reminder.text
    visitor.goto(own_page)
    expect(visitor.locator(f"a[href='{LINK}']")).to_have_count(0)
    soon = timezone.now() + datetime.timedelta(minutes=20)
    Session.objects.filter(pk=first.pk).update(starts_at=soon, ends_at=soon + HOUR, day=soon.astimezone(BOGOTA).date())
    visitor.goto(own_page)
    expect(visitor.locator(f"a[href='{LINK}']")).to_have_count(1)
    visitor.goto(f"/{language}/sessions/{first.slug}/")
    expect(visitor.locator("main")).not_to_contain_text("meet.example")

    # it is over: the report
    past = timezone.now() - datetime.timedelta(days=3)
    Session.objects.filter(pk=first.pk).update(starts_at=past, ends_at=past + HOUR, day=past.astimezone(BOGOTA).date())
    practice, city = Practice.objects.published().earliest("slug"), City.objects.get(slug="bonn")
    keeper.goto(f"/{language}/sessions/{first.slug}/edit/")
    filled = {"told_practices": practice.get_absolute_url(), "told_cities": "bonn", "sections-0-title_de": "Der Anfang",
              "sections-0-title_en": "The beginning", "sections-0-text_de": "Läden öffnen <b>abends</b>.",
              "sections-0-text_en": "Shops open at night.", "links-0-label_de": "Mitschnitt",
              "links-0-url": "https://example.org/film"}  # fmt: skip
    for name, words in filled.items():
        keeper.locator(f"[name='{name}']").fill(words)
    keeper.locator("[name='links-0-kind']").select_option("recording")
    send(keeper, "form.work-form")
    keeper.locator("[name='links-1-kind']").select_option("slides")
    keeper.locator("[name='links-1-label_de']").fill("Folien")
    keeper.locator("[name='links-1-url']").fill("https://example.org/folien")
    send(keeper, "form.work-form")

    visitor.goto(f"/{language}/sessions/?q={'Läden' if language == 'de' else 'shops'}&theme=learning")
    rows = visitor.locator("section[aria-labelledby=archive] .session-row")
    expect(rows).to_have_count(1)
    rows.locator("h3 a").click()
    report = visitor.locator("section[aria-labelledby=report]")
    expect(report.locator("h3")).to_have_text("Der Anfang" if language == "de" else "The beginning")
    expect(report).to_contain_text("<b>abends</b>" if language == "de" else "Shops open at night.")
    expect(visitor.locator("iframe, video, audio, object, embed")).to_have_count(0)
    for address in ("https://example.org/film", "https://example.org/folien"):
        expect(visitor.locator(f"a[href='{address}']")).to_have_count(1)
    facts = visitor.locator("section[aria-labelledby=about]")
    expect(facts.locator(f"a[href$='/practices/{practice.slug}/']")).to_have_count(1)
    expect(facts.locator(f"a[href$='/cities/{city.slug}/']")).to_have_count(1)


@pytest.mark.parametrize(("language", "scripts"), WAYS)
def test_a_calendar_is_looked_at_and_taken_over(open_page, coordinator, language, scripts, tmp_path):
    day = before_summer_time()
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:eins", "SUMMARY:Lernen <b>überall</b>",
             f"DTSTART;TZID=W. Europe Standard Time:{day:%Y%m%d}T150000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2",
             "LOCATION:https://meet.example/raum", "END:VEVENT", "BEGIN:VEVENT", "UID:zwei", "SUMMARY:Ohne Zeit",
             "DTSTART:irgendwann", "END:VEVENT", "END:VCALENDAR"]  # fmt: skip
    file = tmp_path / "plan.ics"
    file.write_text("\r\n".join(lines))
    programme = Programme.objects.get(slug="unesco-learning-city-award")
    page = signed_in(open_page, coordinator, language, java_script_enabled=scripts)
    page.goto(f"/{language}/sessions/keep/")
    page.locator("a[href$='/sessions/import/']").click()
    page.locator("[name=programme]").select_option(str(programme.pk))
    page.locator("[name=file]").set_input_files(file)
    page.locator("[name=theme]").select_option("learning")
    send(page, "form[enctype]")
    expect(page.locator("section[aria-labelledby=new] .work-row")).to_have_count(2)
    expect(page.locator("section[aria-labelledby=new]")).to_contain_text("15:00 – 16:00 (Europe/Berlin)")
    expect(page.locator("section[aria-labelledby=findings] tbody tr")).to_have_count(1)
    assert not Session.objects.filter(programme=programme).exists()
    page.locator("[name=announce]").check()
    send(page, "#take-over")
    expect(page.locator(".work-row")).to_have_count(2)
    starts = [session.starts_at for session in Session.objects.published().filter(programme=programme).order_by("day")]
    assert [at and at.astimezone(datetime.UTC).hour for at in starts] == [14, 13]
    visitor = open_page(java_script_enabled=scripts)
    visitor.goto(f"/{language}/programmes/{programme.slug}/")
    expect(visitor.get_by_role("link", name=re.compile("Lernen überall"))).to_have_count(2)
