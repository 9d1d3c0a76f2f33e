"""Who reviews what, spread evenly: pure computation, the same result whatever the order of entry."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

type Pair = tuple[int, int]  # primary keys of an application and a reviewer


@dataclass(frozen=True)
class Proposal:
    """New assignments in order, how many each reviewer then has, and how many reviewers an application still lacks
    since nobody else may judge it."""

    pairs: tuple[Pair, ...]
    loads: Mapping[int, int]
    short: Mapping[int, int]


def proposed(
    wanted: Mapping[int, int], reviewers: Iterable[int], barred: Collection[Pair], loads: Mapping[int, int]
) -> Proposal:
    """A proposal as even as it can be: no other one has a smaller sum of squares of the loads, so that loads differ by
    one at most wherever that is possible.

    `wanted` says how many reviewers each application needs still; `barred` are pairs that must not be, or are there
    already; `loads` is what each reviewer has now, which is not moved. Every unit takes the shortest way to the
    reviewer with the least to do, moving earlier units of this proposal where that frees somebody.
    """
    spread = _Spread(sorted(set(reviewers)), barred, loads)
    missing = {application: spread.give(application, wanted[application]) for application in sorted(wanted)}
    pairs = sorted((application, one) for application, chosen in spread.chosen.items() for one in chosen)
    return Proposal(tuple(pairs), dict(spread.loads), {key: count for key, count in missing.items() if count})


class _Spread:
    """The proposal while it grows."""

    def __init__(self, reviewers: list[int], barred: Collection[Pair], loads: Mapping[int, int]) -> None:
        self.reviewers, self.barred = reviewers, set(barred)
        self.loads = {one: loads.get(one, 0) for one in reviewers}
        self.chosen: dict[int, set[int]] = {}
        self.held: dict[int, set[int]] = {one: set() for one in reviewers}

    def give(self, application: int, count: int) -> int:
        """Finds so many reviewers for an application; how many could not be found."""
        self.chosen[application] = set()
        for given in range(count):
            way = self._way(application)
            if way is None:
                return count - given
            self._move(way)
        return 0

    def _open(self, application: int) -> list[int]:
        """Who may take the application and does not have it, by number."""
        chosen = self.chosen[application]
        return [one for one in self.reviewers if one not in chosen and (application, one) not in self.barred]

    def _way(self, application: int) -> list[Pair] | None:
        """From the application to the least busy reviewer within reach: each step gives an application to a reviewer,
        who hands one of theirs to the next. The nearest and first of several."""
        least = min(self.loads.values(), default=0)
        came_by: dict[int, Pair] = {}  # reviewer: the application taken, and from whom (0: from nobody)
        frontier = self._take(application, 0, came_by)
        while frontier and all(self.loads[one] > least for one in frontier):
            following: list[int] = []
            for giver in frontier:
                for held in sorted(self.held[giver]):
                    following += self._take(held, giver, came_by)
            frontier = following
        if not came_by:
            return None
        last = min(came_by, key=lambda one: self.loads[one])  # in the order found
        way: list[Pair] = []
        while last:
            taken, giver = came_by[last]
            way.append((taken, last))
            last = giver
        return way[::-1]

    def _take(self, application: int, giver: int, came_by: dict[int, Pair]) -> list[int]:
        new = [one for one in self._open(application) if one not in came_by]
        came_by.update(dict.fromkeys(new, (application, giver)))
        return new

    def _move(self, way: list[Pair]) -> None:
        giver = 0
        for application, taker in way:
            if giver:
                self.chosen[application].remove(giver)
                self.held[giver].remove(application)
            self.chosen[application].add(taker)
            self.held[taker].add(application)
            giver = taker
        self.loads[giver] += 1
