"""Fields and answers: what is stored comes back into its fields, and what was typed is never lost."""

from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override

from applications.actions.calls import keep_pack
from applications.actions.drafting import save_answers
from applications.completeness import sentences_for
from applications.forms import SectionForm
from applications.forms.reading import read_answer, seen_version
from applications.freezing import file_of
from applications.models import Application
from applications.pack import Kind, Question, Text
from applications.shown import shown
from tests.applications.browsing import form_of, opened, send
from tests.applications.sample_pack import sample
from tests.factories import a_field
from tests.factories_applications import a_call, a_network_of, a_right_answer, an_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> Application:
    """One with a question of every kind, all answered but the documents."""
    network = a_network_of("gnlc")
    for name in ("film", "music"):
        a_field(network, name)
    made = an_application(call=a_call(pack=keep_pack(sample(), by=None)))
    answers = {
        question.key: "film" if question.choices_from_fields else a_right_answer(question)
        for question in made.pack.questions.values()
        if question.kind is not Kind.DOCUMENT
    }
    save_answers(made, answers, seen={}, by=made.started_by)
    return made


def stored(application: Application) -> dict[str, Any]:
    return dict(application.answers.values_list("question", "value"))


def test_every_kind_is_in_the_sample(application):
    assert {question.kind for question in application.pack.questions.values()} == set(Kind)


def test_section_when_sent_as_it_was_opened_then_nothing_changes_and_no_history_grows(client, application):
    client.force_login(application.started_by)
    before = stored(application)
    for section in application.pack.sections:
        assert send(client, application, section, opened(client, application, section)).status_code == 302
    assert stored(application) == before
    assert application.versions.count() == len(before)


def test_empty_section_when_sent_then_no_answers_are_made(client):
    a_network_of("gnlc")
    application = an_application(call=a_call(pack=keep_pack(sample(), by=None)))
    client.force_login(application.started_by)
    for section in application.pack.sections:
        send(client, application, section, opened(client, application, section))
    assert not application.answers.exists()


def a_question(kind: Kind, **values: object) -> Question:
    return Question(key="it", kind=kind, label=Text("Frage", "Question"), **values)  # type: ignore[arg-type]


def read(question: Question, **fields: Any) -> Any:
    posted = QueryDict(mutable=True)
    for name, value in fields.items():
        posted.setlist("q.it" + name.replace("_", ".", 1) if name != "_" else "q.it",
                       value if isinstance(value, list) else [value])  # fmt: skip
    return read_answer(question, posted)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2027-05-31", "2027-05-31"),
        ("31.05.2027", "2027-05-31"),
        ("1. 5. 2027", "2027-05-01"),
        ("20270531", "2027-05-31"),
        ("31.02.2027", "31.02.2027"),
        ("im Mai", "im Mai"),
        ("  ", None),
    ],
)
def test_date_then_as_browsers_send_it_and_anything_else_as_typed(typed, kept):
    assert read(a_question(Kind.DATE), _=typed) == kept


def test_number_then_as_typed_with_its_year():
    question = a_question(Kind.NUMBER, with_year=True)
    assert read(question, _=" 12,5 ", _year="2024") == {"value": "12,5", "year": 2024}
    assert read(question, _="viele", _year="24") == {"value": "viele", "year": "24"}
    assert read(question, _="", _year="") is None


@pytest.mark.parametrize("typed", ["1e-999999", "1e999999", "9" * 500, "1" + "e9" * 3])
def test_number_that_would_fill_pages_then_it_is_shown_as_typed_and_called_wrong(application, typed):
    save_answers(application, {"budget": {"value": typed, "year": 2024}}, seen={"budget": 1}, by=application.started_by)
    file = file_of(application)
    question = application.pack.questions["budget"]
    assert len(str(shown(question, file.answers["budget"], file))) < 600
    assert sentences_for(question, file.answers["budget"], file)


def test_number_when_its_year_is_wrong_too_then_both_are_said_and_only_a_target_may_lie_ahead(application):
    this_year, file = timezone.localdate().year, file_of(application)
    fact, target = a_question(Kind.CITY_FACT), a_question(Kind.NUMBER, with_year=True)
    rest: dict[str, Any] = {"source": "Amt", "url": "", "confirmed": True}
    limits = f"Give a year from 1900 to {this_year}."
    with override("en"):
        assert sentences_for(fact, rest | {"value": "zwölf", "year": "20255"}, file) == [
            "This is not a number. Write digits only, for example 12.5.",
            "This is not a year. Write four digits, for example 2024.",
        ]
        assert sentences_for(fact, rest | {"value": "12,5", "year": 1850}, file) == [limits]
        assert sentences_for(fact, rest | {"value": "12,5", "year": this_year + 1}, file) == [limits]
        assert sentences_for(fact, rest | {"value": "12,5", "year": this_year}, file) == []
        assert sentences_for(target, {"value": "12,5", "year": this_year + 10}, file) == []


def test_text_then_line_breaks_are_one_character_and_what_no_database_holds_is_dropped():
    assert read(a_question(Kind.LONG_TEXT), _="Eins\r\nzwei\x00\r\n\r\ndrei") == "Eins\nzwei\n\ndrei"


def test_rows_then_empty_ones_are_dropped_and_the_rest_keep_their_order():
    question = a_question(Kind.STAKEHOLDERS)
    value = read(
        question, **{"_7.name": "Verein", "_7.date": "31.01.2027", "_2.name": "Schule", "_3.name": " ", "_3.date": ""}
    )
    assert value == [
        {"name": "Schule", "sector": "", "date": ""},
        {"name": "Verein", "sector": "", "date": "2027-01-31"},
    ]


def test_confirmation_of_another_version_then_it_stays_until_it_is_renewed():
    question = a_question(Kind.CONFIRM, version="2027")
    old: Any = {"confirmed": True, "version": "2025"}
    assert read_answer(question, QueryDict(), stored=old) == old
    assert read_answer(question, QueryDict("q.it=yes"), stored=old) == {"confirmed": True, "version": "2027"}
    assert read_answer(question, QueryDict(), stored=old | {"version": "2027"}) is None


def test_fact_of_the_directory_then_it_is_no_answer_before_somebody_confirms_or_changes_it():
    question = a_question(Kind.CITY_FACT, fact="population")
    offered: Any = {"value": "5", "year": 2024, "source": "Zählung", "url": "", "confirmed": False}
    same = QueryDict("q.it=5&q.it.year=2024&q.it.source=Z%C3%A4hlung&q.it.url=")
    assert read_answer(question, same, offered=offered) is None
    confirmed = QueryDict(same.urlencode() + "&q.it.confirmed=yes")
    assert read_answer(question, confirmed, offered=offered) == offered | {"confirmed": True}


@pytest.mark.parametrize(("sent", "version"), [("3", 3), ("", 0), ("-1", 0), ("x", 0), ("9" * 40, 0), ("٣", 0)])
def test_seen_version_then_anything_odd_counts_as_none(sent, version):
    assert seen_version(a_question(Kind.DATE), QueryDict(f"seen.it={sent}")) == version


def test_question_that_was_not_on_the_page_then_its_answer_stays(client, application):
    client.force_login(application.started_by)
    before = stored(application)
    form = {name: value for name, value in opened(client, application, "plan").items() if "vision" in name}
    send(client, application, "plan", form, q__vision="Anders.")
    assert stored(application) == before | {"vision": "Anders."}


def test_fields_then_screen_readers_hear_help_limits_and_what_is_wrong(client, application):
    save_answers(application, {"vision": "viel " * 300}, seen={"vision": 1}, by=application.started_by)
    section = application.pack.sections["plan"]
    form = SectionForm(application, section, is_writable=True)
    field = next(one for one in form.fields if one.key == "vision")
    request = RequestFactory().get("/")
    context = {"field": field, "application": application, "form": form}
    html = render_to_string("applications/questions/long_text.html", context, request)
    for part in ("help", "notes", "wrong", "count"):
        assert f'id="q.vision.{part}"' in html
        assert f"q.vision.{part}" in html.split('aria-describedby="')[1].split('"')[0]


def test_verify_notes_then_applicants_never_see_them(client, application):
    client.force_login(application.started_by)
    response = client.get(f"/en/applications/{application.pk}/plan/")
    assert application.pack.questions["vision"].verify is not None
    assert "not sure" not in response.content.decode()
    assert form_of(response)
