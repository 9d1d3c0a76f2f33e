"""A missing or wrong variable stops the start, and the message names it, says what it expects, and gives an example."""

import os
import string
import subprocess
import sys
import tempfile

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from network import environment

COMPLETE = {
    "SECRET_KEY": string.ascii_letters + string.digits,
    "ALLOWED_HOSTS": "networks.example.org",
    "DATABASE_URL": "postgresql://portal:secret@localhost:5432/portal",
    "MAIL_URL": "smtp+tls://user:password@mail.example.org:587",
    "MAIL_FROM": "portal@example.org",
    "MEDIA": tempfile.gettempdir(),
}


def start(*words, **variables):
    """Run manage.py with nothing in the environment but these variables (None leaves one out)."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    chosen = {name: value for name, value in (COMPLETE | variables).items() if value is not None}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR, env=kept | chosen, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_start_when_all_variables_are_there_then_the_checks_of_a_deployment_pass():
    done = start("check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "value", "expects", "example"),
    [
        ("SECRET_KEY", None, "a long random text", "SECRET_KEY="),
        ("ALLOWED_HOSTS", None, "the host names of the portal", "ALLOWED_HOSTS=networks.example.org"),
        ("DATABASE_URL", None, "the address of a PostgreSQL", "DATABASE_URL=postgresql://"),
        ("DATABASE_URL", "mysql://localhost/portal", "the address of a PostgreSQL", "DATABASE_URL=postgresql://"),
        ("MAIL_URL", None, "the address of a mail server", "MAIL_URL=smtp+tls://"),
        ("MAIL_URL", "mail.example.org", "the address of a mail server", "MAIL_URL=smtp+tls://"),
        ("CLAMAV", "localhost", "where the virus scanner clamd listens", "CLAMAV=/run/clamav/clamd.ctl"),
        ("CLAMAV", "localhost:clamd", "where the virus scanner clamd listens", "CLAMAV=/run/clamav/clamd.ctl"),
        ("MEDIA", None, "a folder", "MEDIA=/srv/portal/media"),
        ("MEDIA", "/nowhere", "a folder", "MEDIA=/srv/portal/media"),
    ],
)
def test_start_when_a_variable_is_missing_or_wrong_then_one_sentence_says_what_to_do(name, value, expects, example):
    done = start("check", **{name: value})

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert name in done.stderr
    assert expects in done.stderr
    assert example in done.stderr
    assert len(done.stderr.splitlines()) <= 2


def test_start_when_a_password_is_in_a_wrong_variable_then_the_message_does_not_show_it():
    done = start("check", DATABASE_URL="mysql://portal:topsecret@localhost/portal")

    assert done.returncode == 1
    assert "topsecret" not in done.stderr


def test_text_when_the_variable_is_blank_then_the_default_counts(monkeypatch):
    monkeypatch.setenv("SOME", "  ")

    assert environment.text("SOME", expects="a word", example="x", default="y") == "y"


@pytest.mark.parametrize(
    ("value", "answer"),
    [("1", True), ("true", True), ("YES", True), (" on ", True), ("0", False), ("False", False), ("no", False),
     ("off", False), ("", True)],
)  # fmt: skip
def test_flag_when_the_word_is_known_then_it_is_understood(monkeypatch, value, answer):
    monkeypatch.setenv("SOME", value)

    assert environment.flag("SOME", default=True) is answer


def test_flag_when_the_word_is_unknown_then_it_stops(monkeypatch):
    monkeypatch.setenv("SOME", "perhaps")

    with pytest.raises(ImproperlyConfigured, match=r"SOME is wrong: 'perhaps'\. It expects 1 or 0\. Example: SOME=1"):
        environment.flag("SOME", default=False)


def test_words_when_there_are_spaces_and_empty_parts_then_they_are_left_out(monkeypatch):
    monkeypatch.setenv("SOME", " a.example , b.example,,")

    assert environment.words("SOME", expects="names", example="a") == ["a.example", "b.example"]


def test_database_when_the_address_is_complete_then_every_part_arrives(monkeypatch):
    monkeypatch.setenv("SOME", "postgresql://me:p%40ss@db.example:6432/portal?sslmode=require")

    assert environment.database("SOME") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "portal",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize("address", ["postgresql://localhost", "postgresql://localhost:port/portal", "portal"])
def test_database_when_the_address_is_not_one_then_it_stops(monkeypatch, address):
    monkeypatch.setenv("SOME", address)

    with pytest.raises(ImproperlyConfigured, match="SOME is wrong"):
        environment.database("SOME")


@pytest.mark.parametrize(
    ("address", "port", "tls", "ssl"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://mail.example", 587, True, False),
        ("smtps://mail.example", 465, False, True),
        ("smtp://mail.example:2525", 2525, False, False),
    ],
)
def test_mail_when_the_scheme_is_known_then_port_and_encryption_follow(monkeypatch, address, port, tls, ssl):
    monkeypatch.setenv("SOME", address)

    options = environment.mail("SOME")["default"]["OPTIONS"]

    assert isinstance(options, dict)
    assert (options["host"], options["port"], options["use_tls"], options["use_ssl"]) == (
        "mail.example", port, tls, ssl,
    )  # fmt: skip


def test_folder_when_it_is_there_then_it_is_returned(monkeypatch, tmp_path):
    monkeypatch.setenv("SOME", str(tmp_path))

    assert environment.folder("SOME", example="/srv") == tmp_path


def test_folder_when_it_is_a_file_then_it_stops(monkeypatch, tmp_path):
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("SOME", str(file))

    with pytest.raises(ImproperlyConfigured, match="SOME is wrong"):
        environment.folder("SOME", example="/srv")


def test_bucket_without_its_packages_says_what_to_install(monkeypatch):
    monkeypatch.setenv("MEDIA", "s3://portal-media")
    monkeypatch.setattr("network.environment.importlib.util.find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements-s3\.txt"):
        environment.bucket("MEDIA", host="networks.example.org")


def test_bucket_gives_addresses_on_the_portals_own_host(monkeypatch):
    monkeypatch.setenv("MEDIA", "s3://portal-media")
    monkeypatch.setattr("network.environment.importlib.util.find_spec", lambda _name: object())
    options = environment.bucket("MEDIA", host="networks.example.org")["OPTIONS"]
    assert options == {
        "bucket_name": "portal-media",
        "custom_domain": "networks.example.org/media",
        "querystring_auth": False,
    }


OIDC = {
    "OIDC_ISSUER": "https://sign-in.example.org/realms/town-hall",
    "OIDC_CLIENT_ID": "portal",
    "OIDC_CLIENT_SECRET": "geheim",
    "OIDC_NAME": "Stadt Musterstadt",
}


def test_openid_connect_when_nothing_is_set_then_there_is_none(monkeypatch):
    for name in OIDC:
        monkeypatch.delenv(name, raising=False)
    assert environment.openid() is None


def test_openid_connect_when_all_is_set_then_its_settings(monkeypatch):
    for name, value in OIDC.items():
        monkeypatch.setenv(name, value)
    assert environment.openid() == {
        "issuer": "https://sign-in.example.org/realms/town-hall",
        "client_id": "portal",
        "client_secret": "geheim",
        "name": "Stadt Musterstadt",
    }


@pytest.mark.parametrize("name", OIDC)
def test_openid_connect_when_one_variable_is_missing_then_the_start_stops_and_names_it(monkeypatch, name):
    for each, value in OIDC.items():
        monkeypatch.setenv(each, value if each != name else "")
    with pytest.raises(ImproperlyConfigured, match=f"missing: {name}"):
        environment.openid()


def test_openid_connect_when_the_issuer_is_no_safe_address_then_the_start_stops(monkeypatch):
    for name, value in (OIDC | {"OIDC_ISSUER": "http://sign-in.example.org"}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match="OIDC_ISSUER is wrong"):
        environment.openid()


def test_start_with_openid_connect_then_forms_may_lead_to_its_host_and_no_other():
    code = "from django.conf import settings; print(settings.SECURE_CSP['form-action'])"
    done = start("shell", "--no-imports", "-c", code, **OIDC)

    assert done.returncode == 0, done.stderr
    assert "https://sign-in.example.org'" in done.stdout


@pytest.mark.parametrize(
    ("value", "place"),
    [("", None), ("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"), ("localhost:3310", ("localhost", 3310)),
     ("[::1]:3310", ("::1", 3310))],
)  # fmt: skip
def test_scanner_then_it_is_a_path_or_a_host_with_its_port(monkeypatch, value, place):
    monkeypatch.setenv("CLAMAV", value)

    assert environment.scanner("CLAMAV") == place
