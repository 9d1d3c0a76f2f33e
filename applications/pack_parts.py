"""The parts of a pack by their path, and the small changes an editor makes to them: each gives a new pack."""

import dataclasses
import re
import types
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, get_args, get_origin

from applications import pack as p
from applications.pack import Kind, Pack, Question, Text, fingerprint
from applications.pack_checks.keys import KEY, LONGEST
from applications.pack_checks.questions import ALWAYS, KNOWN
from applications.typed_json import dump, hints

type Path = tuple[str, ...]  # "steps", "apply", "sections", "plan": names of lists and keys of what is in them

# How each part calls itself.
TITLES: dict[type, str] = {
    p.Pack: "title",
    p.Step: "title",
    p.Section: "title",
    p.Question: "label",
    p.Choice: "label",
    p.Column: "label",
    p.Criterion: "title",
    p.Readiness: "statement",
    p.Endorsement: "role",
    p.Check: "text",
}
# Addresses of an application have these words where the key of a section stands.
WORDS_OF_ADDRESSES = {"presence", "check", "withdraw", "case"}
TRANSCRIPTION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
KEY_LENGTH = 40
PLACE = re.compile(r"([^.\[\]]+)(?:\[([^\]]*)\])?\.?")


@dataclass(frozen=True)
class Part:
    """One part of a pack: its path, its dataclass, and itself; `item` is None for one that may be there and is not."""

    path: Path
    kind: type
    item: Any

    @property
    def place(self) -> str:
        """As problems and changes name it."""
        return place_of(self.path)

    @property
    def title(self) -> Text | None:
        """Its own words, where it has some."""
        if isinstance(self.item, Text):
            return self.item
        name = TITLES.get(self.kind)
        return getattr(self.item, name) if name and self.item is not None else None

    @property
    def lists(self) -> list[str]:
        """The lists in it, each with a page or a place of its own."""
        return [name for name in lists_of(self.kind) if not isinstance(self.item, Question) or self._knows(name)]

    def _knows(self, name: str) -> bool:
        return name in KNOWN[self.item.kind] and not (name == "choices" and self.item.choices_from_fields)


def place_of(path: Path) -> str:
    """The path as problems write it: steps[apply].sections[plan]."""
    found = ""
    for name, key in _in_pairs(path):
        found += f".{name}" if found else name
        found += f"[{key}]" if key else ""
    return found


def _in_pairs(path: Path) -> Iterator[tuple[str, str]]:
    kind: Any = Pack
    rest = list(path)
    while rest:
        name = rest.pop(0)
        kind, is_list = _inside(kind, name)
        yield name, rest.pop(0) if is_list and rest else ""


def prefixes(path: Path) -> list[Path]:
    """The parts on the way to a path, from the outermost to itself."""
    found: list[Path] = [()]
    for name, key in _in_pairs(path):
        found.append((*found[-1], name, key) if key else (*found[-1], name))
    return found[1:]


def is_list(path: Path) -> bool:
    """Whether a whole list stands at the path, not one part."""
    kind, name = (kind_in(path[:-1]) if path[:-1] else Pack), path[-1]
    return not _ends_in_a_key(path) and name in lists_of(kind)


def _ends_in_a_key(path: Path) -> bool:
    *_before, (_name, key) = _in_pairs(path)
    return bool(key)


@cache
def _inside(kind: type, name: str) -> tuple[type, bool]:
    """What a property holds, and whether it is a list of them. Raises KeyError for a name that is none."""
    hint = hints(kind)[name]
    if isinstance(hint, types.UnionType):
        (hint,) = (one for one in get_args(hint) if one is not types.NoneType)
    return (get_args(hint)[0], True) if get_origin(hint) is tuple else (hint, False)


@cache
def lists_of(kind: type) -> tuple[str, ...]:
    """The names of the lists of parts in a part."""
    return tuple(name for name in hints(kind) if _holds_parts(kind, name) and _inside(kind, name)[1])


@cache
def singles_of(kind: type) -> tuple[str, ...]:
    """The names of single parts in a part, such as the quota."""
    return tuple(name for name in hints(kind) if _holds_parts(kind, name) and not _inside(kind, name)[1])


def _holds_parts(kind: type, name: str) -> bool:
    inner, is_list = _inside(kind, name)
    return dataclasses.is_dataclass(inner) and (is_list or inner is not Text)


def path_of(place: str) -> tuple[Path, str]:
    """The path of the nearest part to a place, and the name of the property within it with its language, if any:
    `criteria[plan].title.en` is ("criteria", "plan") and "title_en". Unknown places lead as far as they can."""
    path: list[str] = []
    kind: type = Pack
    pairs = [(found[1], found[2]) for found in PLACE.finditer(place)]
    for index, (name, key) in enumerate(pairs):
        if not dataclasses.is_dataclass(kind) or name not in hints(kind) or not _holds_parts(kind, name):
            return tuple(path), "_".join(name for name, _key in pairs[index:])
        kind = _inside(kind, name)[0]
        path += [name, key] if key else [name]
    return tuple(path), ""


def find(pack: Pack, path: Path) -> Part:
    """The part at a path. Raises KeyError where there is none."""
    kind: type = Pack
    item: Any = pack
    rest = list(path)
    while rest:
        name = rest.pop(0)
        if item is None or not _holds_parts(kind, name):
            raise KeyError(path)
        kind, is_list = _inside(kind, name)
        item = getattr(item, name)
        if is_list:
            if not rest:
                raise KeyError(path)
            item = item[_position(item, rest.pop(0))]
    return Part(path, kind, item)


def items(pack: Pack, path: Path) -> list[Part]:
    """The parts in the list at a path. Raises KeyError where there is none."""
    owner = find(pack, path[:-1])
    if owner.item is None or path[-1] not in lists_of(owner.kind):
        raise KeyError(path)
    kind = _inside(owner.kind, path[-1])[0]
    return [
        Part((*path, getattr(item, "key", str(number))), kind, item)
        for number, item in enumerate(getattr(owner.item, path[-1]))
    ]


def kind_in(path: Path) -> type:
    """What the list at a path holds. Raises KeyError."""
    kind: type = Pack
    for name, _key in _in_pairs(path):
        kind = _inside(kind, name)[0]
    return kind


def _position(found: tuple[Any, ...], key: str) -> int:
    """Where a part of this key stands; a note has its number for a key."""
    for number, item in enumerate(found):
        if getattr(item, "key", str(number)) == key:
            return number
    raise KeyError(key)


def changed(pack: Pack, path: Path, change: Callable[[Any], Any]) -> Pack:
    """The pack with what stands at the path, a part or a list of them, replaced by what `change` makes of it."""
    new = _changed(pack, path, change)
    assert isinstance(new, Pack)
    return new


def _changed(whole: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(whole)
    name, *rest = path
    value = getattr(whole, name)
    if isinstance(value, tuple) and rest:
        at = _position(value, rest.pop(0))
        value = (*value[:at], _changed(value[at], tuple(rest), change), *value[at + 1 :])
    else:
        value = _changed(value, tuple(rest), change)
    return replace(whole, **{name: value})


def removed(pack: Pack, path: Path) -> Pack:
    """Without this part, and without anything that names it. Raises KeyError."""
    part = find(pack, path)
    if not _ends_in_a_key(path):
        return changed(pack, path, lambda _part: None)
    at = _position(tuple(one.item for one in items(pack, path[:-1])), path[-1])
    without = changed(pack, path[:-1], lambda found: (*found[:at], *found[at + 1 :]))
    for name, key in _names_of(part):
        without = _forgotten(without, name, key)
    return without


def moved(pack: Pack, path: Path, by: int) -> Pack:
    """With this part one place further up (-1) or down (1) in its list; at the end of it, nothing changes."""
    there = items(pack, path[:-1])
    at = _position(tuple(one.item for one in there), path[-1])
    to = at + by
    if not 0 <= to < len(there):
        return pack

    def swap(found: tuple[Any, ...]) -> tuple[Any, ...]:
        listed = list(found)
        listed[at], listed[to] = listed[to], listed[at]
        return tuple(listed)

    return changed(pack, path[:-1], swap)


def _names_of(part: Part) -> Iterator[tuple[str, str]]:
    """What others may name of a part that goes: (sections, questions, criteria; key)."""
    if isinstance(part.item, p.Section):
        yield "section", part.item.key
        yield from (("question", question.key) for question in part.item.questions)
    elif isinstance(part.item, Question) and part.path[0] == "steps":
        yield "question", part.item.key
    elif isinstance(part.item, p.Criterion):
        yield "criterion", part.item.key


def _forgotten(pack: Pack, name: str, key: str) -> Pack:
    """Without what names a section, question or criterion."""

    def without(keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(one for one in keys if one != key)

    if name == "section":
        return replace(pack, endorsements=tuple(replace(one, covers=without(one.covers)) for one in pack.endorsements))
    if name == "criterion":
        ready = tuple(replace(one, criterion="") if one.criterion == key else one for one in pack.readiness)
        quota = pack.quota and replace(pack.quota, tie_break=without(pack.quota.tie_break))
        return replace(pack, readiness=ready, quota=quota)
    pack = replace(
        pack,
        criteria=tuple(replace(one, questions=without(one.questions)) for one in pack.criteria),
        readiness=tuple(replace(one, seeds="") if one.seeds == key else one for one in pack.readiness),
        field_question="" if pack.field_question == key else pack.field_question,
    )
    for path, question in questions_of(pack):
        if question.one_for_each == key:
            pack = changed(pack, path, lambda found: replace(found, one_for_each=""))
        if question.only_if and question.only_if.question == key:
            pack = changed(pack, path, lambda found: replace(found, only_if=None))
    return pack


def questions_of(pack: Pack) -> Iterator[tuple[Path, Question]]:
    """All questions of the application with their paths, in order."""
    for step in pack.steps:
        for section in step.sections:
            for question in section.questions:
                yield ("steps", step.key, "sections", section.key, "questions", question.key), question


def own_names(part: Part) -> list[str]:
    """The properties that are edited with the part itself: without lists and parts that have pages of their own,
    without keys, and of a question only what its kind knows."""
    apart = {*lists_of(part.kind), *singles_of(part.kind), "key", "format", "network"}
    names = [name for name in hints(part.kind) if name not in apart]
    if isinstance(part.item, Question):
        names = [name for name in names if name in ALWAYS or name in KNOWN[part.item.kind]]
    return sorted(names, key=lambda name: name == "verify")  # notes last


def mark_of(part: Part) -> str:
    """A fingerprint of what is edited with the part: another one says that a colleague was there meanwhile."""
    if part.item is None:
        return ""
    return fingerprint({name: dump(getattr(part.item, name)) for name in own_names(part)})


def of_kind(question: Question, kind: Kind) -> Question:
    """The question as one of a kind: what that does not know is left out, and choices where the fields of the network
    are offered instead."""
    left: dict[str, Any] = {
        one.name: one.default
        for one in dataclasses.fields(Question)
        if one.name not in ALWAYS and one.name not in KNOWN[kind]
    }
    if question.choices_from_fields and "choices_from_fields" not in left:
        left["choices"] = ()
    return replace(question, kind=kind, **left)


def new_key(title: Text, taken: Collection[str], otherwise: str) -> str:
    """A key made of the English title, or else the German one, that nothing else has; `otherwise` where the title has
    no letter to begin with."""
    words = (title.en.strip() or title.de.strip()).lower().translate(TRANSCRIPTION)
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if len(key) > KEY_LENGTH:
        key = key[:KEY_LENGTH].rpartition("_")[0] or key[:KEY_LENGTH]
    if not KEY.fullmatch(key) or key in WORDS_OF_ADDRESSES:
        key = f"{otherwise}_{key}".strip("_")
    assert len(key) < LONGEST
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}_{number}"
    return free


def keys_beside(pack: Pack, path: Path) -> set[str]:
    """The keys that a new part of the list at a path cannot have: sections and questions share theirs with those of
    all steps."""
    kind = kind_in(path)
    if kind is p.Section:
        return set(pack.sections)
    if kind is Question and path[0] == "steps":
        return set(pack.questions)
    return {part.path[-1] for part in items(pack, path)}
