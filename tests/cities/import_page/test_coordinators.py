"""What coordinators may import, and how they leave out the rows of other networks."""

import pytest

from cities.imports import import_files
from cities.models import City, Country, Membership, Source
from network.models import Figure, Network
from tests.cities.import_page.lists import (
    ADDRESS,
    CITIES,
    COUNTRIES,
    MEMBERSHIPS,
    SOURCES,
    a_network,
    seen,
    send_zip,
    some_files,
)

pytestmark = pytest.mark.django_db


def test_coordinator_imports_the_own_network(client, coordinator):
    Network.objects.filter(slug="gnlc").update(short_name_en="UNESCO Learning Cities")
    page = client.get(ADDRESS)
    assert "the networks you coordinate: UNESCO Learning Cities." in page.content.decode()
    address, page = send_zip(client)
    assert client.post(address, {"seen": seen(page)}).status_code == 302
    assert Membership.objects.count() == 1


def problems(page):
    assert page.status_code == 422
    return [(problem.file, problem.line, problem.column) for problem in page.context["problems"]]


def test_coordinator_cannot_import_other_networks(client, coordinator):
    a_network("c40")
    _address, page = send_zip(
        client,
        memberships=MEMBERSHIPS + "bonn,c40,2019,,member,list\n",
        networks="slug,name_en,name_de,abbreviation,founded,host_organisation,secretariat_city,website,member_count,"
        "member_count_as_of\nc40,C40,C40,C40,2005,,,,97,2025\nnew,New,Neu,NEW,2005,,,,,\n",
    )
    assert problems(page) == [
        ("memberships.csv", 3, "network"), ("networks.csv", 2, "slug"), ("networks.csv", 3, "slug"),
    ]  # fmt: skip


def test_coordinator_cannot_change_what_all_networks_share(client, coordinator):
    a_network("uccn")
    import_files({name: text.encode() for name, text in some_files().items()})
    _address, page = send_zip(
        client,
        sources=SOURCES.replace("/list", "/other"),
        countries=COUNTRIES.replace("Germany", "Other") + "FR,France,Frankreich,europe\n",
        laender="key,name_de,name_en\n05,NRW,NRW\n",
        uccn_profiles="city_slug,creative_field,profile_url\n",
    )
    assert problems(page) == [
        ("countries.csv", 2, "name_en"), ("countries.csv", 3, "iso2"), ("laender.csv", 2, "key"),
        ("sources.csv", 2, "url"),
    ]  # fmt: skip


def test_coordinator_changes_own_cities_only_and_sees_own_decisions_only(client, coordinator):
    other = City.objects.create(slug="lyon", name_de="Lyon", country_id="DE", latitude=45, longitude=4)
    Membership.objects.create(city=other, network=a_network("uccn"))
    import_files({name: text.encode() for name, text in some_files().items()})
    row = "lyon,Lyon,Lyon,DE,46,4,,,\n"

    _address, page = send_zip(client, cities=CITIES.replace("50.7", "50.8"))
    assert page.context["difference"].decisions == []
    assert [str(change) for change in page.context["difference"].changes] == ["bonn: latitude 50.73438 → 50.83438"]

    _address, page = send_zip(client, cities=CITIES + row)
    assert problems(page) == [("cities.csv", 3, "latitude"), ("cities.csv", 3, "name_en")]


NETWORKS = (
    "slug,name_en,name_de,abbreviation,founded,host_organisation,secretariat_city,website,member_count,"
    "member_count_as_of\ngnlc,GNLC,GNLC,GNLC,2013,,,,{gnlc},2025\nc40,C40,C40,C40,2005,,,,{c40},2025\n"
)


def test_coordinator_sees_that_the_file_counts_own_members_otherwise_but_not_those_of_others(client, coordinator, gnlc):
    Figure.objects.create(network=gnlc, kind=Figure.Kind.MEMBERS, value=425, as_of="2025", source_label="UIL")
    c40 = a_network("c40")
    Figure.objects.create(network=c40, kind=Figure.Kind.MEMBERS, value=97, as_of="2025", source_label="C40")

    _address, page = send_zip(client, networks=NETWORKS.format(gnlc=426, c40=98))

    decisions = [str(decision) for decision in page.context["difference"].decisions]
    assert decisions == [
        "gnlc, 2025: the file counts 426 members, the portal 425 on the same date. The portal's stays."
    ]
    assert decisions[0].replace("'", "&#x27;") in page.content.decode()


BUTTON = "Check again without the rows of other networks"
OF_ALL_NETWORKS = {
    "cities": CITIES + "lyon,Lyon,Lyon,FR,45.7,4.8,,,\n",
    "countries": COUNTRIES + "FR,France,Frankreich,europe\n",
    "city_keys": "city_slug,kind,ags\nlyon,city,\n",
    "memberships": MEMBERSHIPS + "bonn,c40,2019,,member,list\nlyon,c40,2019,,member,other\n",
    "sources": SOURCES + "other,https://example.org/other,\n",
    "networks": NETWORKS.format(gnlc=425, c40=97),
}


def test_coordinator_has_the_rows_of_other_networks_left_out_and_imports_the_own(client, coordinator):
    a_network("c40")
    address, page = send_zip(client, **OF_ALL_NETWORKS)
    assert problems(page) == [
        ("countries.csv", 3, "iso2"), ("memberships.csv", 3, "network"), ("memberships.csv", 4, "network"),
        ("networks.csv", 3, "slug"),
    ]  # fmt: skip
    assert page.context["refusal"].others == 4
    assert BUTTON in page.content.decode()
    assert not City.objects.exists()

    own = f"{address}?rows=own"
    page = client.get(own)
    assert "7 rows are left out" in page.content.decode()
    assert "lyon" not in page.content.decode()
    assert not City.objects.exists()
    assert client.post(address, {"seen": seen(page)}).status_code == 422

    assert client.post(own, {"seen": seen(page)}).headers["Location"] == ADDRESS
    assert [(row.city.slug, row.network.slug) for row in Membership.objects.all()] == [("bonn", "gnlc")]
    assert not City.objects.filter(slug="lyon").exists()
    assert not Country.objects.filter(iso2="FR").exists()
    assert [source.tag for source in Source.objects.all()] == ["list"]
    assert [(figure.network.slug, figure.value) for figure in Figure.objects.all()] == [("gnlc", 425)]


def test_leaving_out_keeps_what_is_wrong_with_own_rows_and_networks_nobody_knows(client, coordinator):
    a_network("c40")
    address, page = send_zip(
        client, memberships=MEMBERSHIPS.replace("2019", "1919") + "bonn,gnlcc,2019,,member,list\nbonn,c40,x,,,list\n"
    )
    assert BUTTON in page.content.decode()

    page = client.get(f"{address}?rows=own")

    assert problems(page) == [("memberships.csv", 2, "year_joined"), ("memberships.csv", 3, "network")]
    assert BUTTON not in page.content.decode()


def test_operator_is_not_offered_to_leave_out_rows(client, operator):
    address, page = send_zip(client, memberships=MEMBERSHIPS + "bonn,c40,2019,,member,list\n")
    assert problems(page) == [("memberships.csv", 3, "network")]
    assert BUTTON not in page.content.decode()
    assert problems(client.get(f"{address}?rows=own")) == problems(page)
