"""Preparing decisions, quietly: an outcome is a row of its own until its release (actions.releasing). The application's
state, its events, letters and memberships know nothing of it, so that no list, count, feed or export can tell it."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import MoveNotAllowedError
from applications.actions.drafting import locked
from applications.actions.moving import Sent, perform
from applications.models import Application, Call, Outcome, OutcomeText
from applications.permissions import fits_call, may_decide
from applications.quota import Excess, excesses
from applications.ranking import candidate_of, holders
from applications.scores import totals_of
from applications.workflow import Action, Move, State, move_for
from network.models import Field, User


class DecisionRefusedError(MoveNotAllowedError):
    """`field` is the name of the entry that the sentence belongs beside, empty where it belongs to none."""

    def __init__(self, for_reader: str, *, field: str = "") -> None:
        super().__init__(for_reader)
        self.field = field


@dataclass(frozen=True)
class Draft:
    """What is to become of an application. Day and source belong to the result of a jury, fields to an admission;
    `without_quorum` says why it is decided with fewer reviews than the call wants."""

    action: str
    reason_de: str = ""
    reason_en: str = ""
    without_quorum: str = ""
    decided_on: datetime.date | None = None
    source_label: str = ""
    source_url: str = ""
    fields: Collection[Field] = ()


def without_result(draft: Draft) -> Draft:
    """Day, source and fields belong to what a jury has decided."""
    return replace(draft, decided_on=None, source_label="", source_url="", fields=())


# --- preparing


def prepare(application: Application, draft: Draft, *, by: User) -> Outcome:
    """Puts an outcome on the list of its call, or in place of the one that is there. Nobody but the coordination of
    the call learns of it. Who may: `may_decide`.

    Words of the letter that somebody has changed go with another outcome or other reasons, which they no longer fit.
    Raises DecisionRefusedError where the table of moves, the quota, or a missing reason or review does not allow it.
    """
    with transaction.atomic():
        call = held_call(application.call, by)
        now = locked(application)
        move = move_for(draft.action, now.state)
        if move is None or not move.by_release or not fits_call(move, call):
            raise DecisionRefusedError(
                _("This cannot be decided now: the application is “%(state)s”. Look at the page again.")
                % {"state": now.get_state_display()}
            )
        there = now.outcomes.prepared().first()
        if there is not None and there.release_id is not None:
            raise DecisionRefusedError(_("This outcome waits for its release. Take the release back to change it."))
        _refuse_incomplete(now, move, draft)
        without_quorum = _refuse_without_quorum(now, draft)
        refuse_above_quota(call, [*_endorsing(call, but_for=now), *([now] if move.action == Action.ENDORSE else [])])
        return _write(now, there, draft if move.by_jury else without_result(draft), without_quorum, by)


def held_call(call: Call, by: User) -> Call:
    """The call, its row locked: decisions of one call are made one after the other. Raises DecisionRefusedError for
    whoever may not decide."""
    held = Call.objects.select_for_update(of=("self",)).select_related("network", "pack_version").get(pk=call.pk)
    if not may_decide(by, held):
        raise DecisionRefusedError(
            _("Only people of the coordination who are in no conflict of interest decide in this call.")
        )
    return held


def _refuse_incomplete(application: Application, move: Move, draft: Draft) -> None:
    """Reasons in both languages or in none; a result with its day and its source."""
    german, english = draft.reason_de.strip(), draft.reason_en.strip()
    if move.needs_note or german or english:
        for name, words in (("reason_de", german), ("reason_en", english)):
            if not words:
                raise DecisionRefusedError(_("Give the reasons in both languages: the city reads them."), field=name)
    if not (move.by_jury and move.by_release):
        return
    today = timezone.localdate(timezone=application.call.zone_info)
    if draft.decided_on is None or draft.decided_on > today:
        raise DecisionRefusedError(_("Give the day of the decision; it cannot lie in the future."), field="decided_on")
    if not draft.source_label.strip():
        raise DecisionRefusedError(_("Say where the decision can be read, or who told it."), field="source_label")
    needs_field = move.action == Action.ADMIT and application.pack.field_question
    if needs_field and not draft.fields:
        raise DecisionRefusedError(_("Choose the field in which the city is admitted."), field="fields")
    if any(field.network_id != application.call.network_id for field in draft.fields):
        raise ValueError("a field of another network")


def lacks_quorum(application: Application) -> bool:
    """Whether it is decided upon reviews, and fewer stand than the call wants."""
    if application.state != State.IN_REVIEW or not application.pack.criteria:
        return False
    return not totals_of([application])[application.pk].has_quorum


def _refuse_without_quorum(application: Application, draft: Draft) -> str:
    """The reason where it is needed."""
    if draft.action == Action.CORRECT or not lacks_quorum(application):
        return ""
    if not draft.without_quorum.strip():
        raise DecisionRefusedError(
            _("Fewer reviews stand than this call wants. Wait for them, or say why it is decided without them."),
            field="without_quorum",
        )
    return draft.without_quorum.strip()


def _endorsing(call: Call, *, but_for: Application) -> list[Application]:
    """Those that hold a place of the quota: endorsed already, or prepared to be."""
    return [one for one in holders(call) if one.pk != but_for.pk]


def refuse_above_quota(call: Call, chosen: Iterable[Application]) -> None:
    """Raises DecisionRefusedError where these are more than the call endorses; no reason overrides that."""
    quota = call.pack.quota
    found = excesses([candidate_of(one, None) for one in chosen], quota)
    if found and quota is not None:
        raise DecisionRefusedError(_sentence(found[0], quota.count, call), field="action")


def _sentence(excess: Excess, count: int, call: Call) -> str:
    if excess.field:
        names = {field.slug: str(field) for field in call.network.fields.all()}
        return _(
            "Another city is endorsed in the field “%(field)s” already, and this call endorses each field once. "
            "Take that one off the list first."
        ) % {"field": names.get(excess.field, excess.field)}
    if excess.country:
        return _(
            "This call endorses at most %(count)s of one country; this would be number %(number)s. "
            "Take another one off the list first."
        ) % {"count": count, "number": excess.number}
    return _(
        "This call endorses at most %(count)s; this would be number %(number)s. Take another one off the list first."
    ) % {"count": count, "number": excess.number}


def _write(now: Application, there: Outcome | None, draft: Draft, without_quorum: str, by: User) -> Outcome:
    submission = now.submissions.first()
    assert submission is not None
    values = {
        "action": str(draft.action), "old": now.state, "submission": submission, "reason_de": draft.reason_de.strip(),
        "reason_en": draft.reason_en.strip(), "decided_on": draft.decided_on,
        "source_label": draft.source_label.strip(), "source_url": draft.source_url.strip(),
    }  # fmt: skip
    outcome = there or Outcome(application=now)
    if there is not None and any(getattr(there, name) != value for name, value in values.items()):
        there.texts.all().delete()
    for name, value in values.items():
        setattr(outcome, name, value)
    outcome.without_quorum, outcome.prepared_by, outcome.prepared_at = without_quorum, by, timezone.now()
    outcome.save()
    outcome.fields.set(draft.fields)
    return outcome


def drop(outcome: Outcome, *, by: User) -> None:
    """Takes an outcome off the list; it leaves nothing. Who may: `may_decide`. Raises DecisionRefusedError."""
    with transaction.atomic():
        _listed(outcome, by).delete()


def change_words(outcome: Outcome, language: str, *, subject: str, text: str, by: User) -> OutcomeText:
    """Other words for the letter of an outcome in one language; who changed them is kept. Possible as long as no
    release is set: a second person reads the letters, too. Who may: `may_decide`. Raises DecisionRefusedError."""
    with transaction.atomic():
        listed = _listed(outcome, by)
        return OutcomeText.objects.create(
            outcome=listed, language=language, subject=subject.strip(), text=text.strip(), changed_by=by
        )


def _listed(outcome: Outcome, by: User) -> Outcome:
    """The outcome read anew, its row locked, as long as it waits for a second person."""
    held_call(outcome.application.call, by)
    there = Outcome.objects.listed().select_for_update(of=("self",)).filter(pk=outcome.pk).first()
    if there is None:
        raise DecisionRefusedError(_("This outcome is not on the list any more. Look at the page again."))
    return there


# --- forwarding


def forward(applications: Iterable[Application], *, sent: Sent, note: str, by: User) -> None:
    """Records that endorsed applications went to the network, all of them or none; the cities' teams get a letter. Who
    may: the coordination. Raises MoveNotAllowedError."""
    with transaction.atomic():
        for application in sorted(applications, key=lambda one: one.pk):
            perform(application, Action.FORWARD, by=by, note=note, sent=sent)
