"""What every test stands on: German as the reader's language, empty caches, static files, a browser where needed."""

import os

import pytest
from django.core.cache import caches
from django.db.models.signals import post_migrate
from django.utils import translation

from network import statics
from network.models import ContentVersion
from tests import chromium

CHROMIUM = pytest.StashKey[str | None]()
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


def pytest_collection_modifyitems(items):
    """What asks for a page asks for a browser: `-m browser` and `-m "not browser"` choose by that."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def pytest_collection_finish(session):
    """Find a Chromium before the first test, while one can still read what is said."""
    if session.config.option.collectonly or not any(item.get_closest_marker("browser") for item in session.items):
        return
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    try:
        path = chromium.find_or_install(reporter.write_line)
    except FileNotFoundError as problem:
        raise pytest.UsageError(str(problem)) from None
    session.config.stash[CHROMIUM] = path
    if path is None:
        reporter.write_line(chromium.NONE_HERE)


@pytest.fixture(scope="session")
def chromium_path(pytestconfig):
    """The path of a Chromium; without one the test is skipped, in CI it fails."""
    path = pytestconfig.stash.get(CHROMIUM, None)
    if path is None:
        (pytest.fail if IN_CI else pytest.skip)(chromium.NONE_HERE)
    return path


@pytest.fixture(scope="session", autouse=True)
def _static_files():
    statics.collect()


@pytest.fixture(autouse=True)
def _german():
    """A request leaves its language active in the process."""
    with translation.override("de"):
        yield


@pytest.fixture(autouse=True)
def _empty_caches(monkeypatch):
    # after a rollback a version number comes back with other cities
    monkeypatch.setattr("cities.directory._kept", None)
    monkeypatch.setattr("exchange.catalogue._kept", None)
    monkeypatch.setattr("applications.register._kept.held", None)
    monkeypatch.setattr("applications.results._kept.held", None)
    for cache in caches.all():
        cache.clear()
    yield
    for cache in caches.all():
        cache.clear()


def _keep_the_version(app_config, **_):
    """A test in a browser empties all tables; the row that a migration has made must come back."""
    if app_config.label == ContentVersion._meta.app_label:
        ContentVersion.objects.get_or_create(pk=1)


post_migrate.connect(_keep_the_version, dispatch_uid="tests")
