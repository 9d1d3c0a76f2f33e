"""Drafts that lack nothing, and what their pages say."""

import datetime
import re
import zoneinfo
from html import unescape
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from applications.freezing import file_of
from applications.models import Application
from tests.factories_applications import (
    a_call,
    a_lead,
    a_network_of,
    an_application,
    complete,
)
from tests.guards import only_reads

BERLIN, NEW_YORK, KIRITIMATI = "Europe/Berlin", "America/New_York", "Pacific/Kiritimati"


def moment(day: str, clock: str, zone: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zoneinfo.ZoneInfo(zone))


def fresh(application: Application) -> Application:
    return Application.objects.for_page().get(pk=application.pk)


def seen(application: Application) -> str:
    return file_of(fresh(application)).sha256


def a_complete_draft(**call: Any) -> Application:
    a_network_of("gnlc")
    application = an_application(call=a_call("runde", **call)) if call else an_application()
    complete(application, by=a_lead(application.city))
    return fresh(application)


def page(client, name: str, application: Application, *arguments: object, language: str = "en"):
    with override(language):
        address = reverse(f"applications:{name}", args=[application.pk, *arguments])
    with only_reads():
        return client.get(address)


def text_of(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())
