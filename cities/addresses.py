"""The addresses around one page of a list: the same query with something changed, and the way through its pages."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Link:
    """A choice of view, sort or page."""

    label: str
    url: str
    current: bool = False


def _encoded(name: str, value: str | list[str]) -> str:
    return urlencode({name: value}, doseq=True)


class Addresses:
    """A query, the notes on what of it was not understood, and the page that is shown."""

    def __init__(self, query: QueryDict, notes: list[str]) -> None:
        self.query = query
        self.notes = notes
        self.pages = self.page = 1

    def turn_to_page(self, total: int, length: int) -> None:
        """Work out how many pages there are and which one is asked for; an unknown one is noted."""
        self.pages = max(1, -(-total // length))
        self.page = self._page_number()

    def _page_number(self) -> int:
        asked = self.query.get("page", "1")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
        if 1 <= number <= self.pages:
            return number
        self.notes.append(_("There is no page “%(page)s”; this is page 1.") % {"page": asked[:20]})
        return 1

    def url(self, **changes: str | list[str] | None) -> str:
        """The address with some parameters changed or (None) left out; always page 1."""
        changed = {name: "" if value is None else _encoded(name, value) for name, value in changes.items()}
        text = "&".join(part for part in (self._encoded | changed).values() if part)
        return f"?{text}" if text else "."

    @cached_property
    def _encoded(self) -> dict[str, str]:
        """Every parameter but the page, ready for an address: there are some twenty addresses on a page."""
        return {name: _encoded(name, values) for name, values in self.query.lists() if name != "page"}

    def _without(self, name: str, value: str) -> str:
        rest = [kept for kept in self.query.getlist(name) if kept != value]
        return self.url(**{name: rest or None})

    @property
    def kept_in_search(self) -> list[tuple[str, str]]:
        """What a new search keeps of the query."""
        return [(name, value) for name, value in self._parameters() if name not in {"q", "page", "sort", "format"}]

    @property
    def kept_in_filter(self) -> list[tuple[str, str]]:
        """What a new choice of filters keeps of the query."""
        return [(name, value) for name, value in self._parameters() if name in {"q", "sort", "view"}]

    def _parameters(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.query.lists() for value in values]

    @property
    def page_links(self) -> list[Link | None]:
        """Links to the first, the last and the pages around this one; None stands for a gap."""
        wanted = sorted({1, self.pages, *range(self.page - 1, self.page + 2)} & set(range(1, self.pages + 1)))
        links: list[Link | None] = []
        for before, number in zip([0, *wanted], wanted, strict=False):
            if number - before > 1:
                links.append(None)
            links.append(Link(str(number), self.page_url(number), number == self.page))
        return links

    def page_url(self, number: int) -> str:
        return self.url(page=str(number) if number > 1 else None)

    @property
    def next_url(self) -> str:
        return self.page_url(self.page + 1) if self.page < self.pages else ""

    @property
    def previous_url(self) -> str:
        return self.page_url(self.page - 1) if self.page > 1 else ""
