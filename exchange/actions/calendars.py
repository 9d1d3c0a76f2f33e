"""Sessions come from calendars of others: read, looked at, and taken over by who keeps the programme."""

import datetime
import hashlib
import json
from collections.abc import Callable, Collection
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from exchange.actions import meetings
from exchange.actions.acting import ExchangeRefusedError, moderators, refuse_unless
from exchange.calendars import LIMIT, Difference, Entry, NoCalendarError, Reading, compare, read, reduced
from exchange.calendars.difference import Change, stored
from exchange.calendars.entries import Values
from exchange.links import content_of, trouble
from exchange.models import CalendarImport, Programme, Session
from network.daily import Window
from network.models import User
from network.outbox import post

KEPT = datetime.timedelta(days=30)  # what nobody has confirmed
type Fetch = Callable[[str], bytes]


def fetched(address: str) -> bytes:
    """What stands at a public https address; `webcal:` means https. Raises OSError, HTTPException, ValueError."""
    return content_of(address, most=LIMIT)


def take_in(
    source: CalendarImport, *, by: User, content: bytes | None = None, fetch: Fetch = fetched
) -> CalendarImport:
    """Keeps a calendar until somebody has looked at it: `content` of a file, else what stands at its address. Changes
    no session. Raises ExchangeRefusedError, also where the portal may not ask other servers (CHECK_LINKS)."""
    refuse_unless(Programme.objects.kept_by(by).filter(pk=source.programme_id).exists())
    if content is None:
        source.address = https(source.address)
        source.name = urlsplit(source.address).hostname or ""
        content = _asked(source.address, fetch)
    try:
        source.content, source.by = reduced(content), by
        read_again(source)
    except NoCalendarError as problem:
        field = "address" if source.address else "file"
        raise ExchangeRefusedError(problem.for_reader, field=field) from problem
    source.save()
    return source


def https(address: str) -> str:
    """Calendars are often given as `webcal://`, which means the web."""
    scheme, mark, rest = address.strip().partition("://")
    return f"https://{rest}" if mark and scheme.lower() in {"webcal", "webcals"} else address.strip()


def _asked(address: str, fetch: Fetch) -> bytes:
    if not settings.CHECK_LINKS:
        sentence = _(
            "This portal does not ask other servers: its operator has not switched it on. Save the calendar as a file."
        )
        raise ExchangeRefusedError(sentence, field="address")
    try:
        return fetch(address)
    except (OSError, HTTPException, ValueError) as problem:
        words = trouble(problem)
        other = _("The calendar could not be read at this address (%(words)s).") % {"words": words}
        raise ExchangeRefusedError(_troubles().get(words, other), field="address") from problem


def _troubles() -> dict[str, str]:
    return {
        "not a public address": _("The address does not begin with https:// or is not in the public internet."),
        "too large": _("The calendar is too large: at most %(limit)d megabyte.") % {"limit": LIMIT >> 20},
        "no answer in time": _("The server at this address did not answer in time. Try again later."),
    }


def read_again(source: CalendarImport) -> Reading:
    """The entries of a kept calendar. Raises NoCalendarError."""
    return read(bytes(source.content), zone=source.zone, today=timezone.localdate())


def look_at(source: CalendarImport) -> tuple[Reading, Difference]:
    """What taking it over would do now; writes nothing."""
    reading = read_again(source)
    return reading, compare(reading, source, timezone.localdate())


def seen(difference: Difference) -> str:
    """What somebody has read of a difference, in a few letters."""
    changes = [(c.name, stored(c.old), stored(c.new)) for c in [*difference.changes, *difference.edited]]
    new = [(entry.key, [stored(value) for value in entry.values.values()]) for entry in difference.new]
    read = json.dumps([new, changes, [session.pk for session in difference.cancelled]])
    return hashlib.sha256(read.encode()).hexdigest()[:32]


def take_over(
    source: CalendarImport, *, by: User, chosen: Collection[str] = (), announce: bool = False, reason: str = "",
    shown: str | None = None,
) -> Difference:  # fmt: skip
    """Does what `look_at` shows, in one transaction, and notes it. New sessions are drafts unless `announce`; of values
    changed here and there only the `chosen` ones are taken; who has registered for a session that is moved or cancelled
    gets a letter. Raises ExchangeRefusedError where the difference is no longer the one that was shown."""
    with transaction.atomic():
        held = CalendarImport.objects.select_for_update().get(pk=source.pk)
        Programme.objects.select_for_update().get(pk=held.programme_id)
        refuse_unless(CalendarImport.objects.kept_by(by).filter(pk=held.pk).exists())
        if held.done_at:
            raise ExchangeRefusedError(_("Somebody else has confirmed this meanwhile."))
        difference = look_at(held)[1]
        if shown is not None and shown != seen(difference):
            raise ExchangeRefusedError(
                _("The portal has changed since this page was made. Please read it again before you confirm.")
            )
        told = [
            *_create(held, difference.new, by=by, announce=announce),
            *_change(held, difference, by=by, chosen=chosen),
        ]
        for session in difference.cancelled:
            told.append({"act": "cancelled", "title": session.title, "day": session.day.isoformat()})
            meetings.cancel(session, by=by, reason=reason or _("The calendar it comes from says so."))
        if held.is_daily:
            CalendarImport.objects.daily().filter(programme=held.programme_id).update(is_daily=False)
        held.done_at, held.done_by, held.told, held.content = timezone.now(), by, told, b""
        held.save()
    return difference


def _create(source: CalendarImport, entries: list[Entry], *, by: User, announce: bool) -> list[dict[str, str]]:
    hosts = source.programme.hosts or source.programme.name
    for entry in entries:
        title = entry.values["title"]
        session = Session(
            programme=source.programme, theme=source.theme, hosts=hosts[:300], languages=[source.language],
            source_label=source.name, calendar_key=entry.key, series=entry.series, imported=_imported(source, entry),
            title_de=title, summary_de=entry.values["summary"] or title,  # until somebody has translated them
        )  # fmt: skip
        _set(session, entry.values, source.language)
        made = meetings.create(session, by=by, networks=source.programme.networks.all(), practices=[], cities=[])
        if announce:
            Session.objects.filter(pk=made.pk).update(published_at=timezone.now())
    return [{"act": "new", "title": e.values["title"], "day": e.values["slot"].day.isoformat()} for e in entries]


def _change(
    source: CalendarImport, difference: Difference, *, by: User, chosen: Collection[str]
) -> list[dict[str, str]]:
    """Each session once, however much of it has changed; what the calendar says is noted as read in any case."""
    taken = [*difference.changes, *(change for change in difference.edited if change.name in chosen)]
    by_session: dict[int, list[Change]] = {}
    for change in [*difference.changes, *difference.edited]:
        by_session.setdefault(change.session.pk, []).append(change)
    for changes in by_session.values():
        session = Session.objects.select_related("programme").get(pk=changes[0].session.pk)
        values = {change.part: change.new for change in changes if change in taken}
        stands_in = source.language == "en" and session.title_de == session.title_en
        _set(session, values, source.language)
        if stands_in and "title" in values:
            session.title_de = session.title_en or session.title_de
        session.imported = _imported(source, changes[0].entry)
        meetings.change(session, by=by, parts=[])
    return [
        {"act": "changed", "title": change.session.title, "day": change.session.day.isoformat(), "part": change.part}
        for change in taken
    ]


def _imported(source: CalendarImport, entry: Entry) -> dict[str, Any]:
    said = {part: stored(value) for part, value in entry.values.items()}
    return said | {"sequence": entry.sequence, "from": source.address or source.name}


def _set(session: Session, values: Values, language: str) -> None:
    for part, value in values.items():
        if part == "slot":
            session.day, session.starts_at, session.ends_at, session.zone = value
        else:
            setattr(session, "link" if part == "link" else f"{part}_{language}", value)
    _fill_summary(session, language)


def _fill_summary(session: Session, language: str) -> None:
    """A session is never without a summary: where there is none, the title stands in and follows it."""
    summary, title = f"summary_{language}", f"title_{language}"
    if getattr(session, summary) in {"", None, session.imported.get("title")}:
        setattr(session, summary, getattr(session, title))


def forget(source: CalendarImport, *, by: User) -> None:
    """What was read and not confirmed is gone."""
    CalendarImport.objects.kept_by(by).waiting().filter(pk=source.pk).delete()


def stop_daily(programme: Programme, *, by: User) -> None:
    """Its address is no longer asked every day."""
    refuse_unless(Programme.objects.kept_by(by).filter(pk=programme.pk).exists())
    CalendarImport.objects.filter(programme=programme).update(is_daily=False)


def read_daily(window: Window, *, fetch: Fetch = fetched) -> None:
    """A duty of the daily job: reads each kept address once, and proposes what is new to who keeps the programme;
    changes no session. Forgets what nobody has confirmed for a month. Asks nobody where CHECK_LINKS is off."""
    CalendarImport.objects.waiting().filter(read_at__lt=window.now - KEPT).delete()
    if not settings.CHECK_LINKS:
        return
    for source in CalendarImport.objects.daily().select_related("programme").order_by("pk"):
        with override("en"):
            _read_one(source, window, fetch)


def _read_one(source: CalendarImport, window: Window, fetch: Fetch) -> None:
    fresh = CalendarImport(
        programme=source.programme, address=source.address, name=source.name, zone=source.zone, theme=source.theme,
        language=source.language, is_daily=True, by=source.by,
    )  # fmt: skip
    words = ""
    try:
        fresh.content = reduced(fetch(source.address))
        reading = read_again(fresh)
    except (OSError, HTTPException, ValueError) as problem:
        words = trouble(problem)
    except NoCalendarError as problem:
        words = problem.for_reader
    CalendarImport.objects.filter(pk=source.pk).update(trouble=words[:200])
    earlier = CalendarImport.objects.waiting().filter(programme=source.programme, is_daily=True)
    if words:
        return
    difference = compare(reading, fresh, timezone.localdate(window.now))
    proposed = earlier.first()
    if proposed is not None and seen(look_at(proposed)[1]) == seen(difference):
        return
    earlier.delete()
    if difference.changes_nothing:
        return
    fresh.save()
    for person in moderators(source.programme):
        words_of: dict[str, object] = {"source": fresh, "difference": difference}
        post("calendar_changed", to=person, context=words_of, key=f"calendar:{fresh.pk}:{person.pk}")
