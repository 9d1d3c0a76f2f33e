"""Reads and checks the programmes and sessions that ship with the portal (exchange/content/*.json), in both languages.

A text in two languages is `{"de": "…", "en": "…"}`. Nothing is written here; the command load_exchange does that.
"""

import datetime
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models

from exchange.models import Programme, ProgrammeFigure, ProgrammePassage, Session, SessionLink, Speaker
from network.content_files import ContentError, Values, columns, entries, only_once, read_json

CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True)
class Part:
    """A row that hangs on another one; `city` is the short address of the city it names, or empty."""

    values: Values
    city: str = ""


@dataclass(frozen=True)
class Entry:
    """A programme or session as columns, the short addresses it names, and its rows by the model they are of."""

    values: Values
    networks: list[str]
    programme: str = ""
    parts: dict[type[models.Model], list[Part]] = field(default_factory=dict)


def read_programmes(folder: Path = CONTENT) -> list[Entry]:
    """All programmes in the order of the file. Raises ContentError at the first thing that is wrong."""
    file = "programmes.json"
    found = []
    for index, entry in enumerate(entries(read_json(folder / file), place=file)):
        place, rest = f"{file}[{index}]", dict(entry)
        networks = _words(rest, "networks", place=place)
        parts = {
            ProgrammePassage: _parts(ProgrammePassage, rest.pop("passages", []), place=f"{place}, passages"),
            ProgrammeFigure: _parts(ProgrammeFigure, rest.pop("figures", []), place=f"{place}, figures"),
        }
        values = columns(Programme, rest, place=place) | {"position": index + 1}
        found.append(Entry(values, networks, parts=parts))
    only_once([entry.values for entry in found], "slug", place=file)
    return found


def read_sessions(programmes: list[Entry], folder: Path = CONTENT) -> list[Entry]:
    """All sessions of the file; they may name only programmes among those given. Raises ContentError."""
    file = "sessions.json"
    known = [entry.values["slug"] for entry in programmes]
    found = []
    for index, entry in enumerate(entries(read_json(folder / file), place=file)):
        place, rest = f"{file}[{index}]", dict(entry)
        networks, programme = _words(rest, "networks", place=place), str(rest.pop("programme", ""))
        if programme and programme not in known:
            raise ContentError(f"{place}, programme: {programme!r} is not known. Known are {', '.join(known)}.")
        parts = {
            Speaker: _parts(Speaker, rest.pop("speakers", []), place=f"{place}, speakers"),
            SessionLink: _parts(SessionLink, rest.pop("links", []), place=f"{place}, links"),
        }
        times = _times(rest, place=place)
        found.append(Entry(columns(Session, rest, place=place) | times, networks, programme, parts))
    only_once([entry.values for entry in found], "slug", place=file)
    return found


def _words(entry: Values, name: str, *, place: str) -> list[str]:
    words = entry.pop(name, [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ContentError(f"{place}, {name}: this must be a list of short addresses.")
    return words


def _parts(model: type[models.Model], value: object, *, place: str) -> list[Part]:
    parts = []
    for index, entry in enumerate(entries(value, place=place)):
        rest: Mapping[str, object] = {name: part for name, part in entry.items() if name != "city"}
        values = columns(model, rest, place=f"{place}[{index}]") | {"position": index + 1}
        parts.append(Part(values, str(entry.get("city", ""))))
    return parts


def _times(entry: Values, *, place: str) -> dict[str, Any]:
    """`day`, and `from` and `to` as the clock at `zone` shows them, become moments."""
    try:
        day = datetime.date.fromisoformat(entry["day"])
        clocks = {name: entry.pop(key) for name, key in (("starts_at", "from"), ("ends_at", "to")) if key in entry}
        zone = zoneinfo.ZoneInfo(entry["zone"]) if clocks else None
        return {"day": day} | {
            name: datetime.datetime.combine(day, datetime.time.fromisoformat(clock), zone)
            for name, clock in clocks.items()
        }
    except (KeyError, TypeError, ValueError) as error:
        raise ContentError(f"{place}: day, from, to or zone cannot be used ({error}).") from error
