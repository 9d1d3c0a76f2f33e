"""The brake: whose requests are counted together, and that all processes count in one place without names."""

import time

import pytest
from django.core.cache import CacheHandler
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import RequestFactory, override_settings

from network.account_data import forget_what_has_ended
from network.settings import CACHES
from network.throttle import sender, too_often


@pytest.mark.parametrize(
    ("forwarded", "own", "found"),
    [
        ("", "192.0.2.1", "192.0.2.1"),
        ("203.0.113.9", "127.0.0.1", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "127.0.0.1", "203.0.113.9"),  # only the nearest proxy is believed
        ("2001:db8::7", "", "2001:db8::7"),
        ("nonsense", "192.0.2.1", "192.0.2.1"),
        ("nonsense", "", "0.0.0.0"),  # noqa: S104 - a Unix socket has no address
    ],
)
def test_sender_is_what_the_nearest_proxy_saw(forwarded, own, found):
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=own)
    assert sender(request) == found


def test_too_often_after_so_many_times_within_the_stretch(monkeypatch):
    begin = time.time()
    found = []
    for seconds in (0, 1, 2, 59, 60.5):
        monkeypatch.setattr(time, "time", lambda now=begin + seconds: now)
        found.append(too_often("test", sender="192.0.2.1", times=3, seconds=60))
    assert found == [False, False, False, True, False]


def test_senders_and_deeds_are_counted_apart():
    assert not too_often("one", sender="192.0.2.1", times=1)
    assert not too_often("one", sender="192.0.2.2", times=1)
    assert not too_often("other", sender="192.0.2.1", times=1)
    assert too_often("one", sender="192.0.2.1", times=1)


@pytest.mark.django_db
def test_real_cache_is_one_for_all_processes_and_names_nobody():
    made = [_of_the_portal(), _of_the_portal()]
    made[0].set("barrier:192.0.2.1", [1.0], 3600)
    assert made[1].get("barrier:192.0.2.1") == [1.0]
    assert not made[1].add("barrier:192.0.2.1", "second"), "locks hold over processes"
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key || value FROM portal_cache")
        assert "192.0.2" not in str(cursor.fetchall())


@pytest.mark.django_db
def test_attempts_are_forgotten_once_they_are_old():
    cache = _of_the_portal()
    cache.set("new", 1, 3600)
    cache.set("old", 1, 3600)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE portal_cache SET expires = now() - interval '1 hour' WHERE cache_key = %s", [cache.make_key("old")]
        )
        forget_what_has_ended(None)  # type: ignore[arg-type]  # the stretch of time does not matter
        cursor.execute("SELECT cache_key FROM portal_cache")
        assert cursor.fetchall() == [(cache.make_key("new"),)]


def _of_the_portal() -> BaseCache:
    """What `django.core.cache.cache` is outside of tests, as each process makes it for itself."""
    with override_settings(CACHES=CACHES):
        cache = CacheHandler()["default"]
    assert isinstance(cache, DatabaseCache)
    return cache
