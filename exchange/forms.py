"""Forms for those who write practices: the whole common format, reasons, what other cities make of it."""

from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.boundfield import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cities.forms import ENGLISH, GERMAN, TextField, WebAddressField
from cities.models import City
from cities.models.city import CityQuerySet
from cities.particulars import fingerprint, plain
from exchange.format import LANGUAGES, LICENCES, MOST_LINKS, NAMES, OTHERS, TEXTS, Values, label_of, whole
from exchange.models import Money, Partners, Practice, Programme, Staff, Stage, Theme
from exchange.models.theme import GOALS
from network.forms import DrawnForm
from network.models import Network

FIRST_YEAR, LAST_YEAR = 1900, 2100
NOT_CHOSEN = ("", _("not stated"))
NO_ADDRESS = _("This is not an e-mail address. Example: name@example.org")
LENGTHS = {"title": 200, "summary": 600, "contact": 200}  # of the other texts: LONG
LONG = 5000
LONG_TEXTS = {"problem", "measures", "evidence", "setbacks", "preconditions", "transfer"}
HELP = {
    "summary": _("The list shows this, and letters about new practices."),
    "evidence": _("With figures where there are any: how many people, since when, compared with what."),
    "setbacks": _("Others learn most from this. An honest sentence is worth more than a good impression."),
    "preconditions": _("For example a resolution, a law, a partner, a building."),
    "contact": _("An office, for example: education office, learning region. No names of people."),
}


def _choices(choices: Any) -> list[tuple[str, Any]]:
    return [NOT_CHOSEN, *((value, capfirst(str(label))) for value, label in choices)]


class LinkFields:
    """Names of the two fields of each further address."""

    NAMES: ClassVar[list[tuple[str, str]]] = [
        (f"link_{number}_label", f"link_{number}_url") for number in range(MOST_LINKS)
    ]


class ProposalForm(DrawnForm, forms.Form):
    """The common format. Everything may stay empty. After `is_valid()`, whatever it says, `values` are the parts that
    the person has changed and that can be saved.

    `now` is what the proposal says at this moment; the form carries what it said when it was opened. Where a colleague
    has changed the same part meanwhile, a question (`questions`) must be answered; what only the colleague has changed
    stays (`kept`).
    """

    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    original_language = forms.ChoiceField(
        label=OTHERS["original_language"], choices=Practice.Original, widget=forms.RadioSelect,
        help_text=_("A text in the other language is optional. Where it is missing, readers are told so."),
    )  # fmt: skip
    theme = forms.ChoiceField(label=OTHERS["theme"], required=False, choices=lambda: _choices(Theme.choices))
    goals = forms.TypedMultipleChoiceField(
        label=OTHERS["goals"], required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(number, f"{number} {name}") for number, name in GOALS.items()],
    )  # fmt: skip
    stage = forms.ChoiceField(label=OTHERS["stage"], required=False, choices=lambda: _choices(Stage.choices))
    staff = forms.ChoiceField(label=OTHERS["staff"], required=False, choices=lambda: _choices(Staff.choices))
    money = forms.ChoiceField(label=OTHERS["money"], required=False, choices=lambda: _choices(Money.choices))
    contact_email = forms.EmailField(
        label=OTHERS["contact_email"], required=False, error_messages={"invalid": NO_ADDRESS},
        help_text=_("The address of an office, never of a person. It is public."),
    )  # fmt: skip
    partners = forms.ChoiceField(
        label=_("Are you looking for partners?"), required=False, choices=lambda: _choices(Partners.choices)
    )
    licence = forms.ChoiceField(
        label=OTHERS["licence"], required=False,
        help_text=_("CC BY 4.0 lets others use and translate the text if they name the city."),
    )  # fmt: skip
    source_url = WebAddressField(
        label=OTHERS["source_url"], required=False, max_length=1000,
        help_text=_("A page of the city or of somebody else that tells about the practice."),
    )  # fmt: skip
    programme = forms.ChoiceField(
        label=OTHERS["programme"], required=False,
        help_text=_("The coordinators of its networks then check the entry; without one, all coordinators do."),
    )  # fmt: skip
    networks = forms.MultipleChoiceField(
        label=_("Told in these networks"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, now: Values, **kwargs: Any) -> None:
        self.now = whole(now)
        initial = self.now | {"opened": self._version()}
        for (label, url), link in zip(LinkFields.NAMES, self.now["links"], strict=False):
            initial |= {label: link[0], url: link[1]}
        super().__init__(*args, initial=initial, **kwargs)
        self._add_texts()
        self._add_years()
        self._add_choices()
        self.values: dict[str, Any] = {}
        self.kept: list[str] = []

    # --- its fields

    def _add_texts(self) -> None:
        for name in TEXTS:
            for language, lang in (("de", GERMAN), ("en", ENGLISH)):
                area = forms.Textarea(attrs=lang | {"rows": 6 if name in LONG_TEXTS else 3})
                self.fields[f"{name}_{language}"] = TextField(
                    label=label_of(f"{name}_{language}"),
                    required=False,
                    max_length=LENGTHS.get(name, LONG),
                    widget=forms.TextInput(attrs=lang) if name in {"title", "contact"} else area,
                    help_text=HELP.get(name, ""),
                )
        for label, url in LinkFields.NAMES:
            self.fields[label] = TextField(label=_("What it leads to"), required=False, max_length=200)
            self.fields[url] = WebAddressField(label=_("Address"), required=False, max_length=1000)

    def _add_years(self) -> None:
        for name in ("first_year", "last_year"):
            self.fields[name] = forms.IntegerField(
                label=OTHERS[name],
                required=False,
                validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
                widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
                error_messages={
                    "invalid": _("Enter the year with four digits. Example: 2024"),
                    "min_value": _("Enter a year from 1900 on."),
                    "max_value": _("Enter a year before 2100."),
                },
            )
        self.fields["last_year"].help_text = _("Leave it empty while the practice goes on.")

    def _add_choices(self) -> None:
        licences = dict.fromkeys([*LICENCES, *filter(None, [self.now["licence"]])])
        programmes = [(programme.slug, programme.name) for programme in Programme.objects.all()]
        networks = [(network.slug, network.short_name) for network in Network.objects.all()]
        for name, choices in (
            ("licence", [NOT_CHOSEN, *((licence, licence) for licence in licences)]),
            ("programme", [("", _("in no programme")), *programmes]),
            ("networks", networks),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    @property
    def questions(self) -> list[BoundField]:
        """For each part that two people have changed, whose text stays."""
        return [self[name] for name in self.fields if name.startswith("keep_")]

    @property
    def links(self) -> list[tuple[BoundField, BoundField]]:
        """The fields of the further addresses in pairs: all that are filled in, and one more."""
        pairs = [(self[label], self[url]) for label, url in LinkFields.NAMES]
        filled = [number for number, pair in enumerate(pairs) if any(field.value() or field.errors for field in pair)]
        return pairs[: max(filled, default=-1) + 2]

    def texts(self, *names: str) -> list[tuple[BoundField, BoundField]]:
        """The fields of these texts, the language it is written in first."""
        order = ("en", "de") if self.now["original_language"] == "en" else LANGUAGES
        return [(self[f"{name}_{order[0]}"], self[f"{name}_{order[1]}"]) for name in names]

    @property
    def head(self) -> list[tuple[BoundField, BoundField]]:
        return self.texts("title", "summary")

    @property
    def story(self) -> list[tuple[BoundField, BoundField]]:
        return self.texts("problem", "measures", "evidence", "setbacks")

    @property
    def conditions(self) -> list[tuple[BoundField, BoundField]]:
        return self.texts("preconditions", "transfer")

    @property
    def contact(self) -> list[tuple[BoundField, BoundField]]:
        return self.texts("contact")

    @property
    def sought(self) -> list[tuple[BoundField, BoundField]]:
        return self.texts("partners_sought")

    # --- what was typed

    def clean_goals(self) -> list[int]:
        return sorted(self.cleaned_data["goals"])

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first_year"), self.cleaned_data.get("last_year")
        if last is not None and (first is None or last < first):
            self.add_error("last_year", _("The practice cannot end before it began. Check both years."))
        self.cleaned_data["links"] = self._links()
        opened = self._fingerprints(self.cleaned_data.get("opened", ""))
        for name in NAMES:
            if name in self.errors or (name == "links" and any(field.startswith("link_") for field in self.errors)):
                continue
            mine, before, theirs = self.cleaned_data[name], opened.get(name), self.now[name]
            if mine == theirs:
                continue
            if fingerprint(repr(mine)) == before:
                self.kept.append(name)
            elif before is None or fingerprint(repr(theirs)) == before or self._stays_mine(name, mine):
                self.values[name] = mine

    def _links(self) -> list[list[str]]:
        found = []
        for label, url in LinkFields.NAMES:
            said, address = self.cleaned_data.get(label, ""), self.cleaned_data.get(url, "")
            if said and not address and url not in self.errors:
                self.add_error(url, _("Enter the address, or empty the field before it."))
            elif address:
                found.append([said or address, address])
        return found

    def _version(self) -> str:
        return "-".join(fingerprint(repr(self.now[name])) for name in NAMES)

    def _fingerprints(self, of_version: str) -> dict[str, str]:
        parts = of_version.split("-")
        return dict(zip(NAMES, parts, strict=True)) if len(parts) == len(NAMES) else {}

    def _stays_mine(self, name: str, mine: Any) -> bool:
        """Asks whose text stays. An answer counts only for the text it was given about: a third one is asked anew."""
        key, about = f"keep_{name}", fingerprint(repr(self.now[name]))
        answers = {
            f"mine-{about}": _("keep mine, as it stands below: %(value)s") % {"value": self._said(name, mine)},
            f"theirs-{about}": _("keep the other: %(value)s") % {"value": self._said(name, self.now[name])},
        }
        told = _("Somebody else has changed this while you were writing.")
        self.fields[key] = forms.ChoiceField(
            label=label_of(name), help_text=told, widget=forms.RadioSelect, choices=answers.items(), required=False
        )
        answer = self.data.get(key, "")
        if answer not in answers:
            self.add_error(key, _("Choose what stays."))
        return str(answer).startswith("mine")

    def _said(self, name: str, value: Any) -> str:
        """A part in one line."""
        field = self.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            names = {str(option.data["value"]): str(option.choice_label) for option in self[name].subwidgets}
            value = [names.get(str(each), str(each)) for each in (value if isinstance(value, list) else [value])]
        elif name == "links":
            value = [label for label, _url in value]
        text = ", ".join(value) if isinstance(value, list) else plain(str(value or ""))
        return text[:300] or str(_("(empty)"))


class ReasonForm(DrawnForm, forms.Form):
    """Why something is done; the people it concerns read it."""

    reason = TextField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        missing=_("Give the reason. Those who wrote the practice read it."),
    )  # fmt: skip


class TransferForm(DrawnForm, forms.Form):
    """How far a city has come with a practice of another place."""

    city = forms.ModelChoiceField(label=_("For which city?"), queryset=City.objects.none(), empty_label=None)
    stage = forms.ChoiceField(
        label=_("How far have you come?"), widget=forms.RadioSelect,
        error_messages={"required": _("Choose how far you have come.")},
        choices=[
            ("interested", _("We are interested")),
            ("trying", _("We are trying it out")),
            ("adapted", _("We have adapted it and go on with it")),
            ("dropped", _("We have dropped it")),
        ],
    )  # fmt: skip
    note = TextField(
        label=_("What others should know"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you changed, what it took, what got in the way. Public, under the name of your city."),
    )  # fmt: skip

    def __init__(self, cities: CityQuerySet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        city = self.fields["city"]
        assert isinstance(city, forms.ModelChoiceField)
        city.queryset = cities.order_by("slug")
        city.initial = cities.order_by("slug").first()

    def clean(self) -> None:
        if self.cleaned_data.get("stage") == "dropped" and not self.cleaned_data.get("note"):
            self.add_error("note", _("Say why. It spares others the same way."))


class PracticesFileForm(DrawnForm, forms.Form):
    """A file of practices; its rows are judged by exchange.imports."""

    MOST_BYTES: ClassVar[int] = 5 * 1024 * 1024

    file = forms.FileField(
        label="practices.csv", allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ".csv"}),
        help_text=_("At most 5 megabytes. Nothing is imported before you have seen what would change."),
        error_messages={"required": _("Choose the file.")},
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > self.MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 megabytes."))
        return file
