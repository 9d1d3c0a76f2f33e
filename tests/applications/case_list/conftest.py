"""Applications of one call as the coordination meets them in its lists."""

import datetime

import pytest
from django.utils import timezone

from applications.actions import caring
from applications.actions.caring import Marked
from applications.models import Application
from applications.workflow import State
from cities.models import City, Country
from network.models import User
from tests.applications.test_coordination import ask, submit_anew_without_changing_answers, write
from tests.factories import a_city
from tests.factories_applications import a_call, a_coordinator, an_application


@pytest.fixture
def cases() -> dict[str, Application]:
    """Four cities of two countries in different states: new, faulty with a flag, back again, under review."""
    call = a_call("eins", forwards_at=timezone.now() + datetime.timedelta(days=40))
    coordinator = a_coordinator(call.network)
    Country.objects.get_or_create(
        iso2="FR", defaults={"name_de": "Frankreich", "name_en": "France", "region": "europe"}
    )
    koeln = a_city("koeln", name_de="Köln", name_en="Cologne")
    City.objects.filter(pk=a_city("lyon").pk).update(country="FR")
    found = {
        "new": an_application(State.SUBMITTED, call=call, city=koeln),
        "faulty": an_application(State.SUBMITTED, call=call, city=City.objects.get(slug="lyon")),
        "back": an_application(State.SUBMITTED, call=call, city=a_city("bonn")),
        "review": an_application(State.IN_REVIEW, call=call, city=a_city("aachen")),
    }
    caring.mark(found["faulty"].submissions.get(), {"signed": Marked("faulty", "", 0)}, by=coordinator)
    day = timezone.localdate() + datetime.timedelta(days=3)
    caring.raise_flag(found["faulty"], "Nachsehen", owner=coordinator, due_on=day, by=coordinator)
    back = ask(found["back"], "vision")
    write(back, "vision", "Ganz anders.")
    submit_anew_without_changing_answers(back)
    return found


@pytest.fixture
def coordinator(cases) -> User:
    return a_coordinator(cases["new"].call.network)
