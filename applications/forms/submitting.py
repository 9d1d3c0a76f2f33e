"""The few fixed forms around submitting: the scan of a signed sheet, and the reason for withdrawing."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.actions.endorsing import wrong_day
from applications.models import Document, Endorsement
from applications.models.document import SHEETS
from network.forms import DrawnForm


class SheetForm(DrawnForm, forms.Form):
    """A scan, and who signed it when. Where several sheets were prepared, also which one it is, by its code."""

    sheet = forms.ChoiceField(
        label=_("Which page was signed?"),
        help_text=_("Compare the code printed on it."),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the page that was signed."),
            "invalid_choice": _("This page does not exist any more. Choose another one."),
        },
    )
    kept = forms.ModelChoiceField(Document.objects.none(), required=False, widget=forms.HiddenInput)
    scan = forms.FileField(
        label=_("The signed page"),
        help_text=_(
            "A scan or a sharp photograph: PDF, JPEG or PNG, at most 10 MB. "
            "A signed letter on their own paper will do as well if it names the code of the page."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
        allow_empty_file=True,  # the portal's own sentence says so
        error_messages={"required": _("Choose the file with the signed page.")},
    )
    signed_on = forms.DateField(
        label=_("Signed on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "field-short"}),
        error_messages={
            "required": _("Give the date of the signature."),
            "invalid": _("This is not a date. Example: 2027-05-31."),
        },
    )
    signatory = forms.CharField(
        label=_("Name of the person who signed"),
        max_length=200,
        error_messages={"required": _("Give the name of the person who has signed.")},
    )
    office = forms.CharField(
        label=_("Office of that person"),
        help_text=_("As it stands under the signature, for example “Lord Mayor”."),
        max_length=200,
        error_messages={"required": _("Give the office of the person who has signed.")},
    )

    def __init__(self, *args: Any, sheets: Sequence[Endorsement], given: Endorsement | None, **kwargs: Any) -> None:
        initial = {"signatory": given.signatory, "office": given.office} if given else {}
        super().__init__(*args, initial=initial, **kwargs)
        self.sheets = {str(one.pk): one for one in sheets}
        scans = sheets[0].application.documents.filter(question=f"{SHEETS}{sheets[0].link}", removed_at=None)
        self.fields["kept"].queryset = scans  # type: ignore[attr-defined]  # a field of models
        self.fields["scan"].required = not self.data.get("kept")  # one that was uploaded before will do
        field = self.fields["sheet"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, self._name(one)) for key, one in self.sheets.items()]
        if len(sheets) == 1:
            field.initial, field.widget = sheets[0].pk, forms.HiddenInput()

    @staticmethod
    def _name(one: Endorsement) -> str:
        day = date_format(one.prepared_at.astimezone(one.application.call.zone_info), "SHORT_DATETIME_FORMAT")
        return f"{one.code} ({day})"

    @property
    def chosen(self) -> Endorsement:
        """The sheet that was signed, once the form is valid."""
        return self.sheets[self.cleaned_data["sheet"]]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("scan") and not values.get("kept") and "scan" not in self.errors:
            self.add_error("scan", _("Choose the file with the signed page."))
        sheet, day = self.sheets.get(values.get("sheet", "")), values.get("signed_on")
        if sheet and day and (sentence := wrong_day(sheet, day)):
            self.add_error("signed_on", sentence)
        return values

    @property
    def upload(self) -> UploadedFile | None:
        """What was sent now, whether or not the rest is right."""
        return self.cleaned_data.get("scan")

    def keep(self, document: Document) -> None:
        """The scan is stored: it need not be chosen again, whatever else is to be put right."""
        self.cleaned_data["kept"] = document
        self.data = {**self.data.dict(), "kept": str(document.pk)}  # type: ignore[attr-defined]  # a QueryDict
        self.fields["scan"].required = False
        self["scan"].help_text = _(
            "“%(name)s” is uploaded. You need not choose it again, unless it is to be another one."
        ) % {"name": document.name}

    @property
    def particulars(self) -> tuple[datetime.date, str, str]:
        """Date, name and office."""
        values = self.cleaned_data
        return values["signed_on"], values["signatory"], values["office"]


class WithdrawForm(DrawnForm, forms.Form):
    """Why the city withdraws."""

    note = forms.CharField(
        label=_("Reason"),
        help_text=_("The team and, once submitted, the coordination read it. It stays in the history."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        error_messages={"required": _("Give a reason.")},
    )
