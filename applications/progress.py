"""How far an application is: each step, section and signature in words, and what is to be done next."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.actions.drafting import open_questions
from applications.answers import Value, asked, is_empty
from applications.completeness import Gap, gaps
from applications.freezing import File
from applications.models import Answer, Application, Endorsement, Event, Presence
from applications.pack import Endorsement as Link
from applications.pack import Kind, Question, Section, Step, StepKey
from applications.workflow import State
from network.models import User

HERE = datetime.timedelta(minutes=2)  # who was seen since then is there now
NAMED_GAPS = 3


class Condition(models.TextChoices):
    """The state of a section or signature."""

    NOT_BEGUN = "not_begun", gettext_lazy("Not begun yet")
    BEGUN = "begun", gettext_lazy("In progress")
    WRONG = "wrong", gettext_lazy("To be put right")
    RENEW = "renew", gettext_lazy("To be renewed")
    WAITING = "waiting", gettext_lazy("Waits for the signature")
    ASKED = "asked", gettext_lazy("To be changed")
    COMPLETE = "complete", gettext_lazy("Complete")
    CLOSED = "closed", gettext_lazy("Read only")

    @property
    def icon(self) -> str:
        return ICONS[self]

    @property
    def tone(self) -> str:
        """A class of the status word; plain where nothing has happened yet."""
        return TONES.get(self, "status-plain")


C = Condition
ICONS = {
    C.NOT_BEGUN: "todo", C.BEGUN: "begun", C.WRONG: "warning", C.RENEW: "warning", C.WAITING: "clock",
    C.ASKED: "warning", C.COMPLETE: "check", C.CLOSED: "lock",
}  # fmt: skip
TONES = {
    C.BEGUN: "status-info", C.WRONG: "status-attention", C.RENEW: "status-attention", C.WAITING: "status-info",
    C.ASKED: "status-attention", C.COMPLETE: "status-done",
}  # fmt: skip


@dataclass(frozen=True)
class SectionProgress:
    """A section with what is answered and what is open in it."""

    section: Section
    condition: Condition
    answered: int
    asked: int
    gaps: Sequence[Gap]
    last: Answer | None
    people: Sequence[User] = ()

    @property
    def is_complete(self) -> bool:
        return self.condition == Condition.COMPLETE

    @property
    def open_labels(self) -> list[str]:
        """The first questions with something to be done, each once."""
        return list(dict.fromkeys(gap.label for gap in self.gaps))[:NAMED_GAPS]

    @property
    def further(self) -> int:
        """How many more questions there are than `open_labels` names."""
        return len({gap.question for gap in self.gaps}) - len(self.open_labels)


@dataclass(frozen=True)
class LinkProgress:
    """A signature that the city brings."""

    link: Link
    condition: Condition
    sheet: Endorsement | None

    @property
    def is_complete(self) -> bool:
        return self.condition == Condition.COMPLETE


@dataclass(frozen=True)
class StepProgress:
    """One of the four steps."""

    number: int
    step: Step
    sections: list[SectionProgress]
    links: list[LinkProgress] = field(default_factory=list)

    @property
    def is_last(self) -> bool:
        return self.step.key is StepKey.SUBMIT

    @property
    def done(self) -> int:
        return sum(one.is_complete for one in self.sections) + sum(one.is_complete for one in self.links)

    @property
    def count(self) -> int:
        """Of what the city can change now: of a returned application the named parts and the signatures."""
        return sum(one.condition != C.CLOSED for one in self.sections) + len(self.links)


@dataclass(frozen=True)
class Progress:
    """A whole application."""

    file: File
    steps: list[StepProgress]
    gaps: Sequence[Gap]

    @property
    def sections(self) -> list[SectionProgress]:
        return [one for step in self.steps for one in step.sections]

    @property
    def is_complete(self) -> bool:
        return not self.gaps

    @property
    def next_section(self) -> SectionProgress | None:
        """The first section in which something is to be done now."""
        return next((one for one in self.sections if one.gaps and one.condition != C.CLOSED), None)

    @property
    def next_link(self) -> LinkProgress | None:
        return next((one for step in self.steps for one in step.links if not one.is_complete), None)

    @property
    def general_gaps(self) -> list[Gap]:
        """What belongs to no section and no signature."""
        return [gap for gap in self.gaps if not gap.section and not gap.question]

    def step_of(self, section: Section) -> StepProgress:
        return next(step for step in self.steps if any(one.section.key == section.key for one in step.sections))

    def after(self, section: Section) -> Section | None:
        """The section that follows in the same step."""
        sections = [one.section for one in self.step_of(section).sections]
        place = [one.key for one in sections].index(section.key)
        return sections[place + 1] if place + 1 < len(sections) else None


def people_at_work(application: Application, *, but: User) -> dict[str, list[User]]:
    """Who else has a section open now, by its key. One query."""
    since = timezone.now() - HERE
    present = Presence.objects.filter(application=application, seen_at__gte=since).exclude(user=but)
    found: dict[str, list[User]] = {}
    for one in present.select_related("user").order_by("user__name", "pk"):
        found.setdefault(one.section, []).append(one.user)
    return found


def progress_of(
    file: File, answers: Iterable[Answer], *, people: Mapping[str, Sequence[User]] | None = None
) -> Progress:
    """`answers` are the stored ones with who changed them; `people` those at work. Asks the database only for fields
    of the network, where a question offers them."""
    found = gaps(file)
    by_section: dict[str, list[Gap]] = {}
    for gap in found:
        by_section.setdefault(gap.section, []).append(gap)
    stored = {one.question: one for one in answers}
    is_asked = {question.key for question in asked(file.pack, file.answers)}
    is_open = open_questions(file.application)
    steps = []
    for number, step in enumerate(file.pack.steps, start=1):
        sections = [
            SectionProgress(
                section=section,
                condition=_condition(
                    section, file, is_asked, by_section.get(section.key, []), is_open, _changed_since(file, stored)
                ),
                answered=sum(1 for one in _asked_in(section, is_asked) if not is_empty(file.answers.get(one.key))),
                asked=len(_asked_in(section, is_asked)),
                gaps=by_section.get(section.key, []),
                last=last_change([stored[one.key] for one in section.questions if one.key in stored]),
                people=(people or {}).get(section.key, ()),
            )
            for section in step.sections
        ]
        links = [_link(link, file) for link in file.pack.endorsements if link.by_city]
        steps.append(StepProgress(number, step, sections, links if step.key is StepKey.APPLY else []))
    return Progress(file, steps, found)


def last_change(answers: Iterable[Answer]) -> Answer | None:
    """The answer that was changed last."""
    return max(answers, key=lambda answer: answer.changed_at, default=None)


def _asked_in(section: Section, is_asked: set[str]) -> list[Question]:
    return [question for question in section.questions if question.key in is_asked]


def _changed_since(file: File, stored: Mapping[str, Answer]) -> set[str]:
    """The questions whose answer or documents are newer than the last submission; none of a draft."""
    if (submitted_at := file.application.submitted_at) is None:
        return set()
    answers = {key for key, answer in stored.items() if answer.changed_at > submitted_at}
    papers = {one.question for one in file.documents.values() if one.uploaded_at > submitted_at}
    return answers | papers


def _condition(
    section: Section,
    file: File,
    is_asked: set[str],
    open_gaps: Sequence[Gap],
    is_open: set[str],
    changed: set[str],
) -> Condition:
    if file.application.state == State.RETURNED:
        named = {one.key for one in section.questions} & is_open
        if not named:
            return C.CLOSED
        if not named & changed:
            return C.ASKED
    questions = _asked_in(section, is_asked)
    said = {question.key for question in questions if not is_empty(file.answers.get(question.key))}
    if any(one.kind is Kind.CONFIRM and _is_outdated(one, file.answers.get(one.key)) for one in questions):
        return C.RENEW
    if any(gap.question in said for gap in open_gaps):
        return C.WRONG
    if not open_gaps and (said or not questions):
        return C.COMPLETE
    return C.BEGUN if said else C.NOT_BEGUN


def _is_outdated(question: Question, value: Value) -> bool:
    return isinstance(value, dict) and bool(value.get("confirmed")) and value.get("version", "") != question.version


def _link(link: Link, file: File) -> LinkProgress:
    sheet = file.endorsements.get(link.key)
    if sheet is None:
        return LinkProgress(link, C.NOT_BEGUN, None)
    if not sheet.is_given:
        return LinkProgress(link, C.WAITING if file.is_current(sheet) else C.RENEW, sheet)
    return LinkProgress(link, C.COMPLETE if file.is_current(sheet) else C.RENEW, sheet)


def at_work_sentence(people: Sequence[User]) -> str:
    """Who else is at work in a section; empty where nobody is."""
    if not people:
        return ""
    if len(people) == 1:
        return _("%(person)s is working on this section, too. What you both write is kept.") % {"person": people[0]}
    names = ", ".join(str(person) for person in people)
    return _("These people are working on this section, too: %(people)s. What you all write is kept.") % {
        "people": names
    }


def is_unchanged(file: File) -> bool:
    """Whether a returned application still says what was submitted last."""
    if file.application.state != State.RETURNED:
        return False
    latest = file.application.submissions.first()
    return latest is not None and latest.sha256 == file.sha256


def request_for_more(application: Application) -> Event | None:
    """What the coordination asked for last, with its note; None unless the application is returned now."""
    if application.state != State.RETURNED:
        return None
    return application.events.filter(kind=Event.Kind.RETURN).select_related("note").last()
