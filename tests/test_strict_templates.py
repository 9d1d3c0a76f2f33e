"""A slip in one of the portal's own templates fails a test; templates of others may name what is not there."""

import pytest
from django.template import Context, Engine

from tests.strict_templates import UnknownVariable, UnknownVariableError


@pytest.fixture
def ours(tmp_path):
    folder = tmp_path / "ours"
    folder.mkdir()
    return folder


def strict(folder, text, **context):
    (folder / "page.html").write_text(text)
    engine = Engine(dirs=[folder], string_if_invalid=UnknownVariable(folder))
    return engine.get_template("page.html").render(Context(context))


@pytest.mark.parametrize("text", ["{{ citty }}", "{{ city.nam }}", "{% if city %}{{ citty.name }}{% endif %}"])
def test_template_of_ours_when_it_shows_what_is_not_there_then_it_fails(ours, text):
    with pytest.raises(UnknownVariableError, match="is not in its context"):
        strict(ours, text, city={"name": "Köln"})


def test_template_of_ours_when_all_is_there_or_only_asked_for_then_it_is_rendered(ours):
    assert strict(ours, "{{ city.name }}{% if citty %}!{% endif %}", city={"name": "Köln"}) == "Köln"


def test_template_of_others_when_it_shows_what_is_not_there_then_it_shows_nothing(tmp_path):
    (tmp_path / "page.html").write_text("[{{ citty }}]")
    engine = Engine(dirs=[tmp_path], string_if_invalid=UnknownVariable(tmp_path / "ours"))

    assert engine.get_template("page.html").render(Context()) == "[]"
