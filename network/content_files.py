"""Reads and checks the texts about networks that ship with the portal (network/content/*.json), in both languages.

One file is one network, named after its short address; news.json, if it is there, is a list of news.
A text in two languages is `{"de": "…", "en": "…"}`.
Nothing is written here; the command load_networks does that.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from modeltranslation.translator import translator

from network.models import Field, Figure, Network, News, Passage

CONTENT = Path(__file__).parent / "content"
NEWS_FILE = "news.json"
LANGUAGES = ("de", "en")
STEPS = [1, 2, 3, 4]

type Values = dict[str, Any]


class ContentError(Exception):
    """Something in a file cannot be used; the sentence names the file and the place in it."""


@dataclass(frozen=True)
class NetworkFile:
    """What one file says; keys are columns (`name_de`, `name_en`, never `name`), lists in the order of the file."""

    slug: str
    values: Values
    fields: list[Values] = field(default_factory=list)
    figures: list[Values] = field(default_factory=list)
    passages: list[Values] = field(default_factory=list)


@dataclass(frozen=True)
class NewsEntry:
    """One piece of news as columns, and the short address of its network; None is the portal itself."""

    network: str | None
    values: Values


def read_networks(folder: Path = CONTENT) -> list[NetworkFile]:
    """All networks of the folder, by position of the network. Raises ContentError at the first thing that is wrong."""
    paths = sorted(path for path in folder.glob("*.json") if path.name != NEWS_FILE)
    if not paths:
        raise ContentError(f"There is no .json file of a network in {folder}.")
    return sorted((read_network(path) for path in paths), key=lambda file: (file.values["position"], file.slug))


def read_network(path: Path) -> NetworkFile:
    """One file, checked: both languages, known kinds, the four steps, nothing twice."""
    content = read_json(path)
    if not isinstance(content, dict):
        raise ContentError(f"{path.name}: the file must hold one object, the network.")
    lists = {name: entries(content.pop(name, []), place=f"{path.name}, {name}") for name in PARTS}
    values = columns(Network, content, place=path.name)
    if values.get("slug") != path.stem:
        raise ContentError(f"{path.name}, slug: {values.get('slug')!r} must be the name of the file, {path.stem!r}.")
    if "position" not in values:
        raise ContentError(f"{path.name}: the position is missing.")
    parts = {
        name: [
            columns(model, entry, place=f"{path.name}, {name}[{index}]") | {"position": index + 1}
            if model is not Figure
            else columns(model, entry, place=f"{path.name}, {name}[{index}]")
            for index, entry in enumerate(lists[name])
        ]
        for name, model in PARTS.items()
    }
    only_once(parts["fields"], "slug", place=f"{path.name}, fields")
    only_once(parts["figures"], "kind", "as_of", place=f"{path.name}, figures")
    _four_steps(parts["passages"], place=f"{path.name}, passages")
    return NetworkFile(values["slug"], values, **parts)


def read_news(networks: list[NetworkFile], folder: Path = CONTENT) -> list[NewsEntry]:
    """The news of the folder, checked: both languages, a day, nothing twice, only networks among those given."""
    path = folder / NEWS_FILE
    if not path.exists():
        return []
    known = [file.slug for file in networks]
    news = [
        _news(entry, known, place=f"{path.name}[{index}]")
        for index, entry in enumerate(entries(read_json(path), place=path.name))
    ]
    only_once([entry.values for entry in news], "slug", place=path.name)
    return news


def _news(entry: Mapping[str, object], known: list[str], *, place: str) -> NewsEntry:
    network = entry.get("network")
    if network is not None and (not isinstance(network, str) or network not in known):
        raise ContentError(f"{place}, network: {network!r} is not known here. Known are {', '.join(known)}, and null.")
    if not isinstance(entry.get("published_on"), str):
        raise ContentError(f'{place}, published_on: this must be a day such as "2025-12-31".')
    values = columns(News, {name: value for name, value in entry.items() if name != "network"}, place=place)
    return NewsEntry(network, values)


def read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name}: this is not JSON ({error}).") from error


PARTS: dict[str, type[models.Model]] = {"fields": Field, "figures": Figure, "passages": Passage}


def entries(value: object, *, place: str) -> list[Mapping[str, object]]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise ContentError(f"{place}: this must be a list of objects.")
    return value


def columns(model: type[models.Model], entry: Mapping[str, object], *, place: str) -> Values:
    """The columns of one row, after the model's own checks of length, kind, address and date."""
    two_languages = set(translator.get_options_for_model(model).get_field_names())
    related = {f.name for f in model._meta.concrete_fields if f.is_relation}
    known = {f.name for f in model._meta.concrete_fields if not hasattr(f, "language")} - {"id"} - related
    if unknown := sorted(set(entry) - known):
        raise ContentError(f"{place}: {', '.join(unknown)}: not known here. Known are {', '.join(sorted(known))}.")
    values: Values = {}
    for name, value in entry.items():
        if name in two_languages:
            texts = _both(value, needed=not _may_be_empty(model, name), place=f"{place}, {name}")
            values |= {f"{name}_{language}": text for language, text in texts.items()}
        else:
            values[name] = value
    try:
        model(**values).clean_fields(exclude=related | two_languages)
    except ValidationError as error:
        problems = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
        raise ContentError(f"{place}: {problems}") from error
    return values


def _may_be_empty(model: type[models.Model], name: str) -> bool:
    column = model._meta.get_field(name)
    return isinstance(column, models.Field) and column.blank


def _both(value: object, *, needed: bool, place: str) -> dict[str, str]:
    """A text in both languages; where it is not needed it may be empty, but then in both."""
    if not isinstance(value, dict) or sorted(value) != sorted(LANGUAGES):
        raise ContentError(f'{place}: this text must have both languages: {{"de": "…", "en": "…"}}.')
    for language, text in value.items():
        if not isinstance(text, str) or (not text.strip() and (needed or any(value.values()))):
            raise ContentError(f"{place}, {language}: the text is empty.")
    return value


def only_once(rows: list[Values], *names: str, place: str) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for index, row in enumerate(rows):
        key = tuple(row.get(name) for name in names)
        if key in seen:
            shown = ", ".join(str(part) for part in key)
            raise ContentError(f"{place}[{index}]: {shown} is there already, in {place}[{seen[key]}].")
        seen[key] = index


def _four_steps(passages: list[Values], *, place: str) -> None:
    numbers = [row.get("number") for row in passages if row.get("kind") == Passage.Kind.STEP]
    if numbers != STEPS:
        found = ", ".join(str(number) for number in numbers) or "none"
        raise ContentError(f"{place}: the passages of kind step must be the four steps 1, 2, 3, 4; found: {found}.")
