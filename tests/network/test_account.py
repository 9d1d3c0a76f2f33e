"""Signing in and out."""

import pytest
from django.urls import reverse

from tests.network.people import PASSWORD, a_person

pytestmark = pytest.mark.django_db


def sign_in(client, **changes):
    data = {"username": "erika@example.org", "password": PASSWORD} | changes
    return client.post(reverse("login"), data)


def test_sign_in_page_labels_its_fields(client):
    page = client.get(reverse("login")).content.decode()
    assert 'type="email"' in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_sign_in_in_any_case_of_the_address_leads_home(client):
    user = a_person("erika")
    response = sign_in(client, username="Erika@Example.org")
    assert response.headers["Location"] == "/de/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_sign_in_leads_back_to_the_wanted_page_but_never_elsewhere(client):
    a_person("erika")
    assert sign_in(client, next="/de/news/").headers["Location"] == "/de/news/"
    client.logout()
    assert sign_in(client, next="https://evil.example/").headers["Location"] == "/de/"


@pytest.mark.parametrize("changes", [{"password": "falsch"}, {"username": "niemand@example.org"}])
def test_wrong_sign_in_says_the_same_sentence_and_keeps_the_address(client, changes):
    a_person("erika")
    page = sign_in(client, **changes).content.decode()
    assert 'class="error-summary"' in page
    assert "_auth_user_id" not in client.session
    assert changes.get("username", "erika@example.org") in page
    assert "falsch" not in page


def test_closed_account_cannot_sign_in(client):
    a_person("erika", is_active=False)
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_sign_out_only_by_post(client):
    client.force_login(a_person("erika"))
    assert client.get(reverse("logout")).status_code == 405
    assert "_auth_user_id" in client.session
    assert client.post(reverse("logout")).headers["Location"] == "/de/"
    assert "_auth_user_id" not in client.session
