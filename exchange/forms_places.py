"""The form that begins a practice: its title, and the place it comes from."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from cities.forms import TextField
from cities.models import Country
from cities.permissions import own_cities
from exchange import places
from exchange.models import Practice
from exchange.placeholders import placeholder_in
from network.forms import DrawnForm
from network.models import User

OTHER = "other"
SUGGESTED = _("Begin with its name: cities of the directory are suggested. Every other place may take part, too.")


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
            help_text=_("Not needed for a city that was suggested."), **kwargs,
        )  # fmt: skip

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class PlaceForm(DrawnForm, forms.Form):
    """Title, language and place of a new practice: one of the person's cities, another city of the directory, or one in
    no list. A name that is nearly that of a known place is asked about (`meant`)."""

    title = TextField(
        label=_("Title of the practice"), max_length=200,
        missing=_("Give the practice a title. It can be changed later."),
        help_text=_("Title and city are enough to begin. Everything else can wait."),
    )  # fmt: skip
    original_language = forms.ChoiceField(
        label=_("In which language do you write?"), choices=Practice.Original, widget=forms.RadioSelect, initial="de"
    )
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
        """Which place is meant, where that is not clear."""
        return self["meant"] if "meant" in self.fields else None

    @property
    def suggestions(self) -> list[str]:
        return places.labels()

    def clean(self) -> None:
        own = self.cities.get(self.cleaned_data.get("city", ""))
        if own is not None:
            self.place = {"city": own}
        elif self.cleaned_data.get("city") == OTHER or not self.cities:
            self._read_place()

    def _read_place(self) -> None:
        text, code = self.cleaned_data.get("authority", ""), self.cleaned_data.get("country", "")
        chosen = Country.objects.get(pk=code) if code else None
        name, country = places.parted(text, chosen)
        if "authority" in self.errors:
            return
        if not name:
            self.add_error("authority", _("Enter the name of the place."))
        elif filler := placeholder_in(name):
            sentence = _("“%(text)s” only fills the place. Replace it by real words.")
            self.add_error("authority", forms.ValidationError(sentence, params={"text": filler}))
        elif country is None:
            self.add_error("country", _("Choose the country of the place."))
        elif (listed := places.the_city(name, country)) and name != text:
            self.place = {"city": listed}  # chosen as it was suggested
        else:
            self._settle(name, country)

    def _settle(self, name: str, country: Country) -> None:
        """Takes the place as it was entered, unless it may be one that is known: then asks."""
        latitude, longitude = self.cleaned_data.get("position") or (None, None)
        entered = {"authority": name, "country": country, "latitude": latitude, "longitude": longitude}
        known = {meant.key: meant for meant in places.likely(name, country)}
        if not known:
            self.place = entered
            return
        new = f"new-{name}"  # an answer counts only for the name it was given about
        self.fields["meant"] = forms.ChoiceField(
            label=_("Do you mean …?"), widget=forms.RadioSelect,
            choices=[
                *((meant.key, meant.label) for meant in known.values()),
                (new, _("none of these: %(place)s is another place") % {"place": f"{name}, {country}"}),
            ],
        )  # fmt: skip
        answer = self.data.get("meant", "")
        if answer == new:
            self.place = entered
        elif answer in known:
            self.place = known[answer].place
        else:
            self.add_error(
                "meant", _("There is a place of this name already, or of a similar one. Choose what you mean.")
            )
