"""The page of one part, or one list of parts, of a pack in the editor."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from applications.actions.editing import ClashError
from applications.forms.adding import AddForm, beginning_of
from applications.forms.editing import Around, PartForm
from applications.models import Call, PackVersion
from applications.pack import Pack, Question, Text
from applications.pack_contents import Block, Contents
from applications.pack_differences import value_in_words
from applications.pack_labels import PARTS, PROPERTIES, PartWords, title_of, words_of_list
from applications.pack_parts import Part, Path, find, is_list, items, lists_of, mark_of, own_names, path_of, prefixes
from applications.pack_parts import removed as without
from applications.preparation import Preparation
from applications.typed_json import dump
from network.models import Field


def where_is(call: Call, path: Path) -> str:
    """The address of a part or list: lists within a part stand on its page, those of the pack have one of their own."""
    if not path:
        return reverse("editor:texts", args=[call.slug])
    if path == ("steps",):
        return reverse("editor:contents", args=[call.slug])
    address = "/".join(path)
    if path[-1] == "only_if":
        return reverse("editor:condition", args=[call.slug, "/".join(path[:-1])])
    if not is_list(path):
        return reverse("editor:part", args=[call.slug, address])
    if len(path) > 1:
        return where_is(call, path[:-1])
    return reverse("editor:listed", args=[call.slug, address])


def where_in_pack(call: Call, place: str) -> str:
    """The address of the field that a place of the pack names."""
    path, name = path_of(place)
    plain, _line, language = name.rpartition("_")
    row = (plain if language in {"de", "en"} else name) or ("text" if name else "")
    return where_is(call, path) + (f"#row-{row}" if row and path[-1:] != ("only_if",) else "")


@dataclass(frozen=True)
class Side:
    """One property that two coordinators have given different values."""

    label: str
    stored: str
    mine: str


class PartPage:
    """What the page of a part shows. Raises KeyError where there is no such part."""

    def __init__(self, state: Preparation, path: Path) -> None:
        self.state, self.path = state, path
        self.is_list = bool(path) and is_list(path)
        if self.is_list:
            items(self.pack, path)
        else:
            self.part = find(self.pack, path)
        self.clash: ClashError | None = None
        self.adding: AddForm | None = None
        self._form: PartForm | None = None

    @property
    def call(self) -> Call:
        return self.state.call

    @property
    def pack(self) -> Pack:
        return self.state.pack

    @property
    def words(self) -> PartWords:
        return words_of_list(self.path) if self.is_list else PARTS[self.part.kind]

    @property
    def address(self) -> str:
        """The path as addresses have it."""
        return "/".join(self.path)

    @property
    def here(self) -> str:
        return where_is(self.call, self.path)

    @property
    def owner(self) -> str:
        """What the part is in."""
        return title_of(self.pack, self.path[:-1])

    @property
    def is_single(self) -> bool:
        """Whether there is at most one of its kind, such as the quota."""
        return len(self.path) == 1 and not self.is_list

    @property
    def has_condition(self) -> bool:
        """Whether the part can have one: a question."""
        return not self.is_list and isinstance(self.part.item, Question)

    @property
    def title(self) -> str:
        return title_of(self.pack, self.path) if self.path else str(self.words.one)

    @cached_property
    def contents(self) -> Contents:
        return Contents(self.pack, self.state.problems)

    @cached_property
    def fields(self) -> list[Field]:
        """Those of the network."""
        return list(self.call.network.fields.all())

    # --- the form

    def form(self, posted: QueryDict | None = None) -> PartForm:
        """The properties of the part, also of one that is not there yet."""
        keys = PackVersion.objects.filter(network=self.call.network_id).order_by("key").values_list("key", flat=True)
        part = self.part if self.part.item is not None else replace(self.part, item=beginning_of(self.path))
        self._form = PartForm(
            posted,
            part=part,
            pack=self.pack,
            around=Around(list(keys.distinct()) if not self.path else []),
            problems=self.state.problems,
        )
        return self._form

    @property
    def mark(self) -> str:
        return mark_of(self.part)

    @property
    def seen(self) -> str:
        """The mark that what stands in the form was written upon; after a clash, of what is stored."""
        if self.clash:
            return mark_of(self.clash.stored)
        if self._form is not None and self._form.is_bound:
            return str(self._form["seen"].value() or "")
        return self.mark

    @property
    def sides(self) -> list[Side]:
        """After a clash: what differs between what is stored and what was to be stored."""
        assert self.clash is not None
        assert self._form is not None
        stored, mine = self.clash.stored.item, self._form.item
        if isinstance(mine, Text):
            return [Side(str(PARTS[Text].one), value_in_words(dump(stored)), value_in_words(dump(mine)))]
        return [
            Side(str(PROPERTIES[self.part.kind][name].label), value_in_words(dump(before)), value_in_words(dump(now)))
            for name in own_names(Part(self.path, self.part.kind, mine))
            if (before := getattr(stored, name, None)) != (now := getattr(mine, name))
        ]

    # --- around it

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """The parts around this one, from the outermost."""
        around = [one for one in prefixes(self.path)[:-1] if not is_list(one)]
        top = self.path[:1]
        if len(self.path) > 1 and top != ("steps",) and is_list(top):
            around = [top, *around]
        return [(title_of(self.pack, one), where_is(self.call, one)) for one in around]

    @property
    def blocks(self) -> list[tuple[Block, AddForm]]:
        """The lists in the part, each with the form that adds to it."""
        if self.is_list:
            return [(self.contents.block(self.path), self.adding or AddForm(path=self.path, pack=self.pack))]
        if self.part.item is None or not self.path:
            return []
        paths = [(*self.path, name) for name in self.part.lists]
        return [(self.contents.block(path), AddForm(path=path, pack=self.pack)) for path in paths]

    @property
    def about(self) -> list[str]:
        """What is wrong with the part as a whole."""
        return self.contents.about(self.path)

    @property
    def may_be_removed(self) -> bool:
        """Steps, retention and the pack itself stay; what is not there cannot go."""
        if not self.path or self.is_list or self.path[-1] in {"retention", "only_if"} or self.part.item is None:
            return False
        return not (len(self.path) == 2 and self.path[0] == "steps")

    @property
    def goes_along(self) -> list[str]:
        """What names the part, and forgets it when it is removed."""
        if not self.may_be_removed:
            return []
        then = without(self.pack, self.path)
        lists = ("criteria", "readiness", "endorsements")
        found = [
            title_of(self.pack, (name, one.key))
            for name in lists
            for one, new in zip(getattr(self.pack, name), _same(then, self.pack, name), strict=True)
            if new is not None and new != one
        ]
        changed = [
            one for key, one in self.pack.questions.items() if key in then.questions and then.questions[key] != one
        ]
        return found + [str(one.label) for one in changed]

    @property
    def inside(self) -> int:
        """How many parts go with it."""
        if self.is_list or self.part.item is None:
            return 0
        return sum(len(getattr(self.part.item, name)) for name in lists_of(self.part.kind))

    @property
    def back(self) -> str:
        """The address of what it is in."""
        return where_is(self.call, self.path[:-1]) if len(self.path) > 1 else where_is(self.call, ("steps",))

    def context(self) -> dict[str, Any]:
        return {"page": self, "state": self.state, "call": self.call, "contents": self.contents, "form": self._form}


def _same(then: Pack, now: Pack, name: str) -> list[Any]:
    """The parts of a list in another pack, in the order of this one; None for those that are gone."""
    there = {one.key: one for one in getattr(then, name)}
    return [there.get(one.key) for one in getattr(now, name)]
