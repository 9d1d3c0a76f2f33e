"""Forms of the directory: the upload of lists, the choices before an import, the profile a city's team keeps."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MinValueValidator, URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.imports import Choice, Difference
from cities.imports.difference import shown
from cities.imports.parcel import BadParcel, unpack
from cities.particulars import LABELS, Population, Value, Values, fingerprint, fingerprints, plain, version
from network.forms import DrawnForm
from network.visible import visible


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or more uploaded files, as a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(upload, initial) for upload in uploads or [None]]


class UploadForm(DrawnForm, forms.Form):
    """A ZIP file or several CSV files; `cleaned_data["lists"]` has their contents by name."""

    lists = ManyFilesField(
        label=_("Files"),
        help_text=_(
            "One ZIP file, or several CSV files at once. cities.csv and memberships.csv are needed; countries.csv, "
            "laender.csv, city_keys.csv, networks.csv, sources.csv, uccn_profiles.csv and membership_changes.csv may "
            "be added. Together at most 20 megabytes."
        ),
        error_messages={
            "required": _("Choose the files."),
            "empty": _("One of the files is empty."),
            "max_length": _("A file name is too long."),
        },
        widget=ManyFilesInput(attrs={"accept": ".csv,.zip"}),
        allow_empty_file=True,  # an empty file is named as a finding, with all others
    )

    def clean_lists(self) -> dict[str, bytes]:
        uploads: list[UploadedFile] = self.cleaned_data["lists"]
        try:
            return unpack(uploads)
        except BadParcel as refusal:
            raise ValidationError(refusal.for_reader) from None


class ConfirmForm(DrawnForm, forms.Form):
    """What was seen, and for each value of a city's team whose stays."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, difference: Difference, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": difference.fingerprint()}, **kwargs)
        self.conflicts = difference.conflicts
        for place, conflict in enumerate(self.conflicts):
            self.fields[f"conflict_{place}"] = forms.ChoiceField(
                label=f"{conflict.city}: {conflict.column}",
                widget=forms.RadioSelect,
                choices=[
                    (Choice.TEAM, _("keep the team's value: %(value)s") % {"value": shown(conflict.team)}),
                    (Choice.FILE, _("take the file's value: %(value)s") % {"value": shown(conflict.file)}),
                ],
                error_messages={"required": _("Choose one of the two values.")},
            )

    @property
    def choices(self) -> dict[tuple[str, str], Choice]:
        """By city and column, after validation."""
        return {
            (conflict.city, conflict.column): Choice(self.cleaned_data[f"conflict_{place}"])
            for place, conflict in enumerate(self.conflicts)
        }


FIRST_YEAR = 1800
THOUSANDS = re.compile(r"\d{1,3}(?P<mark>[.,'’\s])\d{3}(?:(?P=mark)\d{3})*")
GERMAN, ENGLISH = {"lang": "de"}, {"lang": "en"}


class WebAddressField(forms.URLField):
    """An address of the web: http and https only; without either, https is added."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "invalid": _("This is not an address of the web. Example: https://www.example.org"),
            "max_length": _("The address is too long: at most %(limit_value)d characters."),
        }
        super().__init__(assume_scheme="https", error_messages=messages, **kwargs)


class TextField(forms.CharField):
    """A text with a sentence for what is missing and what is too long; signs that nobody sees are left out."""

    def __init__(self, *, missing: Any = "", **kwargs: Any) -> None:
        messages = {"max_length": _("Too long: at most %(limit_value)d characters, now there are %(show_value)d.")}
        super().__init__(error_messages=messages | ({"required": missing} if missing else {}), **kwargs)

    def to_python(self, value: Any) -> Any:
        return plain(visible(super().to_python(value) or ""))


class PeopleField(forms.IntegerField):
    """A number of people; thousands may be set apart by a point, comma, apostrophe or space."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and THOUSANDS.fullmatch(value.strip()):
            value = re.sub(r"\D", "", value)
        return super().to_python(value)


class ProfileForm(DrawnForm, forms.Form):
    """What a city's team keeps. `values` are, after validation, those the person has changed and means to write.

    `now` is what the profile says at this moment; the form carries what it said when it was opened. Where a colleague
    has changed the same thing meanwhile, the form is not valid until a question (`questions`) is answered for it;
    what only the colleague has changed stays (`kept`).
    """

    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    name_de = TextField(
        label=LABELS["name_de"], max_length=200, missing=_("Enter the German name of the city."),
        widget=forms.TextInput(attrs=GERMAN),
    )  # fmt: skip
    name_en = TextField(
        label=LABELS["name_en"], required=False, max_length=200, widget=forms.TextInput(attrs=ENGLISH),
        help_text=_("Only where it differs. Without it the English page shows the German name."),
    )  # fmt: skip
    website = WebAddressField(label=LABELS["website"], required=False, max_length=200)
    portrait_de = TextField(
        label=LABELS["portrait_de"], required=False, max_length=5000,
        widget=forms.Textarea(attrs=GERMAN | {"rows": 6}), help_text=_("Two or three sentences about the city."),
    )  # fmt: skip
    portrait_en = TextField(
        label=LABELS["portrait_en"], required=False, max_length=5000,
        widget=forms.Textarea(attrs=ENGLISH | {"rows": 6}),
        help_text=_("Without it the English page shows the German text."),
    )  # fmt: skip
    population = PeopleField(
        label=_("Number of inhabitants"), required=False, max_value=999_999_999,
        validators=[MinValueValidator(1)],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": _("Enter a whole number in digits. Example: 330579"),
            "min_value": _("Enter a number greater than zero, or leave the field empty."),
            "max_value": _("This number is too large. Check its digits."),
        },
    )  # fmt: skip
    population_year = forms.IntegerField(
        label=_("Year of the number"), required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
        error_messages={"invalid": _("Enter the year with four digits. Example: 2024")},
    )  # fmt: skip
    population_source = TextField(
        label=_("Source of the number"), required=False, max_length=200,
        help_text=_("Who counted, and what. The page of the city names it beside the number."),
    )  # fmt: skip
    population_url = WebAddressField(label=_("Address of the source"), required=False, max_length=500)

    def __init__(self, *args: Any, now: Values, **kwargs: Any) -> None:
        people = now["population"]
        number = people if isinstance(people, Population) else ("", "", "", "")
        of_number = zip(("population", "population_year", "population_source", "population_url"), number, strict=True)
        super().__init__(*args, initial={**now, **dict(of_number), "opened": version(now)}, **kwargs)
        self.now = now
        self.values: dict[str, Value] = {}
        self.kept: list[str] = []

    @property
    def questions(self) -> list[Any]:
        """Drawn fields: for each thing that two people have changed, whose text stays."""
        return [self[name] for name in self.fields if name.startswith("keep_")]

    def clean_population_year(self) -> int | None:
        year: int | None = self.cleaned_data["population_year"]
        this_year = timezone.localdate().year
        if year is not None and not FIRST_YEAR <= year <= this_year:
            sentence = _("Enter a year from %(first)d to %(last)d.")
            raise ValidationError(sentence, params={"first": FIRST_YEAR, "last": this_year})
        return year

    def clean(self) -> None:
        opened = fingerprints(self.cleaned_data.get("opened", ""))
        for name in LABELS:
            if name in self.errors or (name == "population" and self._number_has_errors()):
                continue
            mine = self._population() if name == "population" else self.cleaned_data[name]
            before, theirs = opened.get(name), self.now[name]
            if mine == theirs:
                continue
            if fingerprint(mine) == before:
                self.kept.append(name)
            elif name == "population" and not self._is_whole(mine):
                continue
            elif fingerprint(theirs) == before or self._stays_mine(name, mine):
                self.values[name] = mine

    def _number_has_errors(self) -> bool:
        return any(name.startswith("population") for name in self.errors)

    def _population(self) -> Population | None:
        """As typed; the number 0 stands for none where the rest is filled in."""
        names = ("population", "population_year", "population_source", "population_url")
        people, year, source, url = (self.cleaned_data[name] for name in names)
        return Population(people or 0, year, source, url) if any((people, year, source, url)) else None

    def _is_whole(self, mine: Population | None) -> bool:
        """A number is not taken without its year and source."""
        if mine is None:
            return True
        if not mine.people:
            self.add_error("population", _("Enter the number, or empty its year and source as well."))
        if mine.year is None:
            self.add_error("population_year", _("Enter the year in which this was the number."))
        if not mine.source:
            self.add_error("population_source", _("Enter where the number comes from. It is not shown without source."))
        return not self._number_has_errors()

    def _stays_mine(self, name: str, mine: Value) -> bool:
        """Asks whose text stays. An answer counts only for the text it was given about: a third one is asked anew."""
        key, about = f"keep_{name}", fingerprint(self.now[name])
        answers = {
            f"mine-{about}": _("keep mine, as it stands below: %(value)s") % {"value": shown(str(mine or ""))},
            f"theirs-{about}": _("keep the other: %(value)s") % {"value": shown(str(self.now[name] or ""))},
        }
        told = _("Somebody else has changed this while you were writing.")
        self.fields[key] = forms.ChoiceField(
            label=LABELS[name], help_text=told, widget=forms.RadioSelect, choices=answers.items()
        )
        answer = self.data.get(key, "")
        if answer not in answers:
            self.add_error(key, _("Choose what stays."))
        return str(answer).startswith("mine")


class PictureForm(DrawnForm, forms.Form):
    """A new picture of a city. The file itself is judged by cities.actions.add_picture."""

    image = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "JPEG, PNG or WebP, at most 15 MB. Where and when it was taken, and whatever else the file carries, "
            "is removed."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        max_length=200,
        error_messages={
            "required": _("Choose a picture."),
            "empty": _("The file is empty. Choose another one."),
            "max_length": _("The name of the file is too long. Give it a shorter one and choose it again."),
        },
    )
    alt_de = TextField(
        label=_("What the picture shows, in German"), max_length=300, widget=forms.TextInput(attrs=GERMAN),
        missing=_("Say in one sentence what the picture shows."),
        help_text=_("One sentence for everybody who does not see the picture."),
    )  # fmt: skip
    alt_en = TextField(
        label=_("What the picture shows, in English"), required=False, max_length=300,
        widget=forms.TextInput(attrs=ENGLISH), help_text=_("Without it the English page shows the German sentence."),
    )  # fmt: skip
    credit = TextField(
        label=_("Credit"), max_length=200, missing=_("Name who made the picture."),
        help_text=_("Who made the picture, as it is to be named beside it."),
    )  # fmt: skip
    licence = TextField(
        label=_("Licence"), max_length=100, missing=_("Name the licence under which the picture may be shown."),
        help_text=_("For example CC BY 4.0, or: all rights with the city."),
    )  # fmt: skip

    def clean(self) -> None:
        if self.errors and "image" in self.cleaned_data:
            self.add_error("image", _("Choose the picture once more: browsers do not keep a file after an error."))
