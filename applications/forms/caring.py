"""What the coordination fills in on a case: notes and messages, flags, the formal check, endorsements from outside."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.actions.caring import LONGEST_FLAG, LONGEST_NOTE, Marked
from applications.care import Line
from applications.forms.coordinating import NativeInput, some_words
from applications.models import Application, Call, CheckMark
from network.forms import DrawnForm
from network.models import User

FLAG_DAYS = 7
WRITE_FIRST = gettext_lazy("Write something first.")


class NoteForm(DrawnForm, forms.Form):
    """Words among the coordination."""

    text = some_words(
        gettext_lazy("Internal note"),
        gettext_lazy("Only the coordination reads it, never the city and never a reviewer."),
        missing=WRITE_FIRST,
    )


class MessageForm(DrawnForm, forms.Form):
    """Words of the coordination to the city."""

    text = some_words(
        gettext_lazy("Message to the city"),
        gettext_lazy("Everybody in the city’s team reads it, in a letter and on the page of the application."),
        missing=WRITE_FIRST,
    )


class AnswerForm(DrawnForm, forms.Form):
    """Words of the city to the coordination."""

    text = some_words(
        gettext_lazy("Your answer"), gettext_lazy("The coordination gets it in a letter."), missing=WRITE_FIRST
    )


class OwnerField(forms.ModelChoiceField):
    """Who of the coordination sees to something."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=User.objects.none(),
            label=gettext_lazy("Who sees to it"),
            empty_label=None,
            error_messages={
                "required": gettext_lazy("Choose a person."),
                "invalid_choice": gettext_lazy("This person does not coordinate the application. Choose another one."),
            },
            **kwargs,
        )


class FlagForm(DrawnForm, forms.Form):
    """What somebody of the coordination sees to, and by which day."""

    text = forms.CharField(
        label=gettext_lazy("What is to be done?"),
        max_length=LONGEST_FLAG,
        help_text=gettext_lazy("Only the coordination reads it."),
        error_messages={"required": WRITE_FIRST},
    )
    owner = OwnerField()
    due_on = forms.DateField(
        label=gettext_lazy("By when?"),
        widget=NativeInput("date"),
        error_messages={
            "required": gettext_lazy("Give the day."),
            "invalid": gettext_lazy("This is not a date. Example: 2027-05-31."),
        },
    )

    def __init__(self, *args: Any, call: Call, owners: Sequence[User], reader: User, **kwargs: Any) -> None:
        today = timezone.localdate(timezone=call.zone_info)
        initial = {"due_on": today + datetime.timedelta(days=FLAG_DAYS), "owner": reader.pk}
        super().__init__(*args, initial=initial, **kwargs)
        offer(self.fields["owner"], owners)


class SettleForm(DrawnForm, forms.Form):
    """How a flag was settled."""

    resolution = forms.CharField(
        label=gettext_lazy("How was it settled?"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say in a few words how it was settled.")},
    )


class HandForm(DrawnForm, forms.Form):
    """Who sees to a flag from now on."""

    owner = OwnerField()

    def __init__(self, *args: Any, owners: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["owner"], owners)


def offer(field: forms.Field, people: Sequence[User]) -> None:
    """Gives a field of people exactly these to choose from, in order of their names; without a query to draw it."""
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
    field.choices = [(person.pk, str(person)) for person in sorted(people, key=lambda one: str(one).casefold())]


@dataclass(frozen=True)
class CheckRow:
    """One line of the formal check and its fields."""

    line: Line
    verdict: BoundField
    note: BoundField
    seen: BoundField


class CheckForm(DrawnForm, forms.Form):
    """The formal check: a result and a note for each line. `only` saves one line."""

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            key, mark = line.check.key, line.mark
            verdicts = [("", _("open")), *CheckMark.Verdict.choices]
            self.fields[f"verdict.{key}"] = forms.ChoiceField(
                label=str(line.check.text), choices=verdicts, required=False, widget=forms.RadioSelect,
                initial=mark.verdict if mark else "",
            )  # fmt: skip
            self.fields[f"note.{key}"] = forms.CharField(
                label=_("Note"), max_length=LONGEST_NOTE, required=False, initial=mark.note if mark else "",
                widget=forms.TextInput(attrs={"aria-label": _("Note: %(line)s") % {"line": line.check.text}}),
            )  # fmt: skip
            self.fields[f"seen.{key}"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=mark.version if mark else 0
            )

    @property
    def rows(self) -> list[CheckRow]:
        return [
            CheckRow(line, *(self[f"{name}.{line.check.key}"] for name in ("verdict", "note", "seen")))
            for line in self.lines
        ]

    def marked(self, only: str = "") -> dict[str, Marked]:
        """What was filled in, by the key of the line; of one line where `only` names it. Once the form is valid."""
        keys = [line.check.key for line in self.lines if only in ("", line.check.key)]
        values = self.cleaned_data
        return {
            key: Marked(values[f"verdict.{key}"], values[f"note.{key}"], values[f"seen.{key}"] or 0) for key in keys
        }


class OutsideForm(DrawnForm, forms.Form):
    """An endorsement that others than the city have given."""

    signatory = forms.CharField(
        label=gettext_lazy("Who has signed?"),
        max_length=200,
        error_messages={"required": gettext_lazy("Give the name of the person who has signed.")},
    )
    office = forms.CharField(label=gettext_lazy("In which office?"), max_length=200, required=False)
    signed_on = forms.DateField(
        label=gettext_lazy("Signed on"),
        widget=NativeInput("date"),
        error_messages={
            "required": gettext_lazy("Give the day."),
            "invalid": gettext_lazy("This is not a date. Example: 2027-05-31."),
        },
    )
    paper = forms.FileField(
        label=gettext_lazy("The paper, as a scan"),
        required=False,
        help_text=gettext_lazy("A PDF or a picture. Without it, the endorsement is recorded by your word alone."),
        error_messages={"empty": gettext_lazy("This file is empty. Choose another one.")},
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        today = timezone.localdate(timezone=application.call.zone_info)
        super().__init__(*args, initial={"signed_on": today}, **kwargs)

    @property
    def upload(self) -> UploadedFile | None:
        """Once the form is valid."""
        found = self.cleaned_data["paper"]
        return found if isinstance(found, UploadedFile) else None
