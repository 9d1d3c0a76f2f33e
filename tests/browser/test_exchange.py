"""From the first words of a city in no network to another city that has adapted them, with and without scripts."""

import re

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from cities.models import City, Country
from exchange.actions import alerts
from exchange.models import Practice
from network.daily import Window
from network.models import Letter, Network
from tests.browser.pages import _portal  # noqa: F401 - the data of the portal
from tests.factories import Role, a_person

SECRET = "ein-langes-kennwort"
WAYS = [("de", True), ("en", False)]


@pytest.fixture
def people():
    """The lead of a city in no network, the lead of a member city, a coordinator."""
    place = {"country": Country.objects.get(pk="DE"), "latitude": 50.9, "longitude": 8.0}
    outside = City(slug="siegen", name_de="Siegen", **place)
    outside.save()
    bonn = City.objects.get(slug="bonn")
    return {
        "author": a_person(Role.LEAD, city=outside),
        "other": a_person(Role.LEAD, city=bonn),
        "coordinator": a_person(Role.COORDINATOR, network=Network.objects.get(slug="gnlc")),
    }


def signed_in(open_page, person, language, **options):
    page = open_page(**options)
    page.goto(f"/{language}/sign-in/")
    page.locator("main input[type=email]").fill(person.email)
    page.locator("main input[type=password]").fill(SECRET)
    page.locator("main form.form [type=submit]").click()
    page.wait_for_url(re.compile(rf"/{language}/(?!sign-in)"))
    return page


def send(page, form="main form.form"):
    with page.expect_navigation():
        page.locator(f"{form} [type=submit]").last.click()


def link_in(letter):
    found = re.search(re.escape(settings.SITE_ADDRESS) + r"(\S+)", letter.text)
    assert found
    return found[1]


@pytest.mark.parametrize(("language", "scripts"), WAYS)
def test_a_practice_from_its_first_words_to_a_city_that_has_adapted_it(open_page, people, language, scripts):
    options = {"java_script_enabled": scripts}
    author = signed_in(open_page, people["author"], language, **options)
    author.goto(f"/{language}/practices/new/")
    author.locator("[name=title]").fill("Leselampe am Siegufer")
    author.locator("[name=city][value=siegen]").check()
    send(author)
    for name, words in (("summary_de", "Lampen laden zum Lesen ein."), ("measures_de", "Zwölf Lampen wurden gesetzt.")):
        author.locator(f"[name={name}]").fill(words)
    author.locator("[name=theme]").select_option("culture")
    author.locator("[name=licence]").select_option("CC BY 4.0")
    send(author, "form.work-form")
    expect(author.locator("progress")).to_have_attribute("value", "4")
    author.locator("form[action*='/do/propose/'] [type=submit]").click()
    expect(author.locator("form[action*='/do/take-back/']")).to_have_count(1)
    expect(author.locator("form.work-form")).to_have_count(0)

    coordinator = signed_in(open_page, people["coordinator"], language, **options)
    coordinator.goto(f"/{language}/practices/moderation/")
    coordinator.get_by_role("link", name="Leselampe am Siegufer").click()
    coordinator.locator("a[href*='/send-back/']").click()
    coordinator.locator("[name=reason]").fill("Bitte nennen Sie das Jahr.")
    send(coordinator)

    author.reload()
    expect(author.locator(".work-reason")).to_contain_text("Bitte nennen Sie das Jahr.")
    author.locator("[name=first_year]").fill("2024")
    send(author, "form.work-form")
    author.locator("form[action*='/do/propose/'] [type=submit]").click()

    visitor = open_page(**options)
    visitor.goto(f"/{language}/practices/alerts/?theme=culture")
    visitor.locator("[name=email]").fill("liest@example.org")
    visitor.wait_for_timeout(3200)  # nobody types faster
    send(visitor)
    visitor.goto(link_in(Letter.objects.get(kind="alert_confirm")))
    visitor.locator("main form:not(:has([name=end])) [type=submit]").click()
    before = timezone.now()

    coordinator.goto(f"/{language}/practices/moderation/")
    coordinator.get_by_role("link", name="Leselampe am Siegufer").click()
    coordinator.locator(".work-card form [type=submit]").first.click()
    practice = Practice.objects.get(title_de="Leselampe am Siegufer")
    assert practice.slug == "leselampe-am-siegufer-siegen"

    other = signed_in(open_page, people["other"], language, **options)
    other.goto(f"/{language}/practices/{practice.slug}/transfer/")
    other.locator("[name=stage][value=adapted]").check()
    other.locator("[name=note]").fill("Am Rhein statt an der Sieg.")
    send(other)
    expect(other.locator("section[aria-labelledby=trail]")).to_contain_text("Am Rhein statt an der Sieg.")

    visitor.goto(f"/{language}/practices/?adopted=adapted&theme=culture")
    expect(visitor.locator(".card")).to_have_count(1)
    visitor.locator(".card a").click()
    expect(visitor.locator("h1")).to_have_text("Leselampe am Siegufer")
    visitor.goto(f"/{language}/practices/?view=map&adopted=adapted")
    if scripts:
        visitor.wait_for_selector("[data-map=live]")
    expect(visitor.locator("ul.results > li.row")).to_have_count(1)
    alerts.tell(Window(before, timezone.now()))
    assert practice.get_absolute_url().split("/", 2)[2] in Letter.objects.get(kind="alert").text
