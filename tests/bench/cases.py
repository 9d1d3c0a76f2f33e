"""The desk of a coordinator whose network has 10,000 applications: every page of it, and the memory of its files."""

import datetime
import random
import resource
import time
import tracemalloc
from collections.abc import Iterator
from itertools import batched
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.utils import timezone

from applications.models import Application, Call, CheckMark, CheckState, Comment, Event, Flag, Submission
from applications.reach import Reach
from applications.review_round import Preview, Reviewers
from applications.workflow import Role as ActingAs
from applications.workflow import State
from cities.models import City, Country, Land
from cities.names import fold, spellings
from network.models import User
from tests.bench import judging
from tests.bench.rows import Row
from tests.factories import Role, a_city, a_person
from tests.factories_applications import a_call, a_network_of, a_pack_version, an_application

APPLICATIONS = 10_000
FLAGS, COMMENTS, MARKED = 300, 600, 3_000
AT_ONCE = 500  # rows in one statement
STATES = [State.SUBMITTED] * 5 + [State.IN_REVIEW] * 3 + [State.RETURNED, State.ENDORSED, State.NOT_ENDORSED]


def fill() -> User:
    """One call with 10,000 applications of as many cities, copies of one that was really submitted, and its reviews.
    Returns the coordinator."""
    rng = random.Random(1)
    now = timezone.now()
    pack = a_pack_version(criteria=judging.CRITERIA)
    call = a_call("desk", pack=pack, is_demo=True, forwards_at=now + datetime.timedelta(days=60))
    model = an_application(State.SUBMITTED, call=call, city=a_city("desk-model", is_demo=True))
    coordinator = a_person(Role.COORDINATOR, network=a_network_of())
    cities = list(_cities(rng))
    applications = _applications(call, cities, rng)
    _submissions(applications, model, rng)
    _care(applications, coordinator, rng)
    judging.fill(call.network, coordinator, rng)
    return coordinator


def _cities(rng: random.Random) -> Iterator[City]:
    countries, lands = list(Country.objects.order_by("pk")), list(Land.objects.order_by("pk"))
    germany = next(one for one in countries if one.pk == "DE")
    for numbers in batched(range(APPLICATIONS), AT_ONCE):
        yield from City.objects.bulk_create(
            City(
                slug=f"desk-{number}", name_de=(name := f"Beispielstadt {number}"), name_en=f"Example Town {number}",
                country=germany if number % 3 == 0 else rng.choice(countries), latitude=50, longitude=8, is_demo=True,
                land=rng.choice(lands) if number % 3 == 0 else None, sort_de=fold(name), sort_en=fold(name),
                search_text="|" + "|".join(spellings(name, f"Example Town {number}")) + "|",
            )
            for number in numbers
        )  # fmt: skip


def _applications(call: Call, cities: list[City], rng: random.Random) -> list[Application]:
    made: list[Application] = []
    when = timezone.now()
    for part in batched(cities, AT_ONCE):
        leads = User.objects.bulk_create(User(email=f"{city.slug}@example.org", password="!") for city in part)
        made += Application.objects.bulk_create(
            Application(
                call=call, city=city, pack_version=call.pack_version, state=(state := rng.choice(STATES)),
                started_by=lead, submitted_by=lead, submitted_at=when - datetime.timedelta(minutes=rng.randrange(9999)),
                returned_until=when + datetime.timedelta(days=9) if state == State.RETURNED else None,
                returned_parts=["vision"] if state == State.RETURNED else [],
                check_state=rng.choice(CheckState.values), late_until=when if rng.random() < 0.02 else None,
                field=rng.choice(["", "literature", "music", "film", "design"]),
            )
            for city, lead in zip(part, leads, strict=True)
        )  # fmt: skip
    return made


def _submissions(applications: list[Application], model: Application, rng: random.Random) -> None:
    first = model.submissions.get()
    event = model.events.get(kind=Event.Kind.SUBMIT)
    for part in batched(applications, AT_ONCE):
        Submission.objects.bulk_create(
            Submission(
                application=one, number=number, receipt=f"DESK-2027-{one.pk:06}-{number}", content=first.content,
                sha256=first.sha256, submitted_at=one.submitted_at or first.submitted_at,
                submitted_by_id=one.started_by_id,
            )
            for one in part
            for number in ((1, 2) if rng.random() < 0.1 else (1,))
        )  # fmt: skip
        Event.objects.bulk_create(
            Event(
                application=one, sequence=number, at=event.at, actor_id=one.started_by_id, role=ActingAs.LEAD,
                kind=Event.Kind.SUBMIT, data=event.data, previous=event.previous, hash=event.hash,
            )
            for one in part
            for number in range(1, 6)
        )  # fmt: skip


def _care(applications: list[Application], coordinator: User, rng: random.Random) -> None:
    now, today = timezone.now(), timezone.localdate()
    Flag.objects.bulk_create(
        Flag(
            application=one, text="Beschluss ansehen", owner=coordinator, raised_by=coordinator,
            due_on=today + datetime.timedelta(days=rng.randrange(-3, 30)),
        )
        for one in rng.sample(applications, FLAGS)
    )  # fmt: skip
    kinds = list(Comment.Kind)
    Comment.objects.bulk_create(
        Comment(application=one, kind=rng.choice(kinds), text="Einige Worte dazu.", by=coordinator)
        for one in rng.choices(applications, k=COMMENTS)
    )
    submissions = list(Submission.objects.filter(number=1, application__in=rng.sample(applications, MARKED)))
    for part in batched(submissions, AT_ONCE):
        CheckMark.objects.bulk_create(
            CheckMark(submission=one, check_key="signed", verdict=rng.choice(CheckMark.Verdict.values), at=now,
                      by=coordinator)
            for one in part
        )  # fmt: skip


def rows(coordinator: User) -> list[Row]:
    """Every page of the desk, for the person who is signed in."""
    client = Client()
    client.force_login(coordinator)
    signed_in = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    listing, case = "/de/coordination/applications/", Application.objects.filter(flags__isnull=False).order_by("pk")[0]
    calls, judged = "/de/coordination/calls/desk/", Application.objects.filter(outcomes__isnull=False).order_by("pk")[0]
    filtered = urlencode({"call": "desk", "state": "submitted", "check": "open", "country": "DE", "sort": "city"})
    pages = {
        "desk: start page": "/de/coordination/",
        "desk: list": f"{listing}?call=desk",
        "desk: list, filtered": f"{listing}?{filtered}",
        "desk: list, searched": f"{listing}?q=Beispielstadt+77&sort=submitted",
        "desk: list, page 200": f"{listing}?sort=country&page=200",
        "desk: list, by points": f"{listing}?call=desk&sort=points&col=state&col=reviews&col=points",
        "desk: one case": f"/de/coordination/applications/{case.pk}/",
        "desk: as the city sees it": f"/de/coordination/applications/{case.pk}/city/",
        "desk: preview of an act": f"{listing}together/?act=message&all=1&flags=yes&state=submitted",
        "desk: who reviews what": f"{calls}reviews/",
        "desk: reviewers": f"{calls}reviewers/",
        "desk: reviews of one case": f"{listing}{judged.pk}/reviews/",
        "desk: decisions": f"{calls}decisions/",
        "desk: decisions, page 20": f"{calls}decisions/?page=20",
    }
    return [Row(name, path, headers=signed_in) for name, path in pages.items()]


def seconds_of_a_proposal(coordinator: User) -> float:
    """How long it takes to propose who reviews what, for all applications that are under review."""
    call = Call.objects.for_list().get(slug="desk")
    start = time.perf_counter()
    reach = Reach(coordinator)
    preview = Preview(call, reach, Reviewers(call, reach).people)
    assert preview.rows
    return time.perf_counter() - start


def memory_of_files(coordinator: User) -> list[dict[str, Any]]:
    """How much memory a file takes at its highest, beyond what was there, with a tenth of the rows and with all, also
    with what reviews say; and by how much the whole process grew."""
    client = Client()
    client.force_login(coordinator)
    found = []
    for form in ("csv", "xlsx"):
        # once, so that nothing is made for the first time
        for query in ("?q=Beispielstadt+77", "", "?sort=points&col=reviews&col=points"):
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            where = f"/de/coordination/applications/applications.{form}{query}"
            tracemalloc.start()
            file: Any = client.get(where, secure=True)
            size = sum(len(part) for part in file.streaming_content)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # in kB
            found.append({"file": form, "query": query, "bytes": size, "peak_mb": round(peak / 1_000_000, 1),
                          "grown_mb": round(grown / 1000, 1)})  # fmt: skip
    return found
