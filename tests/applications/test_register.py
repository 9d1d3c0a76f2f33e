"""What a process holds in memory of applications: after every kind of change the same as read anew, and never more than
was committed."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from applications.actions import caring
from applications.actions.moving import perform
from applications.looks import look
from applications.models import AnswerVersion, Application, Assignment, Event, Review, Score
from applications.models.application import CheckState
from applications.register import GROUPS, Register, by_city, register
from applications.results import results
from applications.scores import results_in
from applications.workflow import Action, State
from cities.models import City, Country, TeamEvent, TeamMember
from tests.factories import a_city, a_country
from tests.factories_applications import a_call, a_coordinator, an_application
from tests.factories_reviewing import a_review, a_reviewer, an_assignment

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("aachen", "bonn", "celle")


class Round:
    """Three applications under review in one call; one of them is judged by two people, one by one of these."""

    def __init__(self) -> None:
        self.call = a_call()
        self.coordinator = a_coordinator(self.call.network)
        self.one, self.two, self.three = (
            an_application(State.IN_REVIEW, call=self.call, city=a_city(name)) for name in NAMES
        )
        self.rita, self.omar = (a_reviewer(self.call.network, name) for name in ("Rita Rat", "Omar Ort"))
        self.judged = an_assignment(self.one, self.rita)
        a_review(self.judged, value=5)
        a_review(an_assignment(self.one, self.omar), value=2)
        a_review(an_assignment(self.two, self.omar), value=4)
        self.asked = an_assignment(self.three, self.rita)


@pytest.fixture
def it() -> Round:
    return Round()


def told(kept: Register) -> dict[str, Any]:
    """All that a page may read of it."""
    lines = {line.pk: line for line in kept.lines if line}
    order = by_city()

    def keys(bits: int) -> list[int]:
        return [line.pk for line in kept.lines_of(bits, *order)]

    groups = {group: {value: keys(bits) for value, bits in kept.values(group).items()} for group in GROUPS}
    return {"lines": lines, "groups": groups, "order": keys(kept.everything), "names": kept.names}


def is_the_same_as_anew() -> bool:
    kept = told(register())
    return kept == told(Register(look(None))) and set(kept["lines"]) == set(
        Application.objects.filter(submitted_at__isnull=False).values_list("pk", flat=True)
    )


def changes_of_cases(it: Round) -> list[Any]:
    one = Application.objects.filter(pk=it.one.pk)
    day = timezone.localdate()
    return [
        lambda: one.update(state=State.ENDORSED),
        lambda: one.update(check_state=CheckState.FAULTY),
        lambda: one.update(late_until=timezone.now()),
        lambda: one.update(field="film"),
        lambda: caring.raise_flag(it.two, "Nachsehen", owner=it.coordinator, due_on=day, by=it.coordinator),
        lambda: it.two.flags.update(resolved_at=timezone.now(), resolved_by=it.coordinator, resolution="Gut."),
        lambda: City.objects.filter(slug="celle").update(name_de="Zelle", sort_de="zelle", sort_en="zelle"),
        lambda: City.objects.filter(slug="celle").update(search_text="|zelle|celle|"),
        lambda: City.objects.filter(slug="bonn").update(country=a_country("FR")),
        lambda: an_application(State.SUBMITTED, call=it.call, city=a_city("emden")),
        lambda: Country.objects.filter(pk="FR").update(name_de="Frankreich (neu)"),
        lambda: an_assignment(it.three, it.omar),
        lambda: Assignment.objects.filter(pk=it.asked.pk).update(state=Assignment.State.DECLINED),
        lambda: Application.objects.filter(pk=it.three.pk).update(earlier=it.one),
        lambda: perform(it.two, Action.WITHDRAW, by=it.two.submitted_by, note="Anders entschieden."),
    ]


def test_register_after_every_kind_of_change_then_as_if_read_anew(it):
    before = told(register())
    for number, change in enumerate(changes_of_cases(it)):
        change()
        assert (number, is_the_same_as_anew()) == (number, True)
        now = told(register())
        assert (number, now == before) == (number, False)  # the change is one that shows
        before = now


def test_search_then_the_same_cities_as_in_the_database(it):
    an_application(State.SUBMITTED, call=it.call, city=a_city("bad-aachen", name_de="Bad Äachen am See"))
    kept = register()
    for text in ("aachen", "bad see", "ae", "aeachen", "e", "a s", "chen a", "onn", "celle bonn", "", "-", "%", "_"):
        meant = [pk for pk, _rank in City.objects.named(text)]
        found = kept.lines_of(kept.searched(text) & kept.everything, *by_city())
        assert (text, {line.city for line in found}) == (text, set(meant))


def test_register_when_nothing_changed_then_one_query_and_drafts_are_not_in_it(it, django_assert_num_queries):
    an_application(call=it.call, city=a_city("dachau"))
    before = register()
    assert len(told(before)["lines"]) == len(NAMES)
    with django_assert_num_queries(1):
        assert register() is before


def test_register_when_a_backup_brought_later_transactions_then_it_is_not_read_again_for_ever(it):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE applications_casechange SET changed_in = '999999999'")
    before = register()
    assert register() is before


def test_register_while_a_change_is_not_committed_then_others_do_not_see_it(it):
    before = register()
    begun, ended = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            Application.objects.filter(pk=it.one.pk).update(state=State.ENDORSED)
            begun.set()
            ended.wait(10)
        connection.close()

    other = threading.Thread(target=change)
    other.start()
    begun.wait(10)
    # a later transaction is committed before the earlier one
    Application.objects.filter(pk=it.two.pk).update(state=State.ENDORSED)
    between = register()
    assert between is not before
    assert between.counts("state", between.everything) == {State.IN_REVIEW: 2, State.ENDORSED: 1}
    ended.set()
    other.join(10)
    after = register()
    assert after.counts("state", after.everything) == {State.IN_REVIEW: 1, State.ENDORSED: 2}


def test_memory_when_a_change_is_taken_back_then_nothing_of_it_is_left(it):
    points = results().found[it.one.pk].points
    assert State.ENDORSED not in register().counts("state", -1)
    with transaction.atomic():
        Application.objects.filter(pk=it.one.pk).update(state=State.ENDORSED)
        Score.objects.filter(review__assignment=it.judged).update(value=1)
        assert State.ENDORSED in register().counts("state", -1)
        assert results().found[it.one.pk].points != points
        transaction.set_rollback(True)
    assert State.ENDORSED not in register().counts("state", -1)
    assert is_the_same_as_anew()
    assert results().found[it.one.pk].points == points


# --- what reviews say


def changes_of_results(it: Round) -> list[Any]:
    rita, omar = it.rita, it.omar
    home, other = a_city("halle"), it.two.city
    act = {"application": it.one, "sequence": 900, "kind": Event.Kind.RESTORED, "actor": rita, "role": "editor"}
    return [
        lambda: Score.objects.filter(review__assignment=it.judged).update(value=1),
        lambda: a_review(it.asked, value=3),
        lambda: Review.objects.filter(assignment=it.asked).update(done_at=None),
        lambda: Assignment.objects.filter(pk=it.judged.pk).update(state="recused", reason="Befangen."),
        lambda: Assignment.objects.filter(pk=it.judged.pk).update(state=Assignment.State.DONE),
        lambda: it.one.conflicts.create(person=rita, reason="Verwandt.", by=rita),
        lambda: it.one.conflicts.all().delete(),
        lambda: TeamMember.objects.create(city=other, user=omar, role=TeamMember.Role.EDITOR),
        lambda: TeamMember.objects.filter(user=omar).delete(),
        lambda: omar.reviewer_statement.cities.add(other),
        lambda: omar.reviewer_statement.cities.clear(),
        lambda: type(omar.reviewer_statement).objects.filter(user=omar).update(country=other.country),
        lambda: type(omar.reviewer_statement).objects.filter(user=omar).update(country=a_country("FR")),
        # the team of a city that does not compete; then it does, then no longer
        lambda: TeamMember.objects.create(city=home, user=omar, role=TeamMember.Role.EDITOR),
        lambda: City.objects.filter(pk=home.pk).update(country=a_country("SE")),
        lambda: an_application(call=it.call, city=home),
        lambda: Application.objects.filter(city=home).update(state=State.WITHDRAWN),
        lambda: Event.objects.create(**act, at=timezone.now(), data={}),
        lambda: TeamEvent.objects.create(city=other, person=omar, kind=TeamEvent.Kind.LEFT),
    ]


def test_results_after_every_kind_of_change_then_as_if_counted_anew(it):
    before = dict(results().found)
    for number, change in enumerate(changes_of_results(it)):
        change()
        now = dict(results().found)
        assert (number, now) == (number, results_in(Application.objects.all()))
        assert (number, now == before) == (number, False)  # the change is one that counts
        before = now


def test_results_when_nothing_changed_then_one_query(it, django_assert_num_queries):
    before = results()
    AnswerVersion.objects.create(
        application=it.one, question="vision", version=99, at=timezone.now(), by=it.coordinator
    )
    with django_assert_num_queries(1):
        assert results() is before  # the coordinator judges nothing


# --- pages


PAGES = [
    ("coordination:list", "", 6),
    ("coordination:list", "?q=aachen&state=in_review", 6),
    ("coordination:list", "?sort=points&col=points&col=reviews", 7),
    ("coordination:home", "", 9),
]


@pytest.mark.parametrize(("name", "query", "number"), PAGES)
def test_page_when_the_process_knows_the_applications_then_few_queries(
    client, it, name, query, number, django_assert_num_queries
):
    client.force_login(it.coordinator)
    assert client.get(reverse(name) + query).status_code == 200
    with django_assert_num_queries(number):
        client.get(reverse(name) + query)


def test_decisions_when_the_process_knows_the_applications_then_few_queries(client, it, django_assert_num_queries):
    client.force_login(it.coordinator)
    address = reverse("deciding:call", args=[it.call.slug])
    assert client.get(address).status_code == 200
    with django_assert_num_queries(8):
        client.get(address)
