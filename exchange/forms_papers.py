"""Forms for pictures and documents of a practice: the file, and what is said about it."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.forms import ENGLISH, GERMAN, TextField
from exchange.format import written_in
from exchange.models import PracticeDocument, PracticePicture, Proposal
from exchange.placeholders import placeholder_in
from network.forms import DrawnForm

MISSING_FILE = {
    "required": _("Choose the file."),
    "empty": _("The file is empty. Choose another one."),
    "max_length": _("The name of the file is too long. Give it a shorter one and choose it again."),
}
LICENCE = _("For example CC BY 4.0, or: all rights with the city.")


class PaperForm(DrawnForm, forms.Form):
    """What is said about a file. The sentence about it must be there in the language the practice is written in. After
    `is_valid()`, whatever it says, `words` are the entries that can be kept, by column."""

    ABOUT: ClassVar[str]  # the beginning of the two columns that say what the file is
    MISSING: ClassVar[Any]

    def __init__(
        self, proposal: Proposal, *args: Any, paper: PracticeDocument | PracticePicture | None = None, **kwargs: Any
    ) -> None:
        initial = {name: getattr(paper, name) for name in self.base_fields if name != "file"} if paper else None
        super().__init__(*args, initial=initial, **kwargs)
        needed = written_in(proposal.values)
        for language in ("de", "en"):
            field = self.fields[f"{self.ABOUT}_{language}"]
            field.required = language in needed
            field.error_messages["required"] = self.MISSING

    @property
    def words(self) -> dict[str, str]:
        return {name: text for name, text in self.cleaned_data.items() if name != "file"}

    @property
    def has_file(self) -> bool:
        """Whether a file came with it that can be looked into, whatever is wrong beside it."""
        return "file" in self.cleaned_data

    def clean(self) -> None:
        for name in (f"{self.ABOUT}_de", f"{self.ABOUT}_en", "credit"):
            if filler := placeholder_in(self.cleaned_data.get(name) or ""):
                sentence = _("“%(text)s” only fills the place. Replace it by real words.")
                self.add_error(name, forms.ValidationError(sentence, params={"text": filler}))


class PictureForm(PaperForm):
    """What is said about a picture."""

    ABOUT = "alt"
    MISSING = _("Say in one sentence what the picture shows.")

    alt_de = TextField(
        label=_("What the picture shows, in German"), max_length=300, widget=forms.TextInput(attrs=GERMAN),
        help_text=_("One sentence for everybody who does not see the picture."),
    )  # fmt: skip
    alt_en = TextField(
        label=_("What the picture shows, in English"), max_length=300, widget=forms.TextInput(attrs=ENGLISH)
    )
    credit = TextField(
        label=_("Credit"), max_length=200, missing=_("Name who made the picture."),
        help_text=_("Who made the picture, as it is to be named beside it. Whoever can be recognised in it agrees."),
    )  # fmt: skip
    licence = TextField(
        label=_("Licence"), max_length=100, missing=_("Name the licence under which the picture may be shown."),
        help_text=LICENCE,
    )  # fmt: skip


class NewPictureForm(PictureForm):
    """A picture with what is said about it. The file itself is judged by exchange.actions.papers."""

    field_order = ["file"]
    file = forms.FileField(
        label=_("Picture"), max_length=200, error_messages=MISSING_FILE,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_(
            "JPEG, PNG or WebP, at most 15 MB. Where and when it was taken, and whatever else the file carries, "
            "is removed."
        ),
    )  # fmt: skip


class DocumentForm(PaperForm):
    """What is said about a document."""

    ABOUT = "title"
    MISSING = _("Say what the document is.")

    title_de = TextField(
        label=_("What the document is, in German"), max_length=200, widget=forms.TextInput(attrs=GERMAN),
        help_text=_("For example: report of the first year, form for parents, resolution of the council."),
    )  # fmt: skip
    title_en = TextField(
        label=_("What the document is, in English"), max_length=200, widget=forms.TextInput(attrs=ENGLISH)
    )
    language = forms.ChoiceField(
        label=_("Language of the document"), choices=PracticeDocument.Language, widget=forms.RadioSelect,
        error_messages={"required": _("Choose the language of the document.")},
    )  # fmt: skip
    credit = TextField(
        label=_("Made by"), max_length=200, missing=_("Name who made the document."),
        help_text=_("An office or organisation, as it is to be named beside it."),
    )  # fmt: skip
    licence = TextField(
        label=_("Licence"), max_length=100, missing=_("Name the licence under which the document may be passed on."),
        help_text=LICENCE,
    )  # fmt: skip

    def __init__(self, proposal: Proposal, *args: Any, **kwargs: Any) -> None:
        super().__init__(proposal, *args, **kwargs)
        self.fields["language"].initial = written_in(proposal.values)[0]


class NewDocumentForm(DocumentForm):
    """A document with what is said about it. The file itself is judged by exchange.actions.papers."""

    field_order = ["file"]
    file = forms.FileField(
        label=_("Document"), max_length=300, error_messages=MISSING_FILE,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,application/pdf"}),
        help_text=_(
            "PDF, Word (.docx) or OpenDocument (.odt), at most 10 MB and 200 pages. It is looked into before it is "
            "kept: nothing that runs, nothing hidden inside."
        ),
    )  # fmt: skip
