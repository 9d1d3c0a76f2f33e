"""A small sound pack with every kind of question, and ways to change one thing in it."""

import copy
import re
from typing import Any

STEP = re.compile(r"([a-z_$]+)|\[([^\]]+)\]")
GONE = object()


def words(text: str) -> dict[str, str]:
    return {"de": f"{text} (de)", "en": f"{text} (en)"}


def a_question(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "label": words(key), **more}


def choices(*keys: str) -> list[dict[str, Any]]:
    return [{"key": key, "label": words(key)} for key in keys]


def _step(key: str, *sections: dict[str, Any]) -> dict[str, Any]:
    texts = {"title": words(key), "explanation": words(f"what {key} is"), "actor": words("city")}
    return {"key": key, **texts, "sections": list(sections)}


def _section(key: str, *questions: dict[str, Any]) -> dict[str, Any]:
    return {"key": key, "title": words(key), "questions": list(questions)}


UNDERSTAND = _step(
    "understand",
    _section(
        "rules",
        a_question(
            "rules_read", "confirm", statement=words("I have read them"), version="1", url="https://example.org/r"
        ),
        a_question("informed", "stakeholders", at_most=9),
    ),
)
COMMIT = _step(
    "commit",
    _section(
        "resolution",
        a_question("resolved", "choice", choices=choices("yes", "soon", "no")),
        a_question("resolved_on", "date", only_if={"question": "resolved", "any_of": ["yes"]}),
        a_question("resolution", "document", only_if={"question": "resolved", "any_of": ["yes"]}, max_pages=20),
    ),
)
APPLY = _step(
    "apply",
    _section(
        "plan",
        a_question("field", "choice", choices_from_fields=True),
        a_question("motto", "short_text", characters=80),
        a_question("vision", "long_text", words=200, help=words("help"), verify=words("not sure"), public=True),
        a_question("more", "long_text", words=100, required=False),
        a_question("challenges", "rating", choices=choices("growth", "climate")),
        a_question("themes", "several", choices=choices("a", "b", "c"), at_most=2),
        a_question("theme_b", "long_text", words=50, only_if={"question": "themes", "any_of": ["b", "c"]}),
        a_question("goals", "sdgs", at_most=5),
    ),
    _section(
        "facts",
        a_question("people", "city_fact", fact="population"),
        a_question("budget", "number", unit=words("euros"), minimum=0, maximum=100.5, with_year=True),
        a_question(
            "partners",
            "table",
            columns=[
                {"key": "name", "label": words("name")},
                {"key": "since", "label": words("since"), "kind": "date"},
            ],
            at_least=2,
            at_most=4,
        ),
        a_question("evidence", "links", at_most=4),
        a_question("desk", "contact"),
        a_question("photos", "document", accepts=["jpeg"], at_least=3, at_most=3, max_bytes=3000000, min_pixels=900),
        a_question("rights", "document", one_for_each="photos"),
    ),
)
SUBMIT = _step("submit", _section("declaration", a_question("complete", "confirm", statement=words("It is complete"))))

SAMPLE: dict[str, Any] = {
    "format": 1,
    "key": "sample",
    "network": "gnlc",
    "title": words("Sample"),
    "summary": words("A sample"),
    "decides": words("Somebody decides"),
    "steps": [UNDERSTAND, COMMIT, APPLY, SUBMIT],
    "criteria": [
        {
            "key": "quality",
            "title": words("quality"),
            "explanation": words("how good"),
            "weight": 60,
            "questions": ["vision", "more", "theme_b", "challenges"],
        },
        {
            "key": "basis",
            "title": words("basis"),
            "explanation": words("how firm"),
            "weight": 40,
            "questions": ["partners", "evidence", "vision"],
            "lowest": 1,
            "highest": 4,
        },
    ],
    "readiness": [
        {
            "key": "decided",
            "statement": words("It is decided"),
            "evidence": words("a paper"),
            "office": words("council"),
            "days": 90,
            "essential": True,
            "criterion": "basis",
            "seeds": "resolution",
        }
    ],
    "endorsements": [
        {"key": "mayor", "role": words("mayor"), "pledge": words("I stand by it"), "days": 14, "covers": ["plan"]},
        {"key": "body", "role": words("body"), "pledge": words("We endorse it"), "days": 30, "by_city": False},
    ],
    "checklist": [{"key": "signed", "text": words("It is signed")}, {"key": "whole", "text": words("It is whole")}],
    "retention": {"admitted": 120, "not_admitted": 24, "draft": 12},
    "answer_languages": ["en", "fr"],
    "field_question": "field",
    "quota": {"count": 2, "different_fields": True, "tie_break": ["quality", "basis"]},
    "max_bytes": 20971520,
    "reporting": {
        "months": 24,
        "questions": [
            a_question("progress", "long_text", words=300),
            a_question("changed", "choice", choices=choices("a", "b")),
            a_question("what_changed", "long_text", words=100, only_if={"question": "changed", "any_of": ["a"]}),
        ],
    },
    "verify": [words("a note")],
}


def sample(**changed: Any) -> dict[str, Any]:
    """A fresh copy; properties given replace those of the whole."""
    return copy.deepcopy(SAMPLE) | changed


def found(document: Any, place: str) -> Any:
    """The part of a document at a place such as `steps[apply].sections[0]`."""
    for name, key in STEP.findall(place):
        if name:
            document = document[name]
        else:
            by_key = [item for item in document if isinstance(item, dict) and item.get("key") == key]
            document = by_key[0] if by_key else document[int(key)]
    return document


def put(document: Any, place: str, value: Any) -> None:
    """Writes a property, or with GONE takes away a property or an item of a list."""
    *way, (name, key) = STEP.findall(place)
    owner = document
    for step_name, step_key in way:
        owner = found(owner, step_name or f"[{step_key}]")
    if value is not GONE:
        owner[name] = copy.deepcopy(value)
    elif name:
        del owner[name]
    else:
        owner.remove(found(owner, f"[{key}]"))


def changed(place: str, value: Any) -> dict[str, Any]:
    """The sample with one thing written or taken away."""
    document = sample()
    put(document, place, value)
    return document
