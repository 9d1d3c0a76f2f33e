"""A sound pack has no finding; each thing spoiled in it gives exactly one, at its place."""

import datetime
import zoneinfo

import pytest
from django.utils import translation

from applications.pack import Kind, read
from applications.pack_checks import date_problems, problems
from tests.applications.sample_pack import GONE, a_question, changed, choices, found, put, sample, words

PLAN = "steps[apply].sections[plan].questions"
FACTS = "steps[apply].sections[facts].questions"
RULES = "steps[understand].sections[rules].questions"
RESOLUTION = "steps[commit].sections[resolution].questions"


@pytest.fixture(autouse=True)
def _english():
    """Sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


def said(document):
    return [(problem.place, problem.sentence) for problem in problems(read(document))]


def test_sound_pack_then_nothing_is_wrong():
    assert said(sample()) == []


def test_sound_pack_then_it_holds_every_kind_of_question():
    assert {question.kind for question in read(sample()).questions.values()} == set(Kind)


# --- one thing spoiled: where, how, where it is found (None: there), and what is said

TEXTS = [
    ("title.de", "", None, "The text is missing in this language."),
    ("title.en", " \n", None, "The text is missing in this language."),
    (f"{PLAN}[vision].help.en", "", None, "The text is missing in this language."),
    (f"{PLAN}[challenges].choices[climate].label.en", "", None, "The text is missing in this language."),
    ("reporting.questions[progress].label.de", "", None, "The text is missing in this language."),
    ("verify[0].en", "", None, "The text is missing in this language."),
    ("summary.en", "Lorem ipsum dolor", None, "This text still holds a placeholder."),
    (f"{PLAN}[vision].label.de", "Vision TODO", None, "This text still holds a placeholder."),
    (
        "summary",
        {"de": "How do you want to learn?", "en": "How do you want to learn?"},
        None,
        "German and English are the same. Is one of them not translated yet?",
    ),
]
NO_KEY = (
    "“{}” is no key: small letters a to z and digits, joined by - or _, beginning with a letter, at most 60 characters."
)
FRAME = [
    ("key", "My pack", None, NO_KEY.format("My pack")),
    ("network", "", None, NO_KEY.format("")),
    ("checklist[whole].key", "Größe", "checklist[Größe]", NO_KEY.format("Größe")),
    ("checklist[whole].key", "a" * 61, f"checklist[{'a' * 61}]", NO_KEY.format("a" * 61)),
    ("checklist[whole].key", "signed", "checklist[signed]", "The key “signed” is given more than once."),
    (f"{RULES}[informed].key", "vision", f"{PLAN}[vision]", "The key “vision” is given more than once."),
    (
        f"{PLAN}[challenges].choices[climate].key",
        "growth",
        f"{PLAN}[challenges].choices[growth]",
        "The key “growth” is given more than once.",
    ),
    (
        f"{FACTS}[partners].columns[since].key",
        "name",
        f"{FACTS}[partners].columns[name]",
        "The key “name” is given more than once.",
    ),
    (
        "steps[submit].sections[declaration].key",
        "plan",
        "steps[submit].sections[plan]",
        "The key “plan” is given more than once.",
    ),
    (
        "reporting.questions[progress].key",
        "changed",
        "reporting.questions[changed]",
        "The key “changed” is given more than once.",
    ),
    ("steps[understand]", GONE, "steps", "These steps are missing: understand."),
    (
        "steps[submit].sections[declaration].questions",
        [],
        "steps[submit].sections[declaration]",
        "This section has no question.",
    ),
]
KINDS = [
    (f"{RESOLUTION}[resolved_on].words", 20, None, "This does not belong to a question of the kind date."),
    (f"{PLAN}[vision].characters", 20, None, "This does not belong to a question of the kind long_text."),
    (f"{PLAN}[vision].at_most", 2, None, "This does not belong to a question of the kind long_text."),
    (f"{PLAN}[motto].choices", choices("a", "b"), None, "This does not belong to a question of the kind short_text."),
    (f"{PLAN}[goals].choices_from_fields", True, None, "This does not belong to a question of the kind sdgs."),
    (f"{FACTS}[people].unit", words("people"), None, "This does not belong to a question of the kind city_fact."),
    (f"{FACTS}[desk].accepts", ["png"], None, "This does not belong to a question of the kind contact."),
    (f"{FACTS}[evidence].statement", words("yes"), None, "This does not belong to a question of the kind links."),
    (f"{PLAN}[vision].words", GONE, None, "A question of the kind long_text needs this."),
    (f"{RESOLUTION}[resolved].choices", [], None, None),
    (f"{PLAN}[challenges].choices", [], None, "A question of the kind rating needs this."),
    (f"{FACTS}[people].fact", "", None, "A question of the kind city_fact needs this."),
    (f"{FACTS}[partners].columns", [], None, "A question of the kind table needs this."),
    (f"{FACTS}[rights].accepts", [], None, "A question of the kind document needs this."),
    (f"{RULES}[rules_read].statement", GONE, None, "A question of the kind confirm needs this."),
    (
        f"{PLAN}[field].choices",
        choices("film", "music"),
        None,
        "The choices are either given here or the fields of the network, not both.",
    ),
    (
        f"{RULES}[rules_read].url",
        "javascript:alert(1)",
        None,
        "This is no address; it must begin with https:// or http://.",
    ),
    (
        f"{RULES}[rules_read].url",
        "https://[broken",
        None,
        "This is no address; it must begin with https:// or http://.",
    ),
    (
        f"{RULES}[rules_read].url",
        "https://a b.example",
        None,
        "This is no address; it must begin with https:// or http://.",
    ),
]
SIZES = [
    (f"{PLAN}[vision].words", 0, None, "This must be at least 1."),
    (f"{PLAN}[motto].characters", -1, None, "This must be at least 1."),
    (f"{PLAN}[themes].at_least", 0, None, "This must be at least 1."),
    (f"{FACTS}[rights].max_bytes", 0, None, "This must be at least 1."),
    (f"{RESOLUTION}[resolution].max_pages", 0, None, "This must be at least 1."),
    (f"{FACTS}[photos].min_pixels", 0, None, "This must be at least 1."),
    (f"{FACTS}[budget].minimum", 101, None, "The smallest number allowed is above the largest."),
    (f"{FACTS}[rights].max_bytes", 20971521, None, "One document may be larger here than all documents together."),
    (f"{FACTS}[photos].max_pages", 3, None, "Pages are counted in PDF files only, and none is accepted here."),
    (
        f"{RESOLUTION}[resolution].min_pixels",
        3,
        None,
        "Pixels are counted in pictures only, and none is accepted here.",
    ),
    (f"{FACTS}[partners].at_least", 5, f"{FACTS}[partners].at_most", "At most 4 cannot be less than at least 5."),
    (f"{PLAN}[themes].at_most", 4, None, "Only 3 can be chosen, not 4."),
    (f"{PLAN}[goals].at_most", 18, None, "Only 17 can be chosen, not 18."),
]
LINKS = [
    (f"{RESOLUTION}[resolution].only_if.question", "nobody", None, "There is no question “nobody”."),
    (f"{RULES}[informed].only_if", {"question": "resolved", "any_of": ["yes"]}, f"{RULES}[informed].only_if.question",
     "The condition looks at “resolved”, which is asked later."),
    (f"{PLAN}[theme_b].only_if", {"question": "theme_b", "any_of": ["yes"]}, f"{PLAN}[theme_b].only_if.question",
     "The condition looks at “theme_b”, which is asked later."),
    (f"{PLAN}[theme_b].only_if", {"question": "motto", "any_of": ["yes"]}, f"{PLAN}[theme_b].only_if.question",
     "The condition looks at “motto”, which offers no choices and confirms nothing."),
    (f"{PLAN}[theme_b].only_if.any_of", ["b", "z"], None, "“z” is no answer that “themes” offers."),
    (f"{PLAN}[theme_b].only_if", {"question": "rules_read", "any_of": ["no"]}, f"{PLAN}[theme_b].only_if.any_of",
     "“no” is no answer that “rules_read” offers."),
    (f"{PLAN}[theme_b].only_if.any_of", [], None, "No answer is named, so this would never be asked."),
    ("reporting.questions[what_changed].only_if.question", "resolved", None, "There is no question “resolved”."),
    (f"{FACTS}[rights].one_for_each", "pictures", None, "There is no question “pictures”."),
    (f"{FACTS}[rights].one_for_each", "vision", None, "“vision” asks for no documents."),
    (f"{FACTS}[rights].one_for_each", "rights", None, "The documents of “rights” are asked for later."),
    (f"{FACTS}[rights].at_most", 3, f"{FACTS}[rights].one_for_each",
     "How many follows from “photos”; leave out at_least and at_most."),
    ("criteria[basis].questions", ["partners", "evidence", "plans"], None, "There is no question “plans”."),
    ("criteria[basis].questions", ["partners", "evidence", "partners"], None, "“partners” is named twice."),
    ("criteria[basis].questions", ["evidence", "vision"], f"{FACTS}[partners]",
     "No criterion judges the answer to this question."),
    ("readiness[decided].criterion", "money", None, "There is no criterion “money”."),
    ("readiness[decided].seeds", "money", None, "There is no question “money”."),
    ("readiness[decided].days", -1, None, "This must be 0 or more."),
    ("endorsements[mayor].covers", ["plan", "money"], None, "There is no section “money”."),
    ("endorsements[mayor].days", 0, None, "This must be at least 1."),
    ("field_question", "fields", None, "There is no question “fields”."),
    ("field_question", "themes", None, "“themes” must be a choice among the fields of the network."),
    ("field_question", "", "quota.different_fields", "No question names the field: set field_question."),
    ("quota.tie_break", ["quality", "money"], None, "There is no criterion “money”."),
]  # fmt: skip
SETTINGS = [
    ("criteria[quality].weight", 61, "criteria", "The weights add up to 101 instead of 100."),
    ("criteria[basis].lowest", 4, "criteria[basis].highest", "The scale must rise; it goes from 4 to 4."),
    ("reviewers_per_application", 0, None, "This must be at least 1."),
    ("quota.count", 0, None, "This must be at least 1."),
    ("next_pack", "sample", None, "A pack cannot follow itself."),
    ("reporting.months", 0, None, "This must be at least 1."),
    ("retention.draft", 0, None, "An application must be kept for at least 1 month."),
    ("answer_languages", [], None, "No language is named in which cities may answer."),
    ("answer_languages", ["en", "xx"], None,
     "“xx” is no known language; two letters are expected, such as “de”."),
    ("answer_languages", ["en", "deutsch"], None,
     "“deutsch” is no known language; two letters are expected, such as “de”."),
    ("answer_languages", ["en", "en"], None, "“en” is named twice."),
]  # fmt: skip


@pytest.mark.parametrize(("where", "value", "place", "sentence"), [*TEXTS, *FRAME, *SIZES, *LINKS, *SETTINGS])
def test_pack_when_one_thing_is_spoiled_then_exactly_that_is_said(where, value, place, sentence):
    assert said(changed(where, value)) == [(place or where, sentence)]


@pytest.mark.parametrize(("where", "value", "place", "sentence"), KINDS)
def test_question_when_it_lacks_something_or_has_what_does_not_belong_then_said(where, value, place, sentence):
    if sentence is None:  # others look at its choices
        sentence, document = "A question of the kind choice needs this.", changed(where, value)
        for key in ("resolved_on", "resolution"):
            put(document, f"{RESOLUTION}[{key}].only_if", GONE)
        assert said(document) == [(where, sentence)]
    else:
        assert said(changed(where, value)) == [(place or where, sentence)]


def test_texts_when_short_names_are_the_same_then_nothing_is_said():
    assert (
        said(changed("title", {"de": "UNESCO Creative Cities Network", "en": "UNESCO Creative Cities Network"})) == []
    )


def test_steps_when_in_another_order_then_said():
    document = sample()
    document["steps"] = document["steps"][1:2] + document["steps"][:1] + document["steps"][2:]
    assert ("steps", "The steps must be these, in this order: understand, commit, apply, submit.") in said(document)


def test_step_apply_when_empty_then_said():
    document = sample(criteria=[], outside=True, readiness=[], endorsements=[], field_question="", quota=None)
    put(document, "steps[apply].sections", [])
    assert said(document) == [("steps[apply].sections", "This step asks nothing.")]


def test_number_of_choices_when_they_are_the_fields_of_the_network_then_not_counted():
    fields = {"choices": [], "choices_from_fields": True, "at_most": 9}
    document = sample()
    found(document, f"{PLAN}[themes]").update(fields)
    assert said(document) == []


def test_condition_when_it_looks_at_fields_of_the_network_then_any_answer_may_be_named():
    assert said(changed(f"{PLAN}[more].only_if", {"question": "field", "any_of": ["film"]})) == []


def test_condition_when_it_looks_at_a_confirmation_then_yes_is_its_answer():
    assert said(changed(f"{PLAN}[more].only_if", {"question": "rules_read", "any_of": ["yes"]})) == []


# --- who decides


def test_criteria_when_none_then_somebody_outside_must_decide():
    spoiled = sample(criteria=[], readiness=[], quota=None)
    assert said(spoiled) == [
        ("criteria", "Nobody could review this: there is no criterion, and nobody outside decides.")
    ]
    assert said(spoiled | {"outside": True}) == []


def test_criteria_when_outsiders_decide_and_there_are_some_then_they_must_be_sound():
    document = changed("criteria[quality].weight", 10)
    assert said(document | {"outside": True}) == [("criteria", "The weights add up to 50 instead of 100.")]


def test_criterion_when_it_weighs_nothing_then_said_although_the_sum_is_right():
    document = changed("criteria[quality].weight", 100)
    put(document, "criteria[basis].weight", 0)
    assert said(document) == [("criteria[basis].weight", "This must be at least 1.")]


def test_criterion_when_no_question_feeds_it_then_said():
    document = changed(
        "criteria[quality].questions", ["more", "theme_b", "challenges", "partners", "evidence", "vision"]
    )
    put(document, "criteria[basis].questions", [])
    assert said(document) == [("criteria[basis].questions", "No question feeds this criterion.")]


@pytest.mark.parametrize("kind", ["short_text", "date", "sdgs", "contact", "document", "confirm"])
def test_question_when_it_states_a_fact_then_no_criterion_needs_to_judge_it(kind):
    document = sample()
    more = {"statement": words("yes")} if kind == "confirm" else {}
    found(document, "steps[apply].sections[facts]")["questions"].append(a_question("extra", kind, **more))
    assert said(document) == []


@pytest.mark.parametrize(("step", "section"), [("understand", "rules"), ("submit", "declaration")])
def test_question_when_it_is_not_part_of_the_application_itself_then_no_criterion_needs_to_judge_it(step, section):
    document = sample()
    found(document, f"steps[{step}].sections[{section}]")["questions"].append(a_question("extra", "long_text", words=9))
    assert said(document) == []


def test_question_when_two_criteria_judge_it_then_that_is_fine():
    criteria = read(sample()).criteria
    assert all("vision" in criterion.questions for criterion in criteria)
    assert said(sample()) == []


# --- dates of a call

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
OPENS = datetime.datetime(2027, 1, 4, 9, tzinfo=BERLIN)
CLOSES = datetime.datetime(2027, 5, 31, 23, 59, 59, tzinfo=BERLIN)
FORWARDS = datetime.datetime(2027, 6, 30, 23, 59, 59, tzinfo=BERLIN)
DECIDES = datetime.datetime(2027, 10, 31, 12, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "dates",
    [
        (OPENS, CLOSES),
        (OPENS, CLOSES, FORWARDS, DECIDES),
        (OPENS, CLOSES, CLOSES, CLOSES),
        (OPENS, CLOSES, None, DECIDES),
    ],
)
def test_dates_when_in_order_then_nothing_is_wrong(dates):
    assert date_problems(*dates) == []


@pytest.mark.parametrize(
    ("dates", "place", "sentence"),
    [
        ((CLOSES, OPENS), "closes_at", "The deadline must lie after the opening."),
        ((OPENS, OPENS), "closes_at", "The deadline must lie after the opening."),
        (
            (OPENS, FORWARDS, CLOSES, DECIDES),
            "forwards_at",
            "The National Commission cannot forward before the cities' deadline.",
        ),
        ((OPENS, CLOSES, None, OPENS), "decides_at", "The decision cannot come before the deadlines."),
        ((OPENS, CLOSES, DECIDES, FORWARDS), "decides_at", "The decision cannot come before the deadlines."),
    ],
)
def test_dates_when_one_comes_too_early_then_it_is_named(dates, place, sentence):
    assert [(problem.place, problem.sentence) for problem in date_problems(*dates)] == [(place, sentence)]


def test_dates_when_the_clock_is_set_back_between_them_then_they_are_still_in_order():
    opens = datetime.datetime(2027, 10, 31, 2, 45, tzinfo=BERLIN)  # summer time
    closes = datetime.datetime(2027, 10, 31, 2, 15, tzinfo=BERLIN, fold=1)  # half an hour later
    assert date_problems(opens, closes) == []
    assert [problem.place for problem in date_problems(closes, opens)] == ["closes_at"]
