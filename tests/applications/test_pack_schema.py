"""The published schema and the reader accept and refuse the same documents."""

import copy
import json
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command
from hypothesis import event, given, settings
from hypothesis import strategies as st

from applications.pack import PackError, parse, read
from applications.pack_schema import schema
from applications.shipped import shipped_packs
from tests.applications.sample_pack import sample

SCHEMA = jsonschema.Draft202012Validator(schema())
SHIPPED = {key: parse(path.read_bytes()) for key, path in shipped_packs().items()}

type Way = tuple[str | int, ...]

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=()), max_size=5),
    st.sampled_from(["long_text", "apply", "pdf", "yes", "1", "", "\n", "a\x00", "\ud800"]),
    st.just([]),
    st.just({}),
    st.just({"de": "x", "en": "y"}),
    st.lists(st.just("a"), max_size=2),
    st.dictionaries(st.sampled_from(["key", "de", "en", "label", "x"]), st.just("a"), max_size=3),
)
NAMES = st.sampled_from(
    ["key", "help", "verify", "only_if", "words", "public", "de", "fr", "$schema", "", "quota", "accepts"]
)


def ways(document: Any, way: Way = ()) -> list[Way]:
    """To each part of a document."""
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return [way, *(one for name, value in inner for one in ways(value, (*way, name)))]


# Two packs are enough: the sample has every property, and a large one takes long to check.
MOTHERS = {"sample": sample(), "c40": SHIPPED["c40"]}
WAYS = {key: ways(document) for key, document in MOTHERS.items()}


def part(document: Any, way: Way) -> Any:
    for name in way:
        document = document[name]
    return document


@st.composite
def mutants(draw: st.DrawFn) -> Any:
    """A pack in which one thing was replaced, taken away, added, or copied from elsewhere."""
    key = draw(st.sampled_from(sorted(MOTHERS)))
    way = draw(st.sampled_from(WAYS[key]))
    deed = draw(st.sampled_from(["replace", "remove", "add", "copy"]))
    document = copy.deepcopy(MOTHERS[key])
    target = part(document, way)
    if deed == "add" and isinstance(target, dict):
        target[draw(NAMES)] = draw(ANYTHING)
    elif deed == "add" and isinstance(target, list):
        target.append(draw(ANYTHING))
    elif not way:
        return draw(ANYTHING)
    elif deed == "remove":
        del part(document, way[:-1])[way[-1]]
    else:
        new = part(MOTHERS[key], draw(st.sampled_from(WAYS[key]))) if deed == "copy" else draw(ANYTHING)
        part(document, way[:-1])[way[-1]] = copy.deepcopy(new)
    return document


def reads(document: object) -> bool:
    try:
        read(document)
    except PackError:
        return False
    return True


def test_schema_then_it_is_a_valid_one():
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("key", SHIPPED)
def test_schema_then_shipped_packs_follow_it(key):
    assert [error.json_path for error in SCHEMA.iter_errors(SHIPPED[key])] == []


def test_schema_then_the_sample_follows_it():
    SCHEMA.validate(sample())


@settings(max_examples=100, deadline=None)
@given(mutants())
def test_schema_when_a_pack_is_mutated_anywhere_then_it_agrees_with_the_reader(document):
    accepted = reads(document)
    event(f"accepted: {accepted}")
    assert SCHEMA.is_valid(document) == accepted


@pytest.mark.parametrize(
    ("changed", "accepted"),
    [
        ({"$schema": "https://example.org/pack/1/schema.json"}, True),
        ({"$schema": None}, True),
        ({"quota": None}, True),
        ({"max_bytes": 5.0}, True),
        ({"max_bytes": 5.5}, False),
        ({"max_bytes": True}, False),
        ({"outside": None}, False),
        ({"outside": 0}, False),
        ({"format": 1.0}, True),
        ({"format": 2}, False),
        ({"format": True}, False),
        ({"criteria": None}, False),
        ({"answer_languages": ["en", 5]}, False),
        ({"key": "a\tb\nc"}, True),
        ({"key": "a\x7fb"}, False),
        ({"key": "👋"}, True),
        ({"key": "\ud83d"}, False),
    ],
)
def test_schema_when_it_is_a_close_call_then_it_agrees_with_the_reader(changed, accepted):
    document = sample(**changed)
    assert (SCHEMA.is_valid(document), reads(document)) == (accepted, accepted)


def test_schema_then_it_tells_what_a_property_is_for():
    parts = schema()["$defs"]
    assert parts["Question"]["properties"]["words"]["description"].startswith("long_text: at most")
    assert parts["Question"]["properties"]["accepts"]["default"] == ["pdf"]
    assert parts["Retention"]["description"]


def test_pack_schema_then_it_is_printed_as_json(capsys):
    call_command("pack_schema")
    assert json.loads(capsys.readouterr().out) == schema()
