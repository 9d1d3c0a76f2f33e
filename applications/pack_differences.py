"""Differences between two packs in the reader's words: where, what stood there, what stands there now."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applications.pack import Pack
from applications.pack_changes import Change
from applications.pack_labels import KINDS, place_in_words
from applications.pack_parts import TITLES
from applications.word_differences import Piece, differences, own_words

OWN_WORDS = tuple(dict.fromkeys(TITLES.values()))
SHOWN = 600  # characters of a value that is told


@dataclass(frozen=True)
class Difference:
    """A change to be read; everything is put into words only when it is shown, in the language of that moment."""

    change: Change
    pack: Pack  # the one its place is in

    @property
    def is_there(self) -> bool:
        """Whether its place is in the new pack."""
        return self.change.new is not None

    @property
    def where(self) -> str:
        return place_in_words(self.pack, self.change.place)

    @property
    def before(self) -> str:
        return value_in_words(self.change.old)

    @property
    def now(self) -> str:
        return value_in_words(self.change.new)

    @property
    def old(self) -> list[Piece]:
        """What stood there, with what is gone."""
        return own_words(differences(self.before, self.now), "gone")

    @property
    def new(self) -> list[Piece]:
        return own_words(differences(self.before, self.now), "new")


def in_words(change: Change, old: Pack, new: Pack) -> Difference:
    """A change between two packs; what is gone has its place in the old one."""
    return Difference(change, old if change.new is None else new)


def value_in_words(value: Any) -> str:
    """A value of a pack as a reader understands it; empty where there is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value_in_words(one) for one in value)
    if isinstance(value, dict):
        return _object_in_words(value)
    if value in list(KINDS):
        return str(KINDS[value])
    return str(value)[:SHOWN]


def _object_in_words(value: dict[str, Any]) -> str:
    """A text in the reader's language, or a part by what it calls itself."""
    if value.keys() == {"de", "en"}:
        return _("German: %(de)s · English: %(en)s") % value
    own = next((value[name] for name in OWN_WORDS if isinstance(value.get(name), dict)), None)
    if own:
        return value_in_words(own)
    return ", ".join(value_in_words(one) for one in value.values() if one is not None)
