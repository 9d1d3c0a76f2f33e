"""What is wrong with a pack or with the dates of a call: a place and a sentence, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `place` leads to it (`steps[apply].sections[plan].questions[vision].label.en`; empty for
    the whole), `message` is the English text of the catalogue, `values` fill it."""

    place: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The sentence in the language that is active."""
        return gettext(self.message) % self.values

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}" if self.place else self.sentence
