"""Forms of the directory: the upload of lists, and the choices before an import."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cities.imports import Choice, Difference
from cities.imports.difference import shown
from cities.imports.parcel import BadParcel, unpack
from network.forms import DrawnForm


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or more uploaded files, as a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(upload, initial) for upload in uploads or [None]]


class UploadForm(DrawnForm, forms.Form):
    """A ZIP file or several CSV files; `cleaned_data["lists"]` has their contents by name."""

    lists = ManyFilesField(
        label=_("Files"),
        help_text=_(
            "One ZIP file, or several CSV files at once. cities.csv and memberships.csv are needed; countries.csv, "
            "laender.csv, city_keys.csv, networks.csv, sources.csv and uccn_profiles.csv may be added. "
            "Together at most 20 megabytes."
        ),
        error_messages={
            "required": _("Choose the files."),
            "empty": _("One of the files is empty."),
            "max_length": _("A file name is too long."),
        },
        widget=ManyFilesInput(attrs={"accept": ".csv,.zip"}),
        allow_empty_file=True,  # an empty file is named as a finding, with all others
    )

    def clean_lists(self) -> dict[str, bytes]:
        uploads: list[UploadedFile] = self.cleaned_data["lists"]
        try:
            return unpack(uploads)
        except BadParcel as refusal:
            raise ValidationError(refusal.for_reader) from None


class ConfirmForm(DrawnForm, forms.Form):
    """What was seen, and for each value of a city's team whose stays."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, difference: Difference, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": difference.fingerprint()}, **kwargs)
        self.conflicts = difference.conflicts
        for place, conflict in enumerate(self.conflicts):
            self.fields[f"conflict_{place}"] = forms.ChoiceField(
                label=f"{conflict.city}: {conflict.column}",
                widget=forms.RadioSelect,
                choices=[
                    (Choice.TEAM, _("keep the team's value: %(value)s") % {"value": shown(conflict.team)}),
                    (Choice.FILE, _("take the file's value: %(value)s") % {"value": shown(conflict.file)}),
                ],
                error_messages={"required": _("Choose one of the two values.")},
            )

    @property
    def choices(self) -> dict[tuple[str, str], Choice]:
        """By city and column, after validation."""
        return {
            (conflict.city, conflict.column): Choice(self.cleaned_data[f"conflict_{place}"])
            for place, conflict in enumerate(self.conflicts)
        }
