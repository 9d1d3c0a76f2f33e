"""The people around Bonn's team, and English as the language of what is said to them."""

import pytest
from django.utils import translation

from tests.cities.team.people import a_cast


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def cast():
    return a_cast()
