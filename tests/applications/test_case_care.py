"""Notes, messages, flags, the formal check and endorsements from outside: who sees and does what, what never leaks."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions import MoveNotAllowedError, caring
from applications.actions.caring import Marked
from applications.actions.documents import add_document
from applications.actions.outside_endorsing import record_outside
from applications.models import Application, CheckMark, CheckState, Comment, Flag
from applications.workflow import State
from cities.models import TeamMember
from network.models import Letter, User
from tests.applications.test_coordination import (
    ask,
    case_of,
    of_case,
    read,
    submit_anew_without_changing_answers,
    write,
)
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
    text,
)
from tests.guards import only_reads, problems

pytestmark = pytest.mark.django_db

INTERNAL = "Die Stadt wirkt überfordert."
OUTGOING = "Bitte senden Sie uns die Zahl der Lernorte."
FAULTY = CheckMark.Verdict.FAULTY
FINE = CheckMark.Verdict.FINE
SOON = datetime.timedelta(days=3)


@pytest.fixture
def case() -> Application:
    return an_application(State.SUBMITTED)


@pytest.fixture
def coordinator(case) -> User:
    return a_coordinator(case.call.network)


def a_colleague(case: Application) -> User:
    """Another coordinator of the same network."""
    return a_person(Role.COORDINATOR, network=case.call.network)


def conflicted(case: Application) -> User:
    """A coordinator of the network who works for the applying city."""
    person = a_colleague(case)
    TeamMember.objects.create(city=case.city, user=person, role=TeamMember.Role.EDITOR)
    return person


def city_page(client, case: Application, person: User | None = None) -> str:
    return read(client, person or a_lead(case.city), reverse("applications:case", args=[case.pk]))


# --- notes stay inside


def test_note_then_the_coordination_reads_it_and_nobody_else_in_no_page_and_no_letter(client, case, coordinator):
    client.force_login(coordinator)
    response = client.post(of_case("note", case), {"text": INTERNAL})
    assert response.headers["Location"] == f"{of_case('application', case)}#notes"
    assert INTERNAL in case_of(client, case)
    assert INTERNAL in case_of(client, case, a_colleague(case))
    for where in ("applications:case", "applications:detail"):
        assert INTERNAL not in read(client, a_lead(case.city), reverse(where, args=[case.pk]))
    assert INTERNAL not in read(client, coordinator, of_case("as_city", case))
    assert not Letter.objects.filter(text__contains=INTERNAL).exists()
    for person in (conflicted(case), a_lead(a_city("bonn")), a_person(Role.REVIEWER, network=case.call.network)):
        client.force_login(person)
        assert INTERNAL not in client.get(of_case("application", case)).content.decode()


def test_note_without_words_then_said_beside_the_field_and_nothing_is_kept(client, case, coordinator):
    client.force_login(coordinator)
    response = client.post(of_case("note", case), {"text": "  "})
    assert response.status_code == 422
    assert problems(response, "de") == []
    assert not Comment.objects.exists()


# --- messages to the city


def test_message_then_the_team_gets_a_letter_reads_it_on_its_page_and_may_answer(client, case, coordinator):
    editor = an_editor(case.city)
    client.force_login(coordinator)
    client.post(of_case("message", case), {"text": OUTGOING})
    for person in (a_lead(case.city), editor):
        assert OUTGOING in person.received_letters.get(kind="application_message").text
        assert OUTGOING in city_page(client, case, person)
    client.force_login(editor)
    response = client.post(reverse("applications:answer", args=[case.pk]), {"text": "Es sind 41."})
    assert response.headers["Location"] == reverse("applications:case", args=[case.pk])
    assert "Es sind 41." in coordinator.received_letters.get(kind="application_answer").text
    assert "Es sind 41." in case_of(client, case)


def test_answer_without_a_message_or_from_elsewhere_then_refused(client, case, coordinator):
    client.force_login(a_lead(case.city))
    where = reverse("applications:answer", args=[case.pk])
    assert client.post(where, {"text": "Hallo?"}).status_code == 422
    assert 'name="text"' not in city_page(client, case)
    caring.write_to_city(case, OUTGOING, by=coordinator)
    for person in (a_lead(a_city("bonn")), coordinator, a_person(Role.OPERATOR)):
        client.force_login(person)
        assert client.post(where, {"text": "Ich!"}).status_code == 404
    assert Comment.objects.filter(kind=Comment.Kind.FROM_CITY).count() == 0


def test_answer_then_a_coordinator_in_conflict_gets_no_letter(case, coordinator):
    person = conflicted(case)
    caring.write_to_city(case, OUTGOING, by=coordinator)
    caring.answer(case, "Es sind 41.", by=a_lead(case.city))
    assert coordinator.received_letters.filter(kind="application_answer").exists()
    assert not person.received_letters.filter(kind="application_answer").exists()


# --- flags


def test_flag_then_its_owner_is_told_and_settles_it_with_words(client, case, coordinator):
    colleague = a_colleague(case)
    client.force_login(coordinator)
    day = timezone.localdate() + SOON
    client.post(of_case("flag", case), {"text": "Beschluss ansehen", "owner": colleague.pk, "due_on": day.isoformat()})
    flag = Flag.objects.get()
    letter = colleague.received_letters.get(kind="application_flag")
    assert "Beschluss ansehen" in letter.text
    assert "Beschluss ansehen" in case_of(client, case, colleague)
    assert "Beschluss ansehen" not in city_page(client, case)
    assert "Beschluss ansehen" not in read(client, coordinator, of_case("as_city", case))
    assert letter not in case.letters.all()
    client.force_login(colleague)
    settle = reverse("coordination:flag_settle", args=[case.pk, flag.pk])
    assert client.post(settle, {"resolution": " "}).status_code == 422
    client.post(settle, {"resolution": "Liegt vor."})
    flag.refresh_from_db()
    assert (flag.resolution, flag.resolved_by) == ("Liegt vor.", colleague)
    with pytest.raises(MoveNotAllowedError):
        caring.settle_flag(flag, "Noch einmal.", by=coordinator)


def test_flag_when_handed_over_then_the_new_owner_is_told(client, case, coordinator):
    flag = caring.raise_flag(case, "Nachsehen", owner=coordinator, due_on=timezone.localdate() + SOON, by=coordinator)
    assert not coordinator.received_letters.filter(kind="application_flag").exists()
    colleague = a_colleague(case)
    client.force_login(coordinator)
    client.post(reverse("coordination:flag_settle", args=[case.pk, flag.pk]), {"hand": "1", "owner": str(colleague.pk)})
    flag.refresh_from_db()
    assert flag.owner == colleague
    assert colleague.received_letters.filter(kind="application_flag").count() == 1


def test_flag_for_somebody_who_does_not_coordinate_the_case_then_refused(client, case, coordinator):
    day = timezone.localdate() + SOON
    strangers = [conflicted(case), a_lead(case.city), a_person(Role.COORDINATOR, network=a_network_of("uccn"))]
    for person in strangers:
        with pytest.raises(MoveNotAllowedError):
            caring.raise_flag(case, "Nachsehen", owner=person, due_on=day, by=coordinator)
    client.force_login(coordinator)
    page = client.get(of_case("flag", case)).content.decode()
    for person in strangers:
        assert f'value="{person.pk}"' not in page
    data = {"text": "Nachsehen", "owner": strangers[0].pk, "due_on": day.isoformat()}
    assert client.post(of_case("flag", case), data).status_code == 422
    assert not Flag.objects.exists()


@pytest.mark.parametrize("spoilt", [{"text": ""}, {"due_on": "2020-01-01"}, {"due_on": "bald"}, {"text": "x" * 301}])
def test_flag_with_a_wrong_entry_then_all_that_was_typed_is_kept(client, case, coordinator, spoilt):
    client.force_login(coordinator)
    day = timezone.localdate() + SOON
    data = {"text": "Nachsehen", "owner": coordinator.pk, "due_on": day.isoformat()} | spoilt
    response = client.post(of_case("flag", case), data)
    assert response.status_code == 422
    assert problems(response, "de") == []
    for name in ("text", "due_on"):
        assert str(data[name]) in response.content.decode()
    assert not Flag.objects.exists()


# --- formal check


def a_longer_check() -> Application:
    """A submitted application of a call with two lines in its formal check."""
    lines = [{"key": "signed", "text": text("Unterschrieben?")}, {"key": "plan", "text": text("Plan dabei?")}]
    call = a_call(pack=a_pack_version(**a_pack_document(checklist=lines)))
    return an_application(State.SUBMITTED, call=call)


def ticked(**lines: str) -> dict[str, str]:
    """What a browser sends: verdicts by line, marked for the first time unless said otherwise."""
    data: dict[str, str] = {}
    for key in ("signed", "plan"):
        data |= {f"verdict.{key}": lines.get(key, ""), f"note.{key}": lines.get(f"{key}_note", ""),
                 f"seen.{key}": lines.get(f"{key}_seen", "0")}  # fmt: skip
    return data


def test_check_when_all_is_saved_then_the_case_has_passed_and_the_marks_name_their_person(client):
    case = a_longer_check()
    client.force_login(a_coordinator(case.call.network))
    client.post(of_case("check", case), ticked(signed="fine", plan="not_applicable"))
    case.refresh_from_db()
    assert case.check_state == CheckState.PASSED
    marks = CheckMark.objects.values_list("check_key", "verdict", "version", "by__offices__network__slug")
    assert set(marks) == {("signed", "fine", 1, "gnlc"), ("plan", "not_applicable", 1, "gnlc")}


def test_check_when_one_line_is_saved_then_the_others_stay_as_they_were(client):
    case = a_longer_check()
    client.force_login(a_coordinator(case.call.network))
    client.post(
        of_case("check", case), ticked(signed="faulty", signed_note="Stempel", plan="fine") | {"only": "signed"}
    )
    case.refresh_from_db()
    assert list(CheckMark.objects.values_list("check_key", "verdict", "note")) == [("signed", "faulty", "Stempel")]
    assert case.check_state == CheckState.FAULTY


def test_check_when_a_colleague_was_faster_then_theirs_stays_and_what_was_typed_is_shown_beside_it(client):
    case = a_longer_check()
    colleague = a_colleague(case)
    caring.mark(case.submissions.get(), {"signed": Marked(FINE, "gesehen", 0)}, by=colleague)
    client.force_login(a_coordinator(case.call.network))
    response = client.post(of_case("check", case), ticked(signed="faulty", signed_note="Stempel fehlt", plan="fine"))
    assert response.status_code == 422
    assert problems(response, "de") == []
    page = response.content.decode()
    assert "Stempel fehlt" in page
    assert str(colleague) in page
    assert dict(CheckMark.objects.values_list("check_key", "verdict")) == {"signed": "fine", "plan": "fine"}
    client.post(of_case("check", case), ticked(signed="faulty", signed_seen="1", plan="fine", plan_seen="1"))
    assert CheckMark.objects.get(check_key="signed").verdict == FAULTY


def test_check_after_a_new_submission_then_it_is_asked_anew_beside_the_old_mark(client):
    case = an_application(State.SUBMITTED)
    coordinator = a_coordinator(case.call.network)
    first = case.submissions.get()
    caring.mark(first, {"signed": Marked(FAULTY, "Stempel fehlt.", 0)}, by=coordinator)
    case = ask(case, "vision")
    write(case, "vision", "Ganz anders.")
    submit_anew_without_changing_answers(case)
    case.refresh_from_db()
    assert case.check_state == CheckState.OPEN
    with translation.override("en"):
        page = case_of(client, case)
    assert "In submission 1: not in order" in page
    assert "Stempel fehlt." in page
    with pytest.raises(MoveNotAllowedError):
        caring.mark(first, {"signed": Marked(FINE, "", 1)}, by=coordinator)


def test_faults_then_asking_for_more_begins_with_them(client, case, coordinator):
    caring.mark(case.submissions.get(), {"signed": Marked(FAULTY, "Der Stempel fehlt.", 0)}, by=coordinator)
    page = read(client, coordinator, of_case("return", case))
    assert "Unterschrieben? Der Stempel fehlt." in page


def test_check_of_a_case_that_has_ended_then_read_only(client):
    case = an_application(State.WITHDRAWN)
    assert case.submitted_at is None  # a draft that was withdrawn: unknown to the coordination
    client.force_login(a_coordinator(case.call.network))
    assert client.post(of_case("check", case), ticked(signed="fine")).status_code == 404


# --- endorsements from outside


def test_outside_with_a_paper_then_it_stands_in_the_case_and_city_and_coordination_read_it(client, case, coordinator):
    client.force_login(coordinator)
    where = reverse("coordination:outside", args=[case.pk, "commission"])
    today = timezone.localdate()
    data = {"signatory": "M. Beispiel", "office": "Generalsekretariat", "signed_on": today.isoformat(),
            "paper": a_pdf("befuerwortung.pdf")}  # fmt: skip
    assert client.post(where, data).headers["Location"] == f"{of_case('application', case)}#signatures"
    paper = case.documents.get(question="endorsement:commission")
    page = case_of(client, case)
    for words in ("M. Beispiel", "befuerwortung.pdf"):
        assert words in page
    for person in (coordinator, a_lead(case.city)):
        client.force_login(person)
        response = client.get(reverse("applications:document", args=[case.pk, paper.pk]))
        assert response.status_code == 200
        assert response.getvalue()
    client.force_login(a_lead(a_city("bonn")))
    assert client.get(reverse("applications:document", args=[case.pk, paper.pk])).status_code == 404
    event = case.events.last()
    assert event is not None
    assert (event.kind, event.role, event.data["document"]) == ("endorsement_recorded", "coordinator", paper.sha256)


def test_outside_then_the_citys_next_submission_does_not_carry_it(case, coordinator):
    given = record_outside(
        case, "commission", signed_on=timezone.localdate(), signatory="M. Beispiel", office="", upload=None,
        by=coordinator,
    )  # fmt: skip
    assert given.is_given
    case = ask(case, "vision")
    write(case, "vision", "Ganz anders.")
    submit_anew_without_changing_answers(case)
    latest = case.submissions.first()
    assert latest is not None
    assert {one["link"] for one in latest.content["endorsements"]} == {"mayor"}


def test_outside_when_the_city_has_changed_what_was_endorsed_then_it_says_so(client, case, coordinator):
    record_outside(
        case, "commission", signed_on=timezone.localdate(), signatory="M. Beispiel", office="", upload=None,
        by=coordinator,
    )  # fmt: skip
    with translation.override("en"):
        assert "What was signed is not what was submitted." not in case_of(client, case)
        case = ask(case, "vision")
        write(case, "vision", "Ganz anders.")
        submit_anew_without_changing_answers(case)
        assert "What was signed is not what was submitted." in case_of(client, case)


@pytest.mark.parametrize(
    ("spoilt", "status"),
    [({"signatory": " "}, 422), ({"signed_on": "2099-01-01"}, 422), ({"signed_on": "2020-01-01"}, 422)],
)
def test_outside_with_a_wrong_entry_then_nothing_is_recorded_and_no_file_stays(
    client, case, coordinator, spoilt, status
):
    client.force_login(coordinator)
    today = timezone.localdate()
    data = {"signatory": "M. Beispiel", "office": "", "signed_on": today.isoformat(), "paper": a_pdf()} | spoilt
    response = client.post(reverse("coordination:outside", args=[case.pk, "commission"]), data)
    assert response.status_code == status
    assert problems(response, "de") == []
    assert not case.documents.filter(question="endorsement:commission").exists()
    assert not case.endorsements.filter(link="commission").exists()


def test_outside_for_a_link_of_the_city_then_404(client, case, coordinator):
    client.force_login(coordinator)
    assert client.get(reverse("coordination:outside", args=[case.pk, "mayor"])).status_code == 404


# --- what the city sees


def test_city_page_for_the_coordination_then_nothing_the_city_is_still_writing(client, case, coordinator):
    lead = a_lead(case.city)
    caring.write_to_city(case, OUTGOING, by=coordinator)
    case = ask(case, "vision", "plan_file")
    write(case, "vision", "Noch geheim.")
    add_document(case, "plan_file", a_pdf("geheim.pdf"), by=lead)
    page = read(client, coordinator, of_case("as_city", case))
    assert OUTGOING in page
    for secret in ("Noch geheim.", "geheim.pdf", "<textarea"):
        assert secret not in page
    for name in ("detail", "check", "withdraw"):
        assert f'href="{reverse(f"applications:{name}", args=[case.pk])}"' not in page


# --- who may


ACTS = {"note": {"text": "x"}, "message": {"text": "x"}, "flag": {"text": "x"}, "check": {}}


def test_pages_then_only_who_coordinates_the_case_comes_in(client, case, coordinator):
    flag = caring.raise_flag(case, "Nachsehen", owner=coordinator, due_on=timezone.localdate() + SOON, by=coordinator)
    more: dict[str, list[object]] = {"flag_settle": [flag.pk], "outside": ["commission"]}
    strangers = {
        "operator": a_person(Role.OPERATOR),
        "coordinator of another network": a_person(Role.COORDINATOR, network=a_network_of("uccn")),
        "coordinator in the city's team": conflicted(case),
        "reviewer": a_person(Role.REVIEWER, network=case.call.network),
        "lead": a_lead(case.city),
        "lead of another city": a_lead(a_city("bonn")),
    }
    pages = [*ACTS, "as_city", "flag_settle", "outside"]
    addresses = {page: reverse(f"coordination:{page}", args=[case.pk, *more.get(page, [])]) for page in pages}
    client.force_login(coordinator)
    for page, where in addresses.items():
        for language in ("de", "en"):
            with translation.override(language), only_reads():
                response = client.get(where.replace("/de/", f"/{language}/", 1))
            assert (page, response.status_code, problems(response, language)) == (page, 200, [])
    for name, person in strangers.items():
        client.force_login(person)
        for page, where in addresses.items():
            reads = page == "as_city" and name == "operator"
            assert (name, page, client.get(where).status_code) == (name, page, 200 if reads else 404)
            assert (name, page, client.post(where, ACTS.get(page, {})).status_code) == (
                name,
                page,
                405 if page == "as_city" else 404,
            )
    assert list(case.comments.all()) == []


def test_page_of_a_flag_of_another_case_then_404(client, case, coordinator):
    other = an_application(State.SUBMITTED, call=a_call("zweite"), city=a_city("bonn"))
    day = timezone.localdate() + SOON
    flag = caring.raise_flag(other, "Nachsehen", owner=coordinator, due_on=day, by=coordinator)
    client.force_login(coordinator)
    assert client.get(reverse("coordination:flag_settle", args=[case.pk, flag.pk])).status_code == 404


# --- the dates of a call


def test_extend_by_somebody_whose_city_applies_then_not_offered_and_refused(client):
    draft = an_application(State.DRAFT)
    person = conflicted(draft)
    client.force_login(person)
    where = reverse("coordination:extend", args=[draft.call.slug])
    with translation.override("en"):
        page = client.get(where.replace("/de/", "/en/", 1)).content.decode()
    assert "another coordinator does it" in page
    assert 'name="reason_de"' not in page
    data = {"deadline": "closes_at", "day": "2099-05-31", "clock": "23:59:59", "reason_de": "a", "reason_en": "b"}
    before = draft.call.closes_at
    assert client.post(where, data).status_code == 422
    draft.call.refresh_from_db()
    assert draft.call.closes_at == before


# --- queries


@pytest.mark.parametrize("rows", [1, 3])
def test_case_with_notes_flags_and_marks_then_the_number_of_queries_does_not_grow(
    client, django_assert_num_queries, case, coordinator, rows
):
    for number in range(rows):
        caring.note(case, f"Notiz {number}", by=coordinator)
        caring.write_to_city(case, f"Frage {number}", by=coordinator)
        day = timezone.localdate() + SOON
        caring.raise_flag(case, f"Nachsehen {number}", owner=coordinator, due_on=day, by=coordinator)
    caring.mark(case.submissions.get(), {"signed": Marked(FAULTY, "Stempel", 0)}, by=coordinator)
    client.force_login(coordinator)
    client.get(of_case("application", case))
    with django_assert_num_queries(5):
        client.get(of_case("application", case))
