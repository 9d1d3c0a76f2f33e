"""A section of one application as a form. Unlike other forms it refuses nothing: it saves whatever was typed."""

from collections.abc import Mapping
from functools import cached_property

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from applications.actions.documents import add_document, remove_document
from applications.actions.drafting import Saved, open_questions, save_answers
from applications.answers import Value, is_asked
from applications.earlier import Earlier, earlier_of
from applications.forms.parts import Conflict, Hint
from applications.forms.question import MERGEABLE, QuestionField
from applications.forms.reading import field_name, is_sent, read_answer, seen_version
from applications.freezing import File, file_of
from applications.models import Answer, Application, Document, ReadinessResult
from applications.pack import Kind, Question, Section
from applications.progress import last_change
from applications.readiness import Said
from cities.models import Fact
from network.actions import RefusedError
from network.models import User


class SectionForm:
    """The questions of a section with their answers, as they are stored or as somebody has sent them.

    The fields are described in applications.forms.reading. Beside them come `clash.KEY` (mine, theirs or both, for an
    answer that two people have written) with `about.KEY` (the version it was decided about), and the buttons `take`
    (key of the question whose earlier answer is taken over) and `remove` (primary key of a document).
    """

    def __init__(
        self,
        application: Application,
        section: Section,
        *,
        is_writable: bool,
        posted: QueryDict | None = None,
        uploads: MultiValueDict[str, UploadedFile] | None = None,
    ) -> None:
        self.application = application
        self.section = section
        self.posted = posted if posted is not None else QueryDict()
        self.uploads: MultiValueDict[str, UploadedFile] = uploads if uploads is not None else MultiValueDict()
        self.open = open_questions(application) if is_writable else set()
        self.saved = Saved()
        self.read: dict[str, Value] = {}
        self.refusals: dict[str, list[str]] = {}
        self.has_merged = False
        self.newly_asked: list[str] = []  # by what was saved
        self._load()

    def _load(self) -> None:
        self.file: File = file_of(self.application)
        self.answers: dict[str, Answer] = {
            one.question: one for one in self.application.answers.select_related("changed_by")
        }
        self.__dict__.pop("fields", None)

    @cached_property
    def earlier(self) -> Earlier | None:
        return earlier_of(self.application)

    @cached_property
    def facts(self) -> Mapping[str, Value]:
        """What the directory knows of the city, as answers that nobody has confirmed."""
        if all(question.kind is not Kind.CITY_FACT for question in self.section.questions):
            return {}
        return {fact.kind: _as_answer(fact) for fact in self.application.city.facts.all()}

    @cached_property
    def hints(self) -> Mapping[str, list[Hint]]:
        """What the city said in the readiness check, by the question it prepares."""
        seeds = {one.seeds for one in self.file.pack.readiness}
        if seeds.isdisjoint(question.key for question in self.section.questions):
            return {}
        of_city = ReadinessResult.objects.filter(call=self.application.call_id, city=self.application.city_id)
        result = of_city.first()
        found: dict[str, list[Hint]] = {}
        for one in self.file.pack.readiness:
            if result and one.seeds and result.answers.get(one.key) in set(Said.values):
                hint = Hint(str(one.statement), Said(result.answers[one.key]).label)
                found.setdefault(one.seeds, []).append(hint)
        return found

    # --- what is shown

    @cached_property
    def fields(self) -> list[QuestionField]:
        """All questions that are asked, and those that an answer of this page may cause to be asked."""
        fields = [self._field(question) for question in self.section.questions]
        return [one for one in fields if one.is_asked or one.depends_here]

    def _field(self, question: Question) -> QuestionField:
        key = question.key
        answer = self.answers.get(key)
        clash = self.saved.clashes.get(key)
        value = clash.mine if clash else answer.value if answer else None
        offered = self.facts.get(question.fact) if question.kind is Kind.CITY_FACT and key in self.open else None
        return QuestionField(
            question=question,
            file=self.file,
            answer=answer,
            value=offered if value is None else value,
            is_offered=value is None and offered is not None,
            is_open=key in self.open,
            earlier=self.earlier,
            hints=self.hints.get(key, []),
            refusals=self.refusals.get(key, []),
            conflict=Conflict(clash.stored, clash.mine, seen_version(question, self.posted)) if clash else None,
            is_asked_back=key in self.application.returned_parts,
        )

    @property
    def wrong(self) -> list[QuestionField]:
        """The fields with something to be put right, for the list at the top."""
        return [one for one in self.fields if one.is_asked and (one.sentences or one.conflict)]

    @property
    def is_open(self) -> bool:
        """Whether any of the questions may be written."""
        return any(one.is_open for one in self.fields)

    @property
    def last(self) -> Answer | None:
        """The answer that was changed last."""
        return last_change(self.answers[one.key] for one in self.section.questions if one.key in self.answers)

    # --- saving

    def save(self, *, by: User) -> None:
        """Saves the answers, then adds and removes documents, then takes over what was asked for. What could not be
        done stands in `saved.clashes` and `refusals`. Who may: the city's team. Raises MoveNotAllowedError where the
        application cannot be written at all."""
        before = self._asked()
        seen: dict[str, int] = {}
        for question in self.section.questions:
            if is_sent(question, self.posted) and question.kind is not Kind.DOCUMENT:
                self._read(question, seen)
        self.saved = save_answers(self.application, self.read, seen=seen, by=by)
        self._add_documents(by)
        self._remove_document(by)
        self._take_over(by)
        self._load()
        self.newly_asked = [key for key in self._asked() if key not in before]

    def _asked(self) -> list[str]:
        return [one.key for one in self.section.questions if is_asked(self.file.pack, one, self.file.answers)]

    def _read(self, question: Question, seen: dict[str, int]) -> None:
        key = question.key
        stored = self.file.answers.get(key)
        mine = read_answer(question, self.posted, stored=stored, offered=self.facts.get(question.fact))
        decision, about = self.posted.get(f"clash.{key}", ""), self.posted.get(f"about.{key}", "")
        if decision == "theirs":
            return
        seen[key] = seen_version(question, self.posted)
        if decision in {"mine", "both"} and about.isascii() and about.isdigit() and len(about) < 10:
            seen[key] = int(about)
        if decision == "both" and question.kind in MERGEABLE:
            mine, self.has_merged = _both(self._version(key, seen[key]), mine), True
        self.read[key] = mine

    def _version(self, key: str, number: int) -> Value:
        return self.application.versions.filter(question=key, version=number).values_list("value", flat=True).first()

    def _add_documents(self, by: User) -> None:
        for question in self.section.questions:
            for upload in self.uploads.getlist(field_name(question)):
                self._try_to_add(question, upload, by)

    def _try_to_add(self, question: Question, upload: UploadedFile, by: User) -> None:
        try:
            add_document(self.application, question.key, upload, by=by)
        except RefusedError as refusal:
            sentence = _("%(file)s: %(sentence)s") % {"file": upload.name, "sentence": refusal.for_reader}
            self.refusals.setdefault(question.key, []).append(sentence)

    def _remove_document(self, by: User) -> None:
        keys = [one.key for one in self.section.questions]
        pk = self.posted.get("remove", "")
        if pk.isascii() and pk.isdigit() and len(pk) < 18:
            for document in self.application.documents.filter(pk=int(pk), question__in=keys, removed_at=None):
                remove_document(document, by=by)

    def _take_over(self, by: User) -> None:
        question = next((one for one in self.section.questions if one.key == self.posted.get("take")), None)
        if question is None or self.earlier is None:
            return
        offer = self.earlier.offer(question, self.file)
        if question.kind is Kind.DOCUMENT:
            for document in self._earlier_documents(offer):
                with document.file.open("rb") as content:
                    copy = UploadedFile(content, document.name, size=document.size)
                    self._try_to_add(question, copy, by)
        elif offer is not None:
            seen = {question.key: self.saved.versions.get(question.key, 0)}
            taken = save_answers(self.application, {question.key: offer}, seen=seen, by=by)
            self.saved.written += taken.written

    def _earlier_documents(self, named: Value) -> list[Document]:
        assert self.earlier is not None
        documents = self.earlier.file.documents
        numbers = [pk for pk in named if isinstance(pk, int)] if isinstance(named, list) else []
        return [documents[pk] for pk in numbers if pk in documents]

    @property
    def overtaken(self) -> dict[str, Answer]:
        """What the person left as they saw it while a colleague has written something else, which stays."""
        return {
            key: self.answers[key]
            for key in self.saved.versions
            if key not in self.saved.written and key in self.answers and self.answers[key].value != self.read.get(key)
        }


def _as_answer(fact: Fact) -> Value:
    return {
        "value": format(fact.value.normalize(), "f"),
        "year": fact.year if fact.year is not None else "",
        "source": fact.source_label,
        "url": fact.source_url,
        "confirmed": False,
    }


def _both(theirs: Value, mine: Value) -> Value:
    """One below the other, to be put together by a person."""
    if isinstance(theirs, list) and isinstance(mine, list):
        return theirs + [item for item in mine if item not in theirs]
    return "\n\n".join(str(text) for text in (theirs, mine) if text)
