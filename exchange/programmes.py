"""A programme as its page shows it: what it says of itself, what is quoted, and what the portal counts."""

from collections import Counter
from functools import cached_property
from itertools import islice

from exchange.catalogue import Catalogue
from exchange.entries import PracticeEntry, entries_of
from exchange.models import Programme, ProgrammePassage, Session

SHOWN = 6


class ProgrammePage:
    """`sessions` is how many published sessions belong to it."""

    def __init__(self, catalogue: Catalogue, programme: Programme, sessions: int) -> None:
        self.programme = programme
        self.catalogue = catalogue
        self._bits = catalogue.of("programme", programme.slug)
        self.practices = self._bits.bit_count()
        self.cities = len(catalogue.places_of(self._bits))
        self.sessions = sessions

    @cached_property
    def texts(self) -> dict[str, list[ProgrammePassage]]:
        """Its texts by kind; every kind is there."""
        texts: dict[str, list[ProgrammePassage]] = {kind: [] for kind in ProgrammePassage.Kind.values}
        for passage in self.programme.passages.all():
            texts[passage.kind].append(passage)
        return texts

    @property
    def newest(self) -> list[PracticeEntry]:
        return entries_of(islice(self.catalogue.keys(self._bits), SHOWN), self.catalogue)


def programme_rows(catalogue: Catalogue) -> list[ProgrammePage]:
    """All programmes with what the portal counts. Two queries."""
    programmes = list(Programme.objects.for_list())
    held = Session.objects.published().exclude(programme=None).order_by().values_list("programme_id", flat=True)
    counted = Counter(held)
    return [ProgrammePage(catalogue, programme, counted[programme.pk]) for programme in programmes]
