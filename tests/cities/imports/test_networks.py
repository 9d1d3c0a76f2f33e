"""A sixth network, official figures and pages of members come from data."""

import pytest

from cities.imports import import_files
from cities.imports.difference import Reason
from cities.models import Membership
from network.models import Network
from tests.cities.imports.lists import BONN_LEARNS, LYON_FILMS, MEMBER_HEAD, NETWORK_HEAD, findings, some_files

pytestmark = pytest.mark.django_db


def test_sixth_network_comes_from_data():
    row = "cittaslow,Cittaslow,Cittaslow,CS,1999,Cittaslow International,Orvieto,https://example.org,300,2025-06\n"
    import_files(
        some_files(
            networks=NETWORK_HEAD + row,
            memberships=MEMBER_HEAD + BONN_LEARNS + LYON_FILMS + "lyon,cittaslow,1999,,member,\n",
        )
    )
    network = Network.objects.get(slug="cittaslow")
    assert (network.short_name_de, network.member_name, network.founded) == ("CS", "CS", 1999)
    others = Network.objects.exclude(pk=network.pk)
    assert not others.filter(shape=network.shape).exists()
    assert not others.filter(accent=network.accent).exists()
    assert (network.figures.get().value, network.figures.get().as_of) == (300, "2025-06")
    assert network.memberships.get().city.slug == "lyon"


def test_known_network_only_gets_figures():
    row = "gnlc,Other,Anders,GNLC,2013,Else,Hamburg,https://example.org,425,2025-12-04\n"
    import_files(some_files(networks=NETWORK_HEAD + row))
    later = import_files(some_files(networks=NETWORK_HEAD + row.replace("425", "430")))

    network = Network.objects.get(slug="gnlc")
    assert (network.name_de, network.host) == ("gnlc", "")
    assert [figure.value for figure in network.figures.all()] == [425]
    assert [decision.reason for decision in later.decisions] == [Reason.FIGURE_DIFFERS]


def test_profile_addresses_reach_their_memberships():
    head = "city_slug,creative_field,profile_url\n"
    import_files(some_files(uccn_profiles=head + "lyon,film,https://example.org/lyon\n"))
    assert Membership.objects.get(network__slug="uccn").profile_url == "https://example.org/lyon"
    assert import_files(some_files()).changes_nothing
    assert findings(
        uccn_profiles=head + "lyon,music,https://example.org/lyon\nbonn,film,https://example.org/bonn\n"
    ) == [
        "uccn_profiles.csv, line 2, column creative_field, “music”: memberships.csv has another field for this city: "
        "film",
        "uccn_profiles.csv, line 3, column city_slug, “bonn”: There is no row for this city in memberships.csv.",
    ]
