"""Bonn, its lead, and a folder for pictures."""

import pytest
from django.utils import translation

from cities.models import Fact
from tests.factories import Role, a_member, a_network, a_person


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def network():
    return a_network("gnlc")


@pytest.fixture
def bonn(network):
    city = a_member("bonn", network, website="https://www.bonn.de", portrait_de="Eine Stadt am Rhein.", name_en="Bonn")
    Fact.objects.create(city=city, kind=Fact.Kind.POPULATION, value=330_579, source_label="GeoNames")
    return city


@pytest.fixture
def lead(bonn, client):
    person = a_person(Role.LEAD, city=bonn, name="Lea Leitung")
    client.force_login(person)
    return person
