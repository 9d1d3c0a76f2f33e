"""Beginning an application: for which city, in which language, from which earlier one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.earlier import candidates
from applications.models import Application, Call
from applications.pack_labels import LANGUAGES
from cities.models import City
from network.forms import DrawnForm


class StartForm(DrawnForm, forms.Form):
    """Only what there is to choose is asked: one city, one language and no earlier application ask nothing.

    After validation `city`, `language` and `earlier` say what was chosen.
    """

    city_choice = forms.ChoiceField(
        label=_("For which city?"), widget=forms.RadioSelect, error_messages={"required": _("Choose a city.")}
    )
    language_choice = forms.ChoiceField(
        label=_("In which language will you write the answers?"),
        help_text=_("The pages of the portal stay in the language you read them in."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language.")},
    )
    earlier_choice = forms.ChoiceField(
        label=_("Where does it begin?"), widget=forms.RadioSelect, error_messages={"required": _("Choose one.")}
    )

    def __init__(self, call: Call, cities: list[City], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cities = {city.slug: city for city in cities}
        self.earlier_ones = {str(one.pk): one for city in cities for one in candidates(call, city)}
        self.languages = {code: LANGUAGES.get(code, code) for code in call.pack.answer_languages}
        self._offer("city_choice", {slug: city.name for slug, city in self.cities.items()})
        self._offer("language_choice", self.languages)
        before = {"": _("Begin with empty answers")} | {pk: _described(one) for pk, one in self.earlier_ones.items()}
        self._offer("earlier_choice", before, required=False)

    def _offer(self, name: str, offered: dict[str, Any], *, required: bool = True) -> None:
        if len(offered) < 2:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(offered.items())
        field.required = required
        field.initial = next(iter(offered))

    @property
    def only_city(self) -> City | None:
        """The city that is not asked for, because there is no other."""
        return None if "city_choice" in self.fields else next(iter(self.cities.values()))

    @property
    def city(self) -> City:
        slug = self.cleaned_data.get("city_choice") or next(iter(self.cities))
        return self.cities[slug]

    @property
    def language(self) -> str:
        return str(self.cleaned_data.get("language_choice") or next(iter(self.languages)))

    @property
    def earlier(self) -> Application | None:
        return self.earlier_ones.get(self.cleaned_data.get("earlier_choice") or "")

    def clean(self) -> None:
        earlier = self.earlier
        if earlier is not None and not self.errors and earlier.city_id != self.city.pk:
            self.add_error("earlier_choice", _("This is an application of another city. Choose one of the same city."))


def _described(earlier: Application) -> str:
    return str(
        _("From the application of %(city)s to “%(call)s” (%(state)s)")
        % {"city": earlier.city, "call": earlier.call, "state": earlier.get_state_display()}
    )
