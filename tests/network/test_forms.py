"""How inputs are drawn: without templates, and still as Django's templates draw them."""

import pytest
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from network.forms import PLAIN, Drawing


@pytest.mark.parametrize("template", sorted(PLAIN))
@pytest.mark.parametrize("value", [None, "", 0, '<a href="x">&amp;</a>', mark_safe("a&amp;b"), gettext_lazy("Note")])
def test_input_then_it_is_drawn_as_by_its_template(template, value):
    attrs = {
        "class": "a b",
        "required": True,
        "checked": False,
        "maxlength": 7,
        "aria-label": 'Say "<no>"',
        "id": "id_x.y",
    }
    widget = {"type": "text", "name": "x.y", "value": value, "attrs": attrs, "wrap_label": False, "label": "Label"}
    assert Drawing().render(template, {"widget": widget}) == TemplatesSetting().render(template, {"widget": widget})


def test_option_with_its_label_then_the_template_draws_it():
    widget = {"type": "radio", "name": "x", "value": "1", "attrs": {"id": "x_0"}, "wrap_label": True, "label": "A & B"}
    drawn = Drawing().render("django/forms/widgets/radio_option.html", {"widget": widget})
    assert drawn.startswith('<label for="x_0"><input type="radio" name="x" value="1" id="x_0">')
    assert "A &amp; B" in drawn
