"""The history of an answer: who wrote what when, compared and restored."""

import datetime

import pytest
from django.urls import reverse
from django.utils import translation

from applications.actions.documents import add_document, remove_document
from applications.actions.drafting import save_answers
from applications.chronicle import stretches
from applications.freezing import file_of
from applications.models import AnswerVersion, Application
from applications.word_differences import differences, own_words
from applications.workflow import State
from tests.factories import a_city
from tests.factories_applications import a_pdf, an_application, an_editor
from tests.guards import problems

pytestmark = pytest.mark.django_db


def write(application: Application, *texts: str, by=None) -> None:
    for words in texts:
        version = application.versions.filter(question="vision").count()
        save_answers(application, {"vision": words}, seen={"vision": version}, by=by or application.started_by)


def url(application: Application, question: str = "vision") -> str:
    return reverse("applications:answer_history", args=[application.pk, question])


def restore(client, application: Application, version: object, question: str = "vision"):
    where = reverse("applications:restore", args=[application.pk, question])
    return client.post(where, {"version": version})


@pytest.fixture
def application(client) -> Application:
    made = an_application()
    client.force_login(made.started_by)
    return made


def test_history_then_each_version_with_its_person_and_what_it_changed(client, application):
    write(application, "Lernen für alle.")
    write(application, "Lernen in jedem Alter.", by=an_editor(application.city, "Jonas Wiegand"))
    with translation.override("en"):
        page = client.get(url(application))
    html = page.content.decode()
    assert problems(page, "en") == []
    assert "Jonas Wiegand" in html
    assert str(application.started_by) in html
    assert "<del>" in html
    assert "<ins>" in html
    assert "removed:" in html
    assert "added:" in html


def in_stretches(application: Application) -> list[tuple[int, int, bool]]:
    versions = list(application.versions.select_related("by"))
    found = stretches(application.pack.questions["vision"], file_of(application), versions)
    return [(one.first.version, one.last.version, one.is_present) for one in found]


def test_history_then_saves_of_one_person_within_ten_minutes_are_one_stretch(application):
    write(application, "Eins.", "Eins zwei.", "Eins zwei drei.")
    start = application.versions.get(version=1).at
    for version, minutes in ((2, 6), (3, 12)):
        at = start + datetime.timedelta(minutes=minutes)
        AnswerVersion.objects.filter(version=version).update(at=at)
    assert in_stretches(application) == [(3, 3, True), (1, 2, False)]


def test_history_when_most_of_a_text_goes_then_what_was_there_can_be_restored(application):
    write(application, "Lernen", "Lernen gelingt in jedem Alter und überall.", "L", "Lernen neu.")
    assert in_stretches(application) == [(3, 4, True), (1, 2, False)]


def test_history_when_two_people_write_in_turn_then_each_turn_stands_by_itself(application):
    colleague = an_editor(application.city)
    write(application, "Eins.")
    write(application, "Zwei.", by=colleague)
    write(application, "Drei.")
    assert in_stretches(application) == [(3, 3, True), (2, 2, False), (1, 1, False)]


def test_versions_when_compared_then_both_are_named_and_the_words_that_differ_marked(client, application):
    write(application, "Lernen für alle.")
    write(application, "Lernen für wenige.", by=an_editor(application.city, "Jonas Wiegand"))
    page = client.get(url(application) + "?old=1&new=2")
    assert problems(page, "de") == []
    html = page.content.decode()
    assert 'id="compared"' in html
    assert "alle." in html.split('id="compared"')[1].split("<del>")[1].split("</del>")[0]


@pytest.mark.parametrize("query", ["?old=1&new=99", "?old=x&new=", "?old=1"])
def test_versions_that_are_not_there_then_the_whole_history(client, application, query):
    write(application, "Eins.")
    page = client.get(url(application) + query)
    assert page.status_code == 200
    assert 'id="compared"' not in page.content.decode()


def test_earlier_answer_when_restored_then_it_counts_as_a_new_version_and_nothing_is_lost(client, application):
    write(application, "Eins.", "Zwei.")
    response = restore(client, application, 1)
    assert response.headers["Location"].endswith(f"/applications/{application.pk}/plan/#question.vision")
    assert application.answers.get(question="vision").value == "Eins."
    assert application.versions.filter(question="vision").count() == 3


@pytest.mark.parametrize("version", ["99", "x", "", "-1"])
def test_earlier_answer_that_is_not_there_then_404(client, application, version):
    write(application, "Eins.")
    assert restore(client, application, version).status_code == 404
    assert application.answers.get(question="vision").version == 1


def test_closed_application_then_its_history_is_read_and_nothing_restored(client):
    made = an_application(State.SUBMITTED)
    client.force_login(made.started_by)
    assert '<form method="post" action="/de/applications' not in client.get(url(made)).content.decode()
    restore(client, made, 1)
    assert made.versions.filter(question="vision").count() == 1


def test_removed_document_when_restored_then_it_counts_again(client, application):
    document = add_document(application, "plan_file", a_pdf("plan.pdf"), by=application.started_by)
    remove_document(document, by=application.started_by)
    page = client.get(url(application, "plan_file"))
    assert "plan.pdf" in page.content.decode()
    restore(client, application, 1, "plan_file")
    document.refresh_from_db()
    assert document.removed_at is None
    assert application.answers.get(question="plan_file").value == [document.pk]


def test_stranger_then_404(client, application):
    write(application, "Eins.", "Zwei.")
    client.force_login(an_editor(a_city("lyon")))
    assert client.get(url(application)).status_code == 404
    assert restore(client, application, 1).status_code == 404
    assert application.answers.get(question="vision").value == "Zwei."


@pytest.mark.parametrize("question", ["nirgends", "mayor"])
def test_question_without_answers_or_without_being_one(client, application, question):
    page = client.get(url(application, question))
    assert page.status_code == (404 if question == "nirgends" else 200)


def test_long_history_then_it_comes_in_pages(client, application):
    people = [application.started_by, an_editor(application.city)]
    for number in range(21):
        write(application, f"Fassung {number}.", by=people[number % 2])
    assert "Fassung" in client.get(url(application)).content.decode()
    second = client.get(url(application) + "?page=2")
    assert problems(second, "de") == []
    assert second.content.decode().count("<li>\n            <h2") == 1


@pytest.mark.parametrize("turns", [1, 12])
def test_history_then_the_number_of_queries_does_not_grow(client, application, django_assert_num_queries, turns):
    people = [application.started_by, an_editor(application.city)]
    for number in range(turns):
        write(application, f"Fassung {number}.", by=people[number % 2])
    client.get(url(application))
    with django_assert_num_queries(10):  # one of them for the menu of every page
        client.get(url(application))


# --- words that differ


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "", []),
        ("", "neu", [("new", "neu")]),
        ("alt", "", [("gone", "alt")]),
        ("gleich", "gleich", [("same", "gleich")]),
        ("für alle da", "für wenige da", [("same", "für "), ("gone", "alle"), ("new", "wenige"), ("same", " da")]),
        ("eins zwei drei", "vier fünf drei", [("gone", "eins zwei"), ("new", "vier fünf"), ("same", " drei")]),
    ],
)
def test_differences_then_whole_runs_of_words(old, new, pieces):
    assert [(piece.kind, piece.text) for piece in differences(old, new)] == pieces


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ein Satz.\n\nNoch einer.", "Ein anderer Satz.\nNoch  einer, länger."),
        ("a " * 4000, "b " * 4000),
        ("x", "x " * 30),
    ],
)
def test_differences_then_both_texts_can_be_read_from_them(old, new):
    pieces = differences(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new
    assert "".join(piece.text for piece in own_words(pieces, "gone")) == old
    assert "".join(piece.text for piece in own_words(pieces, "new")) == new
