"""Reads JSON strictly, fills frozen dataclasses from it, and writes them back; knows nothing of packs."""

import dataclasses
import json
import math
import re
import types
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from django.utils.translation import gettext_noop as _

from applications.problems import Problem

# Characters that PostgreSQL refuses (NUL), that UTF-8 cannot hold (lone halves of pairs) or that nobody can see.
UNPRINTABLE = r"\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uD800-\uDFFF"
BAD_CHARACTER = re.compile(f"[{UNPRINTABLE}]")
SHOWN = 60  # characters of a wrong value that a sentence repeats

NEEDED = {
    str: _("This must be a text."),
    int: _("This must be a whole number."),
    float: _("This must be a number."),
    bool: _("This must be true or false."),
}


class NotJsonError(ValueError):
    """The bytes are no JSON that everybody reads alike; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _TwiceError(ValueError):
    pass


def parse(data: bytes) -> Any:
    """The document these bytes hold (UTF-8). Raises NotJsonError also for what many readers let pass and each reads in
    its own way (RFC 7493): a property given twice, NaN, nesting without end."""
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        values = {"line": error.lineno, "column": error.colno}
        raise NotJsonError(Problem("", _("This is no JSON: line %(line)s, column %(column)s."), values)) from error
    except _TwiceError as error:
        raise NotJsonError(Problem("", _("The property “%(name)s” is given twice."), {"name": str(error)})) from error
    except UnicodeDecodeError as error:
        raise NotJsonError(Problem("", _("The file is not encoded as UTF-8."))) from error
    except (ValueError, RecursionError) as error:
        raise NotJsonError(Problem("", _("The file holds numbers or nesting that cannot be read."))) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _TwiceError(name)
        found[name] = value
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def dump(value: object) -> Any:
    """A dataclass, or a part of one, as JSON, without what equals its default."""
    if isinstance(value, tuple):
        return [dump(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            one.name: dump(getattr(value, one.name))
            for one in dataclasses.fields(value)
            if getattr(value, one.name) != one.default
        }
    return value


def fill[T](kind: type[T], document: object, known_besides: tuple[str, ...] = ()) -> tuple[T | None, list[Problem]]:
    """The document as a dataclass of this kind, or None and every place whose shape is wrong. A whole number may be
    written 5.0. Properties named in `known_besides` may stand at the top and are left out."""
    problems: list[Problem] = []
    if isinstance(document, dict):
        document = {name: value for name, value in document.items() if name not in known_besides}
    filled = _object(kind, document, "", problems)
    return (None if problems else filled), problems


def _fill(kind: Any, value: Any, place: str, problems: list[Problem]) -> Any:
    """The value as `kind`, or a problem and anything."""
    if isinstance(kind, types.UnionType):
        if value is None:
            return None
        (kind,) = (one for one in get_args(kind) if one is not types.NoneType)
    if dataclasses.is_dataclass(kind):
        return _object(kind, value, place, problems)
    if get_origin(kind) is tuple:
        return tuple(_items(get_args(kind)[0], value, place, problems))
    if issubclass(kind, StrEnum):
        if value in list(kind):
            return kind(value)
        values = {"value": shown(value), "options": ", ".join(kind)}
        problems.append(Problem(place, _("%(value)s is not known here; possible are %(options)s."), values))
        return None
    return _plain(kind, value, place, problems)


def _plain(kind: Any, value: Any, place: str, problems: list[Problem]) -> Any:
    if kind in (int, float) and isinstance(value, float) and value.is_integer():
        value = int(value)
    accepted = (int, float) if kind is float else kind
    fits = isinstance(value, accepted) and isinstance(value, bool) is (kind is bool)
    if not fits or (isinstance(value, float) and not math.isfinite(value)):
        problems.append(Problem(place, NEEDED[kind]))
    elif isinstance(value, str) and BAD_CHARACTER.search(value):
        problems.append(Problem(place, _("This text holds characters that cannot be printed.")))
    return value


def _items(kind: Any, value: Any, place: str, problems: list[Problem]) -> Iterator[Any]:
    if not isinstance(value, list):
        problems.append(Problem(place, _("This must be a list.")))
        return
    for number, item in enumerate(value):
        key = item.get("key") if isinstance(item, dict) else None
        yield _fill(kind, item, f"{place}[{key if isinstance(key, str) and _fits(key) else number}]", problems)


def _object(kind: Any, value: Any, place: str, problems: list[Problem]) -> Any:
    if not isinstance(value, dict):
        problems.append(Problem(place, _("This must be an object.")))
        return None
    known = {one.name: one for one in dataclasses.fields(kind)}
    unknown = [name if _fits(name) else shown(name) for name in value if name not in known]
    problems += [Problem(at(place, name), _("This is not known here.")) for name in unknown]
    filled = {}
    for name, one in known.items():
        if name in value:
            filled[name] = _fill(hints(kind)[name], value[name], at(place, name), problems)
        elif is_needed(one):
            problems.append(Problem(at(place, name), _("This is missing.")))
    return None if problems else kind(**filled)


@cache
def hints(kind: type) -> dict[str, Any]:
    """The types of a dataclass's properties, resolved."""
    return get_type_hints(kind)


def is_needed(one: "dataclasses.Field[Any]") -> bool:
    """Whether a property has no default."""
    return one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING


def _fits(name: str) -> bool:
    """Whether a name from a document can be shown as part of a place."""
    return 0 < len(name) <= SHOWN and name.isprintable()


def at(place: str, name: str) -> str:
    """The place of a property."""
    return f"{place}.{name}" if place else name


def shown(value: object) -> str:
    """A wrong value as JSON, shortened."""
    text = json.dumps(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
