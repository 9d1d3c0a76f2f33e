"""What an earlier application of the same city offers a new one: each answer to be taken over by itself, or not."""

from collections.abc import Sequence
from dataclasses import dataclass

from applications.answers import Value, is_empty
from applications.freezing import File, file_of
from applications.models import Application, Event, EventNote
from applications.models.call import Call
from applications.pack import Kind, Pack, Question
from applications.shown import labels
from applications.workflow import Action
from cities.models import City

GIVEN_ANEW = {"confirmed", "consent"}  # parts of facts and contacts
REASONS = (Action.REFUSE, Action.NOT_ADMIT, Action.RETURN, Action.LAPSE)


@dataclass(frozen=True)
class Earlier:
    """An earlier application as it is stored, with the reasons it was given."""

    file: File
    reasons: Sequence[EventNote]

    @property
    def application(self) -> Application:
        return self.file.application

    @property
    def year(self) -> int:
        """The year of its deadline, by which people know it."""
        call = self.application.call
        return call.closes_at.astimezone(call.zone_info).year

    def answer(self, question: Question) -> Value:
        """What it said to a question of this key and kind; None where it was not asked that."""
        asked = self.file.pack.questions.get(question.key)
        return self.file.answers.get(question.key) if asked and asked.kind is question.kind else None

    def offer(self, question: Question, file: File) -> Value:
        """What may be taken over into the application of `file`. Confirmations never: they are given anew, also those
        that are part of a fact or a contact. Of choices only those that are still there. None where nothing is left."""
        value = self.answer(question)
        if is_empty(value) or question.kind is Kind.CONFIRM:
            return None
        if isinstance(value, dict):
            value = {key: False if key in GIVEN_ANEW else part for key, part in value.items()}
        elif question.kind is Kind.SEVERAL and isinstance(value, list):
            value = [key for key in value if key in labels(question, file)]
        elif question.kind is Kind.CHOICE and value not in labels(question, file):
            value = None
        return None if is_empty(value) else value


def earlier_of(application: Application) -> Earlier | None:
    """The application that this one began from, with what was decided about it."""
    if application.earlier_id is None:
        return None
    before = Application.objects.for_page().get(pk=application.earlier_id)
    events = Event.objects.filter(application=before, kind__in=REASONS, note__isnull=False)
    events = events.select_related("note", "outcome").order_by("-sequence")
    return Earlier(file_of(before), [event.note for event in events if event.note.words])


def candidates(call: Call, city: City) -> list[Application]:
    """Applications of the city that share questions with the call, the latest first; none that is still being
    written."""
    others = Application.objects.for_page().filter(city=city).exclude(call=call).exclude(state="draft")
    return [one for one in others.order_by("-started_at") if shares_questions(one.pack, call.pack)]


def shares_questions(one: Pack, other: Pack) -> bool:
    """Whether any question is asked in both, by key and kind."""
    return any(key in one.questions and one.questions[key].kind is question.kind
               for key, question in other.questions.items())  # fmt: skip


def alike(one: Value, other: Value) -> bool:
    """Whether two answers say the same, whatever of them is confirmed."""
    return _bare(one) == _bare(other)


def _bare(value: Value) -> Value:
    return {key: part for key, part in value.items() if key not in GIVEN_ANEW} if isinstance(value, dict) else value
