"""Forms to take sessions over from a calendar of others."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from exchange.calendars import LIMIT
from exchange.forms_sessions import DEFAULT_ZONE
from exchange.models import CalendarImport, Programme, Theme
from exchange.models.session import is_zone
from network.forms import DrawnForm
from network.models import User


class CalendarForm(DrawnForm, forms.Form):
    """Where a calendar is, and what it does not say itself. Its content is judged by exchange.calendars."""

    programme = forms.ModelChoiceField(
        label=_("For which programme?"), queryset=Programme.objects.none(), empty_label=_("choose"),
        error_messages={"required": _("Choose the programme the sessions belong to.")},
    )  # fmt: skip
    address = forms.CharField(
        label=_("Address of the calendar"), required=False, max_length=1000,
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("It begins with https:// or webcal:// and often ends with .ics. It is never public."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or a file (.ics)"), required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}), help_text=_("At most 1 megabyte."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("In which language are its texts?"), choices=settings.LANGUAGES, widget=forms.RadioSelect, initial="de",
        help_text=_("English titles stand in for German ones until somebody has translated them."),
    )  # fmt: skip
    theme = forms.ChoiceField(
        label=_("Theme of new sessions"), error_messages={"required": _("Choose a theme. It can be changed for each.")}
    )
    zone = forms.CharField(
        label=_("Time zone of times that name none"), max_length=40, initial=DEFAULT_ZONE, validators=[is_zone],
        help_text=_("For example Europe/Berlin or America/New_York."),
    )  # fmt: skip
    is_daily = forms.BooleanField(
        label=_("Read the address again every day, and write to the coordinators when something is new in it"),
        required=False,
        help_text=_("Nothing is taken over before somebody has looked at it."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme = self.fields["programme"]
        assert isinstance(programme, forms.ModelChoiceField)
        programme.queryset = Programme.objects.kept_by(user).order_by("position", "slug")
        theme = self.fields["theme"]
        assert isinstance(theme, forms.ChoiceField)
        theme.choices = [("", _("choose")), *Theme.choices]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        address, file = values.get("address"), values.get("file")
        if bool(address) == bool(file):
            self.add_error("address", _("Enter an address or choose a file, one of the two."))
        if file and file.size > LIMIT:
            self.add_error("file", _("The calendar is too large: at most %(limit)d megabyte.") % {"limit": LIMIT >> 20})
        if values.get("is_daily") and not address:
            self.add_error("is_daily", _("Only an address can be read again."))
        return values

    @property
    def source(self) -> CalendarImport:
        """After validation: the import, not stored yet; without its content."""
        names = ("programme", "address", "zone", "theme", "language", "is_daily")
        file = self.cleaned_data["file"]
        name = (file.name if file else "")[:200]
        return CalendarImport(name=name, **{part: self.cleaned_data[part] for part in names})


class TakeOverForm(DrawnForm, forms.Form):
    """What to do with an import that was looked at; `chosen` are the names of changes (Change.name)."""

    shown = forms.CharField(widget=forms.HiddenInput)
    announce = forms.BooleanField(
        label=_("Announce the new sessions at once, instead of making drafts"), required=False
    )
    reason = forms.CharField(
        label=_("Reason of the cancellation"), required=False, max_length=1000,
        help_text=_("Everybody who has registered reads it."),
    )  # fmt: skip
