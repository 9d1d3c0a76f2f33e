"""Makes the people and the two invented cities of a demo; never in a real portal."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import override

from cities.models import City, Country, TeamInvitation, TeamMember, TeamRequest, WorldRegion
from cities.permissions import may_manage_team
from cities.teams import ask_to_join, invite
from network.models import Network, Office, User

EASY_TO_READ = "abcdefghjkmnpqrstuvwxyz23456789"  # no l and 1, no o and 0


@dataclass(frozen=True)
class Person:
    """A demo person: a place in a city's team, an office in a network, or the operator."""

    email: str
    name: str
    may: str
    city: str = ""
    network: str = ""
    role: str = ""


LEAD, EDITOR = TeamMember.Role.LEAD, TeamMember.Role.EDITOR
COORDINATOR, REVIEWER = Office.Role.COORDINATOR, Office.Role.REVIEWER
OPERATOR = "operator"
CONFIRMED = {"verified": True, "primary": True}  # so that demo people sign in at once
PEOPLE = [
    Person("lead@city.example", "Demo: Leitung Musterstadt", "leads the team of Musterstadt", "musterstadt", role=LEAD),
    Person(
        "editor@city.example", "Demo: Redaktion Musterstadt", "writes for Musterstadt", "musterstadt", role=EDITOR
    ),
    Person(
        "lead@othercity.example", "Demo: Leitung Beispielhausen", "leads the team of Beispielhausen",
        "beispielhausen", role=LEAD,
    ),
    Person(
        "coordinator@gnlc.example", "Demo: Koordination GNLC", "coordinates the Learning Cities (GNLC)",
        network="gnlc", role=COORDINATOR,
    ),
    Person(
        "deputy@gnlc.example", "Demo: Vertretung GNLC", "coordinates them, too: two decide together",
        network="gnlc", role=COORDINATOR,
    ),
    Person(
        "coordinator@uccn.example", "Demo: Koordination UCCN", "coordinates the Creative Cities (UCCN)",
        network="uccn", role=COORDINATOR,
    ),
    Person(
        "reviewer@gnlc.example", "Demo: Begutachtung GNLC", "reviews for the Learning Cities (GNLC)",
        network="gnlc", role=REVIEWER,
    ),
    Person("newcomer@city.example", "Demo: Neu in Musterstadt", "asks to speak for Musterstadt"),
    Person("operator@portal.example", "Demo: Betrieb", "runs the portal", role=OPERATOR),
]  # fmt: skip

# Invented, near the middle of Germany; a demo city is never in the directory, on maps, in counts or exports.
CITIES = {
    "musterstadt": ("Musterstadt", 51.20, 10.40),
    "beispielhausen": ("Beispielhausen", 51.05, 10.70),
}


def password() -> str:
    """The one password of all demo people: DEMO_PASSWORD, or one made at the first start and kept for later ones."""
    if chosen := os.environ.get("DEMO_PASSWORD", "").strip():
        return chosen
    path = Path(settings.DEMO_FOLDER, "demo-password")
    if not path.exists():
        text = "-".join("".join(secrets.choice(EASY_TO_READ) for _ in range(4)) for _ in range(3))
        path.touch(mode=0o600)
        path.write_text(text + "\n")
    return path.read_text().strip()


def seed_cities() -> dict[str, City]:
    """The two invented cities by their slug; one that is there is left as it is."""
    germany, _made = Country.objects.get_or_create(
        iso2="DE", defaults={"name_de": "Deutschland", "name_en": "Germany", "region": WorldRegion.EUROPE}
    )
    cities = {city.slug: city for city in City.objects.filter(slug__in=CITIES)}
    for slug in CITIES.keys() - cities.keys():
        name, latitude, longitude = CITIES[slug]
        cities[slug] = City.objects.create(
            slug=slug,
            name_de=name,
            name_en=name,
            kind=City.Kind.CITY,
            country=germany,
            latitude=latitude,
            longitude=longitude,
            portrait_de=f"{name} gibt es nicht: Name und Lage dieser Stadt sind für die Vorführung erfunden.",
            portrait_en=f"There is no {name}: name and position of this city are invented for the demo.",
            is_demo=True,
        )
    return cities


def seed_people(cities: dict[str, City], networks: dict[str, Network]) -> None:
    """All demo people with the password of now; teams and offices only for people who are new."""
    plain = password()
    known = {user.email: user for user in User.objects.filter(email__in=[person.email for person in PEOPLE])}
    hashes = {user.password for user in known.values()}  # one, as a rule: hashing is slow on purpose
    hashed = next((old for old in hashes if check_password(plain, old)), None) or make_password(plain)
    for person in PEOPLE:
        user = known.get(person.email)
        if user is not None:
            if user.password != hashed:
                user.password = hashed
                user.save(update_fields=["password"])
            EmailAddress.objects.get_or_create(user=user, email=user.email, defaults=CONFIRMED)
            continue
        user = User(email=person.email, name=person.name, is_superuser=person.role == OPERATOR)
        user.password = hashed
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, **CONFIRMED)
        if person.city:
            TeamMember.objects.create(city=cities[person.city], user=user, role=person.role)
        if person.network:
            Office.objects.create(network=networks[person.network], user=user, role=person.role)


def seed_team(city: City) -> None:
    """What waits in a team for an answer: a request, and an invitation. Made once, whatever becomes of them."""
    newcomer = User.objects.get(email="newcomer@city.example")
    lead = User.objects.get(email="lead@city.example")
    if not TeamRequest.objects.filter(user=newcomer).exists():
        ask_to_join(
            city,
            by=newcomer,
            office="Demo: Bildungsbüro",
            proof="Demo: Mein Name steht auf der Seite des Bildungsbüros.",
            email=newcomer.email,
            phone="+49 000 0000",
            message="Demo: Ich übernehme ab Januar die Arbeit im Netzwerk.",
        )
    if may_manage_team(lead, city) and not TeamInvitation.objects.filter(city=city).exists():
        with override(lead.language):
            invite(city, by=lead, email="colleague@city.example", role=TeamMember.Role.DEPUTY)


class Command(BaseCommand):
    help = "Makes the people and the two invented cities of a demo. Runs again without harm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--list", action="store_true", help="only print who may sign in, and the password")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo people are made in a demo only (PORTAL=demo), never in a real portal.")
        if not options["list"]:
            networks = {network.slug: network for network in Network.objects.all()}
            if missing := {person.network for person in PEOPLE if person.network} - networks.keys():
                raise CommandError(f"There is no network {', '.join(sorted(missing))} yet. First: ./run load_networks")
            with transaction.atomic():
                cities = seed_cities()
                seed_people(cities, networks)
                seed_team(cities["musterstadt"])
        if options["list"] or options["verbosity"] > 0:
            for person in PEOPLE:
                self.stdout.write(f"  {person.email:<26} {person.may}")
            self.stdout.write(f"  Password of them all: {password()}")
