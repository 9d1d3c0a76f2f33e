"""The form of a piece of material."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.forms import ENGLISH, GERMAN, WebAddressField
from exchange.languages import LANGUAGES
from exchange.models import Programme, Resource, Theme
from network.forms import DrawnForm
from network.models import User


class ResourceForm(DrawnForm, forms.ModelForm):
    """What it is, for whom, in which languages, where it lies, and why it matters."""

    url = WebAddressField(label=_("Address"), max_length=1000)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=LANGUAGES.items(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
    )  # fmt: skip

    class Meta:
        model = Resource
        fields = ["title_de", "title_en", "why_de", "why_en", "kind", "level", "audience", "theme", "languages",
                  "maker", "url", "programme", "networks"]  # fmt: skip
        widgets = {
            "title_de": forms.TextInput(attrs=GERMAN),
            "title_en": forms.TextInput(attrs=ENGLISH),
            "why_de": forms.Textarea(attrs=GERMAN | {"rows": 3}),
            "why_en": forms.Textarea(attrs=ENGLISH | {"rows": 3}),
            "networks": forms.CheckboxSelectMultiple,
        }
        labels = {
            "title_de": _("Title (German)"), "title_en": _("Title (English)"),
            "why_de": _("Why it matters, in one or two sentences (German)"),
            "why_en": _("Why it matters, in one or two sentences (English)"),
        }  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme = self.fields["programme"]
        assert isinstance(programme, forms.ModelChoiceField)
        programme.queryset = Programme.objects.kept_by(user).order_by("position", "slug")
        programme.empty_label = str(_("in no programme"))
        self.fields["title_en"].required = self.fields["why_en"].required = False
        for name, choices in (("kind", Resource.Kind.choices), ("theme", Theme.choices)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("choose")), *choices]
