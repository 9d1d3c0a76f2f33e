"""Signing in and out, registering, a forgotten password: what a person meets, and what nobody learns."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse
from django.utils import translation

from network.models import Letter, User
from tests.network.people import PASSWORD, a_person, an_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_2():
    """A second browser."""
    return Client()


CODE = re.compile(r"^[A-Z]{4}-[A-Z]{4}$", re.M)
NEW_PERSON = {"name": "Erika Muster", "email": "Erika@Example.org", "password1": PASSWORD}


def sign_in(client, **changes):
    data = {"login": "erika@example.org", "password": PASSWORD} | changes
    return client.post(reverse("account_login"), data)


def register(client, **changes):
    return client.post(reverse("account_signup"), NEW_PERSON | changes)


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def the_letter(kind: str) -> Letter:
    return Letter.objects.get(kind=kind)


def the_code(kind: str) -> str:
    found = CODE.search(Letter.objects.filter(kind=kind).latest("pk").text)
    assert found
    return found[0]


def words(response) -> str:
    """The page without what differs at every request."""
    return re.sub(r'value="[^"]{20,}"', "", response.content.decode())


# signing in and out


def test_sign_in_page_labels_its_fields(client):
    page = client.get(reverse("account_login")).content.decode()
    assert 'type="email"' in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "placeholder" not in page


def test_sign_in_in_any_case_of_the_address_leads_on(client):
    user = a_person("erika")
    response = sign_in(client, login="Erika@Example.org")
    assert response.headers["Location"] == resolve_url(settings.LOGIN_REDIRECT_URL)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_sign_in_leads_back_to_the_wanted_page_but_never_elsewhere(client):
    a_person("erika")
    assert sign_in(client, next="/de/news/").headers["Location"] == "/de/news/"
    client.logout()
    target = sign_in(client, next="https://evil.example/").headers["Location"]
    assert target == resolve_url(settings.LOGIN_REDIRECT_URL)


def test_sign_in_keeps_the_wanted_page_in_its_form(client):
    page = client.get(reverse("account_login"), {"next": "/de/news/"}).content.decode()
    assert '<input type="hidden" name="next" value="/de/news/">' in page


@pytest.mark.parametrize("changes", [{"password": "falsch"}, {"login": "niemand@example.org"}])
def test_wrong_sign_in_says_the_same_sentence_and_keeps_the_address(client, changes):
    a_person("erika")
    page = sign_in(client, **changes).content.decode()
    assert 'class="error-summary"' in page
    assert "E-Mail-Adresse und Passwort passen nicht zusammen" in page
    assert not is_signed_in(client)
    assert changes.get("login", "erika@example.org") in page
    assert "falsch" not in page


def test_closed_account_cannot_sign_in(client):
    a_person("erika", is_active=False)
    response = sign_in(client)
    assert response.headers["Location"] == reverse("account_inactive")
    assert not is_signed_in(client)


def test_sign_in_with_an_address_that_was_never_confirmed_asks_for_a_code(client):
    """As after an operator has made the account at the desk."""
    User.objects.create_user("erika@example.org", PASSWORD, name="Erika")
    response = sign_in(client)
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    assert not is_signed_in(client)
    client.post(response.headers["Location"], {"code": the_code("account_email_confirmation_signup")})
    assert is_signed_in(client)
    client.logout()
    sign_in(client)
    assert is_signed_in(client)


def test_operator_made_at_the_server_signs_in_without_a_code(client):
    an_operator()
    sign_in(client, login="betrieb@example.org")
    assert is_signed_in(client)
    assert not Letter.objects.exists()


def test_sign_out_only_by_post(client):
    client.force_login(a_person("erika"))
    assert client.get(reverse("account_logout")).status_code == 405
    assert is_signed_in(client)
    assert client.post(reverse("account_logout")).headers["Location"] == "/de/"
    assert not is_signed_in(client)


def test_desk_has_no_second_sign_in_and_its_buttons_lead_to_the_portals_pages(client):
    assert client.get("/de/desk/", follow=True).redirect_chain[-1][0] == "/de/sign-in/?next=/de/desk/"
    client.force_login(an_operator())
    assert client.get(reverse("admin:password_change")).headers["Location"] == reverse("account_change_password")
    assert client.post(reverse("admin:logout")).headers["Location"] == "/de/"
    assert not is_signed_in(client)


# too many attempts


def test_five_wrong_passwords_then_even_the_right_one_has_to_wait(client):
    a_person("erika")
    for _attempt in range(5):
        sign_in(client, password="falsch")
    page = sign_in(client).content.decode()
    assert "Warten Sie fünf Minuten" in page
    assert not is_signed_in(client)


def test_wrong_passwords_for_one_person_do_not_lock_out_another(client):
    a_person("erika")
    a_person("otto")
    for _attempt in range(5):
        sign_in(client, password="falsch")
    sign_in(client, login="otto@example.org")
    assert is_signed_in(client)


def test_attempts_from_one_network_address_are_counted_together(client):
    for number in range(10):
        sign_in(client, login=f"{number}@example.org")
    a_person("erika")
    sign_in(client)
    assert not is_signed_in(client)
    client.post(
        reverse("account_login"),
        {"login": "erika@example.org", "password": PASSWORD},
        headers={"X-Forwarded-For": "192.0.2.7"},
    )
    assert is_signed_in(client)


def test_too_many_registrations_from_one_place_meet_a_page_that_says_so(client):
    for number in range(20):
        register(client, email=f"{number}@example.org")
        client.cookies.clear()
    response = register(client)
    assert response.status_code == 429
    assert "Zu viele Versuche" in response.content.decode()
    assert not User.objects.filter(email="erika@example.org").exists()


# registering


def test_registering_makes_an_account_once_the_code_is_typed(client):
    with translation.override("en"):
        response = register(client, next="/en/news/")
    user = User.objects.get()
    assert (user.name, user.email, user.language) == ("Erika Muster", "erika@example.org", "en")
    assert not is_signed_in(client)
    letter = the_letter("account_email_confirmation_signup")
    assert (letter.address, letter.language, letter.secret) == ("erika@example.org", "en", True)
    response = client.post(response.headers["Location"], {"code": the_code(letter.kind)})
    assert response.headers["Location"] == "/en/news/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert EmailAddress.objects.get(user=user).verified


def test_registering_by_reading_pages_alone_confirms_nothing(client):
    """A gateway that opens addresses of letters, or a second look at the page, is no confirmation."""
    where = register(client).headers["Location"]
    page = client.get(where).content.decode()
    assert "erika@example.org" in page
    assert client.get(f"{where}?code={the_code('account_email_confirmation_signup')}").status_code == 200
    assert "/register/code" not in the_letter("account_email_confirmation_signup").text
    assert not is_signed_in(client)
    assert not EmailAddress.objects.get().verified


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Geben Sie Ihren Namen an."),
        ("email", "erika", "Das ist keine E-Mail-Adresse."),
        ("password1", "kurz", "mindestens 10 Zeichen"),
        ("password1", "", "Wählen Sie ein Passwort."),
    ],
)
def test_registering_with_something_missing_says_what_and_keeps_the_rest(client, field, value, sentence):
    page = register(client, **{field: value}).content.decode()
    assert sentence in page
    assert 'class="error-summary"' in page
    assert not User.objects.exists()
    if field != "name":
        assert 'value="Erika Muster"' in page


def test_wrong_code_is_refused_and_after_five_the_sign_in_starts_again(client):
    where = register(client).headers["Location"]
    for _attempt in range(4):
        page = client.post(where, {"code": "BBBB-BBBB"})
        assert "Dieser Code stimmt nicht" in page.content.decode()
    assert client.post(where, {"code": "BBBB-BBBB"}).headers["Location"] == reverse("account_login")
    client.post(where, {"code": the_code("account_email_confirmation_signup")})
    assert not is_signed_in(client)


def test_code_after_an_hour_is_void(client, monkeypatch):
    where = register(client).headers["Location"]
    code = the_code("account_email_confirmation_signup")
    _an_hour_later(monkeypatch)
    assert client.post(where, {"code": code}).headers["Location"] == reverse("account_login")
    assert not is_signed_in(client)
    assert not EmailAddress.objects.get().verified


def test_new_code_can_be_asked_for_and_the_first_one_is_void(client, monkeypatch):
    where = register(client).headers["Location"]
    first = the_code("account_email_confirmation_signup")
    moment = _later(monkeypatch, 60)
    client.post(where, {"action": "resend"})
    assert Letter.objects.count() == 2
    client.post(where, {"code": first})
    assert not is_signed_in(client)
    client.post(where, {"code": the_code("account_email_confirmation_signup")})
    assert is_signed_in(client), moment


# nobody learns who has an account


def test_registering_with_a_known_address_looks_the_same_and_tells_its_owner(client, client_2):
    owner = a_person("erika", language="en")
    known = register(client, name="Otto")
    unknown = register(client_2, email="otto@example.org", name="Otto")
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    page = words(client.get(known.headers["Location"])).replace("erika@", "otto@")
    assert page == words(client_2.get(known.headers["Location"]))
    wrong = words(client.post(known.headers["Location"], {"code": "BBBB-BBBB"})).replace("erika@", "otto@")
    assert wrong == words(client_2.post(known.headers["Location"], {"code": "BBBB-BBBB"}))
    letter = the_letter("account_already_exists")
    assert (letter.to, letter.language) == (owner, "en")
    assert "/en/password/" in letter.text
    owner.refresh_from_db()
    assert owner.name == "erika"
    assert owner.check_password(PASSWORD)


def test_forgotten_password_looks_the_same_for_an_unknown_address(client, client_2):
    a_person("erika")
    known = client.post(reverse("account_reset_password"), {"email": "erika@example.org"})
    unknown = client_2.post(reverse("account_reset_password"), {"email": "otto@example.org"})
    assert known.headers["Location"] == unknown.headers["Location"]
    page = words(client.get(known.headers["Location"])).replace("erika@", "otto@")
    assert page == words(client_2.get(known.headers["Location"]))
    assert the_letter("account_password_reset_code").address == "erika@example.org"
    assert the_letter("account_unknown_account").address == "otto@example.org"


def test_changing_to_an_address_of_somebody_else_looks_the_same_and_fails(client):
    erika, otto = a_person("erika"), a_person("otto")
    sign_in(client)
    _is_it_you(client)
    response = client.post(reverse("account_email"), {"email": otto.email, "action_add": "1"})
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    client.post(response.headers["Location"], {"code": the_code("account_email_confirmation")})
    assert not EmailAddress.objects.filter(user=erika, email=otto.email).exists()


# a forgotten password


def test_forgotten_password_is_replaced_by_a_code_and_all_devices_are_signed_out(client, client_2):
    user = a_person("erika")
    sign_in(client_2)
    where = client.post(reverse("account_reset_password"), {"email": "Erika@example.org"}).headers["Location"]
    where = client.post(where, {"code": the_code("account_password_reset_code")}).headers["Location"]
    page = client.post(where, {"password1": "kurz"}).content.decode()
    assert "mindestens 10 Zeichen" in page
    response = client.post(where, {"password1": "ein-anderes-kennwort"}, follow=True)
    assert "Das neue Passwort ist gespeichert" in response.content.decode()
    assert not is_signed_in(client)
    user.refresh_from_db()
    assert user.check_password("ein-anderes-kennwort")
    assert client_2.get(reverse("account")).status_code == 302
    assert the_letter("account_password_reset").to == user


def test_code_for_a_new_password_after_an_hour_is_void(client, monkeypatch):
    user = a_person("erika")
    where = client.post(reverse("account_reset_password"), {"email": user.email}).headers["Location"]
    code = the_code("account_password_reset_code")
    _an_hour_later(monkeypatch)
    assert client.post(where, {"code": code}).headers["Location"] == reverse("account_login")
    assert client.get(reverse("account_complete_password_reset")).status_code == 302


def test_new_password_cannot_be_chosen_without_the_code(client):
    user = a_person("erika")
    client.post(reverse("account_reset_password"), {"email": user.email})
    response = client.post(reverse("account_complete_password_reset"), {"password1": "ein-anderes-kennwort"})
    assert response.headers["Location"] == reverse("account_confirm_password_reset_code")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_letters_with_a_code_are_never_shown_in_the_portal(client):
    user = a_person("erika")
    client.post(reverse("account_reset_password"), {"email": user.email})
    assert not Letter.objects.visible_to(user).exists()


def _is_it_you(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def _later(monkeypatch, seconds: int) -> float:
    moment = time.time() + seconds
    monkeypatch.setattr(time, "time", lambda: moment)
    return moment


def _an_hour_later(monkeypatch) -> None:
    _later(monkeypatch, 3601)
