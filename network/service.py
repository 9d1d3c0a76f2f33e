"""What an operator should know at a glance: whether mail, worker, virus scan and daily job are as they should be."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from network import daily
from network.models import Letter

LONG = timedelta(minutes=15)


@dataclass(frozen=True)
class Sign:
    """One line: what, how it is, and whether that is well."""

    name: str
    words: str
    is_well: bool


def signs() -> list[Sign]:
    """Asks the settings and the database; two queries."""
    return [_mail(), _worker(), _daily_job(), _virus_scan()]


def _mail() -> Sign:
    if settings.DEMO:
        return Sign(gettext("Mail"), gettext("is not sent in a demo, but shown in the terminal and here"), is_well=True)
    server = settings.MAILERS["default"]["OPTIONS"]
    assert isinstance(server, dict), "as environment.mail makes it"
    words = gettext("goes to %(host)s, port %(port)s") % {"host": server["host"], "port": server["port"]}
    return Sign(gettext("Mail"), words, is_well=True)


def _worker() -> Sign:
    border = timezone.now() - LONG
    due = Q(next_try_at__lt=border) | Q(next_try_at=None, created_at__lt=border)
    late = Letter.objects.filter(due, state=Letter.State.WAITING).count()
    if not late:
        return Sign(gettext("Worker"), gettext("no letter waits longer than it should"), is_well=True)
    words = ngettext(
        "%(number)s letter should have left more than 15 minutes ago: is the worker running?",
        "%(number)s letters should have left more than 15 minutes ago: is the worker running?",
        late,
    )
    return Sign(gettext("Worker"), words % {"number": late}, is_well=False)


def _daily_job() -> Sign:
    overdue = daily.overdue()
    if not overdue:
        return Sign(gettext("Daily job"), gettext("has done all its duties within the last 26 hours"), is_well=True)
    words = gettext("Not done for more than 26 hours: %(duties)s") % {"duties": ", ".join(overdue)}
    return Sign(gettext("Daily job"), words, is_well=False)


def _virus_scan() -> Sign:
    if settings.CLAMAV:
        return Sign(gettext("Virus scan"), gettext("every upload is checked"), is_well=True)
    words = gettext("uploads are not checked, because CLAMAV is not set")
    return Sign(gettext("Virus scan"), words, is_well=settings.DEMO)
