"""The cast and the world of the tests: each function makes one consistent thing and takes what matters to a test."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from allauth.account.models import EmailAddress
from django.utils import timezone

from cities.models import City, Country, Fact, Land, Membership, TeamInvitation, TeamMember, TeamRequest
from network.models import Field, Network, News, Office, User

COUNTRIES = {
    "AT": ("Österreich", "Austria", "europe"),
    "DE": ("Deutschland", "Germany", "europe"),
    "FR": ("Frankreich", "France", "europe"),
    "JP": ("Japan", "Japan", "asia"),
    "SE": ("Schweden", "Sweden", "europe"),
    "PL": ("Polen", "Poland", "europe"),
    "IT": ("Italien", "Italy", "europe"),
    "GB": ("Vereinigtes Königreich", "United Kingdom", "europe"),
    "US": ("Vereinigte Staaten", "United States", "north-america"),
}


class Role(StrEnum):
    """Who a person is to the portal. A visitor has no account."""

    LEAD = "lead"
    DEPUTY = "deputy"
    EDITOR = "editor"
    NEWCOMER = "newcomer"  # signed in, and nothing else
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    OPERATOR = "operator"


def a_country(iso2: str = "DE") -> Country:
    """One of COUNTRIES; made once."""
    country = Country.objects.filter(pk=iso2).first()
    if country is None:
        name_de, name_en, region = COUNTRIES[iso2]
        country = Country(iso2=iso2, name_de=name_de, name_en=name_en, region=region)
        country.save()
    return country


def a_land(key: str = "05", name_de: str = "Nordrhein-Westfalen", name_en: str = "North Rhine-Westphalia") -> Land:
    land = Land(key=key, name_de=name_de, name_en=name_en)
    land.save()
    return land


def a_network(slug: str = "gnlc", **values: object) -> Network:
    """A network whose names tell which one it is."""
    names: dict[str, object] = {
        "name_de": f"Netz {slug}",
        "name_en": f"Network {slug}",
        "short_name_de": f"Kurz {slug}",
        "short_name_en": f"Short {slug}",
        "member_name_de": f"Mitglied {slug}",
        "member_name_en": f"Member {slug}",
        "abbreviation": slug.upper(),
    }
    network = Network(slug=slug, **(names | values))
    network.save()
    return network


def a_field(network: Network, slug: str = "film", **values: object) -> Field:
    field = Field(network=network, slug=slug, **({"name_de": f"Feld {slug}", "name_en": f"Field {slug}"} | values))
    field.save()
    return field


def a_city(slug: str = "bonn", *, country: str = "DE", people: int | None = None, **values: object) -> City:
    """A city; without `people` its population is not known."""
    texts: dict[str, object] = {"name_de": slug.replace("-", " ").title(), "latitude": 50.7, "longitude": 7.1}
    city = City(slug=slug, country=a_country(country), **(texts | values))
    city.save()
    if people is not None:
        Fact.objects.create(city=city, kind=Fact.Kind.POPULATION, value=Decimal(people), source_label="Zählung")
    return city


def a_membership(
    city: City, network: Network, *, since: int | None = 2020, fields: Iterable[Field] = (), **values: object
) -> Membership:
    membership = Membership(city=city, network=network, since=since, **values)
    membership.save()
    membership.fields.set(fields)
    return membership


def a_member(slug: str, network: Network, *, since: int | None = 2020, **values: object) -> City:
    """A city that is in a network."""
    city = a_city(slug, **values)  # type: ignore[arg-type]
    a_membership(city, network, since=since)
    return city


def some_members(network: Network, count: int, country: str = "DE") -> list[City]:
    """Cities in a network, written at once: every second has a population, every third no year, places differ."""
    there = a_country(country)
    cities = [
        City(
            slug=f"stadt-{network.slug}-{number:03}",
            name_de=f"Stadt {network.slug} {number:03}",
            country=there,
            latitude=48 + number % 7,
            longitude=8 + number % 5,
        )
        for number in range(1, count + 1)
    ]
    for city in cities:
        city.prepare()
    City.objects.bulk_create(cities)
    some_memberships(cities, network)
    Fact.objects.bulk_create(
        Fact(city=city, kind=Fact.Kind.POPULATION, value=Decimal(number * 10_000), source_label="Zählung")
        for number, city in enumerate(cities, start=1)
        if number % 2
    )
    return cities


def some_memberships(cities: list[City], network: Network, fields: Iterable[Field] = ()) -> None:
    """These cities in a network, all with these fields; every third without a year."""
    memberships = Membership.objects.bulk_create(
        Membership(city=city, network=network, since=None if number % 3 == 0 else 2010 + number % 10)
        for number, city in enumerate(cities, start=1)
    )
    through = Membership.fields.through
    through._default_manager.bulk_create(
        through(membership=membership, field=field) for membership in memberships for field in fields
    )


def a_person(role: Role, *, city: City | None = None, network: Network | None = None, name: str = "") -> User:
    """Somebody with an office in a network, a place in a city's team, or who runs the portal."""
    name = name or f"Demo {role} {(city or network or '')!s}".strip()
    email = f"{User.objects.count()}-{role}@example.org"
    if role == Role.OPERATOR:
        return User.objects.create_superuser(email, "ein-langes-kennwort", name=name)
    user = User.objects.create_user(email, "ein-langes-kennwort", name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if role in {Role.LEAD, Role.DEPUTY, Role.EDITOR}:
        assert city is not None, "one is in the team of a city"
        TeamMember.objects.create(city=city, user=user, role=TeamMember.Role(role.value))
    elif role != Role.NEWCOMER:
        assert network is not None, "an office is one in a network"
        Office.objects.create(user=user, network=network, role=Office.Role(role.value))
    return user


def some_news(slug: str, *, days_ago: int = 1, **values: object) -> News:
    """A piece of news; with a negative number of days it is not published yet."""
    texts = {"title_de": f"Titel {slug}", "title_en": f"Title {slug}", "text_de": "Ein Absatz.", "text_en": "Text."}
    day = timezone.localdate() - datetime.timedelta(days=days_ago)
    news = News(slug=slug, published_on=day, **(texts | values))
    news.save()
    return news


def a_team_in_motion(city: City, lead: User) -> None:
    """Beside the lead an editor; a request and an invitation that wait for an answer."""
    a_person(Role.EDITOR, city=city, name="Edi Redaktion")
    newcomer = a_person(Role.NEWCOMER, name="Nele Neu")
    TeamRequest.objects.create(city=city, user=newcomer, office="Bildungsbüro", proof="Website", phone="0228 0")
    now = timezone.now()
    TeamInvitation.objects.create(
        city=city,
        email="kollege@example.org",
        role=TeamMember.Role.DEPUTY,
        invited_by=lead,
        sent_at=now,
        expires_at=now + datetime.timedelta(days=14),
    )
