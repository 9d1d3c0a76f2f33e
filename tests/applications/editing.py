"""A call in preparation, and its parts as the editor sends them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from applications.actions.editing import (
    set_part,
)
from applications.models import Call
from applications.pack import Pack, Text
from applications.pack_parts import find, mark_of
from applications.preparation import Preparation
from network.models import User
from tests.factories import Role, a_city, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_network_of,
    a_pack_version,
)

PLAN = ("steps", "apply", "sections", "plan")
QUESTIONS = (*PLAN, "questions")
VISION = (*QUESTIONS, "vision")
PLANNING = ("criteria", "planning")


def words(de: str, en: str = "") -> Text:
    return Text(de=de, en=en or f"{de} (en)")


def a_prepared(**changes: Any) -> Call:
    return a_call("runde", pack=a_pack_version(**changes), published_at=None)


def pack_of(call: Call) -> Pack:
    return Preparation(Call.objects.get(pk=call.pk)).pack


def edit(call: Call, path: tuple[str, ...], *, by: User | None = None, **values: Any) -> None:
    """Sets properties of a part, as its page does."""
    part = find(pack_of(call), path)
    item = type(part.item)(**{**vars(part.item), **values})
    set_part(call, path, item, seen=mark_of(part), by=by or a_coordinator(call.network))


def strangers(call: Call) -> list[User]:
    """People who must not learn of a call in preparation."""
    return [
        a_person(Role.COORDINATOR, network=a_network_of("uccn")),
        a_person(Role.REVIEWER, network=call.network),
        a_person(Role.LEAD, city=a_city("bonn")),
        a_person(Role.OPERATOR),
    ]


def address(name: str, path: tuple[str, ...], call: Call) -> str:
    return reverse(f"editor:{name}", args=[call.slug, "/".join(path)])


def fields_of(client: Client, url: str) -> dict[str, Any]:
    """What the form of a part would send as it stands."""
    form = client.get(url).context["form"]
    data: dict[str, Any] = {"seen": form.part and mark_of(form.part)}
    for field in form.visible_fields():
        value = field.value()
        if value is not None and value is not False and value != "":
            data[field.name] = "on" if value is True else value
    return data
