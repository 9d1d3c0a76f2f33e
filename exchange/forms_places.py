"""The forms that say which place a practice comes from: when it is begun, and when that changes."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from cities.forms import TextField
from cities.models import Country
from cities.permissions import own_cities
from exchange import places
from exchange.models import Practice, Proposal
from exchange.placeholders import placeholder_in
from network.forms import DrawnForm
from network.models import User

OTHER = "other"
SUGGESTED = _(
    "Begin with its name: it is looked for in the directory and in a list of the world's places. Every other place may "
    "take part, too."
)


def countries() -> list[tuple[str, str]]:
    """Codes and names of all countries, by name in the reader's language."""
    return sorted(((c.pk, c.name) for c in Country.objects.all()), key=lambda row: row[1])


class PlaceField(TextField):
    """The name of a place, with suggestions while one types; `suggestions` is what the page lists for them."""

    LIST = "places"

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": self.LIST, "autocomplete": "off"})
        super().__init__(max_length=200, widget=widget, **kwargs)


class CountrySelect(forms.Select):
    def use_required_attribute(self, _initial: Any) -> bool:
        return False


class CountryField(forms.ChoiceField):
    """One of all countries. Empty passes even where it is marked as needed: the name of the place may tell it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Its country"), choices=lambda: [("", _("choose a country")), *countries()], widget=CountrySelect,
            help_text=_("Not needed for a place that was suggested."), **kwargs,
        )  # fmt: skip

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


def read_place(form: forms.Form, *, asks_of_cities: bool = True) -> dict[str, Any]:
    """The place entered into `authority`, `country` and, if there is one, `position`, as columns of a proposal; empty
    where something is missing, which then stands beside its field, or where it is not clear which place is meant: then
    the form has a question, `meant`. Without `asks_of_cities` the exact name of a city of the directory means it."""
    text, code = form.cleaned_data.get("authority", ""), form.cleaned_data.get("country", "")
    chosen = Country.objects.get(pk=code) if code else None
    name, country = places.parted(text, chosen)
    position = form.cleaned_data.get("position")
    if "authority" in form.errors:
        return {}
    if not name:
        form.add_error("authority", _("Enter the name of the place."))
    elif filler := placeholder_in(name):
        sentence = _("“%(text)s” only fills the place. Replace it by real words.")
        form.add_error("authority", forms.ValidationError(sentence, params={"text": filler}))
    elif country and (name != text or not asks_of_cities) and (city := places.the_city(name, country)):
        return {"city": city}
    elif country and name != text and not position and (suggested := places.of_the_world(name, country)):
        return suggested
    elif known := places.likely(name, country, in_world=not position):
        return _asked(form, name, country, known)
    elif country is None:
        form.add_error("country", _("Choose the country of the place."))
    else:
        return _entered(form, name, country)
    return {}


def _entered(form: forms.Form, name: str, country: Country) -> dict[str, Any]:
    latitude, longitude = form.cleaned_data.get("position") or (None, None)
    return {"authority": name, "country": country, "latitude": latitude, "longitude": longitude}


def _asked(form: forms.Form, name: str, country: Country | None, known: list[places.Meant]) -> dict[str, Any]:
    """The answer to which of the known places is meant, or none of them; else the question."""
    new = f"new-{name}"  # an answer counts only for the name it was given about
    other = f"{name}, {country}" if country else name
    none_of_these = _("none of these: %(place)s is another place") % {"place": other}
    form.fields["meant"] = forms.ChoiceField(
        label=_("Do you mean …?"), widget=forms.RadioSelect,
        choices=[*((meant.key, meant.label) for meant in known), (new, none_of_these)],
    )  # fmt: skip
    answer = form.data.get("meant", "")
    if answer == new and country is not None:
        return _entered(form, name, country)
    if answer == new:
        form.add_error("country", _("Choose the country of the place."))
    elif chosen := next((meant for meant in known if answer == meant.key), None):
        return chosen.place
    else:
        sentence = _("There are known places of this name, or of a similar one. Choose what you mean.")
        form.add_error("meant", sentence)
    return {}


def question_of(form: forms.Form) -> BoundField | None:
    """Which place is meant, where that is not clear."""
    return form["meant"] if "meant" in form.fields else None


class PlaceForm(DrawnForm, forms.Form):
    """The place of a practice: one of the person's cities, another city of the directory, or one in no list. A name
    that is nearly that of a known place is asked about (`meant`)."""

    city = forms.ChoiceField(
        label=_("City"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the city the practice is from.")},
    )
    authority = PlaceField(
        label=_("Another city, district, county or region"), required=False, missing=_("Enter the name of the place."),
        help_text=SUGGESTED,
    )  # fmt: skip
    country = CountryField(required=False)
    position = places.PositionField()

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cities = {city.slug: city for city in own_cities(user).select_related("country").order_by("slug")}
        self.place: dict[str, Any] = {}  # after validation: `city`, or `authority`, `country` and their position
        own = [(slug, f"{city}, {city.country}") for slug, city in self.cities.items()]
        city = self.fields["city"]
        assert isinstance(city, forms.ChoiceField)
        city.choices = [*own, (OTHER, _("another place, entered below"))]
        city.initial = own[0][0] if own else OTHER
        if not own:
            city.required = False
            city.widget = forms.HiddenInput()
            authority, country = self.fields["authority"], self.fields["country"]
            authority.label, authority.required, country.required = _("City, district, county or region"), True, True

    @property
    def question(self) -> BoundField | None:
        return question_of(self)

    @property
    def suggestions(self) -> list[str]:
        return places.labels()

    def clean(self) -> None:
        own = self.cities.get(self.cleaned_data.get("city", ""))
        if own is not None:
            self.place = {"city": own}
        elif self.cleaned_data.get("city") == OTHER or not self.cities:
            self.place = read_place(self)


class BeginForm(PlaceForm):
    """Title, language and place of a new practice."""

    title = TextField(
        label=_("Title of the practice"), max_length=200,
        missing=_("Give the practice a title. It can be changed later."),
        help_text=_("Title and city are enough to begin. Everything else can wait."),
    )  # fmt: skip
    original_language = forms.ChoiceField(
        label=_("In which language do you write?"), choices=Practice.Original, widget=forms.RadioSelect, initial="de"
    )
    field_order = ("title", "original_language")


class MoveForm(PlaceForm):
    """Another place for a draft. A city in whose team the person is not is asked about (`agrees`): its team will read
    the draft."""

    def __init__(self, user: User, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.proposal, self.agrees = proposal, ""
        if proposal.city and proposal.city.slug in self.cities:
            self.initial["city"] = proposal.city.slug
            return
        self.initial["city"] = OTHER
        self.initial["authority"] = proposal.place if proposal.city else proposal.authority
        self.initial["country"] = proposal.country_id
        if proposal.latitude is not None:
            self.initial["position"] = f"{proposal.latitude}, {proposal.longitude}"

    @property
    def agreement(self) -> BoundField | None:
        """That a team is to read the draft, where one will that does not yet."""
        return self[self.agrees] if self.agrees else None

    def clean(self) -> None:
        super().clean()
        city = self.place.get("city")
        if city is None or city.slug in self.cities or city == self.proposal.city:
            return
        self.agrees = f"agrees-{city.slug}"  # counts only for the team it was given about
        label = _("I know: the team of %(city)s reads this draft from then on, with its history and files, and can "
                  "write in it.")  # fmt: skip
        self.fields[self.agrees] = forms.BooleanField(label=label % {"city": city})
        if self.agrees not in self.data:
            self.add_error(self.agrees, _("Confirm this, or choose another place."))
