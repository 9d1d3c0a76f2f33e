"""Preparing a call: making it from a pack or an earlier round, editing its working copy, publishing it.

Who may, everywhere: a coordinator of the network of whose cities none applies (Call.objects.prepared_by). Every act
leaves a line in the call's history.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.actions import MoveNotAllowedError
from applications.actions.calls import keep_pack
from applications.models import Call, CallEvent
from applications.pack import Pack, PackError, write
from applications.preparation import Preparation, is_published
from applications.problems import Problem
from applications.rounds import MONTHS_OF_A_YEAR, months_between, months_on, next_title
from network.models import User
from network.permissions import coordinates

DATES = ("opens_at", "closes_at", "forwards_at", "decides_at")
SLUG_LENGTH = 70
TAKEN_SLUGS = {"new"}  # words of addresses
DAYS_TO_OPENING, DAYS_OPEN = 60, 90  # suggested where there is no earlier round


class NotReadyError(MoveNotAllowedError):
    """Something hinders it; `problems` name every place: of the call's own properties, and of its pack."""

    def __init__(self, for_reader: str, *, call: list[Problem], pack: list[Problem]) -> None:
        super().__init__(for_reader)
        self.call, self.pack = call, pack


def locked(call: Call, *, by: User) -> Call:
    """The call read anew, its row locked to the end of the transaction. Raises MoveNotAllowedError where the person may
    not prepare it."""
    calls = Call.objects.prepared_by(by).select_for_update(of=("self",)).select_related("network", "pack_version")
    if (now := calls.filter(pk=call.pk).first()) is None:
        raise MoveNotAllowedError(_("Only the coordination of the network may change this call."))
    return now


def note(call: Call, kind: CallEvent.Kind, *, by: User, moment: datetime.datetime | None = None) -> None:
    """A line in the history of a call, with the version of the questions it has then."""
    CallEvent.objects.create(call=call, kind=kind, by=by, moment=moment, pack_version=call.pack_version)


def make_from_call(earlier: Call, *, by: User) -> Call:
    """The next round: pack and zone of the earlier one, its title counted on, its dates moved on by the distance to the
    round before it, or a year, until the opening lies ahead. Not published, dates not confirmed.

    Raises MoveNotAllowedError."""
    with transaction.atomic():
        earlier = locked(earlier, by=by)
        distance = _distance(earlier)
        months = distance
        while months_on(earlier.opens_at, months, earlier.zone_info) <= timezone.now():
            months += distance
        moments = {name: getattr(earlier, name) for name in DATES}
        dates = {name: at and months_on(at, months, earlier.zone_info) for name, at in moments.items()}
        call = Call(
            network=earlier.network,
            pack_version=earlier.pack_version,
            zone=earlier.zone,
            made_from=earlier,
            is_demo=earlier.is_demo,
            **dates,
        )
        year = call.opens_at.astimezone(call.zone_info).year
        call.title_de, call.title_en = (
            next_title(title or "", months, year) for title in (earlier.title_de, earlier.title_en)
        )
        return _made(call, by=by)


def _distance(call: Call) -> int:
    """In months: to the round before it, else to the one it was followed by before, else a year."""
    before = call.made_from or (
        Call.objects.filter(network=call.network, pack_version__key=call.pack_version.key, closes_at__lt=call.closes_at)
        .exclude(pk=call.pk)
        .order_by("-closes_at")
        .first()
    )
    return months_between(before.closes_at, call.closes_at) if before else MONTHS_OF_A_YEAR


def make_from_pack(pack: Pack, *, by: User) -> Call:
    """A first round with this pack, which is kept as a version. Dates are suggested: two months from now, open for
    three. Raises MoveNotAllowedError, also where the pack is of a network the person does not coordinate."""
    with transaction.atomic():
        offices = by.offices.filter(network__slug=pack.network).select_related("network")
        network = next((one.network for one in offices if coordinates(by, one.network)), None)
        if network is None:
            raise MoveNotAllowedError(_("This pack is of a network that you do not coordinate."))
        version = keep_pack(write(pack), by=by)
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        opens = today + datetime.timedelta(days=DAYS_TO_OPENING)
        closes = opens + datetime.timedelta(days=DAYS_OPEN, hours=23, minutes=59, seconds=59)
        call = Call(network=network, pack_version=version, opens_at=opens, closes_at=closes, is_demo=settings.DEMO)
        call.title_de, call.title_en = (
            next_title(title.strip(), MONTHS_OF_A_YEAR, opens.year) for title in (pack.title.de, pack.title.en)
        )
        if not call.title_de:
            raise MoveNotAllowedError(_("The pack has no German title."))
        return _made(call, by=by)


def _made(call: Call, *, by: User) -> Call:
    """Stored under an address that no other call has."""
    stem = slugify(call.title_en or call.title_de)[:SLUG_LENGTH].strip("-") or call.network.slug
    taken = TAKEN_SLUGS | set(Call.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number, call.slug = 1, stem
    while call.slug in taken:
        number += 1
        call.slug = f"{stem}-{number}"
    call.save(force_insert=True)
    note(call, CallEvent.Kind.MADE, by=by)
    return call


def set_dates(call: Call, values: Mapping[str, Any], *, confirmed: bool, by: User) -> Call:
    """Title, zone and dates of a call that is not published, and whether the dates are confirmed. `values` are by the
    names of the properties; dates in the right order. Raises MoveNotAllowedError."""
    with transaction.atomic():
        now = locked(call, by=by)
        if now.published_at is not None:
            raise MoveNotAllowedError(
                _("The dates of a call that is published stay. Move a deadline with a reason, or take back publishing.")
            )
        for name in ("title_de", "title_en", "zone", *DATES):
            setattr(now, name, values[name])
        now.dates_confirmed_at, now.dates_confirmed_by = (timezone.now(), by) if confirmed else (None, None)
        now.save()
        note(now, CallEvent.Kind.CONFIRMED if confirmed else CallEvent.Kind.DATED, by=by)
        return now


def publish(call: Call, *, at: datetime.datetime | None, by: User) -> Call:
    """Publishes a call now, or from a moment, with the working copy of its pack as a version.

    Raises NotReadyError naming every place: a language is missing, the dates are unconfirmed or in the wrong order,
    the pack is not sound; MoveNotAllowedError where it is published already or the moment is no good."""
    with transaction.atomic():
        now = locked(call, by=by)
        if now.published_at is not None:
            raise MoveNotAllowedError(_("A colleague has published this call already."))
        if at is not None and not timezone.now() < at < now.closes_at:
            raise MoveNotAllowedError(_("Choose a moment between now and the deadline for cities."))
        state = Preparation(now)
        if state.hindrances or state.problems:
            raise NotReadyError(_("This call cannot be published yet."), call=state.hindrances, pack=state.problems)
        now.pack_version = keep_pack(write(state.pack), by=by)
        now.published_at = at or timezone.now()
        now.save(update_fields=["pack_version", "published_at"])
        note(now, CallEvent.Kind.SCHEDULED if at else CallEvent.Kind.PUBLISHED, by=by, moment=at)
        return now


def unpublish(call: Call, *, by: User) -> Call:
    """Takes publishing back, as long as the call has not opened. Raises MoveNotAllowedError."""
    with transaction.atomic():
        now = locked(call, by=by)
        if now.published_at is not None and now.has_opened() and is_published(now):
            raise MoveNotAllowedError(_("The call has opened. Cities rely on it, so it stays published."))
        if now.published_at is not None:
            now.published_at = None
            now.save(update_fields=["published_at"])
            note(now, CallEvent.Kind.TAKEN_BACK, by=by)
        return now


def delete(call: Call, *, by: User) -> None:
    """Deletes a call in preparation, with its working copy and its history; versions of its pack stay. Raises
    MoveNotAllowedError where it is published, or something was started from it (CallQuerySet.untouched)."""
    with transaction.atomic():
        now = locked(call, by=by)
        if not Call.objects.untouched().filter(pk=now.pk).exists():
            raise MoveNotAllowedError(_("Something has been started from this call meanwhile, so it stays."))
        now.delete()


def refuse_another_network(pack: Pack, call: Call) -> None:
    """Raises PackError where a pack is of another network than the call."""
    if pack.network != call.network.slug:
        message = gettext_noop("This pack is of the network “%(found)s”; the call is of “%(wanted)s”.")
        raise PackError([Problem("network", message, {"found": pack.network, "wanted": call.network.slug})])
