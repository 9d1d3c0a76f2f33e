"""A new part of a pack, which begins with its title; the condition of a question; a pack from a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import pack as p
from applications.forms.editing import BOTH, a_text
from applications.pack import ColumnKind, Condition, Kind, Pack, PackError, Question, Text, parse, read
from applications.pack_checks.judging import ALL_WEIGHTS
from applications.pack_files import unusable
from applications.pack_labels import COLUMN_KINDS, KINDS, PROPERTIES
from applications.pack_parts import TITLES, Part, Path, find, items, kind_in, mark_of
from network.forms import DrawnForm
from network.models import Field

NOTHING = Text(de="", en="")
USUAL_WORDS, USUAL_DAYS = 300, 30
LARGEST_FILE = 2 * 1024 * 1024


class AddForm(DrawnForm, forms.Form):
    """The title of a new part in both languages, and of a question or column its kind."""

    def __init__(self, *args: Any, path: Path, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, prefix="new", **kwargs)
        self.kind, self.pack = kind_in(path), pack
        for language in BOTH:
            self.fields[language] = a_text(language, 1)
        if self.kind is Question:
            label = str(PROPERTIES[Question]["kind"].label)
            self.fields["kind"] = forms.ChoiceField(label=label, choices=KINDS.items())
            self.fields["kind"].initial = Kind.LONG_TEXT
        elif self.kind is p.Column:
            label = str(PROPERTIES[p.Column]["kind"].label)
            self.fields["kind"] = forms.ChoiceField(label=label, choices=COLUMN_KINDS.items())

    @property
    def both(self) -> list[Any]:
        return [self[language] for language in BOTH]

    @property
    def kind_field(self) -> Any:
        return self["kind"] if "kind" in self.fields else None

    def clean(self) -> None:
        if not self.errors and not any(self.cleaned_data.get(language) for language in BOTH):
            self.add_error("de", _("Write this in German or in English; the other language can follow."))

    @property
    def item(self) -> Any:
        """The new part without its key, once the form is valid; what it still lacks is filled in on its own page."""
        title = Text(de=self.cleaned_data["de"], en=self.cleaned_data["en"])
        if self.kind is Text:
            return title
        values: dict[str, Any] = {"key": "", TITLES[self.kind]: title}
        if self.kind is Question:
            kind = Kind(self.cleaned_data["kind"])
            values |= {"kind": kind, "words": USUAL_WORDS if kind is Kind.LONG_TEXT else None}
        elif self.kind is p.Column:
            values["kind"] = ColumnKind(self.cleaned_data["kind"])
        elif self.kind is p.Criterion:
            left = ALL_WEIGHTS - sum(criterion.weight for criterion in self.pack.criteria)
            values |= {"explanation": NOTHING, "weight": max(0, left), "questions": ()}
        elif self.kind is p.Section:
            values["questions"] = ()
        elif self.kind is p.Readiness:
            values |= {"evidence": NOTHING, "office": NOTHING, "days": USUAL_DAYS}
        elif self.kind is p.Endorsement:
            values |= {"pledge": NOTHING, "days": USUAL_DAYS}
        return self.kind(**values)


def beginning_of(path: Path) -> Any:
    """What a part that is not there yet begins with, such as a quota."""
    return {p.Quota: p.Quota(count=1), p.Reporting: p.Reporting(months=24)}[kind_in(path)]


class ConditionForm(DrawnForm, forms.Form):
    """On which answers of one earlier question another is asked; none: always."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    answers = forms.MultipleChoiceField(
        label=gettext_lazy("Asked only after one of these answers"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, part: Part, pack: Pack, fields: list[Field], **kwargs: Any) -> None:
        condition = part.item
        chosen = [f"{condition.question}:{key}" for key in condition.any_of] if condition else []
        super().__init__(*args, initial={"answers": chosen, "seen": mark_of(part)}, **kwargs)
        self.part = part
        self.earlier = [one for one in _before(pack, part.path[:-1]) if _offers(one, fields)]
        answers = self.fields["answers"]
        assert isinstance(answers, forms.MultipleChoiceField)
        answers.choices = [
            (f"{question.key}:{key}", label) for question in self.earlier for key, label in _offers(question, fields)
        ]

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """The boxes by question."""
        found: dict[str, list[Any]] = {one.key: [] for one in self.earlier}
        for box in self["answers"]:
            found[str(box.data["value"]).partition(":")[0]].append(box)
        return [(str(question.label) or question.key, found[question.key]) for question in self.earlier]

    def clean_answers(self) -> list[str]:
        answers: list[str] = self.cleaned_data["answers"]
        if len({one.partition(":")[0] for one in answers}) > 1:
            raise ValidationError(_("Choose answers of one question only."))
        return answers

    @property
    def item(self) -> Condition | None:
        """The condition, once the form is valid."""
        answers = [one.partition(":")[::2] for one in self.cleaned_data["answers"]]
        return Condition(answers[0][0], tuple(key for _question, key in answers)) if answers else None


def _before(pack: Pack, path: Path) -> list[Question]:
    """The questions asked before the one at a path."""
    in_report = path[0] == "reporting"
    asked = [part.item for part in items(pack, path[:-1])] if in_report else list(pack.questions.values())
    return asked[: asked.index(find(pack, path).item)]


def _offers(question: Question, fields: list[Field]) -> list[tuple[str, str]]:
    """The answers a question offers."""
    if question.kind is Kind.CONFIRM:
        return [("yes", _("confirmed"))]
    if question.kind not in {Kind.CHOICE, Kind.SEVERAL}:
        return []
    if question.choices_from_fields:
        return [(field.slug, field.name) for field in fields]
    return [(choice.key, str(choice.label)) for choice in question.choices]


class PackFileForm(DrawnForm, forms.Form):
    """A file that holds a pack."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A pack as it was exported here or there (JSON)."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[str] = []

    def clean_file(self) -> Pack:
        """The pack in the file; what is wrong with its shape is in `problems`, place by place."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 2 MB. No pack is."))
        try:
            return self._usable(read(parse(upload.read())))
        except PackError as error:
            self.problems = [str(problem) for problem in error.problems]
            raise ValidationError(_("This file holds no pack that can be read.")) from error

    def _usable(self, pack: Pack) -> Pack:
        if found := unusable(pack):
            raise PackError(found)
        return pack

    @property
    def pack(self) -> Pack:
        found = self.cleaned_data["file"]
        assert isinstance(found, Pack)
        return found
