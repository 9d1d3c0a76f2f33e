"""The cast of the tests of the ground: networks, and people with an office."""

from allauth.account.models import EmailAddress

from cities.models import City, Country, Membership
from network.models import Network, Office, User

PASSWORD = "ein-langes-kennwort"


def a_network(slug: str, **values: object) -> Network:
    names = {
        "name_de": f"Netz {slug}",
        "name_en": f"Net {slug}",
        "short_name_de": f"Kurz {slug}",
        "member_name_de": "M",
    }
    network = Network(slug=slug, abbreviation=slug.upper(), **(names | values))
    network.save()
    return network


def a_person(name: str, **values: object) -> User:
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, name=name, **values)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def a_coordinator(*networks: Network, name: str = "koordination") -> User:
    user = a_person(name)
    for network in networks:
        Office.objects.create(user=user, network=network, role=Office.Role.COORDINATOR)
    return user


def an_operator() -> User:
    return User.objects.create_superuser("betrieb@example.org", PASSWORD)


def a_city(slug: str = "bonn", **values: object) -> City:
    country = Country.objects.filter(pk="DE").first() or Country(
        iso2="DE", name_de="Deutschland", name_en="Germany", region="europe"
    )
    country.save()
    city = City(slug=slug, country=country, latitude=50.7, longitude=7.1, **({"name_de": slug.title()} | values))
    city.save()
    return city


def a_membership(network: Network, slug: str = "bonn") -> Membership:
    city = City.objects.filter(slug=slug).first() or a_city(slug)
    return Membership.objects.create(city=city, network=network, since=2020)
