"""Releasing decisions: a second person checks the whole list, and at one moment all of it becomes known, in one
transaction: states, events, memberships, letters. Not a second before, and never twice."""

import datetime
import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Prefetch
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import letters
from applications.actions.deciding import DecisionRefusedError, held_call, refuse_above_quota
from applications.actions.drafting import locked
from applications.actions.moving import write_move
from applications.models import Call, Outcome, OutcomeText, Release, Submission
from applications.models.deciding import OutcomeQuerySet
from applications.pack import fingerprint
from applications.ranking import holders
from applications.scores import totals_of
from applications.workflow import Action, State
from cities.membership_actions import admit, take_admission_back
from network.models import User

log = logging.getLogger(__name__)


def listed_of(call: Call) -> list[Outcome]:
    """What a second person checks: the prepared outcomes of a call without a release, by city."""
    outcomes = Outcome.objects.listed().filter(application__call=call)
    return list(with_all(outcomes).order_by("application__city__sort_de", "pk"))


def with_all(outcomes: OutcomeQuerySet) -> OutcomeQuerySet:
    """With whatever their letters and their page show, in four queries."""
    rows = outcomes.select_related(
        "application__call__network", "application__call__pack_version", "application__city__country",
        "application__pack_version", "submission", "prepared_by",
    )  # fmt: skip
    rows = rows.defer(
        "application__call__pack_version__document", "application__pack_version__document", "submission__content"
    )
    numbers = Submission.objects.only("application", "number")
    texts = OutcomeText.objects.select_related("changed_by")
    return rows.prefetch_related(
        Prefetch("application__submissions", numbers), "fields", Prefetch("texts", texts)
    )  # fmt: skip


def fingerprint_of(outcomes: Iterable[Outcome]) -> str:
    """Stands for all a second person has read: another one means that something has changed since."""
    return fingerprint(
        [
            [
                one.pk, one.application.state, one.action, one.prepared_at.isoformat(), one.prepared_by_id,
                [text.pk for text in one.texts.all()],
            ]
            for one in outcomes
        ]
    )  # fmt: skip


def release(call: Call, *, at: datetime.datetime | None, seen: str, by: User) -> Release:
    """A second person has checked the whole list and releases it, at once (`at` None) or at a moment in the future.

    Who may: `may_decide`, and nobody who prepared one of the outcomes or wrote one of their letters. `seen` is the
    `fingerprint_of` what they have read. Raises DecisionRefusedError; then nothing has changed.
    """
    with transaction.atomic():
        held = held_call(call, by)
        outcomes = listed_of(held)
        if not outcomes or fingerprint_of(outcomes) != seen:
            raise DecisionRefusedError(_("The list has changed since you read it. Read it once more, then release it."))
        _refuse_first_person(outcomes, by)
        _refuse_unsound(held, outcomes)
        if at is not None and at <= timezone.now():
            raise DecisionRefusedError(_("Give a moment in the future, or release at once."), field="day")
        made = Release.objects.create(call=held, at=at or timezone.now(), set_by=by)
        Outcome.objects.filter(pk__in=[one.pk for one in outcomes]).update(release=made)
        if at is None:
            _carry_out(made)
        else:
            carry_out.using(run_after=at, priority=50).enqueue(made.pk)
    return made


def own_part(outcomes: Iterable[Outcome], person: User) -> list[Outcome]:
    """Those of which the person has prepared the outcome or written the letter: a colleague must check them."""
    return [
        one for one in outcomes if person.pk in {one.prepared_by_id, *(text.changed_by_id for text in one.texts.all())}
    ]


def _refuse_first_person(outcomes: list[Outcome], by: User) -> None:
    if own := own_part(outcomes, by):
        raise DecisionRefusedError(
            _("You worked on this list yourself: %(cities)s. Another person of the coordination checks it.")
            % {"cities": ", ".join(str(one.application.city) for one in own)}
        )


def _refuse_unsound(call: Call, outcomes: list[Outcome]) -> None:
    """What was prepared days ago must still be right."""
    moved = [str(one.application.city) for one in outcomes if not one.is_current]
    if moved:
        raise DecisionRefusedError(
            _("These applications have changed since their outcome was prepared: %(cities)s. Prepare them anew.")
            % {"cities": ", ".join(moved)}
        )
    reviewed = [one for one in outcomes if one.old == State.IN_REVIEW and one.application.pack.criteria]
    totals = totals_of([one.application for one in reviewed])
    lacking = [str(one.application.city) for one in reviewed
               if not (one.without_quorum or totals[one.application_id].has_quorum)]  # fmt: skip
    if lacking:
        raise DecisionRefusedError(
            _("Fewer reviews stand by now than this call wants: %(cities)s. Prepare these outcomes anew.")
            % {"cities": ", ".join(lacking)}
        )
    refuse_above_quota(call, holders(call))


def take_back(release: Release, *, by: User) -> None:
    """Before its moment: the outcomes go back on the list, to be changed, checked and released anew. Who may:
    `may_decide`. Raises DecisionRefusedError."""
    with transaction.atomic():
        held_call(release.call, by)
        held = Release.objects.waiting().select_for_update(of=("self",)).filter(pk=release.pk).first()
        if held is None:
            raise DecisionRefusedError(_("This release cannot be taken back any more. Look at the page again."))
        held.taken_back_at, held.taken_back_by = timezone.now(), by
        held.save(update_fields=["taken_back_at", "taken_back_by"])
        held.outcomes.update(release=None)


@task
def carry_out(number: int) -> None:
    """Carries out the release with this number at its moment: once, however often it is asked."""
    with transaction.atomic():
        Call.objects.select_for_update(of=("self",)).filter(releases=number).first()
        release = Release.objects.due().select_for_update(of=("self",)).filter(pk=number).first()
        if release is not None:
            _carry_out(release)


def carry_out_due() -> None:
    """All whose moment has come: after a worker was away or died. Safe at any time, beside any number of workers."""
    for number in Release.objects.due().order_by("at", "pk").values_list("pk", flat=True):
        try:
            carry_out.call(number)
        except Exception:
            log.exception("The release no. %s could not be carried out.", number)


def _carry_out(release: Release) -> None:
    """Everything at one moment; the caller holds the call and the transaction. What has moved since it was prepared,
    such as an application that was withdrawn, stays as it is."""
    for outcome in with_all(Outcome.objects.filter(release=release).order_by("application")):
        outcome.application = locked(outcome.application)
        if outcome.is_current:
            _become(outcome, by=release.set_by)
        else:
            outcome.is_void = True
            outcome.save(update_fields=["is_void"])
    release.released_at = timezone.now()
    release.save(update_fields=["released_at"])


def _become(outcome: Outcome, *, by: User) -> None:
    now, call = outcome.application, outcome.application.call
    data: dict[str, object] = {"release": outcome.release_id}
    if outcome.decided_on:
        data |= {"on": outcome.decided_on.isoformat(), "source": outcome.source_label, "url": outcome.source_url}
    if outcome.action == Action.ADMIT:
        fields = list(outcome.fields.all())
        data["fields"] = [field.slug for field in fields]
        assert outcome.decided_on is not None
        data["begins"] = admit(
            now.city, call.network, fields=fields, decided_on=outcome.decided_on,
            source_label=outcome.source_label, source_url=outcome.source_url, by=by,
        )  # fmt: skip
    elif outcome.ends_membership:
        take_admission_back(now.city, call.network, by=by)
    note = "\n\n".join(words for words in (outcome.reason_de, outcome.reason_en) if words)
    outcome.event = write_move(now, outcome.move, by=by, data=data, note=note)
    outcome.save(update_fields=["event"])
    letters.tell_of_outcome(outcome)
