"""Sessions are written, announced, changed and cancelled by who keeps their programme."""

import datetime
import zoneinfo
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cities.models import City
from cities.names import fold
from exchange.actions.acting import ExchangeRefusedError, refuse_unless
from exchange.actions.registering import post_reminders, take_reminders_back, tell_registered
from exchange.models import Practice, Programme, Session
from network.models import Network, User
from network.permissions import keeps_content


def keeps(user: User, session: Session) -> bool:
    """Whether the person writes this session."""
    return Session.objects.kept_by(user).filter(pk=session.pk).exists()


def _keeps_programme(user: User, programme: Programme | None) -> bool:
    if programme is None:
        return keeps_content(user)
    return Programme.objects.kept_by(user).filter(pk=programme.pk).exists()


def create(
    session: Session, *, by: User, networks: Iterable[Network], practices: Iterable[Practice], cities: Iterable[City],
    weeks: int = 0, times: int = 1,
) -> Session:  # fmt: skip
    """A new draft, and with `weeks` and `times` further ones at the same time of the clock, also over a change to
    summer time. Returns the first."""
    refuse_unless(_keeps_programme(by, session.programme))
    made: list[Session] = []
    series = uuid4().hex if times > 1 else session.series
    with transaction.atomic():
        for number in range(times):
            each = _moved(session, datetime.timedelta(weeks=weeks * number))
            each.series, each.slug = series, _free_slug(each)
            each.source_label = each.source_label or each.hosts
            each.save()
            each.networks.set(networks)
            each.practices.set(practices)
            each.cities.set(cities)
            made.append(each)
    return made[0]


def _moved(session: Session, by: datetime.timedelta) -> Session:
    """A copy so much later, by the calendar and the clock of its zone."""
    values = {field.attname: getattr(session, field.attname) for field in Session._meta.concrete_fields}
    values.pop("id")
    copy = Session(**values)
    copy.day = session.day + by
    zone = zoneinfo.ZoneInfo(session.zone) if session.zone else None
    for name in ("starts_at", "ends_at", "registration_until"):
        moment = getattr(session, name)
        if moment is not None:
            there = moment.astimezone(zone)
            setattr(copy, name, datetime.datetime.combine(there.date() + by, there.time(), zone))
    return copy


def _free_slug(session: Session) -> str:
    title = slugify(fold(session.title_en or session.title_de))[:80].strip("-") or "session"
    begin = f"{title}-{session.day.isoformat()}"
    taken = set(Session.objects.filter(slug__startswith=begin).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := begin if n == 1 else f"{begin}-{n}") not in taken)


def change(session: Session, *, by: User, parts: Iterable[Any], **related: Iterable[models.Model]) -> Session:
    """Writes a session with its speakers, links and report. Whoever has registered is told of another time, and the
    reminders follow it. `parts` are valid formsets; `related` its networks, practices and cities."""
    refuse_unless(keeps(by, session) and _keeps_programme(by, session.programme))
    with transaction.atomic():
        before = Session.objects.select_for_update(of=["self"]).get(pk=session.pk)
        session.save()
        for name, rows in related.items():
            getattr(session, name).set(rows)
        for part in parts:
            _write_part(part)
        take_reminders_back(session)
        post_reminders(session)
        if session.published_at and not session.is_over and before.starts_at != session.starts_at:
            tell_registered(session, "session_moved", about=str(session.starts_at), before=before)
    return session


def _write_part(part: Any) -> None:
    """New rows at the end, changed ones where they are."""
    there = part.instance
    for row in part.save(commit=False):
        if row.pk is None:
            row.position = getattr(there, part.prefix).count() + 1
        row.save()
    for row in part.deleted_objects:
        row.delete()


def announce(session: Session, *, by: User) -> None:
    """Makes it public; with `series`, all later drafts of the series as well."""
    refuse_unless(keeps(by, session))
    with transaction.atomic():
        rows = Session.objects.filter(pk=session.pk)
        if session.series:
            rows = Session.objects.filter(series=session.series, day__gte=session.day)
        rows.filter(published_at=None).update(published_at=timezone.now())


def withdraw(session: Session, *, by: User) -> None:
    """Back to a draft, as long as nobody has registered."""
    refuse_unless(keeps(by, session))
    if session.registrations.exists():
        raise ExchangeRefusedError(_("People have registered. Cancel the session instead: they are told."))
    Session.objects.filter(pk=session.pk).update(published_at=None)


def cancel(session: Session, *, by: User, reason: str) -> None:
    """It does not take place; its page says so, and everybody who has registered gets a letter."""
    refuse_unless(keeps(by, session))
    with transaction.atomic():
        held = Session.objects.select_for_update(of=["self"]).get(pk=session.pk)
        if held.cancelled_at:
            raise ExchangeRefusedError(_("It is cancelled already."))
        held.cancelled_at, held.cancelled_why = timezone.now(), reason
        held.save(update_fields=["cancelled_at", "cancelled_why", "changed_at"])
        take_reminders_back(held)
        tell_registered(held, "session_cancelled", about="cancelled")
