"""Reads the portal's settings from the environment and says in words what is missing or wrong."""

import importlib.util
import os
import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, *, expects: str, example: str, default: str | None = None) -> str:
    """The variable's value; without a default a missing one stops the start."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(
            f"The variable {name} is missing. It expects {expects}. Example: {name}={example}\n"
            "To try the portal without any settings: ./run demo"
        )
    return value


def wrong(name: str, value: str, *, expects: str, example: str) -> ImproperlyConfigured:
    """The error for a value that is there but cannot be used; a password in an address is not repeated."""
    value = re.sub(r"(://[^:/@]*):.*@", r"\1:…@", value)
    return ImproperlyConfigured(
        f"The variable {name} is wrong: {value!r}. It expects {expects}. Example: {name}={example}"
    )


def flag(name: str, *, default: bool) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise wrong(name, value, expects="1 or 0", example="1")


def words(name: str, *, expects: str, example: str, default: list[str] | None = None) -> list[str]:
    """A list separated by commas."""
    value = text(name, expects=expects, example=example, default=None if default is None else ",".join(default))
    return [word.strip() for word in value.split(",") if word.strip()]


DATABASE = {
    "expects": "the address of a PostgreSQL 15 or newer",
    "example": "postgresql://portal:secret@localhost:5432/portal",
}


def database(name: str) -> dict[str, object]:
    """Django's settings of the database named by an address like postgresql://user:password@host:5432/name."""
    value = text(name, **DATABASE)
    url = urlsplit(value)
    try:
        port = url.port
    except ValueError:
        raise wrong(name, value, **DATABASE) from None
    if url.scheme not in {"postgres", "postgresql"} or not url.path.strip("/"):
        raise wrong(name, value, **DATABASE)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": dict(parse_qsl(url.query)),
    }


MAIL = {
    "expects": "the address of a mail server (smtp://, smtp+tls:// for STARTTLS, or smtps://)",
    "example": "smtp+tls://user:password@mail.example.org:587",
}


def mail(name: str) -> dict[str, dict[str, object]]:
    """Django's MAILERS for an address like smtp+tls://user:password@host:587."""
    value = text(name, **MAIL)
    url = urlsplit(value)
    if url.scheme not in {"smtp", "smtp+tls", "smtps"} or not url.hostname:
        raise wrong(name, value, **MAIL)
    return {
        "default": {
            "BACKEND": "network.mailers.SMTP",
            "OPTIONS": {
                "host": url.hostname,
                "port": url.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[url.scheme],
                "username": unquote(url.username or ""),
                "password": unquote(url.password or ""),
                "use_tls": url.scheme == "smtp+tls",
                "use_ssl": url.scheme == "smtps",
                "timeout": 20,
            },
        }
    }


def openid() -> dict[str, str] | None:
    """How a town hall's own accounts are reached (OpenID Connect): issuer, client_id, client_secret and name; None
    where nothing is set."""
    names = {"OIDC_ISSUER": "issuer", "OIDC_CLIENT_ID": "client_id", "OIDC_CLIENT_SECRET": "client_secret",
             "OIDC_NAME": "name"}  # fmt: skip
    values = {name: os.environ.get(name, "").strip() for name in names}
    if not any(values.values()):
        return None
    if missing := [name for name, value in values.items() if not value]:
        raise ImproperlyConfigured(
            f"Sign-in with accounts of a town hall (OpenID Connect) is set in part; missing: {', '.join(missing)}. "
            f"Set all of {', '.join(names)}, or none."
        )
    issuer = urlsplit(values["OIDC_ISSUER"])
    if issuer.scheme != "https" or not issuer.hostname:
        raise wrong("OIDC_ISSUER", values["OIDC_ISSUER"], expects="an address that begins with https://",
                    example="https://sign-in.example.org/realms/town-hall")  # fmt: skip
    return {key: values[name] for name, key in names.items()}


def origin(address: str) -> str:
    """Scheme and host of an address: https://sign-in.example.org"""
    url = urlsplit(address)
    return f"{url.scheme}://{url.netloc}"


SCANNER = {
    "expects": "where the virus scanner clamd listens: host:port, or the path of its socket",
    "example": "/run/clamav/clamd.ctl",
}


def scanner(name: str) -> str | tuple[str, int] | None:
    """The socket of clamd, or its host and port; None where uploads are not checked for viruses."""
    value = os.environ.get(name, "").strip()
    if not value or value.startswith("/"):
        return value or None
    host, colon, port = value.rpartition(":")
    if not (colon and host and port.isdecimal() and 0 < int(port) < 65536):
        raise wrong(name, value, **SCANNER)
    return host.strip("[]"), int(port)


def bucket(name: str, *, host: str) -> dict[str, object]:
    """Django's storage in a bucket named like s3://BUCKET. Readers get the files from the portal's own host: the web
    server passes /media/cities/, and nothing else, on to the bucket."""
    value = text(name, expects="s3://BUCKET", example="s3://portal-media")
    if importlib.util.find_spec("storages") is None:
        raise ImproperlyConfigured(
            f"The variable {name} names a bucket ({value}), but the packages for it are not installed. "
            "Install them: pip install --require-hashes -r requirements-s3.txt"
        )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": value.removeprefix("s3://"),
            "custom_domain": f"{host}/media",
            "querystring_auth": False,
        },
    }


def folder(name: str, *, example: str) -> Path:
    """A folder that exists and can be written to."""
    expects = "a folder that exists and that the portal may write to"
    value = text(name, expects=expects, example=example)
    path = Path(value)
    if not path.is_dir() or not os.access(path, os.W_OK):
        raise wrong(name, value, expects=expects, example=example)
    return path
