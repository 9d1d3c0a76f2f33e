"""A call as its coordinators prepare it: where it stands, the working copy of its pack, and what hinders publishing."""

import datetime
from collections.abc import Mapping
from functools import cached_property

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_noop as _

from applications.call_history import Line, history_of
from applications.models import Call, PackDraft
from applications.pack import Pack, Text, fingerprint, read, texts, write
from applications.pack_changes import Change, Weight, changes
from applications.pack_checks import date_problems
from applications.pack_checks import problems as pack_problems
from applications.pack_differences import Difference, in_words
from applications.pack_files import unusable
from applications.problems import Problem


class Standing(models.TextChoices):
    """Where a call stands for those who prepare it."""

    PREPARING = "preparing", gettext_lazy("In preparation")
    SCHEDULED = "scheduled", gettext_lazy("Will be published")
    ANNOUNCED = "announced", gettext_lazy("Published, not open yet")
    OPEN = "open", pgettext_lazy("call", "Open")
    OVER = "over", pgettext_lazy("call", "Closed")


def is_published(call: Call) -> bool:
    """Whether everybody may see it now, so that what it says holds."""
    return call.published_at is not None and call.published_at <= timezone.now()


def standing_of(call: Call) -> Standing:
    """At this moment."""
    if call.published_at is None:
        return Standing.PREPARING
    if not is_published(call):
        return Standing.SCHEDULED
    if call.is_over():
        return Standing.OVER
    return Standing.OPEN if call.has_opened() else Standing.ANNOUNCED


class Preparation:
    """A call with the working copy of its pack; without one, the pack is that of its version."""

    def __init__(self, call: Call) -> None:
        self.call = call

    @cached_property
    def draft(self) -> PackDraft | None:
        return PackDraft.objects.select_related("changed_by").filter(call=self.call).first()

    @cached_property
    def pack(self) -> Pack:
        return read(self.draft.document) if self.draft else self.call.pack

    @property
    def version(self) -> int:
        """Of the working copy; 0 where there is none."""
        return self.draft.version if self.draft else 0

    @cached_property
    def is_changed(self) -> bool:
        """Whether the working copy says something else than the version of the call."""
        return fingerprint(write(self.pack)) != self.call.pack_version.sha256

    @property
    def standing(self) -> Standing:
        return standing_of(self.call)

    @property
    def is_published(self) -> bool:
        return is_published(self.call)

    @cached_property
    def problems(self) -> list[Problem]:
        """What is wrong with the working copy; places are those of the pack."""
        return pack_problems(self.pack)

    @property
    def notes(self) -> list[tuple[str, Text]]:
        """What is still to be verified, with its place in the pack."""
        return [
            (place, text) for place, text in texts(self.pack) if place.endswith("verify") or place.startswith("verify")
        ]

    @cached_property
    def hindrances(self) -> list[Problem]:
        """What hinders publishing beside the pack; places are names of the call's own properties."""
        call = self.call
        found = [
            Problem(name, _("The title of the call is missing in this language."))
            for name in ("title_de", "title_en")
            if not (getattr(call, name) or "").strip()
        ]
        found += date_problems(call.opens_at, call.closes_at, call.forwards_at, call.decides_at)
        if call.closes_at <= timezone.now():
            found.append(Problem("closes_at", _("The deadline for cities has passed already.")))
        if call.dates_confirmed_at is None:
            found.append(Problem("opens_at", _("Nobody has confirmed the dates yet.")))
        return found

    @cached_property
    def changes(self) -> Mapping[Weight, list[Change]]:
        """The differences between the version of the call and the working copy, sorted by what they mean; none where
        the conditions in the working copy cannot be followed."""
        is_told = self.is_changed and not unusable(self.pack)
        found = changes(self.call.pack, self.pack) if is_told else []
        return {weight: [change for change in found if change.weight is weight] for weight in reversed(Weight)}

    @property
    def differences(self) -> list[tuple[Weight, list[Difference]]]:
        """The same to be read, those that are forbidden first."""
        return [
            (weight, [in_words(change, self.call.pack, self.pack) for change in found])
            for weight, found in self.changes.items()
            if found
        ]

    @property
    def may_be_taken_over(self) -> bool:
        """Whether the working copy can become the version of the call."""
        return not self.problems and not (self.is_published and self.changes[Weight.FORBIDDEN])

    @property
    def may_be_taken_back(self) -> bool:
        """Whether publishing can be taken back: as long as the call has not opened."""
        return self.call.published_at is not None and not self.call.has_opened()

    @cached_property
    def may_be_deleted(self) -> bool:
        """Whether the call can go: it is in preparation, and nothing was started from it."""
        return self.call.published_at is None and Call.objects.untouched().filter(pk=self.call.pk).exists()

    @cached_property
    def history(self) -> list[Line]:
        """Who did what with the call, latest first."""
        return history_of(self.call)

    @cached_property
    def dates(self) -> list[tuple[str, datetime.datetime | None]]:
        """The four dates by the names of their properties."""
        names = ("opens_at", "closes_at", "forwards_at", "decides_at")
        return [(name, getattr(self.call, name)) for name in names]
