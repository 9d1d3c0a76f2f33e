"""From the first words of a city in no network to another city that has adapted them, with and without scripts."""

import io
import re

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from cities.models import City
from exchange.actions import alerts
from exchange.models import Practice, SavedSearch
from network.daily import Window
from network.models import Letter, Network
from tests.browser.pages import _portal  # noqa: F401 - the data of the portal
from tests.factories import Role, a_person
from tests.factories_applications import a_pdf

SECRET = "ein-langes-kennwort"
WAYS = [("de", True), ("en", False)]


@pytest.fixture
def people():
    """Somebody of a city in no network, the lead of a member city, a coordinator."""
    return {
        "author": a_person(Role.NEWCOMER),
        "other": a_person(Role.LEAD, city=City.objects.get(slug="bonn")),
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


def begin(author, language):
    """A place that is in no list, with its position."""
    author.goto(f"/{language}/practices/new/")
    author.locator("[name=title]").fill("Leselampe am Siegufer")
    author.locator("[name=original_language][value=de]").check()
    author.locator("[name=authority]").fill("Siegen")
    send(author)
    expect(author.locator(".error-summary li")).to_have_count(1)
    expect(author.locator("[name=title]")).to_have_value("Leselampe am Siegufer")
    author.locator("[name=country]").select_option("DE")
    author.locator("[name=position]").fill("50.8748, 8.0243")
    send(author)


def add_papers(author):
    """A picture, and a document whose first description lacks something: the file is not asked for again."""
    address = author.url
    author.locator("a[href$='/pictures/add/']").last.click()
    author.locator("[name=file]").set_input_files({"name": "lampe.png", "mimeType": "image/png", "buffer": a_drawing()})
    author.locator("[name=alt_de]").fill("Eine Lampe am Ufer")
    author.locator("[name=credit]").fill("Stadt Siegen")
    author.locator("[name=licence]").fill("CC BY 4.0")
    send(author)
    author.locator("a[href$='/documents/add/']").last.click()
    pdf = {"name": "bericht.pdf", "mimeType": "application/pdf", "buffer": a_pdf().read()}
    author.locator("[name=file]").set_input_files(pdf)
    author.locator("[name=title_de]").fill("Bericht der Bibliothek")
    author.locator("[name=licence]").fill("CC BY 4.0")
    send(author)
    expect(author.locator("[name=file]")).to_have_count(0)
    expect(author.locator("[name=title_de]")).to_have_value("Bericht der Bibliothek")
    author.locator("[name=credit]").fill("Stadtbibliothek")
    send(author)
    expect(author).to_have_url(address)
    expect(author.locator(".papers li")).to_have_count(1)
    expect(author.locator(".work-picture img")).to_have_count(1)


def a_drawing():
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "#2C6E73").save(out, "PNG")
    return out.getvalue()


def ask_for_letters(visitor, language):
    """From the filtered list; the letter's button confirms, opening its link does nothing."""
    visitor.goto(f"/{language}/practices/?theme=culture")
    visitor.locator("main a[href*='/practices/alerts/']").first.click()
    visitor.locator("[name=email]").fill("liest@example.org")
    visitor.wait_for_timeout(3200)  # nobody types faster
    send(visitor)
    visitor.goto(link_in(Letter.objects.get(kind="alert_confirm")))
    assert SavedSearch.objects.get().confirmed_at is None
    visitor.locator("main form:not(:has([name=end])) [type=submit]").click()
    visitor.wait_for_load_state()


@pytest.mark.parametrize(("language", "scripts"), WAYS)
def test_a_practice_from_its_first_words_to_a_city_that_has_adapted_it(open_page, people, language, scripts):
    options = {"java_script_enabled": scripts, "may_fail": ("422",)}
    author = signed_in(open_page, people["author"], language, **options)
    begin(author, language)
    for name, words in (("summary_de", "Lampen laden zum Lesen ein."), ("measures_de", "Zwölf Lampen wurden gesetzt.")):
        author.locator(f"[name={name}]").fill(words)
    author.locator("[name=theme]").select_option("culture")
    author.locator("[name=licence]").select_option("CC BY 4.0")
    send(author, "form.work-form")
    expect(author.locator("progress")).to_have_attribute("value", "4")
    add_papers(author)
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
    author.wait_for_load_state()

    visitor = open_page(**options)
    ask_for_letters(visitor, language)
    before = timezone.now()

    coordinator.goto(f"/{language}/practices/moderation/")
    coordinator.get_by_role("link", name="Leselampe am Siegufer").click()
    coordinator.locator(".work-card form [type=submit]").first.click()
    coordinator.wait_for_load_state()
    practice = Practice.objects.get(title_de="Leselampe am Siegufer")
    assert practice.slug == "leselampe-am-siegufer-siegen"

    other = signed_in(open_page, people["other"], language, **options)
    other.goto(f"/{language}/practices/{practice.slug}/transfer/")
    other.locator("[name=stage][value=adapted]").check()
    other.locator("[name=note]").fill("Am Rhein statt an der Sieg.")
    send(other)
    expect(other.locator("section[aria-labelledby=trail]")).to_contain_text("Am Rhein statt an der Sieg.")

    find(visitor, language, scripts)
    alerts.tell(Window(before, timezone.now()))
    letter = Letter.objects.get(kind="alert")
    assert practice.get_absolute_url().split("/", 2)[2] in letter.text
    visitor.goto(letter.ends_at_path)
    assert SavedSearch.objects.count() == 1
    visitor.locator("main form [type=submit]").click()
    visitor.wait_for_load_state()
    assert SavedSearch.objects.count() == 0


def find(visitor, language, scripts):
    """By filter, with its picture and document, and on the map."""
    visitor.goto(f"/{language}/practices/?adopted=adapted&theme=culture")
    expect(visitor.locator(".card")).to_have_count(1)
    visitor.locator(".card a").click()
    expect(visitor.locator("h1")).to_have_text("Leselampe am Siegufer")
    expect(visitor.locator(".pictures img")).to_have_count(1)
    with visitor.expect_download() as download:
        visitor.locator(".papers-public a").click()
    assert download.value.suggested_filename == "bericht.pdf"
    visitor.goto(f"/{language}/practices/?view=map&adopted=adapted")
    if scripts:
        visitor.wait_for_selector("[data-map=live]")
    expect(visitor.locator("ul.results > li.row")).to_have_count(1)
    points = visitor.request.get(f"/{language}/practices/?format=points&adopted=adapted").json()
    assert [(mark[1], mark[3:5]) for mark in points["found"]] == [("Siegen", [50.8748, 8.0243])]
