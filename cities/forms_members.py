"""What coordinators fill in about a membership: another status, other fields, with the words everybody reads."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.forms import TextField
from cities.models import Membership
from network.forms import DrawnForm
from network.models import Field


class MembershipActForm(DrawnForm, forms.Form):
    """From which day, the neutral public words in both languages, and the reason for the coordination alone."""

    on = forms.DateField(
        label=_("From which day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "field-short"}),
        error_messages={"required": _("Give the day."), "invalid": _("This is not a date. Example: 2027-05-31.")},
    )
    words_de = forms.CharField(
        label=_("Public words, in German"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Neutral words for the city’s public page, for example: at the city’s own wish. May stay empty."),
    )  # fmt: skip
    words_en = forms.CharField(
        label=_("Public words, in English"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = TextField(
        label=_("Internal reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        missing=_("Give the reason; only the coordination reads it."), help_text=_("Only the coordination reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"initial": {"on": timezone.localdate()}} | kwargs))


class FieldsForm(MembershipActForm):
    """The fields a city works in from a day on."""

    fields_now = forms.ModelMultipleChoiceField(
        label=_("Fields"),
        queryset=Field.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one field.")},
    )
    field_order = ("fields_now", "on", "words_de", "words_en", "reason")

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        initial = {"on": timezone.localdate(), "fields_now": list(membership.fields.all())}
        super().__init__(*args, initial=initial, **kwargs)
        chosen = self.fields["fields_now"]
        assert isinstance(chosen, forms.ModelMultipleChoiceField)
        chosen.queryset = membership.network.fields.all()
