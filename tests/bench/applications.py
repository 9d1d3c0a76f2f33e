"""What city staff do in the last hour before a deadline: 200 of them, each in the application of their own city."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from applications.actions.drafting import start
from cities.models import TeamMember
from network.models import User
from tests.factories import a_city
from tests.factories_applications import a_call, a_pack_document, a_pack_version, text

STAFF = 200
QUESTIONS = 40
CSRF = "b" * 32
LONG_TEXTS = [f"frage_{number}" for number in range(QUESTIONS) if number % 8 < 2]
TEXT = "Die Stadt schafft Lernorte in allen Stadtteilen und fragt jedes Jahr, wen sie noch nicht erreicht. "


@dataclass(frozen=True)
class Desk:
    """One person's application and sign-in."""

    pk: int
    session: str

    def headers(self, port: int) -> dict[str, str]:
        return {
            "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "X-Requested-With": "fetch",
            "Referer": f"https://127.0.0.1:{port}/",
        }


def a_long_pack() -> dict[str, Any]:
    """The small pack, with one section of 40 questions of many kinds."""
    choices = [{"key": key, "label": text(key)} for key in ("eins", "zwei", "drei")]
    kinds: list[dict[str, Any]] = [
        {"kind": "long_text", "words": 300}, {"kind": "long_text", "words": 300},
        {"kind": "choice", "choices": choices},
        {"kind": "several", "choices": choices}, {"kind": "number", "with_year": True}, {"kind": "date"},
        {"kind": "contact"}, {"kind": "links", "at_most": 3},
    ]  # fmt: skip
    document = a_pack_document(key="long")
    questions = [
        kinds[number % len(kinds)] | {"key": f"frage_{number}", "label": text(f"Frage {number}"), "help": text("Hilfe")}
        for number in range(QUESTIONS)
    ]
    section = {"key": "many", "title": text("Viele Fragen"), "questions": questions}
    document["steps"][2]["sections"].append(section)
    document["criteria"][0]["questions"] += [question["key"] for question in questions]
    return document


def desks() -> list[Desk]:
    """A city, a lead who is signed in, and an application each."""
    call = a_call("bench", pack=a_pack_version(**a_long_pack()), is_demo=True)
    made = []
    for number in range(STAFF):
        city = a_city(f"bench-{number}", is_demo=True)
        lead = User.objects.create(email=f"bench-{number}@example.org", password="!")  # hashing one takes half a second
        TeamMember.objects.create(city=city, user=lead, role=TeamMember.Role.LEAD)
        client = Client()
        client.force_login(lead)
        application = start(call, city, by=lead, language="de")
        made.append(Desk(application.pk, client.cookies["sessionid"].value))
    return made


def saves(staff: list[Desk], port: int, *, run: int, rounds: int) -> dict[str, Any]:
    """The order for the load: everybody saves one long text again and again. Each run takes a question of its own, so
    that everybody knows which version they have."""
    key = LONG_TEXTS[run]
    paths, posts = [], []
    for version in range(rounds):
        for desk in staff:
            paths.append(f"/de/applications/{desk.pk}/many/")
            fields = {f"q.{key}": TEXT * 15 + str(version), f"seen.{key}": str(version)}
            posts.append({"fields": fields, "headers": desk.headers(port)})
    return {"paths": paths, "posts": posts, "again": False}
