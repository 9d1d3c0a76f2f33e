"""Forms of the ground, and how every form of the portal is drawn (templates/django/forms/)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _

from network.models import BarrierReport

PLAIN = {f"django/forms/widgets/{kind}.html" for kind in (
    "checkbox", "checkbox_option", "date", "email", "hidden", "number", "password", "radio_option", "text", "url",
)}  # fmt: skip


class Drawing(TemplatesSetting):
    """Draws plain inputs as Django's templates for them do, without these: pages have dozens of inputs, and each would
    take three templates within each other."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        widget = context.get("widget", {})
        if template_name not in PLAIN or widget.get("wrap_label"):
            return super().render(template_name, context, request)
        value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
        attributes = "".join(
            f" {name}" if found is True else f' {name}="{conditional_escape(found)}"'
            for name, found in widget["attrs"].items()
            if found is not False
        )
        return f'<input type="{widget["type"]}" name="{conditional_escape(widget["name"])}"{value}{attributes}>'


class DrawnField(BoundField):
    """A field with the classes of the design system; `kind` tells the template which frame it needs."""

    CLASSES = {
        "group": "kern-form-check__checkbox",
        "check": "kern-form-check__checkbox",
        "select": "kern-form-input__select",
        "input": "kern-form-input__input",
    }

    @property
    def kind(self) -> str:
        widget = self.field.widget
        if widget.use_fieldset:
            return "group"
        if isinstance(widget, forms.CheckboxInput):
            return "check"
        return "select" if isinstance(widget, forms.Select) else "input"

    @property
    def first_id(self) -> str:
        """Where a link from the summary of errors leads."""
        return self.id_for_label or f"{self.auto_id}_0"

    def build_widget_attrs(self, attrs: Any, widget: forms.Widget | None = None) -> Any:
        widget = widget or self.field.widget
        names = [str(widget.attrs.get("class", "")), self.CLASSES[self.kind]]
        if isinstance(widget, forms.RadioSelect) and not isinstance(widget, forms.CheckboxSelectMultiple):
            names[1] = "kern-form-check__radio"
        if self.errors:
            names.append(f"{names[1]}--error")
        return super().build_widget_attrs(attrs, widget) | {"class": " ".join(filter(None, names))}


class DrawnForm(forms.BaseForm):
    """Beside Form or ModelForm: draws every field the same way; the label ends without a colon."""

    bound_field_class = DrawnField
    default_renderer = Drawing

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))


class BarrierForm(DrawnForm, forms.ModelForm):
    """A report of a barrier. Only the description is needed."""

    # Nobody sees this field; programs that fill in every field betray themselves.
    homepage = forms.CharField(label=_("Leave this field empty"), required=False)

    class Meta:
        model = BarrierReport
        fields = ["text", "page", "name", "email"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 8}),
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        help_texts = {
            "text": _("Describe what happens and what you expected. No particular words are needed."),
            "page": _("The address or the name of the page."),
            "email": _("We answer to this address. Without it we cannot answer you."),
        }
        error_messages = {
            "text": {"required": _("Describe the barrier. One sentence is enough.")},
            "email": {"invalid": _("This is not an e-mail address. Example: name@example.org")},
        }

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            raise ValidationError(_("A hidden field was filled in, as programs do. It is empty again: send once more."))
        return ""

    def trap(self) -> BoundField:
        """The hidden field, always empty when shown."""
        self.fields["homepage"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}
        return self["homepage"]
