"""What differs between two packs, and whether a call that is open may take it over."""

import copy
import dataclasses
from collections.abc import Collection
from typing import Any, get_args, get_origin

import pytest
from django.utils import translation

from applications import pack_changes
from applications.pack import Condition, Pack, Text, parse, read
from applications.pack_changes import Weight, changes
from applications.shipped import shipped_packs
from applications.typed_json import hints
from tests.applications.sample_pack import GONE, a_question, changed, choices, found, put, sample, words

HARMLESS, TELL, FORBIDDEN = Weight.HARMLESS, Weight.TELL, Weight.FORBIDDEN
PLAN = "steps[apply].sections[plan].questions"
FACTS = "steps[apply].sections[facts].questions"
RULES = "steps[understand].sections[rules].questions"
RESOLUTION = "steps[commit].sections[resolution].questions"


def told(new: dict[str, Any], old: dict[str, Any] | None = None) -> list[tuple[str, Weight]]:
    return [(change.place, change.weight) for change in changes(read(old or sample()), read(new))]


@pytest.mark.parametrize("path", shipped_packs().values(), ids=lambda path: path.stem)
def test_pack_when_nothing_has_changed_then_nothing_is_told(path):
    pack = read(parse(path.read_bytes()))
    assert changes(pack, pack) == []


def test_change_then_it_has_both_values_as_json():
    [change] = changes(read(sample()), read(changed(f"{PLAN}[vision].words", 150)))
    assert (change.old, change.new) == (200, 150)
    [change] = changes(read(sample()), read(changed(f"{PLAN}[vision].label.en", "Vision")))
    assert (change.place, change.old, change.new) == (f"{PLAN}[vision].label.en", "vision (en)", "Vision")
    [change] = changes(read(sample()), read(changed(f"{PLAN}[vision].help", GONE)))[:1]
    assert (change.place, change.old, change.new) == (f"{PLAN}[vision].help.de", "help (de)", None)


def test_weight_then_it_reads_in_the_language_of_the_reader():
    with translation.override("en"):
        assert [str(weight.label) for weight in Weight] == [
            "Harmless", "Applicants must be told", "Forbidden in an open call",
        ]  # fmt: skip


# --- one thing changed

ONE = [
    # texts that help to read
    (f"{PLAN}[vision].help.en", "More help", HARMLESS),
    (f"{PLAN}[vision].verify.de", "Notiz", HARMLESS),
    ("steps[apply].explanation.de", "Anders gesagt", HARMLESS),
    ("summary.en", "In other words", HARMLESS),
    ("verify", [], HARMLESS),
    ("readiness[decided].evidence.en", "another paper", HARMLESS),
    ("readiness[decided].days", 30, HARMLESS),
    ("checklist[whole].text.en", "All there", HARMLESS),
    # wording that somebody may have understood otherwise
    ("title.en", "Other", TELL),
    ("decides.de", "Jemand anders entscheidet", TELL),
    (f"{PLAN}[vision].label.de", "Ihre Vision", TELL),
    (f"{PLAN}[challenges].choices[climate].label.en", "heat", TELL),
    (f"{FACTS}[partners].columns[since].label.en", "from", TELL),
    ("steps[apply].sections[plan].title.en", "Your plan", TELL),
    ("steps[apply].actor.en", "the mayor", TELL),
    ("criteria[quality].explanation.en", "how very good", TELL),
    ("endorsements[mayor].role.en", "head of the city", TELL),
    ("readiness[decided].statement.en", "It is nearly decided", TELL),
    (f"{RULES}[rules_read].url", "https://example.org/new", TELL),
    # more room, more time, less asked
    (f"{PLAN}[vision].words", 250, TELL),
    (f"{PLAN}[motto].characters", 100, TELL),
    (f"{PLAN}[vision].required", False, TELL),
    (f"{PLAN}[vision].public", False, TELL),
    (f"{PLAN}[themes].at_most", 3, TELL),
    (f"{PLAN}[themes].at_most", GONE, TELL),
    (f"{FACTS}[photos].at_least", 2, TELL),
    (f"{FACTS}[photos].max_bytes", 4000000, TELL),
    (f"{FACTS}[photos].min_pixels", 600, TELL),
    (f"{FACTS}[photos].accepts", ["png", "jpeg"], TELL),
    (f"{FACTS}[budget].maximum", GONE, TELL),
    (f"{FACTS}[budget].minimum", -5, TELL),
    (f"{FACTS}[budget].with_year", False, TELL),
    (f"{FACTS}[partners].columns[since].required", False, TELL),
    ("endorsements[mayor].days", 21, TELL),
    ("retention.draft", 6, TELL),
    ("answer_languages", ["en", "fr", "de"], TELL),
    ("max_bytes", GONE, TELL),
    ("reviewers_per_application", 3, TELL),
    ("names_hidden", True, TELL),
    # less room, less time, more asked, another thing
    ("network", "uccn", FORBIDDEN),
    (f"{PLAN}[motto].kind", "date", FORBIDDEN),
    (f"{PLAN}[vision].words", 150, FORBIDDEN),
    (f"{PLAN}[motto].characters", 60, FORBIDDEN),
    (f"{PLAN}[more].required", True, FORBIDDEN),
    (f"{PLAN}[more].public", True, FORBIDDEN),
    (f"{PLAN}[themes].at_most", 1, FORBIDDEN),
    (f"{PLAN}[themes].at_least", 2, FORBIDDEN),
    (f"{FACTS}[photos].max_bytes", 2000000, FORBIDDEN),
    (f"{FACTS}[photos].min_pixels", 1200, FORBIDDEN),
    (f"{FACTS}[photos].accepts", ["png"], FORBIDDEN),
    (f"{FACTS}[rights].one_for_each", GONE, FORBIDDEN),
    (f"{RESOLUTION}[resolution].max_pages", 10, FORBIDDEN),
    (f"{FACTS}[budget].unit.de", "Dollar", FORBIDDEN),
    (f"{FACTS}[budget].minimum", 5, FORBIDDEN),
    (f"{FACTS}[budget].maximum", 100, FORBIDDEN),
    (f"{FACTS}[people].fact", "area", FORBIDDEN),
    (f"{FACTS}[partners].columns[since].kind", "text", FORBIDDEN),
    (f"{FACTS}[evidence].at_most", 3, FORBIDDEN),
    ("criteria[basis].lowest", 0, FORBIDDEN),
    ("criteria[basis].highest", 5, FORBIDDEN),
    ("endorsements[mayor].days", 7, FORBIDDEN),
    ("endorsements[mayor].pledge.en", "I pay", FORBIDDEN),
    ("endorsements[mayor].covers", ["plan", "facts"], FORBIDDEN),
    ("endorsements[body].by_city", True, FORBIDDEN),
    ("quota.count", 3, FORBIDDEN),
    ("quota.tie_break", ["basis", "quality"], FORBIDDEN),
    ("retention.draft", 24, FORBIDDEN),
    ("reporting.months", 12, FORBIDDEN),
    ("answer_languages", ["en"], FORBIDDEN),
    ("max_bytes", 10000000, FORBIDDEN),
    ("outside", True, FORBIDDEN),
    ("national", True, FORBIDDEN),
    ("next_pack", "second", FORBIDDEN),
    ("field_question", "", FORBIDDEN),
]  # fmt: skip


@pytest.mark.parametrize(("where", "value", "weight"), ONE)
def test_pack_when_one_thing_has_changed_then_it_has_its_weight(where, value, weight):
    before = sample(network="gnlc")
    if value is GONE:
        assert {weight for _place, weight in told(changed(where, value), before)} == {weight}
    else:
        assert told(changed(where, value), before) == [(where, weight)]


@pytest.mark.parametrize(
    ("where", "value", "back", "forth"),
    [
        (f"{FACTS}[evidence].at_most", GONE, FORBIDDEN, TELL),
        ("quota", GONE, FORBIDDEN, FORBIDDEN),
        ("reporting", GONE, FORBIDDEN, TELL),
        ("max_bytes", GONE, FORBIDDEN, TELL),
    ],
)
def test_pack_when_a_thing_comes_or_goes_then_each_way_has_its_weight(where, value, back, forth):
    without = changed(where, value)
    assert told(without) == [(where, forth)]
    assert told(sample(), without) == [(where, back)]


# --- questions


def with_question(place: str, question: dict[str, Any]) -> dict[str, Any]:
    document = sample()
    found(document, place)["questions"].append(question)
    return document


def test_question_when_an_optional_one_is_added_then_applicants_are_told():
    new = with_question("steps[apply].sections[facts]", a_question("extra", "date", required=False))
    [change] = changes(read(sample()), read(new))
    assert (change.place, change.old, change.weight) == (f"{FACTS}[extra]", None, TELL)
    assert change.new == a_question("extra", "date", required=False)


def test_question_when_an_optional_one_is_added_and_judged_then_that_is_told_too():
    new = with_question("steps[apply].sections[facts]", a_question("extra", "long_text", words=9, required=False))
    found(new, "criteria[basis]")["questions"].append("extra")
    assert told(new) == [("criteria[basis].questions", TELL), (f"{FACTS}[extra]", TELL)]


def test_criterion_when_it_judges_another_known_question_then_forbidden():
    new = sample()
    found(new, "criteria[basis]")["questions"].append("more")
    assert told(new) == [("criteria[basis].questions", FORBIDDEN)]
    assert told(sample(), new) == [("criteria[basis].questions", FORBIDDEN)]


def test_criterion_when_only_the_order_of_its_questions_differs_then_harmless():
    new = sample()
    found(new, "criteria[basis]")["questions"].reverse()
    assert told(new) == [("criteria[basis].questions", HARMLESS)]


@pytest.mark.parametrize("more", [{}, {"only_if": {"question": "resolved", "any_of": ["no"]}}])
def test_question_when_a_required_one_is_added_then_forbidden(more):
    new = with_question("steps[apply].sections[facts]", a_question("extra", "date", **more))
    assert told(new) == [(f"{FACTS}[extra]", FORBIDDEN)]


@pytest.mark.parametrize("key", ["evidence", "rights"])
def test_question_or_document_when_removed_then_forbidden(key):
    new = changed(f"{FACTS}[{key}]", GONE)
    found(new, "criteria[basis]")["questions"] = ["partners", "evidence", "vision"]
    assert (f"{FACTS}[{key}]", FORBIDDEN) in told(new)


def test_question_when_its_key_changes_then_one_is_gone_and_one_has_come():
    assert told(changed(f"{FACTS}[desk].key", "office")) == [
        (f"{FACTS}[desk]", FORBIDDEN),
        (f"{FACTS}[office]", FORBIDDEN),
    ]


def test_questions_when_only_their_order_differs_then_harmless():
    new = sample()
    found(new, "steps[apply].sections[facts]")["questions"].insert(
        0, found(new, "steps[apply].sections[facts]")["questions"].pop(1)
    )
    [change] = changes(read(sample()), read(new))
    assert (change.place, change.weight) == (FACTS, HARMLESS)
    assert (change.old[:2], change.new[:2]) == (["people", "budget"], ["budget", "people"])


def moved(key: str, source: str, target: str) -> dict[str, Any]:
    new = sample()
    question = found(new, f"{source}[{key}]")
    put(new, f"{source}[{key}]", GONE)
    found(new, target).append(question)
    return new


def test_question_when_moved_to_another_page_then_applicants_are_told():
    new = moved("informed", RULES, FACTS)
    [change] = changes(read(sample()), read(new))
    assert (change.place, change.weight) == (f"{FACTS}[informed]", TELL)
    assert (change.old, change.new) == (f"{RULES}[informed]", f"{FACTS}[informed]")


def test_question_when_moved_out_of_what_the_mayor_signs_then_forbidden():
    assert told(moved("motto", PLAN, FACTS)) == [(f"{FACTS}[motto]", FORBIDDEN)]
    assert told(moved("informed", RULES, PLAN)) == [(f"{PLAN}[informed]", FORBIDDEN)]


def test_section_when_moved_to_another_step_then_told_once_and_its_questions_are_not():
    new = sample()
    section = found(new, "steps[understand]")["sections"].pop()
    found(new, "steps[commit]")["sections"].append(section)
    assert told(new) == [("steps[commit].sections[rules]", TELL)]


def test_section_when_dissolved_then_its_questions_tell_what_is_lost():
    new = moved("rules_read", RULES, RESOLUTION)
    put(new, "steps[understand].sections[rules]", GONE)
    assert told(new) == [
        ("steps[understand].sections[rules]", TELL),
        (f"{RULES}[informed]", FORBIDDEN),
        (f"{RESOLUTION}[rules_read]", TELL),
    ]


# --- choices and columns


def test_choice_when_added_then_told_and_when_removed_then_forbidden():
    new = sample()
    found(new, f"{PLAN}[themes]")["choices"] += choices("d")
    assert told(new) == [(f"{PLAN}[themes].choices[d]", TELL)]
    assert told(sample(), new) == [(f"{PLAN}[themes].choices[d]", FORBIDDEN)]


def test_choice_when_there_is_one_more_to_rate_then_forbidden_unless_it_may_be_left_out():
    old, new = sample(), sample()
    found(new, f"{PLAN}[challenges]")["choices"] += choices("water")
    assert told(new) == [(f"{PLAN}[challenges].choices[water]", FORBIDDEN)]
    for document in (old, new):
        found(document, f"{PLAN}[challenges]")["required"] = False
    assert told(new, old) == [(f"{PLAN}[challenges].choices[water]", TELL)]


def test_choices_when_only_their_order_differs_then_harmless():
    new = sample()
    found(new, f"{PLAN}[themes]")["choices"].reverse()
    assert told(new) == [(f"{PLAN}[themes].choices", HARMLESS)]


@pytest.mark.parametrize(("required", "weight"), [(True, FORBIDDEN), (False, TELL)])
def test_column_when_added_then_it_depends_on_whether_it_must_be_filled(required, weight):
    new = sample()
    found(new, f"{FACTS}[partners]")["columns"].append({"key": "role", "label": words("role"), "required": required})
    assert told(new) == [(f"{FACTS}[partners].columns[role]", weight)]


# --- conditions


def condition(key: str, only_if: Any) -> list[tuple[str, Weight]]:
    return told(changed(f"{PLAN}[{key}].only_if", only_if))


def test_condition_when_it_reveals_a_required_question_then_forbidden():
    assert condition("theme_b", {"question": "themes", "any_of": ["a", "b", "c"]}) == [
        (f"{PLAN}[theme_b].only_if", FORBIDDEN)
    ]
    assert condition("theme_b", GONE) == [(f"{PLAN}[theme_b].only_if", FORBIDDEN)]
    assert condition("theme_b", {"question": "field", "any_of": ["b"]}) == [(f"{PLAN}[theme_b].only_if", FORBIDDEN)]


def test_condition_when_it_reveals_an_optional_question_then_told():
    old = changed(f"{PLAN}[more].only_if", {"question": "resolved", "any_of": ["no"]})
    assert told(sample(), old) == [(f"{PLAN}[more].only_if", TELL)]


def test_condition_when_it_reveals_an_optional_question_on_which_a_required_one_hangs_then_forbidden():
    old = changed(f"{RESOLUTION}[resolved].required", False)
    put(old, f"{RESOLUTION}[resolved].only_if", {"question": "rules_read", "any_of": ["yes"]})
    new = copy.deepcopy(old)
    put(new, f"{RESOLUTION}[resolved].only_if", GONE)
    assert told(new, old) == [(f"{RESOLUTION}[resolved].only_if", FORBIDDEN)]


def test_condition_when_fewer_are_asked_then_forbidden_since_their_answers_would_be_lost():
    assert condition("theme_b", {"question": "themes", "any_of": ["b"]}) == [(f"{PLAN}[theme_b].only_if", FORBIDDEN)]
    assert condition("more", {"question": "resolved", "any_of": ["no"]}) == [(f"{PLAN}[more].only_if", FORBIDDEN)]


def test_condition_when_only_the_order_of_answers_differs_then_harmless():
    assert condition("theme_b", {"question": "themes", "any_of": ["c", "b"]}) == [
        (f"{PLAN}[theme_b].only_if", HARMLESS)
    ]


# --- what was confirmed


def test_statement_when_changed_under_the_same_version_then_forbidden():
    assert told(changed(f"{RULES}[rules_read].statement.en", "I have read nothing")) == [
        (f"{RULES}[rules_read].statement.en", FORBIDDEN)
    ]


def test_statement_when_it_has_a_new_version_then_told_for_it_is_confirmed_anew():
    new = changed(f"{RULES}[rules_read].statement.en", "I have read them again")
    put(new, f"{RULES}[rules_read].version", "2")
    assert told(new) == [(f"{RULES}[rules_read].statement.en", TELL), (f"{RULES}[rules_read].version", TELL)]


# --- the rest of the frame


def test_weights_when_shifted_then_both_are_forbidden():
    new = changed("criteria[quality].weight", 50)
    put(new, "criteria[basis].weight", 50)
    assert told(new) == [("criteria[quality].weight", FORBIDDEN), ("criteria[basis].weight", FORBIDDEN)]


@pytest.mark.parametrize(
    ("name", "part", "order"), [("criteria", "basis", HARMLESS), ("endorsements", "body", FORBIDDEN)]
)
def test_criteria_and_endorsers_when_added_or_removed_then_forbidden(name, part, order):
    less = changed(f"{name}[{part}]", GONE)
    if name == "criteria":
        less["quota"]["tie_break"] = ["quality", "basis"]
    assert told(less) == [(f"{name}[{part}]", FORBIDDEN)]
    assert told(sample(), less) == [(f"{name}[{part}]", FORBIDDEN)]
    turned = sample()
    turned[name].reverse()
    assert told(turned) == [(name, order)]


@pytest.mark.parametrize(("name", "part"), [("readiness", "decided"), ("checklist", "whole")])
def test_readiness_and_checklist_when_added_or_removed_then_told(name, part):
    less = changed(f"{name}[{part}]", GONE)
    assert told(less) == [(f"{name}[{part}]", TELL)]
    assert told(sample(), less) == [(f"{name}[{part}]", TELL)]


def test_report_when_its_questions_change_then_told_at_most_since_nobody_has_begun_one():
    new = changed("reporting.questions[progress].words", 100)
    put(new, "reporting.questions[changed].choices[b]", GONE)
    put(new, "reporting.questions[what_changed]", GONE)
    assert told(new) == [
        ("reporting.questions[what_changed]", TELL),
        ("reporting.questions[progress].words", TELL),
        ("reporting.questions[changed].choices[b]", TELL),
    ]


def test_report_when_it_is_due_more_often_then_forbidden():
    assert told(changed("reporting.months", 36)) == [("reporting.months", TELL)]
    assert told(changed("reporting.months", 12)) == [("reporting.months", FORBIDDEN)]


def test_two_packs_when_they_have_nothing_in_common_then_all_is_told():
    packs = {key: read(parse(path.read_bytes())) for key, path in shipped_packs().items()}
    differences = changes(packs["metropolis"], packs["c40"])
    gone = {change.place for change in differences if change.new is None}
    assert any(place.endswith("questions[ground]") for place in gone)
    assert ("key", FORBIDDEN) in {(change.place, change.weight) for change in differences}


# --- the table


def kinds(kind: type) -> set[type]:
    """The dataclass and all it is made of."""
    inner: set[Any] = set()
    for hint in hints(kind).values():
        for one in (hint, *get_args(hint)):
            if isinstance(one, type) and dataclasses.is_dataclass(one) and get_origin(one) is None:
                inner |= {one} | kinds(one)
    return inner | {kind}


def test_rules_then_each_property_has_exactly_one():
    places: list[Collection[object]] = [pack_changes.LISTS, pack_changes.SINGLE, pack_changes.IN_CONTEXT]
    for kind in kinds(Pack) - {Text}:
        for one in dataclasses.fields(kind):
            times = sum((kind, one.name) in place for place in places)
            times += one.name in pack_changes.RULES.get(kind, {})
            judged_elsewhere = kind is Condition or (one.name == "key" and kind is not Pack)
            assert times == (0 if judged_elsewhere else 1), (kind.__name__, one.name)


def test_rules_then_they_name_nothing_that_is_not_there():
    named = {(kind, name) for kind, rules in pack_changes.RULES.items() for name in rules}
    named |= pack_changes.LISTS.keys() | pack_changes.SINGLE.keys() | pack_changes.IN_CONTEXT.keys()
    assert [(kind.__name__, name) for kind, name in named if name not in hints(kind)] == []
