"""The form of a readiness check: one row of four answers for each statement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.pack import Pack
from applications.readiness import Said
from network.forms import DrawnForm


class ReadinessForm(DrawnForm, forms.Form):
    """All statements of a pack. Nothing is required: what is not answered is not known."""

    def __init__(self, pack: Pack, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in pack.readiness:
            self.fields[one.key] = forms.ChoiceField(
                label=str(one.statement),
                help_text=_("What shows it: %(evidence)s") % {"evidence": one.evidence},
                choices=Said.choices,
                widget=forms.RadioSelect,
                required=False,
            )
