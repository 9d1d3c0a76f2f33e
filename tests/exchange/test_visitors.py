"""What visitors send: suggestions, saved searches, answers to yearly letters; and what programs send."""

import datetime
import re
import time

import pytest
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from exchange import forms_public
from exchange.actions import alerts, moderating, suggesting, yearly
from exchange.duties import forget
from exchange.models import Practice, Proposal, SavedSearch
from network import daily
from network.daily import Window
from network.models import Letter
from tests.factories import Role, a_city, a_country, a_member, a_network, a_person
from tests.factories_exchange import a_practice

pytestmark = pytest.mark.django_db


def begun(seconds: int = 60) -> str:
    """The moment a form was opened, as the form carries it."""
    return signing.dumps(round(time.time() - seconds, 1), salt=forms_public.SALT)


@pytest.fixture
def suggestion():
    a_country("FR")
    return {
        "title": "Marktplatz Xaver",
        "authority": "Pays de Bray",
        "country": "FR",
        "email": "besuch@example.org",
        "summary": "Dort wird auf dem Markt gelernt.",
        "source_url": "https://example.org/",
        "begun": begun(),
    }


def link_in(letter: Letter) -> str:
    """The address in a letter, without the host."""
    found = re.search(re.escape(settings.SITE_ADDRESS) + r"(\S+)", letter.text)
    assert found
    return found[1]


def test_suggestion_then_counts_only_when_confirmed_by_a_button(client, suggestion):
    coordinator = a_person(Role.COORDINATOR, network=a_network("gnlc"))
    assert client.post("/de/practices/suggest/", suggestion).status_code == 200
    letter = Letter.objects.get()
    assert (letter.address, "Xaver" in letter.subject + letter.text) == ("besuch@example.org", False)
    assert not Proposal.objects.moderated_by(coordinator).exists()
    page = link_in(letter)
    client.get(page)
    assert not Proposal.objects.moderated_by(coordinator).exists()
    client.post(page)
    client.post(page)
    proposal = Proposal.objects.moderated_by(coordinator).get()
    assert (proposal.state, Letter.objects.filter(kind="practice_proposed", to=coordinator).count()) == ("proposed", 1)
    proposal.values |= {"theme": "learning"}
    proposal.save()
    practice = moderating.publish(proposal, by=coordinator)
    assert practice.get_absolute_url() in Letter.objects.get(kind="practice_published").text
    assert "besuch@example.org" not in client.get(practice.get_absolute_url()).content.decode()


def test_suggestion_of_a_city_of_the_directory_then_it_is_found_by_its_name(client, suggestion):
    lyon = a_city("lyon", country="FR")
    client.post("/de/practices/suggest/", suggestion | {"authority": "lyon"})
    assert Proposal.objects.get().city == lyon


@pytest.mark.parametrize(
    "wrong",
    [
        {"homepage": "https://spam.example"},
        {"begun": "just now"},
        {"begun": "erfunden"},
        {"title": "Lorem ipsum"},
        {"email": "keine Adresse"},
        {"source_url": "javascript:alert(1)"},
        {"summary": "x" * 601},
    ],
)
def test_suggestion_when_by_a_program_or_wrong_then_nothing_is_kept_and_nothing_typed_is_lost(
    client, suggestion, wrong
):
    if wrong == {"begun": "just now"}:
        wrong = {"begun": begun(0)}
    answer = client.post("/de/practices/suggest/", suggestion | wrong)
    assert (answer.status_code, Proposal.objects.count(), Letter.objects.count()) == (422, 0, 0)
    assert 'value="Pays de Bray"' in answer.content.decode()


def test_suggestion_when_never_confirmed_then_forgotten_after_a_week(client, suggestion):
    client.post("/de/practices/suggest/", suggestion)
    for days, left in ((6, 1), (8, 0)):
        suggesting.forget_old(timezone.now() + datetime.timedelta(days=days))
        assert Proposal.objects.count() == left


# --- saved searches


def test_alert_then_letters_only_when_confirmed_only_about_what_fits_and_none_after_the_end(client):
    bonn = a_member("bonn", a_network("gnlc"))
    values = {"email": "Liest@example.org", "query": "theme=health&view=map&page=2", "begun": begun()}
    assert client.post("/de/practices/alerts/", values).status_code == 200
    search = SavedSearch.objects.get()
    assert (search.query, search.confirmed_at) == ("theme=health", None)
    page = link_in(Letter.objects.get(kind="alert_confirm"))
    client.get(page)
    assert SavedSearch.objects.get().confirmed_at is None
    before = timezone.now() - datetime.timedelta(hours=1)
    a_practice("zuvor", city=bonn, theme="health", published_at=before)
    client.post(page)
    a_practice("gesund", city=bonn, theme="health")
    a_practice("bunt", city=bonn, theme="culture")
    window = Window(before - datetime.timedelta(days=1), timezone.now())
    alerts.tell(window)
    alerts.tell(window)
    letter = Letter.objects.get(kind="alert")
    assert letter.subject == "Ein neues Praxisbeispiel, das zu Ihrer Suche passt"
    assert ("Titel gesund" in letter.text, "bunt" in letter.text, "zuvor" in letter.text) == (True, False, False)
    client.post(page, {"end": "1"})
    assert (SavedSearch.objects.count(), client.get(page).status_code) == (0, 410)
    a_practice("spaeter", city=bonn, theme="health")
    alerts.tell(Window(window.now, timezone.now()))
    assert Letter.objects.filter(kind="alert").count() == 1


def test_alert_when_never_confirmed_then_the_address_is_forgotten():
    search = SavedSearch.objects.create(email="a@example.org", language="de")
    alerts.tell(Window(timezone.now(), search.asked_at + datetime.timedelta(days=8)))
    assert not SavedSearch.objects.exists()


# --- still correct


def test_practice_when_a_year_old_then_asked_once_answered_with_one_click_and_shown_if_not(client):
    bonn = a_member("bonn", a_network("gnlc"))
    lead = a_person(Role.LEAD, city=bonn)
    long_ago = timezone.now() - datetime.timedelta(days=400)
    old = a_practice("alt", city=bonn, published_at=long_ago)
    a_practice("neu", city=bonn)
    nobody = a_practice("niemand", city=a_city("koeln"), published_at=long_ago)
    duty = dict(daily._all_duties())["practices still correct"]
    for day in (0, 1, 40):
        duty(Window(long_ago, timezone.now() + datetime.timedelta(days=day)))
    letter = Letter.objects.get(kind="practice_still_correct")
    assert (letter.to, "Titel alt" in letter.subject) == (lead, True)
    nobody.refresh_from_db()
    assert nobody.asked_on is None
    Practice.objects.filter(pk=old.pk).update(asked_on=timezone.localdate() - datetime.timedelta(days=31))
    assert "noch keine Antwort" in client.get(old.get_absolute_url()).content.decode()
    page = link_in(letter)
    client.get(page)
    assert Practice.objects.get(pk=old.pk).confirmed_on is None
    assert client.post(page).status_code == 302
    assert "noch keine Antwort" not in client.get(old.get_absolute_url()).content.decode()
    old.refresh_from_db()
    assert not yearly.is_unanswered(old)


def test_letters_links_when_invented_then_404(client):
    for name in ("exchange:suggestion", "exchange:still_correct"):
        assert client.get(reverse(name, args=["erfunden"])).status_code == 404


def test_letters_to_visitors_when_a_week_old_then_address_and_words_are_gone_and_others_stay(client, suggestion):
    client.post("/de/practices/suggest/", suggestion)
    asked = Letter.objects.get(kind="practice_confirm")
    person = a_person(Role.NEWCOMER)
    kept = [
        Letter.objects.create(kind="practice_published", key="own", to=person, address=person.email, text="Eigenes."),
        Letter.objects.create(kind="application_copy", key="copy", address="netz@example.org", text="Kopie."),
        Letter.objects.create(kind="alert", key="open", address="wartet@example.org", text="Noch nicht gesendet."),
    ]
    Letter.objects.exclude(key="open").update(state=Letter.State.SENT, sent_at=timezone.now(), next_try_at=None)
    now = timezone.now()
    for days, is_gone in ((6, False), (8, True)):
        moment = now + datetime.timedelta(days=days)
        forget(Window(since=moment - datetime.timedelta(days=1), now=moment))
        asked.refresh_from_db()
        assert (not asked.address, not asked.subject, not asked.text) == (is_gone,) * 3
    assert all(Letter.objects.filter(pk=one.pk).exclude(address="").exclude(text="").exists() for one in kept)
