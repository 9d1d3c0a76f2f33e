"""The second factor: an app that shows codes, a passkey, recovery codes; who loses all, and what the database keeps."""

import html
import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.shortcuts import resolve_url
from django.urls import reverse

from network.models import Letter
from tests.network.devices import Passkey, app_code
from tests.network.people import PASSWORD, a_coordinator, a_network, a_person, an_operator

pytestmark = pytest.mark.django_db


def sign_in(client, email="erika@example.org", password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def it_is_me(client, **answer):
    return client.post(reverse("account_reauthenticate"), answer or {"password": PASSWORD})


def switch_app_on(client) -> str:
    """The person is signed in; returns the key of the app."""
    it_is_me(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    key = re.search(r'<code class="key">(\w+)</code>', page)
    assert key
    response = client.post(reverse("mfa_activate_totp"), {"code": app_code(key[1])})
    assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
    return key[1]


def options_on(response) -> dict:
    found = re.search(r'data-options="([^"]+)"', response.content.decode())
    assert found
    options: dict = json.loads(html.unescape(found[1]))
    return options


@pytest.fixture
def erika(client):
    person = a_person("erika")
    sign_in(client)
    return person


@pytest.fixture
def app(client, erika):
    """Erika's app is switched on, and she is signed out."""
    key = switch_app_on(client)
    client.logout()
    return key


def test_app_is_set_up_only_after_the_password_and_with_its_right_code(client, erika):
    assert client.get(reverse("mfa_activate_totp")).headers["Location"].startswith(reverse("account_reauthenticate"))
    page = it_is_me(client, password="falsch").content.decode()
    assert "Das ist nicht Ihr Passwort." in page
    it_is_me(client)
    page = client.post(reverse("mfa_activate_totp"), {"code": "000000"}).content.decode()
    assert "Dieser Code stimmt nicht" in page
    assert not Authenticator.objects.exists()


def test_app_is_asked_for_at_every_sign_in(client, app):
    assert sign_in(client).headers["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    assert client.get(reverse("account")).status_code == 302
    page = client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert "Dieser Code stimmt nicht" in page
    response = client.post(reverse("mfa_authenticate"), {"code": app_code(app, steps=0)})
    assert response.headers["Location"] == resolve_url(settings.LOGIN_REDIRECT_URL)
    assert is_signed_in(client)


def test_wanted_page_is_met_after_the_second_factor(client, app):
    client.post(reverse("account_login"), {"login": "erika@example.org", "password": PASSWORD, "next": "/de/news/"})
    response = client.post(reverse("mfa_authenticate"), {"code": app_code(app)})
    assert response.headers["Location"] == "/de/news/"


def test_code_of_the_app_counts_once(client, app):
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": app_code(app)})
    client.logout()
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": app_code(app)})
    assert not is_signed_in(client)


def test_wrong_codes_have_to_wait_after_five(client, app):
    sign_in(client)
    for _attempt in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    page = client.post(reverse("mfa_authenticate"), {"code": app_code(app)}).content.decode()
    assert "Warten Sie fünf Minuten" in page
    assert not is_signed_in(client)


def test_new_password_does_not_open_an_account_with_a_second_factor(client, app):
    where = client.post(reverse("account_reset_password"), {"email": "erika@example.org"}).headers["Location"]
    found = re.search(r"[A-Z]{4}-[A-Z]{4}", Letter.objects.get(kind="account_password_reset_code").text)
    assert found
    where = client.post(where, {"code": found[0]}).headers["Location"]
    client.post(where, {"password1": "ein-anderes-kennwort"})
    assert not is_signed_in(client)
    assert sign_in(client, password="ein-anderes-kennwort").headers["Location"] == reverse("mfa_authenticate")


def test_recovery_code_opens_once(client, erika):
    switch_app_on(client)
    codes = re.findall(r"<li>(\d{8})</li>", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    assert len(codes) == 10
    file = client.get(reverse("mfa_download_recovery_codes"))
    assert "attachment" in file["Content-Disposition"]
    assert all(code in file.content.decode() for code in codes)
    client.logout()
    for is_good in (True, False):
        sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": codes[3]})
        assert is_signed_in(client) == is_good
        client.logout()


def test_recovery_codes_are_shown_only_after_the_password(client, app):
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": app_code(app)})
    response = client.get(reverse("mfa_view_recovery_codes"))
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_new_recovery_codes_void_the_old_ones(client, erika):
    switch_app_on(client)
    find = re.compile(r"<li>(\d{8})</li>")
    old = find.findall(client.get(reverse("mfa_view_recovery_codes")).content.decode())
    client.post(reverse("mfa_generate_recovery_codes"))
    new = find.findall(client.get(reverse("mfa_view_recovery_codes")).content.decode())
    assert len(new) == 10
    assert not set(old) & set(new)


def test_app_switched_off_is_not_asked_for_and_its_owner_gets_letters(
    client, erika, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        switch_app_on(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    client.logout()
    sign_in(client)
    assert is_signed_in(client)
    kinds = set(Letter.objects.filter(to=erika).values_list("kind", flat=True))
    assert {"account_totp_activated", "account_totp_deactivated"} <= kinds


def test_key_of_an_app_does_not_stand_in_the_database(client, app):
    row = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert app not in json.dumps(row.data)
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    assert len(codes.data["seed"]) > 80


def test_passkey_is_a_second_factor(client, erika):
    it_is_me(client)
    passkey = Passkey()
    answer = passkey.create(options_on(client.get(reverse("mfa_add_webauthn"))))
    response = client.post(reverse("mfa_add_webauthn"), {"name": "Dienst-Laptop", "credential": answer})
    assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert "Dienst-Laptop" in client.get(reverse("mfa_index")).content.decode()
    client.logout()
    assert sign_in(client).headers["Location"] == reverse("mfa_authenticate")
    page = client.get(reverse("mfa_authenticate"))
    client.post(reverse("mfa_authenticate"), {"credential": Passkey(user=passkey.user).get(options_on(page))})
    assert not is_signed_in(client), "somebody else's passkey"
    page = client.get(reverse("mfa_authenticate"))
    client.post(reverse("mfa_authenticate"), {"credential": passkey.get(options_on(page))})
    assert is_signed_in(client)


def test_passkey_alone_signs_in_and_leads_to_the_wanted_page(client, erika):
    it_is_me(client)
    passkey = Passkey()
    answer = passkey.create(options_on(client.get(reverse("mfa_add_webauthn"))))
    client.post(reverse("mfa_add_webauthn"), {"name": "", "passwordless": "on", "credential": answer})
    client.logout()
    options = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()
    response = client.post(
        reverse("mfa_login_webauthn"),
        {"credential": passkey.get(options["request_options"]), "next": "/de/news/"},
    )
    assert response.headers["Location"] == "/de/news/"
    assert client.session["_auth_user_id"] == str(erika.pk)


def test_passkey_that_did_not_work_says_so_at_the_sign_in(client, erika):
    client.logout()
    options = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()
    answer = Passkey(user=b"999").get(options["request_options"])
    response = client.post(reverse("mfa_login_webauthn"), {"credential": answer}, follow=True)
    assert "Dieser Code stimmt nicht" in response.content.decode()
    assert not is_signed_in(client)


def test_passkey_can_be_removed_by_its_owner_only(client, erika):
    it_is_me(client)
    answer = Passkey().create(options_on(client.get(reverse("mfa_add_webauthn"))))
    client.post(reverse("mfa_add_webauthn"), {"name": "Laptop", "credential": answer})
    where = reverse("mfa_remove_webauthn", args=[Authenticator.objects.get(type="webauthn").pk])
    client.logout()
    a_person("otto")
    sign_in(client, "otto@example.org")
    it_is_me(client)
    assert client.post(where).status_code == 404
    client.logout()
    client.force_login(erika)
    it_is_me(client)
    assert "„Laptop“" in client.get(where).content.decode()
    assert client.post(where).headers["Location"] == reverse("mfa_index")
    assert not Authenticator.objects.exists()


# operators and coordinators


@pytest.mark.parametrize("who", ["coordinator", "operator"])
def test_keepers_of_content_without_second_factor_read_a_hint(client, who):
    person = a_coordinator(a_network("gnlc")) if who == "coordinator" else an_operator()
    client.force_login(person)
    assert "message-attention" in client.get(reverse("account")).content.decode()
    it_is_me(client)
    switch_app_on(client)
    assert "message-attention" not in client.get(reverse("account")).content.decode()


def test_others_read_no_hint(client, erika):
    assert "message-attention" not in client.get(reverse("account")).content.decode()


def test_desk_is_entered_with_the_second_factor_only(client):
    operator = an_operator()
    client.force_login(operator)
    key = switch_app_on(client)
    client.logout()
    response = client.post(
        reverse("account_login"), {"login": operator.email, "password": PASSWORD, "next": "/de/desk/"}
    )
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert client.get("/de/desk/").status_code == 302
    assert client.post(reverse("mfa_authenticate"), {"code": app_code(key)}).headers["Location"] == "/de/desk/"
    assert client.get("/de/desk/").status_code == 200


def test_operator_takes_a_lost_second_factor_away_and_its_owner_gets_a_letter(client, app):
    client.force_login(an_operator())
    erika = Authenticator.objects.first().user
    data = {"action": "take_away_second_factor", "_selected_action": [erika.pk]}
    client.post(reverse("admin:network_user_changelist"), data)
    assert not Authenticator.objects.exists()
    assert Letter.objects.get(kind="account_second_factor_gone").to == erika
    client.logout()
    sign_in(client)
    assert is_signed_in(client)


def test_half_signed_in_person_can_cancel(client, app):
    sign_in(client)
    response = client.post(reverse("account_logout"), {"next": reverse("account_login")}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("account_login")
    assert Session.objects.count() <= 2
