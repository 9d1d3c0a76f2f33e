"""One part of a pack as a form: both languages of each text, and only what fits its kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import pack as p
from applications.pack import Kind, Pack, Question, Text
from applications.pack_labels import COLUMN_KINDS, FILE_KINDS, KINDS, LANGUAGES, PROPERTIES, Property
from applications.pack_parts import Part, of_kind, own_names, path_of
from applications.problems import Problem
from applications.typed_json import BAD_CHARACTER, hints
from network.documents.kinds import MEGABYTE, FileKind
from network.forms import DrawnForm

LONGEST_TEXT = 6000
LARGEST = 10**9
MOST_IN_A_TIE = 3
LINES = {"explanation": 4, "help": 3, "statement": 4, "pledge": 5, "decides": 5, "summary": 4, "verify": 3, "text": 3}
LINES_OF = {(p.Readiness, "statement"): 2, (p.Readiness, "evidence"): 2, (p.Question, "label"): 2, (p.Check, "text"): 2}
BOTH = ("de", "en")
IN_MEGABYTES = {"max_bytes"}

type Options = list[tuple[str, Any]]


@dataclass(frozen=True)
class Around:
    """What a part may refer to outside its pack: keys of the network's packs."""

    packs: Sequence[str] = ()


@dataclass(frozen=True)
class Row:
    """One property on the page: its fields, German and English side by side, and what was found about it."""

    name: str
    label: str
    help: str
    fields: list[BoundField]
    findings: list[str]
    groups: list["Group"]  # boxes to tick under captions, where there are many

    @property
    def is_both(self) -> bool:
        """Whether several fields stand side by side."""
        return len(self.fields) > 1


@dataclass(frozen=True)
class Group:
    """Boxes to tick under a caption, and how many of them are ticked."""

    caption: str
    boxes: list[Any]

    @property
    def chosen(self) -> int:
        return sum(box.data["selected"] for box in self.boxes)


def printable(text: str) -> None:
    """Refuses what no document can hold."""
    if BAD_CHARACTER.search(text):
        raise ValidationError(_("This text holds characters that cannot be printed."))


def a_text(language: str, lines: int) -> forms.CharField:
    """A field for words in one language."""
    attrs = {"lang": language}
    widget = forms.Textarea(attrs=attrs | {"rows": lines}) if lines > 1 else forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=str(LANGUAGES[language]),
        required=False,
        max_length=LONGEST_TEXT,
        widget=widget,
        validators=[printable],
    )


class PartForm(DrawnForm, forms.Form):
    """The properties of a part that are edited with it. Gaps may stay until the call is published; they are found by
    the checks and told beside the fields."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, part: Part, pack: Pack, around: Around, problems: Sequence[Problem] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.part, self.pack, self.around = part, pack, around
        self.names = ["text"] if part.kind is Text else own_names(part)
        self.findings = _findings(part, problems)
        self._fields_of: dict[str, list[str]] = {}
        for name in self.names:
            self._add(name)

    def _add(self, name: str) -> None:
        kind, words = self.part.kind, PROPERTIES[self.part.kind][name]
        value = self.part.item if kind is Text else getattr(self.part.item, name)
        hint = Text if kind is Text else hints(kind)[name]
        if hint in (Text, Text | None):
            lines = LINES_OF.get((kind, name), LINES.get(name, 1))
            for language in BOTH:
                self._put(name, f"{name}_{language}", a_text(language, lines), getattr(value, language, ""))
        elif name == "tie_break":
            self._add_tie_break(value)
        else:
            self._put(name, name, *self._field(name, hint, value, words))

    def _put(self, name: str, field_name: str, field: forms.Field, value: Any) -> None:
        field.initial = value
        self.fields[field_name] = field
        self._fields_of.setdefault(name, []).append(field_name)

    def _field(self, name: str, hint: Any, value: Any, words: Property) -> tuple[forms.Field, Any]:
        """The field of a property that is no text, and what stands in it."""
        about: dict[str, Any] = {"label": words.label, "help_text": words.help, "required": False}
        if options := OPTIONS.get((self.part.kind, name)):
            return self._choice(hint, options(self), value, about)
        if hint is bool:
            return forms.BooleanField(**about), value
        if name in IN_MEGABYTES:
            mega = round(Decimal(value) / MEGABYTE, 2).normalize() if value is not None else None
            about["required"] = hint is int
            largest = forms.DecimalField(**about, min_value=0, max_value=LARGEST, localize=True)
            largest.error_messages["required"] = _("Give a number.")
            return _short(largest), mega
        if hint in (float, float | None):
            return _short(forms.FloatField(**about, localize=True)), value
        if hint in (int, int | None):
            about["required"] = hint is int
            number = forms.IntegerField(**about, max_value=LARGEST, min_value=-LARGEST)
            number.error_messages["required"] = _("Give a whole number.")
            return _short(number), value
        return forms.CharField(**about, max_length=500, validators=[printable]), value

    def _choice(self, hint: Any, options: Options, value: Any, about: dict[str, Any]) -> tuple[forms.Field, Any]:
        if isinstance(value, tuple):
            boxes = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(**about, choices=options, widget=boxes), [str(one) for one in value]
        if hint is str:
            options = [("", gettext_lazy("nothing chosen")), *options]
        return forms.ChoiceField(**about, choices=options), str(value)

    def _add_tie_break(self, value: Sequence[str]) -> None:
        options = [("", gettext_lazy("nothing chosen")), *_criteria(self)]
        for number in range(min(max(MOST_IN_A_TIE, len(value)), len(options) - 1)):
            label = _("Number %(number)s") % {"number": number + 1}
            choice = forms.ChoiceField(label=label, choices=options, required=False)
            self._put("tie_break", f"tie_break_{number + 1}", choice, value[number] if number < len(value) else "")

    def clean(self) -> None:
        ties = [self.cleaned_data.get(name) for name in self._fields_of.get("tie_break", [])]
        given = [one for one in ties if one]
        if len(given) != len(set(given)):
            self.add_error("tie_break_1", _("One criterion stands here twice."))

    # --- what is drawn

    @property
    def rows(self) -> list[Row]:
        """The properties in order."""
        found = []
        for name in self.names:
            words, fields = PROPERTIES[self.part.kind][name], [self[one] for one in self._fields_of.get(name, [])]
            if fields:
                findings = self.findings.get(name, [])
                found.append(Row(name, str(words.label), str(words.help), fields, findings, self._groups(name)))
        return found

    def _groups(self, name: str) -> list[Group]:
        """The questions to tick, under the titles of their sections."""
        if (self.part.kind, name) != (p.Criterion, "questions"):
            return []
        boxes = {str(box.data["value"]): box for box in self[name]}
        return [Group(str(title), [boxes[key] for key, _label in options]) for title, options in _questions(self)]

    # --- what comes of it

    @property
    def item(self) -> Any:
        """The part with what was filled in, once the form is valid. What nobody has touched stays exactly as it was."""
        if self.part.kind is Text:
            return self._text("text")
        changed = {name: self._value(name) for name in self.names if self._touched(name)}
        new = replace(self.part.item, **changed)
        return of_kind(new, new.kind) if isinstance(new, Question) else new

    def _touched(self, name: str) -> bool:
        return any(one in self.changed_data for one in self._fields_of.get(name, []))

    def _text(self, name: str) -> Text:
        de, en = (self.cleaned_data[f"{name}_{language}"].replace("\r\n", "\n") for language in BOTH)
        return Text(de=de, en=en)

    def _value(self, name: str) -> Any:
        hint, old = hints(self.part.kind)[name], getattr(self.part.item, name)
        if hint is Text:
            return self._text(name)
        if hint == (Text | None):
            text = self._text(name)
            return text if text.de or text.en else None
        if name == "tie_break":
            return tuple(filter(None, (self.cleaned_data[one] for one in self._fields_of[name])))
        value = self.cleaned_data[name]
        if isinstance(old, tuple):
            kept = [str(one) for one in old if str(one) in value]
            listed = (*kept, *(one for one in value if one not in kept))
            return tuple(FileKind(one) for one in listed) if name == "accepts" else listed
        if name in IN_MEGABYTES:
            return int(value * MEGABYTE) if value is not None else None
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return type(old)(value) if name == "kind" else value


def _short(field: forms.Field) -> forms.Field:
    field.widget.attrs["class"] = "field-short"
    return field


def _findings(part: Part, problems: Sequence[Problem]) -> dict[str, list[str]]:
    """What was found about the part, by property; "" for what is about all of it."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        path, name = path_of(problem.place)
        if path != part.path:
            continue
        plain, _line, language = name.rpartition("_")
        if language in BOTH:
            sentence = _("%(language)s: %(sentence)s") % {
                "language": LANGUAGES[language], "sentence": problem.sentence,
            }  # fmt: skip
            found.setdefault(plain or "text", []).append(sentence)
        else:
            found.setdefault(name, []).append(problem.sentence)
    return found


# --- what can be chosen


def _questions(form: PartForm) -> Options:
    """All questions, by section."""
    return [
        (_title(section.title), [(one.key, _title(one.label)) for one in section.questions])
        for section in form.pack.sections.values()
        if section.questions
    ]


def _title(text: Text) -> str:
    return str(text) or text.de or text.en or "…"


def _criteria(form: PartForm) -> Options:
    return [(one.key, _title(one.title)) for one in form.pack.criteria]


def _sections(form: PartForm) -> Options:
    return [(one.key, _title(one.title)) for one in form.pack.sections.values()]


def _of_fields(form: PartForm) -> Options:
    return [(one.key, _title(one.label)) for one in form.pack.questions.values() if one.choices_from_fields]


def _documents(form: PartForm) -> Options:
    questions = form.pack.questions.values()
    return [(q.key, _title(q.label)) for q in questions if q.kind is Kind.DOCUMENT and q != form.part.item]


def _languages(form: PartForm) -> Options:
    others = [code for code in form.pack.answer_languages if code not in LANGUAGES]
    return [*LANGUAGES.items(), *((code, code) for code in others)]


def _packs(form: PartForm) -> Options:
    named = {*form.around.packs, form.pack.next_pack} - {"", form.pack.key}
    return [(key, key) for key in sorted(named)]


OPTIONS: dict[tuple[type, str], Callable[[PartForm], Options]] = {
    (p.Pack, "answer_languages"): _languages,
    (p.Pack, "field_question"): _of_fields,
    (p.Pack, "next_pack"): _packs,
    (p.Question, "kind"): lambda _form: list(KINDS.items()),
    (p.Question, "accepts"): lambda _form: list(FILE_KINDS.items()),
    (p.Question, "one_for_each"): _documents,
    (p.Column, "kind"): lambda _form: list(COLUMN_KINDS.items()),
    (p.Readiness, "criterion"): _criteria,
    (p.Readiness, "seeds"): _questions,
    (p.Endorsement, "covers"): _sections,
    (p.Criterion, "questions"): _questions,
}
