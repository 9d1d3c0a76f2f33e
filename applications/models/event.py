"""The log: what happened to an application, chained so that a change is evident. The database refuses to alter it."""

import datetime
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.pack import fingerprint


class Event(models.Model):
    """One act. It names its actor by number only; words of people stand beside it (EventNote) and may be erased."""

    class Kind(models.TextChoices):
        STARTED = "started", _("application started")
        DOCUMENT_ADDED = "document_added", _("document added")
        DOCUMENT_REMOVED = "document_removed", _("document removed")
        SHEET_PREPARED = "sheet_prepared", _("signing page prepared")
        ENDORSED = "endorsement_recorded", _("signed page recorded")
        SUBMIT = "submit", _("submitted")
        RETURN = "return", _("more asked for")
        REVIEW = "review", _("given to review")
        ENDORSE = "endorse", _("endorsed")
        REFUSE = "refuse", _("not endorsed")
        FORWARD = "forward", _("forwarded")
        ADMIT = "admit", _("admitted")
        NOT_ADMIT = "not_admit", _("not admitted")
        CORRECT = "correct", _("decision corrected")
        WITHDRAW = "withdraw", _("withdrawn")
        LAPSE = "lapse", _("lapsed")
        LATE_ALLOWED = "late_allowed", _("late submission allowed")
        DEADLINE_MOVED = "deadline_moved", _("deadline moved")
        PACK_CHANGED = "pack_changed", _("questions of the call changed")
        RESTORED = "restored", _("earlier answer restored")

    application = models.ForeignKey(Application, models.PROTECT, related_name="events", verbose_name=_("application"))
    sequence = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    role = models.CharField(_("as"), max_length=12)
    kind = models.CharField(_("what"), max_length=24, choices=Kind)
    old = models.CharField(_("state before"), max_length=12, blank=True)
    new = models.CharField(_("state after"), max_length=12, blank=True)
    data = models.JSONField(_("particulars"), default=dict, blank=True)
    note_sha256 = models.CharField(_("fingerprint of the note"), max_length=64, blank=True)
    previous = models.CharField(_("hash before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    if TYPE_CHECKING:
        application_id: int
        actor_id: int | None
        note: "EventNote"

    class Meta:
        ordering = ["application", "sequence"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            # who had a hand in what, for conflicts of interest: of the coordination's many acts nothing
            models.Index(
                fields=["actor", "application"],
                condition=models.Q(role__in=["editor", "lead"]),
                name="acts_for_cities",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["application", "sequence"], name="one_event_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.sequence} {self.kind}"

    def computed_hash(self) -> str:
        """What `hash` must be for the row as it stands."""
        return fingerprint(
            {
                "application": self.application_id,
                "sequence": self.sequence,
                "at": self.at.astimezone(datetime.UTC).isoformat(),
                "actor": self.actor_id,
                "role": self.role,
                "kind": self.kind,
                "old": self.old,
                "new": self.new,
                "data": self.data,
                "note": self.note_sha256,
                "previous": self.previous,
            }
        )


class EventNote(models.Model):
    """The words that belong to an event: a reason, a list of what is asked. Its hash is in the chain, it is not."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="note", verbose_name=_("event"))
    text = models.TextField(_("text"), blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    class Meta:
        verbose_name = _("note to an event")
        verbose_name_plural = _("notes to events")

    def __str__(self) -> str:
        return self.text

    @property
    def words(self) -> str:
        """What a reader reads: the reasons of a decision in the reader's language alone."""
        outcome = getattr(self.event, "outcome", None)
        return outcome.reason if outcome is not None and not self.erased_at else self.text

    @staticmethod
    def fingerprint(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()
