"""One's own account: settings, address, password, devices, data, the end; and what operators do to accounts."""

import json
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from network import daily, outbox, personal
from network.accounts import end_account
from network.actions import RefusedError
from network.models import Letter, Office, User
from tests.network.people import PASSWORD, a_coordinator, a_network, a_person, an_operator

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SETTINGS = {"name": "Erika Muster", "language": "en", "letters": "daily"}


@pytest.fixture
def erika(client):
    person = a_person("erika")
    sign_in(client)
    return person


@pytest.fixture
def other_device():
    return Client(headers={"User-Agent": FIREFOX})


def sign_in(client, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": "erika@example.org", "password": password})


def it_is_me(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def is_signed_in(client) -> bool:
    return bool(client.get(reverse("account")).status_code == 200)


# settings


def test_settings_are_saved_and_nothing_else(client, erika):
    response = client.post(reverse("account"), SETTINGS | {"is_superuser": "on", "email": "boss@example.org"})
    assert response.status_code == 302
    erika.refresh_from_db()
    assert (erika.name, erika.language, erika.letters) == ("Erika Muster", "en", User.Letters.DAILY)
    assert (erika.is_superuser, erika.email) == (False, "erika@example.org")


def test_settings_without_a_name_are_refused_and_kept_in_the_form(client, erika):
    response = client.post(reverse("account"), SETTINGS | {"name": ""})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Geben Sie Ihren Namen an." in page
    assert re.search(r'value="daily"[^>]*checked', page)
    erika.refresh_from_db()
    assert erika.name == "erika"


def test_header_leads_to_the_own_account(client, erika):
    assert f'href="{reverse("account")}"' in client.get("/de/").content.decode()


# address and password


def test_new_address_counts_once_its_code_is_typed_and_the_old_one_gets_a_letter(client, erika):
    it_is_me(client)
    where = client.post(reverse("account_email"), {"email": "Neu@Example.org", "action_add": "1"}).headers["Location"]
    erika.refresh_from_db()
    assert erika.email == "erika@example.org"
    letter = Letter.objects.get(kind="account_email_confirmation")
    assert letter.address == "neu@example.org"
    found = re.search(r"[A-Z]{4}-[A-Z]{4}", letter.text)
    assert found
    client.post(where, {"code": found[0]})
    erika.refresh_from_db()
    assert erika.email == "neu@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("neu@example.org", True, True)]
    told = Letter.objects.get(kind="account_email_changed")
    assert told.address == "erika@example.org"
    assert "neu@example.org" in told.text


def test_new_address_needs_the_password_again(client, erika):
    response = client.post(reverse("account_email"), {"email": "neu@example.org", "action_add": "1"})
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not Letter.objects.exists()
    page = client.post(response.headers["Location"], {"password": PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("account_email_verification_sent"), "what was typed goes on"
    assert Letter.objects.get().address == "neu@example.org"


def test_own_address_again_is_refused(client, erika):
    it_is_me(client)
    page = client.post(reverse("account_email"), {"email": "erika@example.org", "action_add": "1"}).content.decode()
    assert "Das ist bereits die Adresse Ihres Kontos." in page


def test_new_password_needs_the_old_one_and_signs_out_other_devices(client, erika, other_device):
    sign_in(other_device)
    data = {"oldpassword": "falsch", "password1": "ein-anderes-kennwort"}
    page = client.post(reverse("account_change_password"), data).content.decode()
    assert "Das ist nicht Ihr bisheriges Passwort." in page
    response = client.post(reverse("account_change_password"), data | {"oldpassword": PASSWORD}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("account")
    assert "Das neue Passwort ist gespeichert." in response.content.decode()
    assert is_signed_in(client)
    assert not is_signed_in(other_device)
    letter = Letter.objects.get(kind="account_password_changed")
    assert letter.to == erika
    assert "127.0.0.1" in letter.text


# devices


def test_sessions_are_listed_with_device_and_place(client, erika, other_device):
    sign_in(other_device)
    page = client.get(reverse("account_sessions")).content.decode()
    assert "Firefox, Linux" in page
    assert "127.0.0.1" in page
    assert page.count("dieses Gerät") == 1


def test_session_of_another_device_can_be_ended(client, erika, other_device):
    sign_in(other_device)
    key = other_device.session.session_key
    session = UserSession.objects.get(session_key=key)
    client.post(reverse("account_sessions"), {"session": session.pk})
    assert not is_signed_in(other_device)
    assert is_signed_in(client)
    assert not Session.objects.filter(session_key=key).exists()


def test_all_other_sessions_can_be_ended_at_once(client, erika):
    devices = [Client(), Client()]
    for device in devices:
        sign_in(device)
    client.post(reverse("account_sessions"))
    assert [is_signed_in(device) for device in devices] == [False, False]
    assert is_signed_in(client)


def test_session_of_somebody_else_cannot_be_ended(client, erika):
    a_person("otto")
    ottos = Client()
    ottos.post(reverse("account_login"), {"login": "otto@example.org", "password": PASSWORD})
    session = UserSession.objects.get(session_key=ottos.session.session_key)
    assert client.post(reverse("account_sessions"), {"session": session.pk}).status_code == 404
    assert is_signed_in(ottos)


def test_ended_sessions_are_neither_listed_nor_kept(client, erika, other_device):
    sign_in(other_device)
    Session.objects.filter(session_key=other_device.session.session_key).delete()
    assert "Firefox" not in client.get(reverse("account_sessions")).content.decode()
    daily.run()
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [client.session.session_key]


# data


def test_data_are_a_file_with_everything_but_secrets(client, erika):
    Office.objects.create(user=erika, network=a_network("gnlc"), role=Office.Role.REVIEWER)
    Authenticator.objects.create(user=erika, type="totp", data={"secret": "geheim"})
    outbox.post("account_password_set", to=erika, context={"ip": "192.0.2.1", "user_agent": "", "moment": ""}, key="a",
                urgency=Letter.Urgency.ACCOUNT)  # fmt: skip
    a_person("otto")
    response = client.get(reverse("account_data"))
    assert response["Content-Disposition"] == f'attachment; filename="my-data-{timezone.localdate()}.json"'
    facts = json.loads(response.content)
    assert set(facts) >= {"account", "cities"}
    account = facts["account"]
    assert (account["email"], account["name"]) == ("erika@example.org", "erika")
    assert account["addresses"] == [{"email": "erika@example.org", "verified": True}]
    assert account["offices"] == [{"network": "gnlc", "office": "reviewer"}]
    assert account["signed_in_at"][0]["network_address"] == "127.0.0.1"
    assert "192.0.2.1" in account["letters_received"][0]["text"]
    text = response.content.decode()
    assert "geheim" not in text
    assert "otto" not in text
    assert erika.password not in text


def test_every_column_of_a_person_is_in_the_file_or_named_here():
    """A column added later must be told to the person, or be a secret or a number of ours."""
    told = {"email", "name", "language", "letters", "joined_at", "last_login", "is_superuser"}
    not_told = {"id", "password", "is_active", "deleted_at", "groups", "user_permissions"}
    assert {
        field.name for field in User._meta.get_fields() if not field.auto_created or field.concrete
    } == told | not_told


def test_part_with_a_name_that_is_taken_is_refused():
    with pytest.raises(ValueError, match="account"):
        personal.register(personal.Part("account", about=lambda _user: {}))


# the end


def leave(client, password=PASSWORD):
    return client.post(reverse("account_delete"), {"password": password})


def test_deleting_needs_the_password(client, erika):
    response = leave(client, "falsch")
    assert response.status_code == 422
    assert "Das ist nicht Ihr Passwort." in response.content.decode()
    erika.refresh_from_db()
    assert erika.is_active


def test_deleting_stops_guessing(client, erika):
    for _attempt in range(10):
        leave(client, "falsch")
    assert leave(client).status_code == 429
    erika.refresh_from_db()
    assert erika.is_active


def test_deleted_account_leaves_a_row_without_the_person(client, erika, other_device):
    sign_in(other_device)
    Office.objects.create(user=erika, network=a_network("gnlc"), role=Office.Role.REVIEWER)
    Authenticator.objects.create(user=erika, type="totp", data={"secret": "geheim"})
    kept = Letter.objects.create(kind="team_role", key="a", to=erika, address=erika.email, language="de", subject="S",
                                 urgency="case", state="waiting")  # fmt: skip
    entry = LogEntry.objects.create(user=erika, action_flag=2, object_repr="Bonn")
    response = leave(client)
    assert response.headers["Location"] == "/de/"
    erika = User.objects.get(pk=erika.pk)
    assert (str(erika), erika.name, erika.email) == ("gelöschte Person", "", f"deleted-{erika.pk}@deleted.invalid")
    assert (erika.is_active, erika.last_login, erika.has_usable_password()) == (False, None, False)
    assert erika.deleted_at
    for model in (EmailAddress, Authenticator, UserSession, Office):
        assert not model._default_manager.filter(user=erika).exists(), model
    assert not is_signed_in(client)
    assert not is_signed_in(other_device)
    sign_in(client)
    assert not is_signed_in(client)
    entry.refresh_from_db()
    assert entry.user == erika
    kept.refresh_from_db()
    assert (kept.address, kept.state) == ("", Letter.State.WITHHELD)


def test_address_of_a_deleted_account_is_free_again(client, erika):
    leave(client)
    client.post(reverse("account_signup"), {"name": "Erika", "email": "erika@example.org", "password1": PASSWORD})
    assert User.objects.filter(email="erika@example.org", name="Erika").exists()


def test_only_coordinator_of_a_network_cannot_leave(client):
    network = a_network("gnlc")
    person = a_coordinator(network)
    client.force_login(person)
    page = client.get(reverse("account_delete")).content.decode()
    assert "Sie koordinieren Kurz gnlc allein." in page
    assert 'name="password"' not in page
    assert leave(client).status_code == 422
    with pytest.raises(RefusedError, match="Kurz gnlc"):
        end_account(person)
    closed = a_coordinator(network, name="geschlossen")
    closed.is_active = False
    closed.save()
    assert leave(client).status_code == 422
    a_coordinator(network, name="noch-jemand")
    assert leave(client).status_code == 302


def test_only_operator_cannot_leave(client):
    client.force_login(an_operator())
    assert leave(client).status_code == 422
    User.objects.create_superuser("zweiter-betrieb@example.org", PASSWORD)
    assert leave(client).status_code == 302


def test_person_without_a_password_deletes_by_writing_the_address(client, erika):
    erika.set_unusable_password()
    erika.save()
    client.force_login(erika)
    where = reverse("account_delete")
    assert client.post(where, {"email": "otto@example.org"}).status_code == 422
    assert client.post(where, {"email": "Erika@example.org"}).status_code == 302
    erika.refresh_from_db()
    assert erika.deleted_at


# at the desk


def test_operator_deletes_by_the_same_rule_and_no_row_goes(client, erika):
    client.force_login(an_operator())
    where = reverse("admin:network_user_delete", args=[erika.pk])
    assert "erika" in client.get(where).content.decode()
    client.post(where, {"post": "yes"})
    erika.refresh_from_db()
    assert erika.deleted_at
    assert "gelöschte Person" not in client.get(reverse("admin:network_user_changelist")).content.decode()
    assert client.get(reverse("admin:network_user_change", args=[erika.pk])).status_code == 302


def test_operator_reads_why_somebody_cannot_be_deleted(client):
    person = a_coordinator(a_network("gnlc"))
    client.force_login(an_operator())
    response = client.post(reverse("admin:network_user_delete", args=[person.pk]), {"post": "yes"}, follow=True)
    assert "Sie koordinieren Kurz gnlc allein." in response.content.decode()
    person.refresh_from_db()
    assert person.is_active
    assert not LogEntry.objects.filter(action_flag=3).exists()


def test_people_are_never_deleted_by_the_dozen(client, erika):
    client.force_login(an_operator())
    assert "delete_selected" not in client.get(reverse("admin:network_user_changelist")).content.decode()


def test_address_changed_by_an_operator_is_confirmed_at_the_next_sign_in(client, erika):
    client.force_login(an_operator())
    where = reverse("admin:network_user_change", args=[erika.pk])
    data = {"email": "Neu@example.org", "name": "Erika", "language": "de", "is_active": "on",
            "offices-TOTAL_FORMS": "0", "offices-INITIAL_FORMS": "0"}  # fmt: skip
    assert client.post(where, data).status_code == 302
    erika.refresh_from_db()
    assert erika.email == "neu@example.org"
    client.logout()
    sign_in(client)
    assert not is_signed_in(client)
    response = client.post(reverse("account_login"), {"login": "neu@example.org", "password": PASSWORD})
    assert response.headers["Location"] == reverse("account_email_verification_sent")


def test_secrets_of_people_are_not_at_the_desk(client):
    client.force_login(an_operator())
    page = client.get("/de/desk/").content.decode()
    assert not re.search(r"/desk/(account|mfa|usersessions|socialaccount)/", page)
