"""Making a call, its title and dates, and the moment it is published."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.coordinating import END_OF_DAY, NativeInput, moment_in
from applications.models import Call
from applications.models.call import a_time_zone
from applications.pack_checks import date_problems
from network.forms import DrawnForm

TITLE_LENGTH = 200


class MakeForm(DrawnForm, forms.Form):
    """Which earlier round or pack a call is made from."""

    source = forms.ChoiceField(
        label=gettext_lazy("What shall it be made from?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what the call is made from."),
            "invalid_choice": gettext_lazy("This is not there any more. Choose another one."),
        },
    )

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.choices = sources


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=NativeInput("date"),
        error_messages={
            "required": gettext_lazy("Give the day."),
            "invalid": gettext_lazy("This is not a date. Example: 2027-05-31."),
        },
    )


def _clock() -> forms.TimeField:
    return forms.TimeField(
        label=gettext_lazy("Time of day"),
        required=False,
        widget=NativeInput("time", step="1"),
        error_messages={"invalid": gettext_lazy("This is not a time of day. Example: 23:59:59.")},
    )


class DatesForm(DrawnForm, forms.Form):
    """Title in both languages, zone and the four dates, and whether they are confirmed."""

    DATES = {
        "opens": gettext_lazy("The call opens"),
        "closes": gettext_lazy("Deadline for cities"),
        "forwards": gettext_lazy("Deadline of the National Commission"),
        "decides": gettext_lazy("Decision expected"),
    }
    NEEDED = ("opens", "closes")

    title_de = forms.CharField(
        label=gettext_lazy("German"),
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"lang": "de"}),
        error_messages={"required": gettext_lazy("Give the title in German.")},
    )
    title_en = forms.CharField(
        label=gettext_lazy("English"), max_length=TITLE_LENGTH, required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )  # fmt: skip
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("All dates of the call are moments in this zone. Example: Europe/Berlin"),
        max_length=60,
        validators=[a_time_zone],
        widget=forms.TextInput(attrs={"class": "field-medium", "autocomplete": "off"}),
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("These dates are right"),
        help_text=gettext_lazy("Without this confirmation the call cannot be published."),
        required=False,
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        texts = {"title_de": call.title_de, "title_en": call.title_en or "", "zone": call.zone}
        super().__init__(*args, initial=texts | {"confirmed": call.dates_confirmed_at is not None}, **kwargs)
        for name, label in self.DATES.items():
            at = getattr(call, f"{name}_at")
            local = at.astimezone(call.zone_info) if at else None
            self.fields[f"{name}_day"] = _day(label, required=name in self.NEEDED)
            self.fields[f"{name}_clock"] = _clock()
            self.fields[f"{name}_day"].initial = local and local.date()
            self.fields[f"{name}_clock"].initial = local.time().replace(microsecond=0) if local else END_OF_DAY

    @property
    def dates(self) -> list[tuple[Any, Any]]:
        """Day and time of day of each date."""
        return [(self[f"{name}_day"], self[f"{name}_clock"]) for name in self.DATES]

    def clean(self) -> None:
        if "zone" not in self.cleaned_data or self.errors:
            return
        zone = Call(zone=self.cleaned_data["zone"]).zone_info
        for name in self.DATES:
            usual = datetime.time() if name == "opens" else END_OF_DAY
            day, clock = self.cleaned_data.get(f"{name}_day"), self.cleaned_data.get(f"{name}_clock")
            try:
                self.cleaned_data[f"{name}_at"] = day and moment_in(zone, day, usual if clock is None else clock)
            except ValidationError as error:
                self.add_error(f"{name}_clock", error)
        if not self.errors:
            moments = [self.cleaned_data[f"{name}_at"] for name in self.DATES]
            for problem in date_problems(*moments):
                self.add_error(problem.place.replace("_at", "_day"), problem.sentence)


class PublishForm(DrawnForm, forms.Form):
    """Now, or at a moment."""

    WHEN = [("now", gettext_lazy("Now")), ("later", gettext_lazy("At this moment:"))]

    when = forms.ChoiceField(
        label=gettext_lazy("When is it published?"), choices=WHEN, initial="now", widget=forms.RadioSelect
    )
    day = _day(gettext_lazy("Day"), required=False)
    clock = _clock()

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = call.zone_info
        self.fields["clock"].help_text = _("In the time zone %(zone)s.") % {"zone": call.zone.replace("_", " ")}

    def clean(self) -> None:
        self.cleaned_data["at"] = None
        if self.errors or self.cleaned_data["when"] == "now":
            return
        day, clock = self.cleaned_data.get("day"), self.cleaned_data.get("clock")
        if not day:
            self.add_error("day", _("Give the day."))
            return
        try:
            self.cleaned_data["at"] = moment_in(self.zone, day, clock or datetime.time(0, 0))
        except ValidationError as error:
            self.add_error("clock", error)
            return
        if self.cleaned_data["at"] <= timezone.now():
            self.add_error("day", _("This moment has passed already."))
