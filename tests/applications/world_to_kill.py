"""Makes and tells the world of the portal that is killed, in a process of its own: prints one line of JSON."""

import json
import sys
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models are ready only after the setup
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from applications.actions.drafting import start  # noqa: E402
from applications.freezing import file_of  # noqa: E402
from applications.log import faults  # noqa: E402
from applications.models import Answer, AnswerVersion, Application, Event, Submission  # noqa: E402
from network.models import Letter  # noqa: E402
from tests.factories import a_city  # noqa: E402
from tests.factories_applications import a_call, a_lead, complete  # noqa: E402

CITIES = 54


def make() -> list[dict[str, Any]]:
    """So many cities, each with a complete draft and its lead's session."""
    call_command("migrate", interactive=False, verbosity=0)
    call = a_call()
    made = []
    for number in range(CITIES):
        city = a_city(f"stadt-{number}")
        lead = a_lead(city)
        application = start(call, city, by=lead, language="de")
        complete(application, by=lead)
        client = Client()
        client.force_login(lead)
        fresh = Application.objects.for_page().get(pk=application.pk)
        made.append(
            {
                "pk": application.pk,
                "session": client.cookies["sessionid"].value,
                "sha256": file_of(fresh).sha256,
                "version": application.answers.get(question="council_body").version,
            }
        )
    return made


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        value: str = cursor.execute(f"SHOW {name}").fetchone()[0]
    return value


def tell() -> dict[str, Any]:
    """What is stored now."""
    versions = AnswerVersion.objects.values_list("application", "question", "version", "value")
    answers = Answer.objects.values_list("application", "question", "version", "value")
    receipts = Letter.objects.filter(kind="application_receipt").values_list("applications__pk", "key")
    return {
        "versions": [list(row) for row in versions],
        "answers": [list(row) for row in answers],
        "states": dict(Application.objects.values_list("pk", "state")),
        "submissions": [list(row) for row in Submission.objects.values_list("application", "receipt")],
        "events": [list(row) for row in Event.objects.filter(kind="submit").values_list("application", "sequence")],
        "receipts": [list(row) for row in receipts],
        "faults": list(faults()),
        "waits_for_the_disk": _setting("fsync") == _setting("synchronous_commit") == "on",
    }


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps({"make": make, "tell": tell}[sys.argv[1]]()) + "\n")
