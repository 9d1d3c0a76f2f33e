"""The coordination's pages: who sees what, that no draft leaks, and what asking, moving, granting and extending do."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions.documents import add_document
from applications.actions.drafting import save_answers, start
from applications.actions.moving import perform, submit
from applications.freezing import as_submitted, file_of
from applications.models import Application, Event
from applications.workflow import Action, State
from cities.models import TeamMember
from network.models import Letter
from tests.factories import Role, a_city, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    a_network_of,
    a_pack_document,
    a_pack_version,
    a_pdf,
    an_application,
    an_editor,
    complete,
    let_time_pass,
    sign,
    text,
)
from tests.guards import only_reads, problems

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
SECRET = "Noch nicht für fremde Augen"
FAR = {"day": "2099-05-31", "clock": "23:59:59"}


def of_case(name: str, application: Application, *more: str) -> str:
    return reverse(f"coordination:{name}", args=[application.pk, *more])


def read(client, person, address: str) -> str:
    client.force_login(person)
    with only_reads():
        response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def case_of(client, application: Application, person=None) -> str:
    return read(client, person or a_coordinator(application.call.network), of_case("application", application))


def write(application: Application, question: str, value: object) -> None:
    """The city's lead answers one question."""
    versions = dict(application.answers.values_list("question", "version"))
    saved = save_answers(application, {question: value}, seen=versions, by=a_lead(application.city))  # type: ignore[dict-item]
    assert saved.written == [question]


def submit_anew(application: Application) -> None:
    lead = a_lead(application.city)
    complete(application, by=lead)
    submit(application, by=lead, seen=file_of(Application.objects.for_page().get(pk=application.pk)).sha256)


def ask(application: Application, *parts: str) -> Application:
    """The application as it is returned for these parts."""
    until = timezone.now() + datetime.timedelta(days=14)
    by = a_coordinator(application.call.network)
    return perform(application, Action.RETURN, by=by, note="Bitte ergänzen.", until=until, parts=parts)


# --- who sees what

PAGES = ("home", "list", "application", "return", "move", "late", "extend")
READ = {"home", "list", "application"}
LISTS = {"home", "list"}


def address_of(page: str, application: Application) -> str:
    if page in LISTS:
        return reverse(f"coordination:{page}")
    if page in {"late", "extend"}:
        return reverse(f"coordination:{page}", args=[application.call.slug])
    return of_case(page, application, *(["review"] if page == "move" else []))


@pytest.mark.parametrize("page", PAGES)
def test_page_then_only_the_coordination_of_the_network_may_act_and_operators_read(client, page):
    application = an_application(State.SUBMITTED)
    gnlc, uccn = application.call.network, a_network_of("uccn")
    both = a_coordinator(gnlc)
    in_the_team = a_person(Role.COORDINATOR, network=gnlc)
    TeamMember.objects.create(city=application.city, user=in_the_team, role=TeamMember.Role.EDITOR)
    meets = {
        "coordinator": (both, 200),
        "operator": (a_person(Role.OPERATOR), 200 if page in READ else 404),
        "coordinator of another network": (a_person(Role.COORDINATOR, network=uccn), 200 if page in LISTS else 404),
        "coordinator in the city's team": (in_the_team, 200 if page in LISTS | {"late", "extend"} else 404),
        "reviewer": (a_person(Role.REVIEWER, network=gnlc), 404),
        "lead": (a_lead(application.city), 404),
        "lead of another city": (a_lead(a_city("bonn")), 404),
        "nobody": (a_person(Role.NEWCOMER), 404),
    }
    where = address_of(page, application)
    for name, (person, status) in meets.items():
        client.force_login(person)
        with only_reads():
            assert (name, client.get(where).status_code) == (name, status)
        if page not in READ and status == 404:
            assert (name, client.post(where, {"note": "x"}).status_code) == (name, 404)


@pytest.mark.parametrize("page", PAGES)
def test_page_when_nobody_is_signed_in_then_to_the_sign_in(client, page):
    where = address_of(page, an_application(State.SUBMITTED))
    assert client.get(where).headers["Location"] == f"{reverse('account_login')}?next={where}"


def test_list_of_a_coordinator_of_another_network_then_nothing_of_this_one(client):
    application = an_application(State.SUBMITTED)
    text = read(client, a_person(Role.COORDINATOR, network=a_network_of("uccn")), reverse("coordination:list"))
    assert application.call.title not in text
    assert str(application.city) not in text


def test_list_of_a_coordinator_in_the_citys_team_then_without_that_city(client):
    mine = an_application(State.SUBMITTED)
    other = an_application(State.SUBMITTED, call=a_call("zweite"), city=a_city("bonn"))
    coordinator = a_coordinator(mine.call.network)
    TeamMember.objects.create(city=mine.city, user=coordinator, role=TeamMember.Role.EDITOR)
    text = read(client, coordinator, reverse("coordination:list"))
    assert of_case("application", other) in text
    assert of_case("application", mine) not in text


def test_case_for_an_operator_then_it_is_read_without_any_button(client):
    text = case_of(client, an_application(State.SUBMITTED), a_person(Role.OPERATOR))
    assert "case-moves" not in text


# --- drafts


def test_draft_then_it_is_counted_and_nothing_else_is_known_of_it(client):
    draft = an_application(State.DRAFT)
    write(draft, "vision", SECRET)
    coordinator = a_coordinator(draft.call.network)
    with translation.override("en"):
        text = read(client, coordinator, reverse("coordination:home"))
        listed = read(client, coordinator, reverse("coordination:list"))
    assert "1 draft" in text
    assert "0 submitted applications" in text
    for secret in (SECRET, str(draft.city)):
        assert secret not in text + listed
    assert client.get(of_case("application", draft)).status_code == 404


def test_withdrawn_draft_then_it_stays_unknown(client):
    withdrawn = an_application(State.WITHDRAWN)
    client.force_login(a_coordinator(withdrawn.call.network))
    assert client.get(of_case("application", withdrawn)).status_code == 404
    assert str(withdrawn.city) not in client.get(reverse("coordination:list")).content.decode()


def test_returned_then_one_reads_what_was_submitted_not_what_the_city_writes_now(client):
    returned = an_application(State.RETURNED)
    write(returned, "vision", SECRET)
    text = case_of(client, returned)
    assert SECRET not in text
    assert "Lernen gelingt in jedem Alter." in text


def test_returned_then_a_new_document_is_not_there_before_the_next_submission(client):
    application = an_application(State.SUBMITTED)
    application = ask(application, "plan_file")
    add_document(application, "plan_file", a_pdf("geheim.pdf"), by=a_lead(application.city))
    text = case_of(client, application)
    assert "geheim.pdf" not in text
    submit_anew(application)
    assert "geheim.pdf" in case_of(client, application)


def test_case_then_the_citys_own_work_and_its_reminders_are_not_told(client):
    application = an_application(State.SUBMITTED)
    inside = application.events.filter(kind__in=[Event.Kind.DOCUMENT_ADDED, Event.Kind.SHEET_PREPARED])
    assert inside.exists()
    lead = a_lead(application.city)
    reminder = Letter.objects.create(
        kind="application_deadline", key="deadline:1:x", to=lead, address=lead.email, language="de",
        subject="Noch 7 Tage", text="Es fehlt noch viel.", urgency="deadline",
    )  # fmt: skip
    application.letters.add(reminder)
    text = case_of(client, application)
    assert "Noch 7 Tage" not in text
    for event in inside:
        assert event.get_kind_display() not in text


def test_late_page_then_city_and_day_of_drafts_only(client):
    draft = an_application(State.DRAFT)
    write(draft, "vision", SECRET)
    an_application(State.SUBMITTED, city=a_city("bonn"))
    let_time_pass(closes_at=timezone.now() - datetime.timedelta(hours=1))
    text = read(client, a_coordinator(draft.call.network), address_of("late", draft))
    assert str(draft.city) in text
    assert "Bonn" not in text
    assert SECRET not in text


def test_late_page_while_the_call_is_open_then_it_names_no_city(client):
    draft = an_application(State.DRAFT)
    text = read(client, a_coordinator(draft.call.network), address_of("late", draft))
    assert str(draft.city) not in text


# --- the list


def some_cases() -> dict[str, Application]:
    soon = timezone.now() + datetime.timedelta(days=40)
    call = a_call("eins", forwards_at=soon)
    other = a_call("zwei", forwards_at=soon + datetime.timedelta(days=10))
    return {
        "new": an_application(State.SUBMITTED, call=other, city=a_city("aachen")),
        "returned": an_application(State.RETURNED, call=call, city=a_city("celle")),
        "review": an_application(State.IN_REVIEW, call=call, city=a_city("bonn")),
        "refused": an_application(State.NOT_ENDORSED, call=call, city=a_city("dresden")),
    }


def order(text: str, cases: dict[str, Application]) -> list[str]:
    with translation.override("de"):
        places = {name: text.find(f'href="{of_case("application", one)}"') for name, one in cases.items()}
    return [name for name, place in sorted(places.items(), key=lambda pair: pair[1]) if place != -1]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["returned", "review", "new", "refused"]),
        ("?sort=deadline", ["returned", "review", "new", "refused"]),
        ("?sort=submitted", ["refused", "review", "returned", "new"]),
        ("?sort=city", ["new", "review", "returned", "refused"]),
        ("?sort=nonsense&state=nonsense&page=99", ["returned", "review", "new", "refused"]),
        ("?call=nonsense", []),
        ("?call=eins", ["returned", "review", "refused"]),
        ("?call=eins&state=in_review", ["review"]),
        ("?state=submitted", ["new"]),
        ("?call=zwei&state=in_review", []),
    ],
)
def test_list_then_as_it_is_filtered_and_sorted(client, query, expected):
    cases = some_cases()
    coordinator = a_coordinator(cases["new"].call.network)
    assert order(read(client, coordinator, reverse("coordination:list") + query), cases) == expected


def test_list_then_the_counts_are_those_of_the_chosen_call(client):
    coordinator = a_coordinator(some_cases()["new"].call.network)
    client.force_login(coordinator)
    response = client.get(reverse("coordination:list") + "?call=eins&state=in_review")
    states = response.context["cases"].states
    assert [(one.value, one.count) for one in states.options] == [
        ("returned", 1),
        ("in_review", 1),
        ("not_endorsed", 1),
    ]
    assert states.any_count == 3


def test_list_then_pages_keep_what_was_chosen(client):
    call = a_call()
    first = an_application(State.SUBMITTED, call=call, city=a_city("aachen"))
    coordinator = a_coordinator(call.network)
    lead, when = a_lead(first.city), timezone.now()
    Application.objects.bulk_create(
        Application(
            call=call, city=a_city(f"stadt-{number:02}"), pack_version=call.pack_version, state=State.SUBMITTED,
            started_by=lead, submitted_at=when, submitted_by=lead,
        )
        for number in range(25)
    )  # fmt: skip
    text = read(client, coordinator, reverse("coordination:list") + "?sort=city&state=submitted")
    assert "?sort=city&amp;state=submitted&amp;page=2" in text
    assert "stadt" not in text.partition("Aachen")[0].partition("<tbody")[2]
    last = read(client, coordinator, reverse("coordination:list") + "?sort=city&state=submitted&page=2")
    assert "Stadt 24" in last
    assert "Stadt 23" not in last


# --- the case


def test_case_then_answers_documents_signatures_and_receipt_of_what_was_submitted(client):
    application = an_application(State.DRAFT)
    add_document(application, "plan_file", a_pdf("plan.pdf"), by=a_lead(application.city))
    submit_anew(application)
    submission = application.submissions.get()
    document = application.documents.get(name="plan.pdf")
    with translation.override("en"):
        text = case_of(client, application)
        link = reverse("applications:document", args=[application.pk, document.pk])
    assert "Lernen gelingt in jedem Alter." in text
    assert "5 of 20 words" in text
    assert "counts for:" in text
    assert submission.receipt in text
    assert submission.code in text
    assert link in text
    assert document.sha256 in text
    assert "Signed by E. Muster, OB" in text
    assert "Follows after the submission." in text  # the National Commission's link
    assert "Signed?" in text  # the checklist


def test_case_then_a_question_that_was_not_asked_is_not_there(client):
    application = an_application(State.DRAFT)
    lead = a_lead(application.city)
    complete(application, by=lead)
    write(application, "has_plan", "no")
    submit_anew_without_changing_answers(application)
    assert "Jahr des Plans" not in case_of(client, application)


def submit_anew_without_changing_answers(application: Application) -> None:
    lead = a_lead(application.city)
    sign(application, by=lead, scan=a_pdf("anew.pdf"))
    submit(application, by=lead, seen=file_of(Application.objects.for_page().get(pk=application.pk)).sha256)


def test_case_after_a_second_submission_then_what_changed_is_marked(client):
    application = an_application(State.RETURNED)
    write(application, "vision", "Lernen gelingt in jeder Straße.")
    submit_anew_without_changing_answers(application)
    with translation.override("en"):
        text = case_of(client, application)
    assert text.count("changed since the submission before") == 1
    assert "<del>jedem Alter.</del>" in text
    assert "<ins>jeder Straße.</ins>" in text


def test_submission_of_an_earlier_pack_then_its_own_questions_are_shown(client):
    application = an_application(State.SUBMITTED)
    document = a_pack_document()
    document["steps"][2]["sections"][0]["questions"][0]["label"] = text("Ganz neue Frage")
    Application.objects.update(pack_version=a_pack_version(**document))
    submission = application.submissions.select_related("application__call", "application__pack_version").get()
    assert str(as_submitted(submission).pack.questions["vision"].label) == "Vision"
    shown = case_of(client, application)
    assert "Ganz neue Frage" not in shown


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.ENDORSED, State.FORWARDED, State.ADMITTED])
def test_case_then_only_moves_whose_consequences_are_complete_are_offered(client, state):
    application = an_application(state)
    offered = {
        State.SUBMITTED: [Action.RETURN, Action.REVIEW],
        State.IN_REVIEW: [Action.RETURN],
    }  # what needs a second person is on the page of the call's decisions
    client.force_login(a_coordinator(application.call.network))
    response = client.get(of_case("application", application))
    assert [move.action for move in response.context["case"].moves] == offered.get(state, [])
    for action in (
        Action.ENDORSE,
        Action.REFUSE,
        Action.FORWARD,
        Action.ADMIT,
        Action.NOT_ADMIT,
        Action.WITHDRAW,
        Action.SUBMIT,
        Action.LAPSE,
        Action.RETURN,
        "x",
    ):
        assert client.get(of_case("move", application, action)).status_code == 404


# --- moves


def test_move_then_the_state_the_words_in_the_history_and_a_letter_to_the_team(client):
    application = an_application(State.SUBMITTED)
    client.force_login(a_coordinator(application.call.network))
    response = client.post(of_case("move", application, "review"), {"note": "So ist es."})
    assert response.headers["Location"] == of_case("application", application)
    application.refresh_from_db()
    assert application.state == State.IN_REVIEW
    event = application.events.last()
    assert event is not None
    assert (event.kind, event.note.text) == (Action.REVIEW, "So ist es.")
    letter = a_lead(application.city).received_letters.first()
    assert letter is not None
    assert "So ist es." in letter.text


def test_move_where_no_reason_is_needed_then_it_goes_without(client):
    application = an_application(State.SUBMITTED)
    client.force_login(a_coordinator(application.call.network))
    assert client.post(of_case("move", application, "review"), {"note": ""}).status_code == 302
    application.refresh_from_db()
    assert application.state == State.IN_REVIEW


def test_move_that_a_colleague_has_made_meanwhile_then_the_words_typed_are_still_there(client):
    application = an_application(State.SUBMITTED)
    client.force_login(a_coordinator(application.call.network))
    perform(application, Action.REVIEW, by=a_coordinator(application.call.network))
    response = client.post(of_case("move", application, "review"), {"note": "Lange überlegte Worte."})
    assert response.status_code == 422
    assert "Lange überlegte Worte." in response.content.decode()
    assert application.events.filter(kind=Event.Kind.REVIEW).count() == 1
    assert client.get(of_case("move", application, "review")).headers["Location"] == of_case("application", application)


# --- asking for more


def test_ask_for_more_then_the_parts_open_until_the_moment_in_the_zone_of_the_call(client):
    application = an_application(State.SUBMITTED, call=a_call(zone="America/New_York"))
    client.force_login(a_coordinator(application.call.network))
    data = {"parts": ["plan_year", "vision"], "note": "Die Vision ist knapp.", "day": "2099-07-01", "clock": "12:00:00"}
    response = client.post(of_case("return", application), data)
    assert response.headers["Location"] == of_case("application", application)
    application.refresh_from_db()
    assert (application.state, application.returned_parts) == (State.RETURNED, ["vision", "plan_year"])
    assert application.returned_until == datetime.datetime(2099, 7, 1, 16, tzinfo=datetime.UTC)
    event = application.events.last()
    assert event is not None
    assert event.note.text == "Die Vision ist knapp."


def test_ask_for_more_then_14_days_are_offered_to_the_end_of_the_day_there(client):
    application = an_application(State.SUBMITTED, call=a_call(zone="Pacific/Auckland"))
    text = read(client, a_coordinator(application.call.network), of_case("return", application))
    day = timezone.localdate(timezone=ZoneInfo("Pacific/Auckland")) + datetime.timedelta(days=14)
    assert f'value="{day.isoformat()}"' in text
    assert 'value="23:59:59"' in text
    assert "Pacific/Auckland" in text


@pytest.mark.parametrize(
    "spoilt",
    [
        {"parts": []},
        {"parts": ["nonsense"]},
        {"note": " "},
        {"day": ""},
        {"day": "31.2.2099"},
        {"day": "2020-01-01"},
        {"day": "irgendwann"},
        {"clock": ""},
        {"clock": "25:00"},
    ],
)
def test_ask_for_more_with_a_wrong_entry_then_all_that_was_typed_is_kept(client, spoilt):
    application = an_application(State.SUBMITTED)
    client.force_login(a_coordinator(application.call.network))
    data = {"parts": ["vision"], "note": "Die Vision ist knapp.", **FAR} | spoilt
    response = client.post(of_case("return", application), data)
    assert response.status_code == 422
    assert problems(response, "de") == []
    page = response.content.decode()
    for name in ("note", "day", "clock"):
        assert str(data[name]) in page
    assert ('value="vision" ' in page and "checked" in page) == ("parts" not in spoilt)
    application.refresh_from_db()
    assert application.state == State.SUBMITTED


def test_day_that_is_none_then_it_stays_readable_in_a_field_for_texts(client):
    application = an_application(State.SUBMITTED)
    client.force_login(a_coordinator(application.call.network))
    data = {"parts": ["vision"], "note": "x", "day": "31. Mai", "clock": "mittags"}
    page = client.post(of_case("return", application), data).content.decode()
    for typed in ("31. Mai", "mittags"):
        field = next(tag for tag in page.split("<input") if f'value="{typed}"' in tag)
        assert 'type="text"' in field


# --- the pages themselves


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_page_then_its_html_is_sound_for_the_coordination(client, page, language):
    application = an_application(State.DRAFT)
    add_document(application, "plan_file", a_pdf(), by=a_lead(application.city))
    submit_anew(application)
    application = ask(application, "vision")
    write(application, "vision", "Ganz anders.")
    submit_anew_without_changing_answers(application)
    start(application.call, city := a_city("bonn"), by=an_editor(city), language="de")
    if page == "late":
        let_time_pass(closes_at=timezone.now() - datetime.timedelta(hours=1))
    client.force_login(a_coordinator(application.call.network))
    with translation.override(language):
        response = client.get(address_of(page, application))
    assert response.status_code == 200
    assert problems(response, language) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_list_then_the_number_of_queries_does_not_grow(client, django_assert_num_queries, rows):
    pack = a_pack_version()
    for number in range(rows):
        call = a_call(f"runde-{number}", pack=pack)
        for state in (State.SUBMITTED, State.RETURNED, State.DRAFT):
            an_application(state, call=call, city=a_city(f"{state}-{number}"))
    client.force_login(a_coordinator(call.network))
    client.get(reverse("coordination:list"))
    with django_assert_num_queries(9):
        client.get(reverse("coordination:list"))


@pytest.mark.parametrize("rows", [1, 3])
def test_case_then_the_number_of_queries_does_not_grow(client, django_assert_num_queries, rows):
    application = an_application(State.DRAFT)
    add_document(application, "plan_file", a_pdf(), by=a_lead(application.city))
    submit_anew(application)
    for number in range(rows):
        application = ask(application, "vision")
        write(application, "vision", f"Fassung {number}")
        submit_anew_without_changing_answers(application)
    client.force_login(a_coordinator(application.call.network))
    client.get(of_case("application", application))
    with django_assert_num_queries(5):
        client.get(of_case("application", application))
