"""What the reviews of applications say together: their totals, and the words released for the city."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from applications.conflicts import Pair, conflicted_pairs
from applications.models import Application, Assignment, Review, Score
from applications.pack import Criterion

DISCUSS = Decimal(30)  # points between two reviews from which they are to be talked about


@dataclass(frozen=True)
class Total:
    """The reviews of one application together. Only finished reviews count whose scores all stand, by people without
    a conflict of interest."""

    done: int
    wanted: int
    points: Decimal | None  # weighted mean of the criteria, from 0 to 100; None where nothing was scored
    by_criterion: Mapping[str, Decimal | None]  # mean of the scores, on the criterion's own scale
    spread: Decimal | None  # points between the highest and the lowest review; None for fewer than two
    open_confirmations: int  # scores that a later submission has touched, to be confirmed or changed

    @property
    def has_quorum(self) -> bool:
        """Whether as many reviews stand as the call wants."""
        return self.done >= self.wanted

    @property
    def is_to_be_discussed(self) -> bool:
        """Whether the reviews are far from each other."""
        return self.spread is not None and self.spread >= DISCUSS


def totals_of(applications: Iterable[Application], *, barred: Collection[Pair] | None = None) -> dict[int, Total]:
    """The total of each application by its primary key, also of those without any review, in a fixed number of
    queries. The applications have their pack version loaded. `barred` are the pairs of a person and an application in
    conflict where the caller has found them already."""
    chosen = list(applications)
    reviews: dict[int, list[Review]] = defaultdict(list)
    for review in counted(chosen, barred=barred):
        reviews[review.assignment.application_id].append(review)
    return {one.pk: total_of(one, reviews[one.pk]) for one in chosen}


def counted(applications: Sequence[Application], *, barred: Collection[Pair] | None = None) -> list[Review]:
    """The finished reviews by people who may judge, with their scores, in the order of assignment."""
    done = Review.objects.filter(
        assignment__application__in=applications, assignment__state=Assignment.State.DONE, done_at__isnull=False
    )
    reviews = list(done.select_related("assignment__reviewer").prefetch_related("scores").order_by("assignment"))
    pairs = [(one.assignment.reviewer_id, one.assignment.application_id) for one in reviews]
    if barred is None:
        barred = conflicted_pairs(pairs) if pairs else set()
    return [one for one, pair in zip(reviews, pairs, strict=True) if pair not in barred]


def total_of(application: Application, reviews: Sequence[Review]) -> Total:
    """The total of reviews that count (`counted`)."""
    criteria = application.pack.criteria
    touched = sum(not score.confirmed for review in reviews for score in review.scores.all())
    standing = [review for review in reviews if all(score.confirmed for score in review.scores.all())]
    values = {one.key: [value_of(review, one) for review in standing] for one in criteria}
    means = {key: _mean([value for value in found if value is not None]) for key, found in values.items()}
    single = [points_of(criteria, {one.key: value_of(review, one) for one in criteria}) for review in standing]
    scored = [points for points in single if points is not None]
    return Total(
        done=len(standing),
        wanted=application.pack.reviewers_per_application,
        points=points_of(criteria, means),
        by_criterion=means,
        spread=max(scored) - min(scored) if len(scored) > 1 else None,
        open_confirmations=touched,
    )


def value_of(review: Review, criterion: Criterion) -> Decimal | None:
    """The score a review gives to a criterion; None where it abstains."""
    found = next((one for one in review.scores.all() if one.criterion == criterion.key), None)
    return None if found is None or found.value is None else Decimal(found.value)


def points_of(criteria: Sequence[Criterion], values: Mapping[str, Decimal | None]) -> Decimal | None:
    """The weighted mean from 0 to 100. Criteria without a score are left out, and the others weigh more for it."""
    points, weights = Decimal(0), 0
    for one in criteria:
        value = values.get(one.key)
        if value is not None:
            points += one.weight * 100 * (value - one.lowest) / (one.highest - one.lowest)
            weights += one.weight
    return points / weights if weights else None


def _mean(values: Sequence[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None


def released_reasons(application: Application) -> list[tuple[Criterion, list[str]]]:
    """What the coordination has released of the reasons, for the city: per criterion, in the order of the pack, in
    none that tells who wrote what. One or two queries."""
    scores = Score.objects.filter(
        review__assignment__application=application, released_at__isnull=False, reason__gt=""
    ).order_by("reason", "pk")
    words: dict[str, list[str]] = defaultdict(list)
    for key, reason in scores.values_list("criterion", "reason"):
        words[key].append(reason)
    return [(one, words[one.key]) for one in application.pack.criteria if words[one.key]]


def released_words(application: Application) -> list[str]:
    """The general words of reviewers to the city that the coordination has released."""
    released = Review.objects.filter(assignment__application=application, general_released_at__isnull=False)
    return list(released.order_by("general", "pk").values_list("general", flat=True))
