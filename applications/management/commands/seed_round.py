"""Makes a demo round whose deadline has just passed: twelve invented cities have applied. Never in a real portal."""

import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from applications.actions.assigning import accept, assign
from applications.actions.drafting import start
from applications.actions.inviting import state_origin
from applications.actions.moving import perform
from applications.actions.reviewing import Entry, finish, save_review
from applications.demo_answers import hand_in
from applications.models import Application, Assignment, Call, PackVersion
from applications.reach import Reach
from applications.review_round import Preview
from applications.workflow import Action
from cities.models import City, Country, Land, TeamMember
from network.models import Network, Office, User

SLUG = "demo-gnlc-review"
TITLES = ("Demo: Learning Cities, Runde in Prüfung", "Demo: Learning Cities, round under examination")
# Invented, in real countries and Länder, since quotas and conflicts of interest go by them.
CITIES = [
    ("Probestadt", "DE", "Hessen"), ("Musterburg", "DE", "Bayern"), ("Beispielfurt", "DE", "Thüringen"),
    ("Probenheim", "DE", "Hessen"), ("Mustersee", "DE", "Brandenburg"), ("Beispielbrück", "DE", "Niedersachsen"),
    ("Musterfelden", "DE", "Sachsen"), ("Probental", "DE", "Saarland"), ("Beispielau", "DE", "Bayern"),
    ("Musterbrunn", "AT", ""), ("Probekirchen", "AT", ""), ("Beispielbach", "AT", ""),
]  # fmt: skip
RETURNED, TO_REVIEW = 3, range(4, 12)  # places in the list; the others wait for their formal check
# Where they come from bars some of them from some cities.
REVIEWERS = [
    ("reviewer@gnlc.example", "Demo: Begutachtung GNLC", "FR", ""),
    ("reviewer.bayern@gnlc.example", "Demo: Gutachten Bayern", "DE", "Bayern"),
    ("reviewer.sachsen@gnlc.example", "Demo: Gutachten Sachsen", "DE", "Sachsen"),
    ("reviewer.hessen@gnlc.example", "Demo: Gutachten Hessen", "DE", "Hessen"),
]
REVIEWED = 6  # so many of those given to review have all their reviews


def a_city(name: str, country: str, land: str, number: int) -> City:
    """A demo city; it is never in the directory, on maps, in counts or exports."""
    slug = name.lower().replace("ü", "ue")
    city, _made = City.objects.get_or_create(
        slug=slug,
        defaults={
            "name_de": name, "name_en": name, "kind": City.Kind.CITY, "country": Country.objects.get(iso2=country),
            "land": Land.objects.filter(name_de=land).first(), "latitude": 48 + number / 3, "longitude": 9 + number / 4,
            "portrait_de": f"{name} gibt es nicht: Name und Lage dieser Stadt sind für die Vorführung erfunden.",
            "portrait_en": f"There is no {name}: name and position of this city are invented for the demo.",
            "is_demo": True,
        },
    )  # fmt: skip
    return city


def a_lead(city: City, password: str) -> User:
    """Who leads the team of a demo city; `password` is the hash all demo people have."""
    user, is_new = User.objects.get_or_create(
        email=f"lead@{city.slug}.example", defaults={"name": f"Demo: Leitung {city}", "password": password}
    )
    if is_new:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        TeamMember.objects.create(city=city, user=user, role=TeamMember.Role.LEAD)
    return user


def a_call(version: PackVersion) -> Call:
    """Open since two months and not announced yet: only then may its deadline still come nearer."""
    now = timezone.now()
    return Call.objects.create(
        network=version.network, pack_version=version, slug=SLUG, title_de=TITLES[0], title_en=TITLES[1],
        opens_at=now - datetime.timedelta(days=60), closes_at=now + datetime.timedelta(days=1),
        forwards_at=now + datetime.timedelta(days=30), decides_at=now + datetime.timedelta(days=180), is_demo=True,
    )  # fmt: skip


def announce(call: Call) -> None:
    """As if it had been announced when it opened; its deadline is over within a minute."""
    call.published_at = call.opens_at
    call.closes_at = timezone.now().replace(second=0, microsecond=0) + datetime.timedelta(minutes=1)
    call.save()


def examine(applications: list[Application], coordinator: User) -> None:
    """One is asked for more, most are given to review, the others wait."""
    later = timezone.now() + datetime.timedelta(days=14)
    note = "Demo: Bitte ergänzen Sie, wer den Plan beschlossen hat."
    part = next(iter(applications[RETURNED].pack.questions))
    perform(applications[RETURNED], Action.RETURN, by=coordinator, note=note, until=later, parts=[part])
    for number in TO_REVIEW:
        perform(applications[number], Action.REVIEW, by=coordinator)


def a_reviewer(email: str, name: str, country: str, land: str, *, like: User, network: Network) -> User:
    """Somebody who reviews for the network and has stated where they come from."""
    user, is_new = User.objects.get_or_create(email=email, defaults={"name": name, "password": like.password})
    if is_new:
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Office.objects.get_or_create(user=user, network=network, role=Office.Role.REVIEWER)
    home = Land.objects.filter(name_de=land).first()
    state_origin(by=user, country=Country.objects.get(iso2=country), land=home, cities=[])
    return user


def review(call: Call, coordinator: User) -> None:
    """The balanced proposal is taken; most applications have all their reviews, the others wait for them."""
    people = [a_reviewer(*one, like=coordinator, network=call.network) for one in REVIEWERS]
    preview = Preview(call, Reach(coordinator), people)
    due = timezone.now() + datetime.timedelta(days=21)
    made = assign(preview.proposal.pairs, due_at=due, by=coordinator)
    finished = sorted({one.application_id for one in made})[:REVIEWED]
    for number, assignment in enumerate(made):
        accepted = accept(assignment, by=assignment.reviewer)
        if accepted.application_id in finished:
            _write(accepted, number)


def _write(assignment: Assignment, number: int) -> None:
    entries = {
        criterion.key: Entry(
            value=criterion.highest - (number * number + place * (1 + number % 3)) % 4,
            reason="Demo: a reason, invented for the demonstration.",
        )
        for place, criterion in enumerate(assignment.application.pack.criteria)
    }
    save_review(assignment, entries, by=assignment.reviewer, general="", private_note="", seen=None)
    finish(assignment, by=assignment.reviewer)


class Command(BaseCommand):
    help = "Makes a demo round of twelve invented cities whose applications have arrived. Runs again without harm."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("A demo round is made in a demo only (PORTAL=demo), never in a real portal.")
        if Call.objects.filter(slug=SLUG).exists():
            return
        coordinator = User.objects.get(email="coordinator@gnlc.example")
        with transaction.atomic():
            call = a_call(PackVersion.objects.filter(key="gnlc").select_related("network").latest("number"))
            applications = []
            for number, place in enumerate(CITIES):
                city = a_city(*place, number)
                lead = a_lead(city, coordinator.password)
                application = start(call, city, by=lead, language="en")
                hand_in(application, by=lead, variant=number)
                applications.append(Application.objects.for_page().get(pk=application.pk))
            announce(call)
            examine(applications, coordinator)
            review(call, coordinator)
