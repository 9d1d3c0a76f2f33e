"""People who import, one network, and a folder for their files."""

import pytest

from cities.models import Country
from network.models import Office, User
from tests.cities.import_page.lists import a_network


@pytest.fixture(autouse=True)
def _storage(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def gnlc():
    Country.objects.create(iso2="DE", name_de="Deutschland", name_en="Germany", region="europe")
    return a_network("gnlc")


@pytest.fixture
def operator(client):
    user = User.objects.create_superuser("operator@example.org", language="en")
    client.force_login(user)
    return user


@pytest.fixture
def coordinator(client, gnlc):
    user = User.objects.create_user("coordinator@example.org")
    Office.objects.create(user=user, network=gnlc, role=Office.Role.COORDINATOR)
    client.force_login(user)
    return user
