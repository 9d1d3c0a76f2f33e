"""Who reviews what: assigning, answering, stepping back for a conflict of interest, and taking back."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import reviewing_letters
from applications.conflicts import conflicts_of, conflicts_of_coordination, with_facts
from applications.models import Application, Assignment, Conflict
from applications.models.reviewing import STANDING
from applications.permissions import roles_of
from applications.workflow import REVIEWABLE, Role
from network.actions import RefusedError
from network.models import Office, User

State = Assignment.State
STATEMENT = ("reviewer_statement__country", "reviewer_statement__land")
type Pair = tuple[int, int]  # primary keys of an application and a person


class AssigningRefusedError(RefusedError):
    """Nobody was assigned, or nothing was answered; a sentence for the reader."""


def reviewers_of(network: int) -> list[User]:
    """Who may be asked to review for a network: those with the office who do not coordinate it, by name."""
    return list(reviewing_for(network).select_related(*STATEMENT))


def reviewing_for(network: int) -> QuerySet[User]:
    """The same as a QuerySet."""
    people = User.objects.filter(offices__network=network, offices__role=Office.Role.REVIEWER, is_active=True)
    coordinators = Office.objects.filter(network=network, role=Office.Role.COORDINATOR).values("user")
    return people.exclude(pk__in=coordinators).order_by("name", "pk")


def assign(pairs: Collection[Pair], *, due_at: datetime.datetime, by: User) -> list[Assignment]:
    """Asks these people to review these applications until a moment, all or nothing; each gets one letter.

    Who may: those who coordinate all of the applications, while these are under way. Whoever has declined may be asked
    once more. Raises AssigningRefusedError, naming the first pair that must not be and why.
    """
    if due_at <= timezone.now():
        raise AssigningRefusedError(_("Give a moment in the future."))
    with transaction.atomic():
        applications = {one.pk: one for one in _locked({application for application, _person in pairs}, by)}
        people = _people(applications.values(), {person for _application, person in pairs})
        barred = conflicts_of(people.values(), applications.values())
        there = {
            (one.application_id, one.reviewer_id): one
            for one in Assignment.objects.filter(application__in=applications, reviewer__in=people)
        }
        made = []
        for application, person in sorted(set(pairs)):
            before = there.get((application, person))
            _refuse_unfit(applications[application], people[person], is_there=bool(before and before.state in STANDING))
            if found := barred.get((person, application)):
                values = {"name": people[person], "city": applications[application].city, "reason": found[0].reason}
                raise AssigningRefusedError(_("%(name)s must not review %(city)s. %(reason)s") % values)
            made.append(_asked(applications[application], people[person], before, due_at, by))
        _tell(made)
    return made


def _locked(applications: Collection[int], by: User) -> list[Application]:
    """The applications, held; all must be the person's to coordinate, and under way."""
    held = Application.objects.select_for_update(of=("self",)).filter(pk__in=applications).order_by("pk")
    found = [one for one in with_facts(held) if Role.COORDINATOR in roles_of(by, one)]
    if len(found) < len(applications):
        raise AssigningRefusedError(_("Only the coordination of the network may do this."))
    for one in found:
        if one.state not in REVIEWABLE:
            values = {"city": one.city, "state": one.get_state_display()}
            raise AssigningRefusedError(_("%(city)s is not to be reviewed: it is “%(state)s”.") % values)
        if not one.pack.criteria:
            raise AssigningRefusedError(_("This call has no criteria, so there is nothing to review."))
    return found


def _people(applications: Iterable[Application], wanted: Collection[int]) -> dict[int, User]:
    networks = {one.call.network_id for one in applications}
    found = {person.pk: person for network in networks for person in reviewers_of(network)}
    if not found.keys() >= set(wanted):
        raise AssigningRefusedError(_("Only who reviews for the network can be asked. Invite them first."))
    return {pk: found[pk] for pk in wanted}


def _refuse_unfit(application: Application, person: User, *, is_there: bool) -> None:
    values = {"name": person, "city": application.city}
    if is_there:
        raise AssigningRefusedError(_("%(name)s reviews %(city)s already.") % values)
    if not hasattr(person, "reviewer_statement"):
        sentence = _("%(name)s has not stated yet where they come from and for which cities they work.")
        raise AssigningRefusedError(sentence % values)


def _asked(
    application: Application, person: User, before: Assignment | None, due_at: datetime.datetime, by: User
) -> Assignment:
    assignment = before or Assignment(application=application, reviewer=person)
    assignment.application, assignment.reviewer = application, person
    assignment.state, assignment.reason, assignment.answered_at = State.INVITED, "", None
    assignment.due_at, assignment.assigned_at, assignment.assigned_by = due_at, timezone.now(), by
    assignment.save()
    return assignment


def _tell(made: Iterable[Assignment]) -> None:
    by_reader: dict[tuple[User, int], list[Assignment]] = defaultdict(list)
    for one in made:
        by_reader[one.reviewer, one.application.call_id].append(one)
    for (reviewer, _call), own in by_reader.items():
        reviewing_letters.tell_of_assignments(reviewer, own)


def accept(assignment: Assignment, *, by: User) -> Assignment:
    """The reviewer takes it on: from now on they may read the application. Raises AssigningRefusedError."""
    return _answer(assignment, State.ACCEPTED, (State.INVITED,), by=by)


def decline(assignment: Assignment, *, reason: str = "", by: User) -> Assignment:
    """The reviewer cannot do it, for another reason than a conflict. The coordination is told and may ask again."""
    with transaction.atomic():
        now = _answer(assignment, State.DECLINED, (State.INVITED, State.ACCEPTED), reason=reason, by=by)
        reviewing_letters.tell_of_refusal(now)
    return now


def recuse(assignment: Assignment, *, reason: str, by: User) -> Assignment:
    """The reviewer is in conflict: they lose the application at once and are never asked again; the coordination is
    told why. What they have written no longer counts. Raises AssigningRefusedError."""
    if not reason.strip():
        raise AssigningRefusedError(_("Give a reason: the coordination reads it."))
    with transaction.atomic():
        now = _answer(assignment, State.RECUSED, STANDING, reason=reason, by=by)
        _keep_conflict(now.application, by, reason, by)
        reviewing_letters.tell_of_refusal(now)
    return now


def _answer(
    assignment: Assignment, state: State, sources: Collection[str], *, by: User, reason: str = ""
) -> Assignment:
    with transaction.atomic():
        own = Assignment.objects.of(by).select_for_update(of=("self",)).filter(pk=assignment.pk, state__in=sources)
        now = own.select_related("reviewer").first()
        if now is None:
            raise AssigningRefusedError(_("This is not asked of you any more. Look at your list again."))
        _keep_answer(now, state, reason)
    return now


def _keep_answer(assignment: Assignment, state: State, reason: str) -> None:
    assignment.application = Application.objects.for_page().get(pk=assignment.application_id)
    assignment.state, assignment.answered_at, assignment.reason = state, timezone.now(), reason.strip()
    assignment.save(update_fields=["state", "answered_at", "reason"])


def give_back_all(reviewer: User) -> None:
    """Somebody ends their account: what they have not finished goes back to the coordination, which is told."""
    with transaction.atomic():
        held = Assignment.objects.select_for_update(of=("self",)).filter(reviewer=reviewer)
        for one in held.filter(state__in=(State.INVITED, State.ACCEPTED)).select_related("reviewer").order_by("pk"):
            _keep_answer(one, State.DECLINED, "")
            reviewing_letters.tell_of_refusal(one)


def take_back(assignment: Assignment, *, reason: str, by: User) -> None:
    """The coordination asks this person no longer; they read why. What they have written no longer counts."""
    with transaction.atomic():
        now = Assignment.objects.select_for_update().select_related("reviewer").get(pk=assignment.pk)
        now.application = _locked({now.application_id}, by)[0]
        if now.state not in STANDING:
            raise AssigningRefusedError(_("This person is not asked any more."))
        now.state, now.reason = State.TAKEN_BACK, reason.strip()
        now.save(update_fields=["state", "reason"])
        reviewing_letters.tell_of_taking_back(now, reason=now.reason)


def deputies_of(application: Application, *, besides: User) -> list[User]:
    """Who else coordinates the network and is not in conflict with this application."""
    offices = Office.objects.filter(network=application.call.network_id, role=Office.Role.COORDINATOR)
    others = User.objects.filter(offices__in=offices, is_active=True).exclude(pk=besides.pk).distinct()
    people = list(others.order_by("name", "pk"))
    barred = conflicts_of_coordination(people, with_facts(Application.objects.filter(pk=application.pk)))
    return [person for person in people if (person.pk, application.pk) not in barred]


def declare_own_conflict(application: Application, *, reason: str, by: User) -> Conflict:
    """A coordinator steps back from one application: a colleague takes it, and is told. Refused while there is none.

    Raises AssigningRefusedError.
    """
    if not reason.strip():
        raise AssigningRefusedError(_("Give a reason: your colleagues read it."))
    with transaction.atomic():
        now = _coordinated(application, by)
        deputies = deputies_of(now, besides=by)
        if not deputies:
            raise AssigningRefusedError(
                _(
                    "Nobody else of the coordination could take this application. "
                    "Ask whoever runs the portal to appoint a deputy first, then declare your conflict."
                )
            )
        conflict = _keep_conflict(now, by, reason, by)
        reviewing_letters.hand_over(conflict, deputies)
    return conflict


def record_conflict(application: Application, person: User, *, reason: str, by: User) -> Conflict:
    """The coordination notes that somebody who reviews for the network is in conflict. Where they have the application
    they lose it at once and are told that they do, and they are never asked. Raises AssigningRefusedError."""
    if not reason.strip():
        raise AssigningRefusedError(_("Give a reason: your colleagues read it."))
    with transaction.atomic():
        now = _coordinated(application, by)
        conflict = _keep_conflict(now, person, reason, by)
        standing = Assignment.objects.filter(application=now, reviewer=person, state__in=STANDING)
        for assignment in standing.select_related("reviewer"):
            assignment.state, assignment.answered_at, assignment.reason = State.RECUSED, timezone.now(), reason.strip()
            assignment.save(update_fields=["state", "answered_at", "reason"])
            assignment.application = now
            reviewing_letters.tell_of_taking_back(assignment)
    return conflict


def _coordinated(application: Application, by: User) -> Application:
    now = Application.objects.select_for_update(of=("self",)).select_related("call__network", "city", "pack_version")
    found = now.get(pk=application.pk)
    if Role.COORDINATOR not in roles_of(by, found):
        raise AssigningRefusedError(_("Only the coordination of the network may do this."))
    return found


def _keep_conflict(application: Application, person: User, reason: str, by: User) -> Conflict:
    """The first word stands; saying it again changes nothing."""
    conflict, _is_new = Conflict.objects.get_or_create(
        application=application, person=person, defaults={"reason": reason.strip(), "by": by}
    )
    return conflict
