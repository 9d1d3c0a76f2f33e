"""The table of contents of a pack for its editor: every part with what it is, and what is wrong in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import pack as p
from applications.pack import Pack, Question
from applications.pack_labels import COLUMN_KINDS, KINDS, PARTS, PartWords, words_of_list
from applications.pack_parts import Part, Path, find, items, path_of
from applications.problems import Problem

LISTS = ("criteria", "readiness", "endorsements", "checklist", "verify")


@dataclass(frozen=True)
class Line:
    """A part in a list: its words, its languages that are missing, some facts, and how much is wrong in it."""

    part: Part
    title: str
    missing: list[str]
    facts: list[str]
    wrong: int
    inner: list["Line"] = field(default_factory=list)
    is_first: bool = False
    is_last: bool = False

    @property
    def path(self) -> str:
        """As addresses have it."""
        return "/".join(self.part.path)

    @property
    def key(self) -> str:
        return self.part.path[-1]


@dataclass(frozen=True)
class Block:
    """A list of parts with its words."""

    path: Path
    words: PartWords
    lines: list[Line]
    wrong: list[str]

    @property
    def address(self) -> str:
        return "/".join(self.path)


class Contents:
    """All parts of a pack in order."""

    def __init__(self, pack: Pack, problems: Sequence[Problem] = ()) -> None:
        self.pack = pack
        self.problems = [(path_of(problem.place)[0], problem) for problem in problems]

    def line(self, part: Part, *, with_inner: bool = False, is_first: bool = False, is_last: bool = False) -> Line:
        title = part.title
        return Line(
            part=part,
            title=(str(title) or title.de or title.en if title else str(PARTS[part.kind].one)) or part.path[-1],
            missing=[code for code in ("de", "en") if title is not None and not getattr(title, code).strip()],
            facts=facts_of(part),
            wrong=sum(path[: len(part.path)] == part.path for path, _problem in self.problems),
            inner=[line for name in part.lists for line in self.lines((*part.path, name), with_inner=True)]
            if with_inner and part.kind in {p.Step, p.Section}
            else [],
            is_first=is_first,
            is_last=is_last,
        )

    def lines(self, path: Path, *, with_inner: bool = False) -> list[Line]:
        """The parts in the list at a path. Raises KeyError."""
        parts = items(self.pack, path)
        return [
            self.line(part, with_inner=with_inner, is_first=number == 0, is_last=number == len(parts) - 1)
            for number, part in enumerate(parts)
        ]

    def block(self, path: Path) -> Block:
        """The list at a path with its words, and what is wrong with the list itself. Raises KeyError."""
        wrong = [problem.sentence for at, problem in self.problems if at == path]
        return Block(path, words_of_list(path), self.lines(path), wrong)

    def about(self, path: Path) -> list[str]:
        """What is wrong with a part as a whole, not with one of its properties."""
        return [problem.sentence for at, problem in self.problems if at == path and not path_of(problem.place)[1]]

    @cached_property
    def steps(self) -> list[Line]:
        """The four steps with their sections, and these with their questions."""
        return self.lines(("steps",), with_inner=True)

    @property
    def blocks(self) -> list[Block]:
        """The other lists of the pack."""
        return [self.block((name,)) for name in LISTS]

    @property
    def weights(self) -> int:
        """Of all criteria together; the right sum is 100."""
        return sum(criterion.weight for criterion in self.pack.criteria)

    @property
    def whole(self) -> Line:
        """The texts and rules of the pack itself."""
        wrong = sum(path == () for path, _problem in self.problems)
        return Line(find(self.pack, ()), str(PARTS[p.Pack].one), [], [], wrong)

    @property
    def singles(self) -> list[Line]:
        """Quota, reports and retention, whether they are there or not."""
        return [self.line(find(self.pack, (name,))) for name in ("quota", "reporting", "retention")]


def facts_of(part: Part) -> list[str]:
    """A few words beside the title of a part."""
    item = part.item
    if item is None:
        return [_("not set")]
    if isinstance(item, Question):
        facts = [str(KINDS[item.kind])]
        facts += [_("optional")] if not item.required else []
        facts += [_("public")] if item.public else []
        return facts + ([_("with a condition")] if item.only_if else [])
    if isinstance(item, p.Column):
        return [str(COLUMN_KINDS[item.kind]), *([] if item.required else [_("optional")])]
    if isinstance(item, p.Criterion):
        feeding = ngettext("%(count)s question", "%(count)s questions", len(item.questions))
        return [_("%(weight)s per cent") % {"weight": item.weight}, feeding % {"count": len(item.questions)}]
    if isinstance(item, p.Endorsement):
        return [ngettext("%(count)s day", "%(count)s days", item.days) % {"count": item.days}]
    if isinstance(item, p.Quota):
        return [_("at most %(count)s") % {"count": item.count}]
    if isinstance(item, p.Readiness):
        return [_("essential")] if item.essential else []
    return []
