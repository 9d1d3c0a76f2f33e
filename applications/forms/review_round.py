"""What the coordination fills in about reviewing: invitations, who reviews what, conflicts, words for the city."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.coordinating import NOTE_LENGTH, MomentForm, some_words
from applications.models import Call
from network.forms import DrawnForm
from network.models import User

USUAL_DAYS = 28
COLLEAGUES_READ = gettext_lazy("Give a reason: your colleagues read it.")


class InviteForm(DrawnForm, forms.Form):
    """The address of somebody who is to review for a call."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The person gets a letter and answers it with an account of this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Give the e-mail address."),
            "invalid": gettext_lazy("This is not an e-mail address. Example: name@example.org"),
        },
    )


class DueForm(MomentForm):
    """Until when reviews are wanted."""

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, zone=call.zone_info, **kwargs)
        today = timezone.localdate(timezone=call.zone_info)
        usual = today + datetime.timedelta(days=USUAL_DAYS)
        if call.forwards_at:
            latest = call.forwards_at.astimezone(call.zone_info).date()
            usual = min(usual, latest) if latest > today else usual
        self.initial["day"] = usual
        self.fields["day"].label = _("Reviews due by")


class PeopleForm(DueForm):
    """Which reviewers, and until when."""

    people = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Reviewers"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one person."),
            "invalid_choice": gettext_lazy("This person cannot be chosen any more. Look at the list again."),
        },
    )
    field_order = ("people", "day", "clock")

    def __init__(self, *args: Any, offered: Sequence[tuple[User, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["people"]
        assert isinstance(choice, forms.TypedMultipleChoiceField)
        choice.choices = [(person.pk, f"{person} · {about}") for person, about in offered]


class PairsForm(DueForm):
    """The proposal as it was shown: what is confirmed is what was seen."""

    pairs = forms.CharField(widget=forms.HiddenInput)

    def clean_pairs(self) -> set[tuple[int, int]]:
        """Pairs of an application and a person."""
        try:
            return {
                (int(application), int(person))
                for application, person in (pair.split("-") for pair in self.cleaned_data["pairs"].split())
            }
        except ValueError:
            raise forms.ValidationError(_("The proposal has come in pieces. Make a new one.")) from None


class TakeBackForm(DrawnForm, forms.Form):
    """A review is asked of somebody no longer."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The person reads it."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ConflictForm(DrawnForm, forms.Form):
    """Who is in conflict with an application, and why."""

    person = forms.TypedChoiceField(
        label=gettext_lazy("Who is in conflict?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a person."),
            "invalid_choice": gettext_lazy("This person cannot be chosen any more. Look at the list again."),
        },
    )
    reason = some_words(
        gettext_lazy("What is the conflict?"),
        gettext_lazy("Your colleagues in the coordination read it, the city does not."),
        missing=COLLEAGUES_READ,
    )

    def __init__(self, *args: Any, reader: User, reviewers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["person"]
        assert isinstance(choice, forms.TypedChoiceField)
        choice.choices = [(reader.pk, _("I myself")), *((person.pk, str(person)) for person in reviewers)]
