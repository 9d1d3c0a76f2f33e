"""Signing in with a town hall's own account (OpenID Connect), against a small provider on this machine."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.urls import reverse

from network.models import Letter, User
from tests.network.people import PASSWORD, a_person

pytestmark = pytest.mark.django_db

LOGIN, CALLBACK = "/oidc/login/", "/oidc/callback/"


class Provider(ThreadingHTTPServer):
    """Knows one person, and gives a token for any code."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] = {
            "sub": "4711", "email": "erika@example.org", "email_verified": True, "name": "Erika Muster",
        }  # fmt: skip
        self.asked: list[dict[str, list[str]]] = []
        self.audience = "portal"

    def facts(self) -> dict[str, object]:
        return self.person | {"iss": self.address, "aud": self.audience, "exp": time.time() + 60, "iat": time.time()}


class Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        if self.path.startswith("/.well-known/"):
            here = self.server.address
            self.tell({"issuer": here, "authorization_endpoint": f"{here}/authorize", "token_endpoint": f"{here}/token",
                       "userinfo_endpoint": f"{here}/person", "jwks_uri": f"{here}/keys"})  # fmt: skip
        else:
            self.tell(self.server.person)

    def do_POST(self) -> None:
        self.server.asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        token = jwt.encode(self.server.facts(), self.server.key, algorithm="RS256")
        self.tell({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def tell(self, facts: dict[str, object]) -> None:
        body = json.dumps(facts).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.OIDC = {"name": "Stadt Musterstadt"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {"provider_id": "town-hall", "name": "Stadt Musterstadt", "client_id": "portal", "secret": "geheim",
                 "settings": {"server_url": server.address}}
            ],
        }
    }  # fmt: skip
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def go(client, **data: str) -> dict[str, list[str]]:
    """To the provider; what it is asked."""
    response = client.post(LOGIN, {"process": "login"} | data)
    assert response.status_code == 302
    return parse_qs(urlsplit(response.headers["Location"]).query)


def come_back(client, asked: dict[str, list[str]], **data: str):
    return client.get(CALLBACK, {"code": "c", "state": asked["state"][0]} | data)


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_without_a_provider_nothing_is_offered(client):
    for name in ("account_login", "account_signup"):
        assert LOGIN not in client.get(reverse(name)).content.decode()
    assert client.post(LOGIN).status_code == 404
    client.force_login(a_person("erika"))
    assert reverse("socialaccount_connections") not in client.get(reverse("account")).content.decode()


def test_new_person_registers_by_signing_in(client, provider):
    assert "Mit Ihrem Konto: Stadt Musterstadt" in client.get(reverse("account_login")).content.decode()
    asked = go(client, next="/en/news/")
    assert asked["client_id"] == ["portal"]
    assert asked["redirect_uri"] == [f"http://testserver{CALLBACK}"]
    assert asked["code_challenge_method"] == ["S256"]
    assert come_back(client, asked).headers["Location"] == "/en/news/"
    user = User.objects.get()
    assert (user.email, user.name, user.has_usable_password()) == ("erika@example.org", "Erika Muster", False)
    assert EmailAddress.objects.get(user=user).verified
    assert client.session["_auth_user_id"] == str(user.pk)
    assert provider.asked[0]["client_secret"] == ["geheim"]
    client.logout()
    come_back(client, go(client))
    assert client.session["_auth_user_id"] == str(user.pk)
    assert User.objects.count() == 1


def test_address_that_the_town_hall_has_not_checked_is_confirmed_by_a_code(client, provider):
    provider.person["email_verified"] = False
    response = come_back(client, go(client))
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    assert not is_signed_in(client)


def test_person_without_an_address_is_asked_for_one(client, provider):
    del provider.person["email"]
    where = come_back(client, go(client)).headers["Location"]
    assert where == reverse("socialaccount_signup")
    page = client.get(where).content.decode()
    assert 'name="email"' in page
    client.post(where, {"name": "Erika M.", "email": "erika@example.org"})
    assert not is_signed_in(client)
    assert Letter.objects.get().kind == "account_email_confirmation_signup"
    assert User.objects.get().name == "Erika M."


def test_account_with_the_same_address_is_not_opened_by_the_town_hall(client, provider):
    """Else a town hall could open the account of anybody whose address it claims to know."""
    owner = a_person("erika")
    come_back(client, go(client))
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()
    assert Letter.objects.get(kind="account_already_exists").to == owner


def test_owner_connects_the_account_once_signed_in_and_disconnects_it(client, provider):
    owner = a_person("erika")
    client.post(reverse("account_login"), {"login": owner.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    where = reverse("socialaccount_connections")
    assert where in client.get(reverse("account")).content.decode()
    asked = go(client, process="connect", next=where)
    assert come_back(client, asked).headers["Location"] == where
    assert Letter.objects.get(kind="account_connected").to == owner
    client.logout()
    come_back(client, go(client))
    assert client.session["_auth_user_id"] == str(owner.pk)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(where).content.decode()
    assert "Verbindung lösen" in page
    client.post(where, {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()


def test_last_way_in_cannot_be_disconnected(client, provider):
    come_back(client, go(client))
    page = client.post(reverse("socialaccount_connections"), {"account": SocialAccount.objects.get().pk})
    assert "Legen Sie zuerst ein Passwort fest" in page.content.decode()
    assert SocialAccount.objects.exists()
    assert client.get(reverse("account_change_password")).headers["Location"] == reverse("account_set_password")
    client.post(reverse("account_set_password"), {"password1": PASSWORD})
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("words", [{"state": "falsch"}, {"error": "server_error"}])
def test_failed_sign_in_leads_to_a_page_that_says_so(client, provider, words):
    response = client.get(come_back(client, go(client), **words).headers["Location"])
    assert response.status_code == 401
    assert "hat nicht geklappt" in response.content.decode()
    assert not is_signed_in(client)


def test_token_for_somebody_else_is_refused(client, provider):
    provider.audience = "another portal"
    assert come_back(client, go(client)).headers["Location"] == reverse("socialaccount_login_error")
    assert not is_signed_in(client)


def test_cancelled_sign_in_leads_to_a_page_that_says_so(client, provider):
    response = client.get(come_back(client, go(client), error="access_denied").headers["Location"])
    assert "abgebrochen" in response.content.decode()


def test_link_alone_starts_nothing(client, provider):
    assert client.get(LOGIN).status_code == 405
