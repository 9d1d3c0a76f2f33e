"""What coordinators fill in: asking for more, the words to a move, a later deadline for one city or for all."""

import datetime
import zoneinfo
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundWidget
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application, Call, Extension
from applications.moments import in_words
from applications.pack import Pack
from applications.workflow import Move
from network.forms import DrawnForm

END_OF_DAY = datetime.time(23, 59, 59)
USUAL_DAYS = 14
NOTE_LENGTH = 5000
CITY_READS = gettext_lazy("Give a reason: the city reads it.")
EVERYBODY_READS = gettext_lazy("Give the reason in both languages: everybody reads it.")


class NativeInput(forms.TextInput):
    """The browser's own field for days or times; what is none stays visible as it was typed, in a field for texts."""

    def __init__(self, kind: str, **attrs: str) -> None:
        super().__init__(attrs={"class": "field-short", "autocomplete": "off"} | attrs)
        self.kind = kind

    def format_value(self, value: Any) -> str | None:
        return value.isoformat() if isinstance(value, datetime.date | datetime.time) else super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if self._fits(context["widget"]["value"] or ""):
            context["widget"]["type"] = self.kind
        return context

    def _fits(self, text: str) -> bool:
        if not text:
            return True
        try:
            return (parse_date if self.kind == "date" else parse_time)(text) is not None
        except ValueError:
            return False


class MomentForm(DrawnForm, forms.Form):
    """A day and a time of day, by the clock of a call's own zone; `moment` is what they come to."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=NativeInput("date"),
        error_messages={
            "required": gettext_lazy("Give the day."),
            "invalid": gettext_lazy("This is not a date. Example: 2027-05-31."),
        },
    )
    clock = forms.TimeField(
        label=gettext_lazy("Time of day"),
        widget=NativeInput("time", step="1"),
        initial=END_OF_DAY,
        error_messages={
            "required": gettext_lazy("Give the time of day."),
            "invalid": gettext_lazy("This is not a time of day. Example: 23:59:59."),
        },
    )

    def __init__(self, *args: Any, zone: zoneinfo.ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["clock"].help_text = _("The last second that counts, in the time zone %(zone)s.") % {
            "zone": zone.key.replace("_", " ")
        }

    def clean(self) -> None:
        day, clock = self.cleaned_data.get("day"), self.cleaned_data.get("clock")
        if day and clock:
            try:
                self.cleaned_data["moment"] = moment_in(self.zone, day, clock)
            except ValidationError as error:
                self.add_error("clock", error)

    @property
    def moment(self) -> datetime.datetime:
        """Once the form is valid."""
        found = self.cleaned_data["moment"]
        assert isinstance(found, datetime.datetime)
        return found


def moment_in(zone: zoneinfo.ZoneInfo, day: datetime.date, clock: datetime.time) -> datetime.datetime:
    """The moment at which clocks in the zone show this. Where they show it twice, since they are put back in between,
    the later one: a deadline is never shorter than it reads. Raises ValidationError where they never show it."""
    moment = datetime.datetime.combine(day, clock.replace(fold=1), tzinfo=zone)
    there_and_back = moment.astimezone(datetime.UTC).astimezone(zone)
    if there_and_back.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise ValidationError(_("Clocks are put forward then: this time of day does not exist on that day."))
    return moment


def some_words(label: Any, help_text: Any = "", *, missing: Any = CITY_READS) -> forms.CharField:
    """Words that somebody will read; `missing` says what to do where there are none."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": missing},
    )


class ReturnForm(MomentForm):
    """Which questions the city is to change, why, and until when."""

    parts = forms.MultipleChoiceField(
        label=gettext_lazy("Parts that open again"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one part that the city is to change.")},
    )
    note = some_words(
        gettext_lazy("What is needed, and why"),
        gettext_lazy("The city reads it in a letter and on the page of its application."),
    )
    field_order = ("parts", "note", "day", "clock")

    def __init__(self, *args: Any, pack: Pack, zone: zoneinfo.ZoneInfo, note: str = "", **kwargs: Any) -> None:
        today = timezone.localdate(timezone=zone)
        initial = {"day": today + datetime.timedelta(days=USUAL_DAYS), "note": note}
        super().__init__(*args, zone=zone, initial=initial, **kwargs)
        self.pack = pack
        parts = self.fields["parts"]
        assert isinstance(parts, forms.MultipleChoiceField)
        parts.choices = [(key, str(question.label)) for key, question in pack.questions.items()]

    @property
    def groups(self) -> list[tuple[str, list[BoundWidget]]]:
        """The boxes to tick, by section."""
        boxes = {box.data["value"]: box for box in self["parts"]}
        return [
            (str(section.title), [boxes[question.key] for question in section.questions])
            for section in self.pack.sections.values()
        ]


class MoveForm(DrawnForm, forms.Form):
    """The words that go with a move: needed where the table of moves wants a reason."""

    note = some_words(
        gettext_lazy("Words to the city"), gettext_lazy("The city reads them in a letter and in the history.")
    )

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = move.needs_note


class LateForm(MomentForm):
    """Which city may submit after the deadline, until when, and why."""

    city = forms.ChoiceField(
        label=gettext_lazy("City"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a city."),
            "invalid_choice": gettext_lazy("This city has no draft any more. Choose another one."),
        },
    )
    note = some_words(
        gettext_lazy("Reason"),
        gettext_lazy("The city reads it in a letter and in the history. Treat equal cases alike."),
    )
    field_order = ("city", "day", "clock", "note")

    def __init__(self, *args: Any, drafts: Sequence[Application], zone: zoneinfo.ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, zone=zone, **kwargs)
        self.drafts = {draft.city.slug: draft for draft in drafts}
        city = self.fields["city"]
        assert isinstance(city, forms.ChoiceField)
        city.choices = [(slug, self._name(draft)) for slug, draft in self.drafts.items()]

    def _name(self, draft: Application) -> str:
        day = date_format(draft.started_at.astimezone(self.zone), "DATE_FORMAT")
        return _("%(city)s, begun on %(day)s") % {"city": draft.city, "day": day}

    @property
    def chosen(self) -> Application:
        """The draft of the chosen city, once the form is valid."""
        return self.drafts[self.cleaned_data["city"]]


class ExtendForm(MomentForm):
    """Which date of a call moves to when, with the reason that everybody reads."""

    deadline = forms.ChoiceField(
        label=gettext_lazy("Which date moves?"),
        widget=forms.RadioSelect,
        initial=Extension.Deadline.CLOSES,
        error_messages={"required": gettext_lazy("Choose the date that moves.")},
    )
    reason_de = some_words(
        gettext_lazy("Reason, in German"),
        gettext_lazy("Shown in public on the page of the call."),
        missing=EVERYBODY_READS,
    )
    reason_en = some_words(
        gettext_lazy("Reason, in English"),
        missing=EVERYBODY_READS,
    )
    field_order = ("deadline", "day", "clock", "reason_de", "reason_en")

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, zone=call.zone_info, **kwargs)
        deadline = self.fields["deadline"]
        assert isinstance(deadline, forms.ChoiceField)
        deadline.choices = [(value, self._name(str(label), getattr(call, value)))
                            for value, label in Extension.Deadline.choices]  # fmt: skip

    def _name(self, label: str, now: datetime.datetime | None) -> str:
        date = capfirst(label)
        if now is None:
            return _("%(date)s (not set yet)") % {"date": date}
        return _("%(date)s, now: %(moment)s") % {"date": date, "moment": in_words(now, self.zone)}
