"""What the daily job does for applications: reminds of deadlines, warns before time runs out, lets lapse."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from applications import letters, reviewing_letters
from applications.actions.moving import perform
from applications.actions.releasing import carry_out_due
from applications.models import Application, Assignment, Presence
from applications.models.call import LAST_SECOND
from applications.workflow import Action, State
from network import daily, waking

DEADLINE_DAYS = (30, 14, 7, 3, 1)  # before a draft can no longer be submitted
REVIEW_DAYS = (7, 1)  # before a review is due
LAPSE_DAYS = (14, 7, 1)  # before an application lapses
DRAFT_KEPT = datetime.timedelta(days=30)  # after its deadline


def register() -> None:
    """The duties in their order: who was warned yesterday may lapse today."""
    daily.register("deadlines of applications", remind_of_deadlines)
    daily.register("applications about to lapse", warn_before_lapse)
    daily.register("applications that lapse", let_lapse)
    daily.register("who was at work", forget_presence)
    daily.register("reviews that are due", remind_of_reviews)
    daily.register("releases of decisions", release_what_is_due)
    waking.register(carry_out_due)


def remind_of_deadlines(window: daily.Window) -> None:
    """To the team of each draft, so many days before its deadline; after lost days only the latest reminder."""
    for application in _at_work(State.DRAFT):
        days = _days_reached(application, application.due_at, DEADLINE_DAYS, window)
        if days is not None:
            letters.remind_of_deadline(application, days=days)


def warn_before_lapse(window: daily.Window) -> None:
    """To the team of each returned application and each late draft, so many days before it lapses."""
    for application in _at_work(State.RETURNED, State.DRAFT):
        if application.state == State.DRAFT and application.is_in_time(window.now):
            continue
        lapses_at = lapse_of(application)
        days = _days_reached(application, lapses_at, LAPSE_DAYS, window)
        if days is not None:
            letters.warn_before_lapse(application, lapses_at=lapses_at, days=days)


def let_lapse(window: daily.Window) -> None:
    """Returned applications whose time is over, and drafts a month after their deadline."""
    for application in _at_work(State.RETURNED, State.DRAFT):
        if window.now >= lapse_of(application) + LAST_SECOND:
            perform(application, Action.LAPSE, by=None)


def forget_presence(window: daily.Window) -> None:
    """Who was at work in a section is nobody's business the day after."""
    Presence.objects.filter(seen_at__lt=window.now - datetime.timedelta(days=1)).delete()


def remind_of_reviews(window: daily.Window) -> None:
    """To each reviewer, so many days before an unfinished review is due; after lost days only the latest reminder.
    Whoever is in conflict by now gets none."""
    unfinished = Assignment.objects.filter(state__in=[Assignment.State.INVITED, Assignment.State.ACCEPTED])
    ahead = unfinished.filter(
        due_at__gt=window.now, due_at__lte=window.now + datetime.timedelta(days=max(REVIEW_DAYS) + 1)
    )
    for assignment in ahead.select_related("reviewer").order_by("pk"):
        if not Assignment.objects.of(assignment.reviewer).filter(pk=assignment.pk).exists():
            continue
        assignment.application = Application.objects.for_page().get(pk=assignment.application_id)
        reached = [
            days
            for days in REVIEW_DAYS
            if window.since < assignment.due_at - datetime.timedelta(days=days) <= window.now
            and assignment.assigned_at < assignment.due_at - datetime.timedelta(days=days)
        ]
        if reached:
            reviewing_letters.remind(assignment, days=min(reached))


def release_what_is_due(_window: daily.Window) -> None:
    """Releases whose moment has come and that no worker has carried out."""
    carry_out_due()


def lapse_of(application: Application) -> datetime.datetime:
    """The last second before the application lapses."""
    return application.due_at + (DRAFT_KEPT if application.state == State.DRAFT else datetime.timedelta())


def _at_work(*states: State) -> Iterable[Application]:
    return Application.objects.for_page().filter(state__in=states).order_by("pk")


def _days_reached(
    application: Application, end: datetime.datetime, days: tuple[int, ...], window: daily.Window
) -> int | None:
    """The smallest number of days before `end` that the window has reached, by the clock of the call's own zone; None
    where it has reached none, or the end is over."""
    if window.now >= end + LAST_SECOND:
        return None
    local = end.astimezone(application.call.zone_info)
    # wall clock: "7 days before" is the same hour, also over a change to or from summer time
    reached = [number for number in days if window.since < local - datetime.timedelta(days=number) <= window.now]
    started = timezone.localtime(application.started_at, application.call.zone_info)
    return min((number for number in reached if started < local - datetime.timedelta(days=number)), default=None)
