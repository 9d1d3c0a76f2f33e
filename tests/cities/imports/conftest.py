"""Every test of an import finds two networks, and reads English."""

import pytest
from django.utils import translation

from network.models import Field
from tests.cities.imports.lists import a_network


@pytest.fixture(autouse=True)
def _english():
    """Findings are compared in the language they are written in."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def networks():
    """Two of the real networks; one has fields."""
    a_network("gnlc", founded=2013)
    uccn = a_network("uccn", founded=2004)
    for slug in ("film", "music"):
        Field.objects.create(network=uccn, slug=slug, name_de=slug, name_en=slug)
