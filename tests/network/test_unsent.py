"""What somebody sends after the session or the form's token has expired: it comes back, and to nobody else."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import Role, a_city, a_person
from tests.guards import problems

pytestmark = pytest.mark.django_db

PASSWORD = "ein-langes-kennwort"
TEXT = "Bonn liegt am Rhein,\nund <b>das</b> ist schön."
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def lead():
    return a_person(Role.LEAD, city=a_city("bonn"), name="Lea Leitung")


@pytest.fixture
def browser():
    """As a browser: forms need their token, and say where they come from."""
    return Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})


def token_of(browser, path="/de/sign-in/") -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(path).content.decode())
    assert found
    return found[1]


def sign_in(browser, person, **more):
    data = {"login": person.email, "password": PASSWORD, "csrfmiddlewaretoken": token_of(browser)}
    return browser.post(reverse("account_login"), data | more)


def profile() -> str:
    return reverse("cities:edit", args=["bonn"])


def send(browser, path="", **fields):
    data = {"portrait_de": TEXT, "name_de": "Bonn", "csrfmiddlewaretoken": token_of(browser)} | fields
    return browser.post(path or profile(), data)


def fields_of(page: str, action: str) -> dict[str, list[str]]:
    """The hidden fields of the form that goes to this address."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.S)
    assert found
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden"\s+name="([^"]+)"\s+value="([^"]*)">', found[1]):
        fields.setdefault(name, []).append(value)
    return fields


# signed out meanwhile


def test_form_sent_without_a_session_comes_back_after_signing_in(browser, lead):
    response = send(browser, several=["eins", "zwei"])
    assert response.headers["Location"] == f"{reverse('account_login')}?next={reverse('unsent')}"
    signing_in = browser.get(response.headers["Location"]).content.decode()
    assert "Bonn liegt am Rhein" not in signing_in
    assert "message-attention" in signing_in  # and nobody thinks it is lost
    assert "message-attention" not in browser.get(reverse("account_login")).content.decode()
    response = sign_in(browser, lead, next=reverse("unsent"))
    page = browser.get(response.headers["Location"])
    assert problems(page, "de") == []
    text = page.content.decode()
    assert "Sie waren beim Absenden abgemeldet" in text
    assert "Bonn liegt am Rhein,\nund &lt;b&gt;das&lt;/b&gt; ist schön." in text
    fields = fields_of(text, profile())
    assert fields["several"] == ["eins", "zwei"]
    assert fields["portrait_de"] == ["Bonn liegt am Rhein,\nund &lt;b&gt;das&lt;/b&gt; ist schön."]
    assert len(fields["csrfmiddlewaretoken"]) == 1


def test_form_is_sent_again_with_one_button_and_forgotten_then(browser, lead):
    send(browser)
    sign_in(browser, lead)
    token = token_of(browser, reverse("unsent"))
    opened = token_of(browser, profile())
    browser.post(profile(), {"name_de": "Bonn", "portrait_de": TEXT, "csrfmiddlewaretoken": token or opened})
    assert "unsent" not in browser.session
    assert browser.get(reverse("unsent")).headers["Location"] == "/de/"


def test_form_survives_another_page_and_another_form(browser, lead):
    send(browser)
    sign_in(browser, lead)
    browser.get("/de/cities/")
    browser.post(reverse("account"), {"name": "Lea", "csrfmiddlewaretoken": token_of(browser, "/de/account/")})
    assert "Bonn liegt am Rhein" in browser.get(reverse("unsent")).content.decode()


def test_form_can_be_thrown_away(browser, lead):
    send(browser)
    sign_in(browser, lead)
    browser.post(reverse("unsent"), {"csrfmiddlewaretoken": token_of(browser, reverse("unsent"))})
    assert "unsent" not in browser.session


def test_form_is_held_for_an_hour(browser, lead, monkeypatch):
    send(browser)
    later = browser.session["unsent"]["at"] + 3601
    monkeypatch.setattr("network.unsent.time.time", lambda: later)
    sign_in(browser, lead)
    assert browser.get(reverse("unsent")).status_code == 302


def test_session_that_holds_a_form_ends_after_an_hour_unless_somebody_signs_in(browser, lead):
    send(browser)
    assert browser.session.get_expiry_age() == 3600
    sign_in(browser, lead)
    assert browser.session.get_expiry_age() == 14 * 24 * 3600


def test_form_is_gone_for_the_next_person_after_signing_out(browser, lead):
    send(browser)
    sign_in(browser, lead)
    browser.post(reverse("account_logout"), {"csrfmiddlewaretoken": token_of(browser, "/de/account/")})
    assert "unsent" not in browser.session


def test_form_is_held_through_the_second_factor(browser, lead):
    send(browser)
    before = browser.session["unsent"]
    browser.post(
        reverse("account_login"),
        {"login": lead.email, "password": "falsch", "csrfmiddlewaretoken": token_of(browser)},
    )
    assert browser.session["unsent"] == before


def test_passwords_and_codes_are_not_held(browser, lead):
    send(browser, password="geheim-1", oldpassword="geheim-2", code="geheim-3", credential="geheim-4")
    assert "geheim" not in str(dict(browser.session))
    sign_in(browser, lead)
    assert "Passwörter und Codes werden nicht aufgehoben" in browser.get(reverse("unsent")).content.decode()


def test_files_are_named_and_not_held(browser, lead):
    picture = SimpleUploadedFile("rathaus.webp", b"very much a picture", "image/webp")
    send(browser, reverse("cities:picture_add", args=["bonn"]), image=picture, alt_de="Das Rathaus von Westen")
    assert "very much" not in str(dict(browser.session))
    sign_in(browser, lead)
    page = browser.get(reverse("unsent")).content.decode()
    assert "<li>rathaus.webp</li>" in page
    assert "Das Rathaus von Westen" in page


def test_form_too_large_to_be_held_comes_back_at_once(browser, lead):
    response = send(browser, portrait_de="Bonn liegt am Rhein. " * 60_000)
    assert response.status_code == 403
    assert "unsent" not in browser.session
    page = response.content.decode()
    assert "in einem zweiten Fenster" in page
    assert fields_of(page, profile())["portrait_de"] == ["Bonn liegt am Rhein. " * 60_000]


def test_one_place_cannot_fill_the_database(browser, lead):
    for _time in range(20):
        assert send(browser).status_code == 302
    assert send(browser).status_code == 403


@pytest.mark.parametrize("path", ["/de/sign-in/", "/de/barrier/", "/de/register/", "/de/nirgends/", "/de/"])
def test_nothing_is_held_where_no_session_is_needed(browser, path):
    send(browser, path)
    assert "unsent" not in browser.session


def test_nothing_is_held_of_what_is_no_form(browser, lead):
    token = token_of(browser)
    browser.post(profile(), TEXT, content_type="text/plain", headers={"X-CSRFToken": token})
    browser.get(profile(), {"portrait_de": TEXT})
    assert "unsent" not in browser.session


@pytest.mark.parametrize("path", ["//evil.example/de/", "/de//evil.example"])
def test_form_goes_to_no_other_host(browser, lead, path):
    send(browser, path)
    assert "unsent" not in browser.session


def test_address_keeps_its_query(browser, lead):
    send(browser, f"{profile()}?tab=portrait&x=%22")
    sign_in(browser, lead)
    assert f'action="{profile()}?tab=portrait&amp;x=%22"' in browser.get(reverse("unsent")).content.decode()


# the token has expired


def test_form_with_an_old_token_comes_back_at_once(browser, lead):
    sign_in(browser, lead)
    response = browser.post(profile(), {"portrait_de": TEXT, "csrfmiddlewaretoken": "x" * 64})
    assert response.status_code == 403
    assert problems(response, "de") == []
    page = response.content.decode()
    assert "Das Formular war zu lange offen" in page
    fields = fields_of(page, profile())
    assert fields["portrait_de"] == ["Bonn liegt am Rhein,\nund &lt;b&gt;das&lt;/b&gt; ist schön."]
    opened = {
        "opened": "",
        "name_de": "Bonn",
        "portrait_de": TEXT,
        "csrfmiddlewaretoken": fields["csrfmiddlewaretoken"][0],
    }
    assert browser.post(profile(), opened).status_code != 403
    assert "unsent" not in browser.session


def test_form_with_an_old_token_and_no_session_is_held_by_its_second_sending(browser, lead):
    page = browser.post(profile(), {"portrait_de": TEXT}).content.decode()
    fields = fields_of(page, profile())
    response = browser.post(profile(), {"portrait_de": TEXT, "csrfmiddlewaretoken": fields["csrfmiddlewaretoken"][0]})
    assert response.headers["Location"].endswith(reverse("unsent"))


def test_passwords_do_not_come_back_with_an_old_token(browser):
    page = browser.post("/de/sign-in/", {"login": "erika@example.org", "password": "geheim"}).content.decode()
    assert "erika@example.org" in page
    assert "geheim" not in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "https://testserver"},
        {"Referer": "http://evil.example/http://testserver/"},
        {},
    ],
)
def test_foreign_page_can_plant_no_text(lead, headers):
    stranger = Client(enforce_csrf_checks=True, headers=headers)
    response = stranger.post(profile(), {"portrait_de": "Gepflanzter Text"})
    assert response.status_code == 403
    assert "Gepflanzter Text" not in response.content.decode()
    assert 'method="post" action="/de/cities' not in response.content.decode()
    assert "unsent" not in stranger.session
    stranger.force_login(lead)
    assert stranger.get(reverse("unsent")).status_code == 302


def test_foreign_page_can_plant_no_text_with_a_token_of_its_own(lead):
    """A token from the stranger's own visit fits no cookie of the person's browser."""
    token = token_of(Client(enforce_csrf_checks=True))
    victim = Client(enforce_csrf_checks=True)
    token_of(victim)
    data = {"portrait_de": "Gepflanzter Text", "csrfmiddlewaretoken": token}
    assert victim.post(profile(), data, headers={"Origin": "https://evil.example"}).status_code == 403
    assert "unsent" not in victim.session


def test_referer_of_our_own_page_will_do_where_there_is_no_origin():
    old = Client(enforce_csrf_checks=True, headers={"Referer": "http://testserver/de/cities/"})
    assert "Bonn liegt am Rhein" in old.post(profile(), {"portrait_de": TEXT}).content.decode()


# scripts


def test_script_without_a_session_is_told_so_in_json(browser, lead):
    token = token_of(browser)
    response = browser.post(profile(), {"portrait_de": TEXT}, headers=FETCH | {"X-CSRFToken": token})
    assert response.status_code == 401
    assert response.json() == {"signed_out": True, "sign_in": "/de/sign-in/"}
    assert "unsent" not in browser.session
    assert browser.get(profile(), headers=FETCH).status_code == 401


def test_script_with_an_old_token_is_told_so_in_json(browser, lead):
    response = browser.post(profile(), {"portrait_de": TEXT}, headers=FETCH)
    assert (response.status_code, response.json()) == (403, {"csrf": True})


def test_foreign_script_is_told_nothing(lead):
    stranger = Client(enforce_csrf_checks=True, headers={"Origin": "https://evil.example"})
    response = stranger.post(profile(), {"portrait_de": TEXT}, headers=FETCH)
    assert response.status_code == 403
    assert "html" in response["Content-Type"]
