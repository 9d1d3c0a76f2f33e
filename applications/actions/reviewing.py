"""Writing a review, finishing and reopening it; what a new submission touches; what of it the city may read."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import reviewing_letters
from applications.models import Application, Assignment, Outcome, Review, Score, Submission
from applications.models.reviewing import READING
from applications.pack import Criterion
from applications.permissions import roles_of
from applications.workflow import Role
from network.actions import RefusedError
from network.models import User


@dataclass(frozen=True)
class Entry:
    """What is said to one criterion. `confirmed`: it stays though the city has changed what feeds it."""

    value: int | None = None
    abstained: bool = False
    reason: str = ""
    confirmed: bool = False


class ReviewRefusedError(RefusedError):
    """The review cannot be written now; a sentence for the reader. Nothing was saved."""


class ReviewIncompleteError(RefusedError):
    """The review was saved and is not finished: `missing` says what each criterion (by key) lacks still."""

    def __init__(self, for_reader: str, missing: Mapping[str, str]) -> None:
        super().__init__(for_reader)
        self.missing = missing


def save_review(
    assignment: Assignment,
    entries: Mapping[str, Entry],
    *,
    by: User,
    general: str,
    private_note: str,
    seen: datetime.datetime | None,
) -> Review:
    """Keeps what a reviewer has written, whole or not; `entries` by key of criterion. Who may: the reviewer, once the
    assignment is accepted, until the decision is prepared.

    `seen` is when the review had been changed last as far as the reader knew (None: not begun). Raises
    ReviewRefusedError where another window has saved since, or the review cannot be written.
    """
    with transaction.atomic():
        now = _written_by(assignment, by)
        review = Review.objects.filter(assignment=now).first()
        if (review.changed_at if review else None) != seen:
            raise ReviewRefusedError(
                _(
                    "The review was saved in another window meanwhile. What you have written here is still in the "
                    "form: save once more to keep it instead of the other."
                )
            )
        if review and not is_open(review):
            raise ReviewRefusedError(_("The review is finished. Reopen it to change it."))
        review = review or Review(assignment=now)
        review.changed_at, review.private_note = timezone.now(), private_note
        if general != review.general:
            review.general, review.general_released_at, review.general_released_by = general, None, None
        review.save()
        latest = _latest(now.application)
        scores = {score.criterion: score for score in review.scores.select_related("submission")}
        for one in now.application.pack.criteria:
            _keep_score(review, one, scores.get(one.key), entries.get(one.key, Entry()), latest)
    return review


def _keep_score(review: Review, criterion: Criterion, score: Score | None, entry: Entry, latest: Submission) -> None:
    if entry.value is not None and not criterion.lowest <= entry.value <= criterion.highest:
        raise ValueError(f"{criterion.key}: a score is from {criterion.lowest} to {criterion.highest}")
    score = score or Score(review=review, criterion=criterion.key, submission=latest)
    if (score.value, score.abstained, score.reason) != (entry.value, entry.abstained, entry.reason):
        if score.reason != entry.reason:
            score.released_at, score.released_by = None, None
        score.value, score.abstained, score.reason = entry.value, entry.abstained, entry.reason
        score.submission, score.confirmed = latest, False
    elif entry.confirmed and is_touched(score, criterion, latest):
        score.submission = latest
    score.save()


def finish(assignment: Assignment, *, by: User) -> Review:
    """Ends the review: each criterion must be scored with a reason, or abstained from, and what the city has changed
    since must be confirmed. Raises ReviewIncompleteError naming what is missing."""
    with transaction.atomic():
        now = _written_by(assignment, by)
        review = now.review
        latest = _latest(now.application)
        scores = {score.criterion: score for score in review.scores.select_related("submission")}
        lacking = {one.key: _lacking(scores[one.key], one, latest) for one in now.application.pack.criteria}
        if missing := {key: sentence for key, sentence in lacking.items() if sentence}:
            raise ReviewIncompleteError(_("Your review is saved, and not finished yet."), missing)
        review.scores.update(confirmed=True)
        review.done_at = timezone.now()
        review.save(update_fields=["done_at"])
        now.state = Assignment.State.DONE
        now.save(update_fields=["state"])
    return review


def _lacking(score: Score, criterion: Criterion, latest: Submission) -> str:
    if score.value is None and not score.abstained:
        return _("Choose a score, or abstain.")
    if not score.abstained and not score.reason:
        return _("Give a reason for this score.")
    if is_touched(score, criterion, latest):
        return _("The city has changed what this score rests on. Confirm it, or change it.")
    return ""


def reopen(assignment: Assignment, *, by: User) -> None:
    """The reviewer goes on writing; until it is finished anew the review does not count. Possible until the decision
    is prepared. Raises ReviewRefusedError."""
    with transaction.atomic():
        now = _written_by(assignment, by)
        Review.objects.filter(assignment=now).update(done_at=None)
        now.state = Assignment.State.ACCEPTED
        now.save(update_fields=["state"])


def is_open(review: Review) -> bool:
    """Whether there is something to write: it is not finished, or a score waits to be confirmed."""
    return review.done_at is None or not all(score.confirmed for score in review.scores.all())


def is_touched(score: Score, criterion: Criterion, latest: Submission) -> bool:
    """Whether something that feeds the criterion reads otherwise now than in the version the score judged."""
    if score.submission_id == latest.pk or (score.value is None and not score.abstained):
        return False
    before, after = score.submission.content["answers"], latest.content["answers"]
    return any(before.get(key) != after.get(key) for key in criterion.questions)


def touch_scores(submission: Submission) -> None:
    """After a city has submitted anew: scores of finished reviews whose criterion it has touched are to be confirmed,
    those to which it has come back stand again; who reviews is told. Inside the transaction of submitting."""
    application = submission.application
    scores = Score.objects.filter(review__assignment__application=application).select_related("submission", "review")
    criteria = {one.key: one for one in application.pack.criteria}
    for score in scores.filter(review__assignment__state__in=READING):
        criterion = criteria.get(score.criterion)
        stands = criterion is not None and not is_touched(score, criterion, submission)
        if score.review.done_at and score.confirmed != stands:
            score.confirmed = stands
            score.save(update_fields=["confirmed"])
    at_work = Assignment.objects.filter(application=application, state__in=READING).select_related("reviewer")
    reviewing_letters.tell_of_change(submission, at_work)


def release_words(application: Application, *, scores: Collection[int], reviews: Collection[int], by: User) -> None:
    """Sets which reasons (by key of the score) and general words (by key of the review) the city may read; all others
    are not released. Who may: the coordination. Only those of finished reviews are there to be chosen."""
    with transaction.atomic():
        now = Application.objects.select_for_update(of=("self",)).select_related("call__network").get(pk=application.pk)
        if Role.COORDINATOR not in roles_of(by, now):
            raise ReviewRefusedError(_("Only the coordination of the network may do this."))
        moment = timezone.now()
        done = Review.objects.filter(
            assignment__application=now, assignment__state=Assignment.State.DONE, done_at__isnull=False
        )
        every = Score.objects.filter(review__assignment__application=now)
        every.exclude(pk__in=scores).update(released_at=None, released_by=None)
        chosen = every.filter(pk__in=scores, review__in=done, reason__gt="", released_at__isnull=True)
        chosen.update(released_at=moment, released_by=by)
        words = Review.objects.filter(assignment__application=now)
        words.exclude(pk__in=reviews).update(general_released_at=None, general_released_by=None)
        words.filter(pk__in=done.filter(pk__in=reviews), general__gt="", general_released_at__isnull=True).update(
            general_released_at=moment, general_released_by=by
        )


def _written_by(assignment: Assignment, by: User) -> Assignment:
    """The assignment, held, if the person may write its review now."""
    own = Assignment.objects.of(by).select_for_update(of=("self",)).filter(pk=assignment.pk, state__in=READING)
    now = own.first()
    if now is None:
        raise ReviewRefusedError(_("This is not asked of you any more. Look at your list again."))
    now.application = Application.objects.for_page().get(pk=now.application_id)
    if is_decided(now.application):
        raise ReviewRefusedError(_("The decision is being prepared. Reviews can no longer be changed."))
    return now


def is_decided(application: Application) -> bool:
    """Whether a decision is prepared: from then on reviews stand as they are."""
    return Outcome.objects.prepared().filter(application=application).exists()


def _latest(application: Application) -> Submission:
    latest = application.submissions.first()
    assert latest is not None, "what is reviewed was submitted"
    return latest
