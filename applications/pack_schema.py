"""The JSON Schema (2020-12) of a pack, made from its dataclasses: it accepts what `applications.pack.read` accepts."""

import dataclasses
import inspect
import re
import types
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin

from applications.pack import FORMAT, Pack
from applications.typed_json import UNPRINTABLE, dump, hints, is_needed

DIALECT = "https://json-schema.org/draft/2020-12/schema"
COMMENT = re.compile(r"^    (\w+): .*?  # (.+)$", re.MULTILINE)
PLAIN = {str: {"$ref": "#/$defs/Words"}, int: {"type": "integer"}, float: {"type": "number"}, bool: {"type": "boolean"}}
WORDS = {
    "description": "A text without control characters, except tabulators and line breaks.",
    "type": "string",
    "pattern": f"^[^{UNPRINTABLE}]*$",
}


@cache
def _source(kind: type) -> str:
    return inspect.getsource(kind)


def schema() -> dict[str, Any]:
    """The schema as JSON: what a document must look like so that `read` takes it. Whether the pack is sound beyond its
    shape is said by applications.pack_checks."""
    parts: dict[str, Any] = {"Words": WORDS}
    whole = _object(Pack, parts)
    properties = whole["properties"]
    properties["format"] = {**properties["format"], "const": FORMAT}
    properties["$schema"] = {"description": "The address of this schema, for editors; not kept."}
    return {"$schema": DIALECT, "title": f"Call pack, format {FORMAT}", **whole, "$defs": dict(sorted(parts.items()))}


def _object(kind: Any, parts: dict[str, Any]) -> dict[str, Any]:
    """A dataclass; those it is made of are put among the parts."""
    comments = dict(COMMENT.findall(_source(kind)))
    properties: dict[str, Any] = {}
    for one in dataclasses.fields(kind):
        found = _type(hints(kind)[one.name], parts)
        if one.name in comments:
            found["description"] = comments[one.name]
        if one.default is not dataclasses.MISSING and one.default is not None:
            found["default"] = dump(one.default)
        properties[one.name] = found
    return {
        "description": _words(kind),
        "type": "object",
        "properties": properties,
        "required": [one.name for one in dataclasses.fields(kind) if is_needed(one)],
        "additionalProperties": False,
    }


def _type(kind: Any, parts: dict[str, Any]) -> dict[str, Any]:
    if isinstance(kind, types.UnionType):
        return {
            "anyOf": [_type(one, parts) for one in get_args(kind) if one is not types.NoneType] + [{"type": "null"}]
        }
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _type(get_args(kind)[0], parts)}
    if kind in PLAIN:
        return dict(PLAIN[kind])
    if kind.__name__ not in parts:
        parts[kind.__name__] = {}  # holds the place, should a part hold itself
        parts[kind.__name__] = _choice(kind) if issubclass(kind, StrEnum) else _object(kind, parts)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _choice(kind: type[StrEnum]) -> dict[str, Any]:
    return {"description": _words(kind), "type": "string", "enum": [one.value for one in kind]}


def _words(kind: type) -> str:
    return " ".join((inspect.getdoc(kind) or "").split())
