"""Forms for everybody: suggest a practice, report one, ask for letters about new ones. Protected against programs."""

import time
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from cities.forms import TextField, WebAddressField
from exchange import places
from exchange.forms import NO_ADDRESS
from exchange.forms_places import SUGGESTED, CountryField, PlaceField, question_of, read_place
from exchange.placeholders import placeholder_in
from network.forms import DrawnForm

SALT = "exchange.form"
LEAST, MOST = 3, 24 * 3600  # seconds between a form shown and sent: programs are faster, and keep old forms
FILLS = _("“%(text)s” only fills the place. Replace it by real words.")


class GuardedForm(DrawnForm, forms.Form):
    """A form that shows when a program has filled it in: a field nobody sees, and the moment it was opened."""

    homepage = forms.CharField(label=_("Leave this field empty"), required=False)
    begun = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["begun"] = signing.dumps(round(time.time(), 1), salt=SALT)

    def trap(self) -> BoundField:
        """The hidden field, always empty when shown."""
        return self["homepage"]

    def clean(self) -> None:
        if self.cleaned_data.get("homepage"):
            raise ValidationError(_("A hidden field was filled in, as programs do. It is empty again: send once more."))
        try:
            begun = signing.loads(self.cleaned_data.get("begun", ""), salt=SALT)
        except signing.BadSignature:
            begun = 0.0
        if not LEAST <= time.time() - begun <= MOST:
            self.data = dict(self.data.items()) | {"begun": self.initial["begun"]}
            raise ValidationError(_("This was sent faster than people write, or long after. Please send once more."))

    def refuse_fillers(self, *names: str) -> None:
        """Beside each of these texts that only fills its place."""
        for name in names:
            if filler := placeholder_in(self.cleaned_data.get(name, "")):
                self.add_error(name, ValidationError(FILLS, params={"text": filler}))


class EmailField(forms.EmailField):
    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": _("Enter your e-mail address."), "invalid": NO_ADDRESS}
        widget = forms.EmailInput(attrs={"autocomplete": "email"})
        super().__init__(label=_("Your e-mail address"), widget=widget, error_messages=messages, **kwargs)


class SuggestionForm(GuardedForm):
    """A visitor's suggestion: what, where, where it can be read, and an address that is confirmed first."""

    title = TextField(label=_("Title of the practice"), max_length=200, missing=_("Give the practice a title."))
    authority = PlaceField(
        label=_("City, district, county or region"), missing=_("Name the place the practice is from."),
        help_text=SUGGESTED,
    )  # fmt: skip
    country = CountryField()
    summary = TextField(
        label=_("What is done there, and why should others know?"), max_length=600,
        widget=forms.Textarea(attrs={"rows": 5}), missing=_("Say in one or two sentences what is done there."),
    )  # fmt: skip
    source_url = WebAddressField(
        label=_("Where this can be read"), max_length=1000,
        help_text=_("A page of the city, a report or an article. Without it nobody can check the suggestion."),
    )  # fmt: skip
    email = EmailField(
        help_text=_("It gets a letter with a link to confirm, and one with the decision. It is never public.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place: dict[str, Any] = {}  # after validation: `city`, or `authority`, `country` and their position
        self.fields["source_url"].error_messages["required"] = _("Give the address of a page that tells about it.")

    def clean(self) -> None:
        super().clean()
        self.refuse_fillers("title", "summary")
        self.place = read_place(self, asks_of_cities=False)

    @property
    def question(self) -> BoundField | None:
        return question_of(self)

    @property
    def suggestions(self) -> list[str]:
        return places.labels()

    @property
    def values(self) -> dict[str, Any]:
        """After validation: what `suggest` takes."""
        names = ("title", "summary", "source_url", "email")
        return {name: self.cleaned_data[name] for name in names} | {"place": self.place}


class ReportForm(GuardedForm):
    """What is wrong with a practice."""

    text = TextField(
        label=_("What is wrong with this entry?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        missing=_("Say what is wrong. One sentence is enough."),
        help_text=_("Only the coordinators who check the exchange read this."),
    )  # fmt: skip


class AlertForm(GuardedForm):
    """An address for letters about new practices."""

    email = EmailField(
        help_text=_("It gets a letter with a link to confirm. Every later letter has a link that ends them.")
    )
    query = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)


class ConfirmForm(DrawnForm, forms.Form):
    """A button."""
