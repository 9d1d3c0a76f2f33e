"""The balanced proposal: everybody's share, whoever may not judge, and the same result in any order."""

from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications.balancing import proposed

patient = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def rounds(draw):
    """Applications with what they want, reviewers with what they have, and pairs that must not be."""
    applications = draw(st.integers(1, 6))
    reviewers = draw(st.integers(1, 5))
    wanted = {key: draw(st.integers(0, 3)) for key in range(1, applications + 1)}
    loads = {key: draw(st.integers(0, 3)) for key in range(1, reviewers + 1)}
    pairs = [(one, other) for one in wanted for other in loads]
    return wanted, list(loads), draw(st.sets(st.sampled_from(pairs))), loads


def squares(loads):
    return sum(load * load for load in loads.values())


@patient
@given(rounds())
def test_proposal_then_each_gets_its_share_of_those_who_may_and_the_rest_is_named(data):
    wanted, reviewers, barred, loads = data
    found = proposed(wanted, reviewers, barred, loads)
    for application, count in wanted.items():
        given_to = [one for key, one in found.pairs if key == application]
        may = [one for one in reviewers if (application, one) not in barred]
        assert len(given_to) == len(set(given_to)) == min(count, len(may))
        assert set(given_to) <= set(may)
        assert found.short.get(application, 0) == count - len(given_to)
    for one in reviewers:
        assert found.loads[one] == loads[one] + sum(reviewer == one for _key, reviewer in found.pairs)


@patient
@given(rounds(), st.randoms())
def test_proposal_when_entered_in_another_order_then_the_same(data, random):
    wanted, reviewers, barred, loads = data
    keys, people = list(wanted), list(reviewers)
    random.shuffle(keys)
    random.shuffle(people)
    shuffled = proposed({key: wanted[key] for key in keys}, people, list(barred), dict(reversed(loads.items())))
    assert shuffled == proposed(wanted, reviewers, barred, loads)


@patient
@given(rounds())
def test_proposal_when_nobody_is_barred_and_all_begin_at_nothing_then_loads_differ_by_one_at_most(data):
    wanted, reviewers, _barred, _loads = data
    loads = proposed(wanted, reviewers, set(), {}).loads.values()
    assert max(loads) - min(loads) <= 1


@patient
@given(rounds())
def test_proposal_then_no_other_way_is_more_even(data):
    """Against every other choice, one application after another."""
    wanted, reviewers, barred, loads = data
    best = {tuple(loads[one] for one in reviewers)}
    for application, count in wanted.items():
        may = [one for one in reviewers if (application, one) not in barred]
        chosen = list(combinations(may, min(count, len(may))))
        best = {
            tuple(load + (one in some) for one, load in zip(reviewers, state, strict=True))
            for state in best
            for some in chosen
        }
    found = proposed(wanted, reviewers, barred, loads)
    assert squares(found.loads) == min(sum(load * load for load in state) for state in best)
