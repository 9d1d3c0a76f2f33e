"""Letters about applications: who is told what, in their own language, through the outbox."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from applications.conflicts import conflicts_of_coordination
from applications.models import Application, Comment, Event, Extension, Flag, Outcome, OutcomeText, Submission
from applications.pack_differences import Difference
from applications.permissions import SPEAKERS
from network import outbox
from network.models import Letter, Office, User


def team_of(application: Application) -> list[User]:
    """The people who work for the city now."""
    return list(User.objects.filter(teams__city=application.city_id, is_active=True).order_by("pk"))


def speakers_of(application: Application) -> list[User]:
    """Who may submit for the city now: lead and deputies."""
    return list(
        User.objects.filter(teams__city=application.city_id, teams__role__in=SPEAKERS, is_active=True).order_by("pk")
    )


def coordinators_of(application: Application) -> list[User]:
    """Who coordinates the application: the network's coordinators without those who are in conflict with it."""
    offices = Office.objects.filter(network=application.call.network_id, role=Office.Role.COORDINATOR)
    people = list(User.objects.filter(offices__in=offices, is_active=True).distinct().order_by("pk"))
    barred = conflicts_of_coordination(people, [application])
    return [person for person in people if (person.pk, application.pk) not in barred]


def _post(
    kind: str,
    readers: Iterable[User],
    key: str,
    context: dict[str, object],
    urgency: Letter.Urgency = Letter.Urgency.CASE,
) -> list[Letter]:
    posted = [
        outbox.post(kind, to=reader, context=context, key=f"{key}:{reader.pk}", urgency=urgency) for reader in readers
    ]
    return [letter for letter in posted if letter is not None]


def tell_of_submission(submission: Submission) -> None:
    """The receipt to the team, the news to the coordination, and the copy to the network's own address."""
    application = submission.application
    context: dict[str, object] = {"submission": submission, "application": application, "call": application.call}
    key = f"submission:{submission.pk}"
    keep(application, _post("application_receipt", team_of(application), key, context, Letter.Urgency.DEADLINE))
    keep(application, _post("application_arrived", coordinators_of(application), key, context))
    if address := application.call.network.email:
        letter = outbox.post(
            "application_copy",
            to=address,
            context=context,
            key=f"{key}:network",
            urgency=Letter.Urgency.DEADLINE,
            language="en",
        )
        keep(application, [letter] if letter else [])


def tell_of_move(application: Application, event: Event, *, note: str) -> None:
    """The city's team, and the coordination where the city itself has moved the application."""
    context: dict[str, object] = {"application": application, "call": application.call, "event": event, "note": note}
    key = f"event:{event.pk}"
    urgency = Letter.Urgency.DEADLINE if application.returned_until else Letter.Urgency.CASE
    keep(application, _post("application_moved", team_of(application), key, context, urgency))
    if event.role != "coordinator" and event.old != "draft":
        keep(application, _post("application_moved", coordinators_of(application), key, context))


def words_of_outcome(outcome: Outcome, language: str) -> tuple[str, str]:
    """Subject and text of the letter about a decision: as somebody has changed them, else as the portal writes them."""
    changed = next((one for one in outcome.texts.all() if one.language == language), None)
    return (changed.subject, changed.text) if changed else draft_of_outcome(outcome, language)


def letters_of_outcome(outcome: Outcome) -> list[tuple[str, str, str, OutcomeText | None]]:
    """For whoever checks it: language, subject and text of both letters, and who has changed one last."""
    latest = {text.language: text for text in reversed(outcome.texts.all())}
    return [(code, *words_of_outcome(outcome, code), latest.get(code)) for code in ("de", "en")]


def draft_of_outcome(outcome: Outcome, language: str) -> tuple[str, str]:
    """What the portal writes about a decision."""
    application = outcome.application
    context: dict[str, object] = {"application": application, "call": application.call, "outcome": outcome}
    return outbox.rendered("application_outcome", context, language)


def tell_of_outcome(outcome: Outcome) -> None:
    """The city's team: what was decided and why. Everybody gets it at once, however they want other letters."""
    application, letters = outcome.application, []
    for person in team_of(application):
        subject, text = words_of_outcome(outcome, person.language)
        context: dict[str, object] = {"letter_subject": subject, "letter_text": text}
        letters += _post("application_decided", [person], f"outcome:{outcome.pk}", context, Letter.Urgency.DEADLINE)
    keep(application, letters)


def tell_of_late(application: Application, event: Event, *, note: str) -> None:
    """The team may submit after the deadline."""
    context: dict[str, object] = {"application": application, "call": application.call, "note": note}
    keep(
        application,
        _post("application_late", team_of(application), f"event:{event.pk}", context, Letter.Urgency.DEADLINE),
    )


def tell_of_extension(application: Application, extension: Extension) -> None:
    """The team of an application under way: a deadline of its call has moved."""
    context: dict[str, object] = {"application": application, "call": extension.call, "extension": extension}
    keep(
        application,
        _post(
            "application_extension",
            team_of(application),
            f"extension:{extension.pk}:{application.pk}",
            context,
            Letter.Urgency.DEADLINE,
        ),
    )


def tell_of_message(comment: Comment) -> None:
    """The city's team: the coordination has written."""
    application = comment.application
    context: dict[str, object] = {"application": application, "call": application.call, "comment": comment}
    keep(application, _post("application_message", team_of(application), f"comment:{comment.pk}", context))


def tell_of_answer(comment: Comment) -> None:
    """The coordination: the city has answered a message."""
    application = comment.application
    context: dict[str, object] = {"application": application, "call": application.call, "comment": comment}
    keep(application, _post("application_answer", coordinators_of(application), f"comment:{comment.pk}", context))


def tell_of_flag(flag: Flag, *, asker: User) -> None:
    """Its owner, but for what they ask of themselves. Not kept with the application, whose letters the city reads."""
    if flag.owner == asker:
        return
    application = flag.application
    context: dict[str, object] = {"application": application, "call": application.call, "flag": flag, "asker": asker}
    _post("application_flag", [flag.owner], f"flag:{flag.pk}:{timezone.now().isoformat()}", context)


def tell_of_pack(application: Application, event: Event, *, changes: list[Difference], follows: bool) -> None:
    """The team of an application under way: questions of its call have changed; `follows` says whether they count for
    it."""
    context: dict[str, object] = {
        "application": application,
        "call": application.call,
        "changes": changes,
        "follows": follows,
    }
    keep(application, _post("application_pack_changed", team_of(application), f"event:{event.pk}", context))


def keep(application: Application, letters: list[Letter]) -> None:
    """The letters stand in the application's history, for its team and its coordination to read."""
    application.letters.add(*letters)


def remind_of_deadline(application: Application, *, days: int) -> None:
    """The team: so many days until the deadline. Another deadline has reminders of its own."""
    due = application.due_at.isoformat()
    context: dict[str, object] = {"application": application, "call": application.call, "days": days}
    key = f"deadline:{application.pk}:{due}:{days}"
    keep(application, _post("application_deadline", team_of(application), key, context, Letter.Urgency.DEADLINE))


def warn_before_lapse(application: Application, *, lapses_at: datetime.datetime, days: int) -> None:
    """The team: so many days until the application lapses."""
    context: dict[str, object] = {
        "application": application,
        "call": application.call,
        "days": days,
        "lapses_at": lapses_at,
    }
    key = f"lapse:{application.pk}:{lapses_at.isoformat()}:{days}"
    keep(application, _post("application_lapsing", team_of(application), key, context, Letter.Urgency.DEADLINE))


def ask_to_submit(application: Application, *, asker: User, day: datetime.date) -> bool:
    """Those who may submit: a colleague asks them to. Whether there was anybody to be asked on this day."""
    speakers = [person for person in speakers_of(application) if person != asker]
    key = f"ready:{application.pk}:{day.isoformat()}"
    context: dict[str, object] = {"application": application, "call": application.call, "asker": asker}
    with outbox.counted() as new:
        keep(application, _post("application_ready", speakers, key, context, Letter.Urgency.DEADLINE))
    return bool(new)
