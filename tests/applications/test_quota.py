"""The quota and the ranking: laws that hold for any candidates, and the cases people ask about."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from applications.pack import Quota
from applications.quota import Candidate, Excess, Verdict, excesses, ranking

TIE_BREAK = ("plan", "access")
FEW = st.integers(0, 4).map(Decimal)  # few values, so that there are ties
MAYBE = st.none() | FEW
QUOTAS = st.builds(Quota, count=st.integers(1, 4), per_country=st.booleans(), different_fields=st.booleans())
CANDIDATE = st.builds(
    Candidate,
    key=st.integers(1, 999),
    points=MAYBE,
    by_criterion=st.fixed_dictionaries({"plan": MAYBE, "access": MAYBE}),
    country=st.sampled_from(["DE", "AT"]),
    field=st.sampled_from(["film", "music", "design", ""]),
)
CANDIDATES = st.lists(CANDIDATE, max_size=9, unique_by=lambda one: one.key)
GOOD = {Verdict.FITS: 2, Verdict.OPEN: 1}


def ranked(candidates, quota, decided=()):
    places = ranking(candidates, tie_break=TIE_BREAK, quota=quota, decided=decided)
    return {place.candidate.key: place for place in places}


def a_candidate(key, points, field="", country="DE", **criteria):
    values = {name: Decimal(value) for name, value in criteria.items()}
    return Candidate(key, None if points is None else Decimal(points), values, country, field)


def verdicts(quota, *candidates, decided=()):
    return [ranked(candidates, quota, decided)[one.key].verdict for one in candidates]


# --- laws


@given(CANDIDATES, QUOTAS)
def test_quota_then_those_that_fit_are_never_more_than_it_allows(candidates, quota):
    places = ranked(candidates, quota)
    fitting = [one for one in candidates if places[one.key].verdict is Verdict.FITS]
    assert excesses(fitting, quota) == []


@given(CANDIDATES, QUOTAS, st.integers(0, 9))
def test_quota_when_some_are_decided_already_then_the_rest_never_goes_above_it(candidates, quota, number):
    decided = candidates[:number]
    while excesses(decided, quota):
        decided = decided[:-1]
    rest = [one for one in candidates if one not in decided]
    places = ranked(rest, quota, decided)
    fitting = [one for one in rest if places[one.key].verdict is Verdict.FITS]
    assert excesses([*decided, *fitting], quota) == []
    for one in rest:  # whoever has no place would be one too many
        if places[one.key].verdict is Verdict.NO_PLACE and not any(
            place.verdict is Verdict.OPEN for place in places.values()
        ):
            assert excesses([*decided, *fitting, one], quota) != []


@given(CANDIDATES, QUOTAS, st.data())
def test_ranking_when_a_score_is_better_then_it_never_hurts(candidates, quota, data):
    if not candidates:
        return
    one = data.draw(st.sampled_from(candidates))
    what = data.draw(st.sampled_from(["points", "plan", "access"]))
    if what == "points":
        better = replace(one, points=(one.points or Decimal(0)) + data.draw(FEW))
    else:
        value = (one.by_criterion[what] or Decimal(0)) + data.draw(FEW)
        better = replace(one, by_criterion={**one.by_criterion, what: value})
    before = ranked(candidates, quota)[one.key]
    after = ranked([better if other is one else other for other in candidates], quota)[one.key]
    assert GOOD.get(after.verdict, 0) >= GOOD.get(before.verdict, 0)
    if before.rank is not None:
        assert after.rank <= before.rank


@given(CANDIDATES, QUOTAS, st.randoms(use_true_random=False))
def test_ranking_when_they_come_in_another_order_then_nothing_changes(candidates, quota, random):
    shuffled = random.sample(candidates, len(candidates))
    assert ranking(shuffled, tie_break=TIE_BREAK, quota=quota) == ranking(candidates, tie_break=TIE_BREAK, quota=quota)
    renamed = {one.key: 1000 - one.key for one in candidates}  # begun in the opposite order
    others = ranked([replace(one, key=renamed[one.key]) for one in candidates], quota)
    for key, place in ranked(candidates, quota).items():
        other = others[renamed[key]]
        assert (place.rank, place.is_tied, place.verdict) == (other.rank, other.is_tied, other.verdict)


@given(CANDIDATES, QUOTAS)
def test_ranking_then_equals_are_never_told_apart_but_by_country_and_field(candidates, quota):
    places = ranked(candidates, quota)
    for one in candidates:
        for other in candidates:
            alike = (one.points, one.by_criterion) == (other.points, other.by_criterion)
            if alike and one.points is not None:
                assert places[one.key].rank == places[other.key].rank
                if (one.country, one.field) == (other.country, other.field):
                    assert places[one.key].verdict == places[other.key].verdict


# --- cases


def test_ranking_when_points_are_equal_then_the_criteria_of_the_pack_decide_in_their_order():
    strong, weak = a_candidate(1, 80, plan=3, access=5), a_candidate(2, 80, plan=4, access=0)
    places = ranked([strong, weak], Quota(1))
    assert (places[2].rank, places[1].rank) == (1, 2)
    assert [place.is_tied for place in places.values()] == [False, False]


def test_ranking_when_they_stay_equal_then_they_share_the_rank_and_the_next_comes_after_both():
    candidates = [a_candidate(1, 90), a_candidate(2, 80), a_candidate(3, 80), a_candidate(4, 70), a_candidate(5, None)]
    places = ranked(candidates, None)
    assert [places[key].rank for key in range(1, 6)] == [1, 2, 2, 4, None]
    assert [places[key].is_tied for key in range(1, 6)] == [False, True, True, False, False]
    assert {place.verdict for place in places.values()} == {None}


def test_quota_when_equals_do_not_all_fit_then_none_of_them_is_picked():
    quota = Quota(count=2)
    assert verdicts(quota, a_candidate(1, 90), a_candidate(2, 80), a_candidate(3, 80), a_candidate(4, 10)) == [
        Verdict.FITS, Verdict.OPEN, Verdict.OPEN, Verdict.NO_PLACE,
    ]  # fmt: skip


def test_quota_when_equals_of_one_field_stand_beside_another_then_only_they_are_open():
    quota = Quota(count=2, different_fields=True)
    assert verdicts(quota, a_candidate(1, 80, "film"), a_candidate(2, 80, "film"), a_candidate(3, 80, "music")) == [
        Verdict.OPEN, Verdict.OPEN, Verdict.FITS,
    ]  # fmt: skip


def test_quota_when_fields_must_differ_then_the_next_of_another_field_fits():
    quota = Quota(count=2, different_fields=True)
    candidates = [a_candidate(1, 90, "film"), a_candidate(2, 80, "film"), a_candidate(3, 70, "music")]
    assert verdicts(quota, *candidates) == [Verdict.FITS, Verdict.FIELD_TAKEN, Verdict.FITS]


def test_quota_when_it_is_each_countrys_then_countries_do_not_compete():
    quota = Quota(count=1, per_country=True)
    candidates = [a_candidate(1, 90), a_candidate(2, 80), a_candidate(3, 10, country="AT")]
    assert verdicts(quota, *candidates) == [Verdict.FITS, Verdict.NO_PLACE, Verdict.FITS]


def test_quota_when_places_are_held_already_then_they_count():
    decided = [a_candidate(9, 1, "film")]
    quota = Quota(count=2, different_fields=True)
    candidates = [a_candidate(1, 90, "film"), a_candidate(2, 80, "music"), a_candidate(3, 70, "design")]
    assert verdicts(quota, *candidates, decided=decided) == [Verdict.FIELD_TAKEN, Verdict.FITS, Verdict.NO_PLACE]


def test_quota_when_more_are_chosen_than_fit_then_it_says_where():
    three = [a_candidate(1, 90, "film"), a_candidate(2, 80, "film"), a_candidate(3, 10, "music", country="AT")]
    assert excesses(three, Quota(count=2, different_fields=True)) == [Excess(3), Excess(2, field="film")]
    assert excesses(three, Quota(count=1, per_country=True)) == [Excess(2, "DE")]
    assert excesses(three, None) == []
