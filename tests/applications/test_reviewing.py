"""Reviewing: inviting, assigning, stepping back, writing, finishing, and what a new submission re-opens."""

import datetime

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from applications import duties
from applications.actions import assigning, inviting
from applications.actions.drafting import save_answers
from applications.actions.moving import perform, submit
from applications.actions.reviewing import (
    Entry,
    ReviewIncompleteError,
    ReviewRefusedError,
    finish,
    release_words,
    reopen,
    save_review,
)
from applications.freezing import file_of
from applications.models import Application, Assignment, Outcome, Score
from applications.scores import released_reasons, released_words, totals_of
from applications.workflow import Action, State
from cities.models import TeamMember
from network import daily
from network.accounts import end_account
from network.actions import RefusedError
from network.models import Letter, Office
from tests.factories import Role, a_city, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    a_network_of,
    a_pack_version,
    an_application,
    text,
)
from tests.factories_reviewing import a_review, a_reviewer, an_assignment
from tests.letters import work

pytestmark = pytest.mark.django_db
Standing = Assignment.State
TWO_CRITERIA = [
    {"key": "planning", "title": text("Planung", "Planning"), "explanation": text("Ob.", "Whether."), "weight": 60,
     "questions": ["vision", "plan_year"]},
    {"key": "council", "title": text("Beschluss", "Resolution"), "explanation": text("Wie.", "How."), "weight": 40,
     "questions": ["council_body"], "lowest": 1, "highest": 4},
]  # fmt: skip


@pytest.fixture
def gnlc():
    return a_network_of("gnlc")


@pytest.fixture
def case(gnlc):
    """In review, with two criteria."""
    return an_application(State.IN_REVIEW, call=a_call(pack=a_pack_version(criteria=TWO_CRITERIA)))


def letters_to(person):
    return list(Letter.objects.filter(to=person).order_by("pk").values_list("kind", flat=True))


def soon(days=14):
    return timezone.now() + datetime.timedelta(days=days)


def write(assignment, planning, council, *, seen=None, **more):
    words = {"general": "", "private_note": ""} | more
    entries = {"planning": planning, "council": council}
    return save_review(assignment, entries, by=assignment.reviewer, seen=seen, **words)


GOOD, FAIR = Entry(4, reason="Gut belegt."), Entry(2, reason="Knapp.")


# --- inviting


def test_invitation_when_accepted_by_the_holder_of_the_address_then_they_review_for_the_network(gnlc):
    call, coordinator = a_call(), a_coordinator(gnlc)
    invited = inviting.invite(call, "Neu@Example.org", by=coordinator)
    work()
    assert mail.outbox[0].to == ["neu@example.org"]
    stranger = a_person(Role.NEWCOMER)
    with pytest.raises(RefusedError, match=r"andere Adresse|another address"):
        inviting.accept(invited, by=stranger)
    EmailAddress.objects.create(user=stranger, email="neu@example.org", verified=True)
    inviting.accept(invited, by=stranger)
    assert stranger.offices.get().role == Office.Role.REVIEWER
    assert letters_to(coordinator) == ["reviewer_answered"]
    with pytest.raises(RefusedError):
        inviting.decline(invited, by=stranger)


def test_invitation_when_a_newer_letter_is_sent_then_the_earlier_code_is_over(gnlc):
    coordinator = a_coordinator(gnlc)
    invited = inviting.invite(a_call(), "neu@example.org", by=coordinator)
    first = inviting.code_of(invited)
    inviting.send_again(invited, by=coordinator)
    found = inviting.invitation_of(first)
    assert found is not None
    assert found.is_over
    invited.refresh_from_db()
    again = inviting.invitation_of(inviting.code_of(invited))
    assert again is not None
    assert not again.is_over
    assert inviting.invitation_of("nonsense") is None


def test_inviting_when_somebody_coordinates_or_is_invited_already_or_another_invites_then_refused(gnlc):
    call, coordinator = a_call(), a_coordinator(gnlc)
    colleague = a_person(Role.COORDINATOR, network=gnlc)
    with pytest.raises(RefusedError):
        inviting.invite(call, colleague.email, by=coordinator)
    inviting.invite(call, "neu@example.org", by=coordinator)
    with pytest.raises(RefusedError):
        inviting.invite(call, "NEU@example.org", by=coordinator)
    with pytest.raises(RefusedError):
        inviting.invite(call, "andere@example.org", by=a_person(Role.COORDINATOR, network=a_network_of("uccn")))
    assert call.reviewer_invitations.count() == 1


# --- assigning


def test_assigning_when_in_conflict_then_refused_with_the_reason_and_nobody_is_assigned(gnlc, case):
    free, barred = a_reviewer(gnlc, "Frei"), a_reviewer(gnlc, "Befangen", cities=[case.city])
    pairs = {(case.pk, free.pk), (case.pk, barred.pk)}
    with pytest.raises(RefusedError, match=r"Befangen.*Musterstadt"):
        assigning.assign(pairs, due_at=soon(), by=a_coordinator(gnlc))
    assert not Assignment.objects.exists()
    assert not Letter.objects.filter(kind="review_assigned").exists()


def test_assigning_when_somebody_may_not_then_refused(gnlc, case):
    coordinator = a_coordinator(gnlc)
    without_statement = a_person(Role.REVIEWER, network=gnlc)
    elsewhere = a_reviewer(a_network_of("uccn"), "Woanders")
    good = a_reviewer(gnlc)
    for person in (without_statement, elsewhere, coordinator):
        with pytest.raises(RefusedError):
            assigning.assign({(case.pk, person.pk)}, due_at=soon(), by=coordinator)
    with pytest.raises(RefusedError):
        assigning.assign({(case.pk, good.pk)}, due_at=soon(-1), by=coordinator)
    with pytest.raises(RefusedError):
        assigning.assign(
            {(case.pk, good.pk)}, due_at=soon(), by=a_person(Role.COORDINATOR, network=elsewhere.offices.get().network)
        )
    draft = an_application(State.DRAFT, city=a_city("ulm"))
    with pytest.raises(RefusedError):
        assigning.assign({(draft.pk, good.pk)}, due_at=soon(), by=coordinator)
    assert not Assignment.objects.exists()


def test_assigning_when_several_cases_then_one_letter_to_each_reviewer(gnlc, case):
    other = an_application(State.IN_REVIEW, city=a_city("ulm"))
    rita, rolf = a_reviewer(gnlc), a_reviewer(gnlc, "Rolf")
    pairs = {(case.pk, rita.pk), (other.pk, rita.pk), (other.pk, rolf.pk)}
    assert len(assigning.assign(pairs, due_at=soon(), by=a_coordinator(gnlc))) == 3
    assert letters_to(rita) == letters_to(rolf) == ["review_assigned"]
    assert Letter.objects.get(to=rita).text.count("\n- ") == 2
    assert not case.letters.filter(to=rita).exists()  # the city's team reads those


def test_reviewer_when_declining_then_may_be_asked_again_and_when_recusing_never(gnlc, case):
    assignment, coordinator = an_assignment(case), a_coordinator(gnlc)
    rita = assignment.reviewer
    assigning.decline(assignment, by=rita, reason="Keine Zeit.")
    assert not Assignment.objects.of(rita).exists()
    again = an_assignment(case, rita)
    assigning.recuse(again, by=rita, reason="Ich bin verwandt.")
    assert not Application.objects.assigned_to(rita).exists()
    with pytest.raises(RefusedError, match="verwandt"):
        assigning.assign({(case.pk, rita.pk)}, due_at=soon(), by=coordinator)
    assert letters_to(coordinator)[-2:] == ["review_refused", "review_refused"]
    assert "verwandt" in Letter.objects.filter(to=coordinator).latest("pk").text


def test_reviewer_when_ending_the_account_then_what_is_unfinished_goes_back_and_what_is_done_counts(gnlc, case):
    assignment, coordinator = an_assignment(case), a_coordinator(gnlc)
    rita = assignment.reviewer
    done = an_assignment(an_application(State.IN_REVIEW, call=case.call, city=a_city("fern")), rita)
    a_review(done)
    end_account(rita)
    assert list(Assignment.objects.order_by("pk").values_list("state", flat=True)) == ["declined", "done"]
    assert letters_to(coordinator)[-1] == "review_refused"
    assert totals_of([done.application])[done.application_id].done == 1


def test_conflict_when_it_appears_after_the_review_then_access_ends_and_the_review_no_longer_counts(gnlc, case):
    assignment = an_assignment(case, state=Standing.DONE)
    rita = assignment.reviewer
    assert totals_of([case])[case.pk].done == 1
    TeamMember.objects.create(city=case.city, user=rita, role="editor")
    assert not Application.objects.assigned_to(rita).exists()
    assert not Assignment.objects.of(rita).exists()
    assert totals_of([case])[case.pk].done == 0
    with pytest.raises(ReviewRefusedError):
        reopen(assignment, by=rita)


def test_coordinator_when_alone_then_cannot_step_back_and_with_a_deputy_the_deputy_is_told(gnlc, case):
    coordinator = a_coordinator(gnlc)
    with pytest.raises(RefusedError, match=r"Vertretung|deputy"):
        assigning.declare_own_conflict(case, reason="Verwandt.", by=coordinator)
    assert case.conflicts.count() == 0
    deputy = a_person(Role.COORDINATOR, network=gnlc, name="Vertretung")
    assigning.declare_own_conflict(case, reason="Verwandt.", by=coordinator)
    assert letters_to(deputy)[-1] == "case_handed_over"
    asked = {"note": "Bitte ergänzen.", "until": soon(), "parts": ["vision"]}
    with pytest.raises(RefusedError):
        perform(case, Action.RETURN, by=coordinator, **asked)
    assert perform(case, Action.RETURN, by=deputy, **asked).state == State.RETURNED


def test_coordination_when_a_case_is_submitted_anew_then_who_is_in_conflict_gets_no_letter(gnlc, case):
    coordinator = a_coordinator(gnlc)
    deputy = a_person(Role.COORDINATOR, network=gnlc, name="Vertretung")
    assigning.declare_own_conflict(case, reason="Verwandt.", by=coordinator)
    before = letters_to(coordinator)
    change_and_submit(case, by=deputy, council_body="Hauptausschuss")
    assert letters_to(coordinator) == before
    assert letters_to(deputy)[-1] == "application_arrived"


def test_taking_back_when_asked_then_the_person_is_told_and_reads_nothing_more(gnlc, case):
    assignment = an_assignment(case)
    assigning.take_back(assignment, reason="Es hat sich erledigt.", by=a_coordinator(gnlc))
    assert not Application.objects.assigned_to(assignment.reviewer).exists()
    assert letters_to(assignment.reviewer)[-1] == "review_taken_back"
    assert an_assignment(case, assignment.reviewer).state == Standing.ACCEPTED


# --- writing


def test_review_when_not_whole_then_saved_and_not_finished_and_each_gap_is_named(case):
    assignment = an_assignment(case)
    write(assignment, Entry(3), Entry(reason="Noch offen."), private_note="Nachfragen.")
    with pytest.raises(ReviewIncompleteError) as caught:
        finish(assignment, by=assignment.reviewer)
    assert set(caught.value.missing) == {"planning", "council"}
    review = Assignment.objects.get().review
    assert review.private_note == "Nachfragen."
    assert review.done_at is None
    assert list(review.scores.values_list("criterion", "value", "reason")) == [
        ("planning", 3, ""),
        ("council", None, "Noch offen."),
    ]


def test_review_when_finished_then_it_counts_by_weight_and_only_reopening_changes_it(case):
    assignment = an_assignment(case)
    review = write(assignment, GOOD, Entry(abstained=True))
    finish(assignment, by=assignment.reviewer)
    total = totals_of([case])[case.pk]
    assert (total.done, total.wanted, total.has_quorum) == (1, 2, False)
    assert total.points == 80  # of what was scored: 4 of 5
    with pytest.raises(ReviewRefusedError):
        write(assignment, FAIR, FAIR, seen=review.changed_at)
    reopen(assignment, by=assignment.reviewer)
    assert totals_of([case])[case.pk].done == 0
    write(assignment, FAIR, GOOD, seen=review.changed_at)
    finish(assignment, by=assignment.reviewer)
    assert totals_of([case])[case.pk].points == pytest.approx(24 + 40)  # 2 of 0 to 5, and 4 of 1 to 4


def test_review_when_saved_in_another_window_then_nothing_is_overwritten(case):
    assignment = an_assignment(case)
    review = write(assignment, GOOD, Entry())
    with pytest.raises(ReviewRefusedError):
        write(assignment, FAIR, Entry(), seen=None)
    assert Score.objects.get(criterion="planning").value == 4
    write(assignment, FAIR, Entry(), seen=review.changed_at)


def test_review_when_the_decision_is_prepared_then_it_stands(case):
    assignment = an_assignment(case, state=Standing.DONE)
    Outcome.objects.create(
        application=case,
        submission=case.submissions.get(),
        action=Action.ENDORSE,
        prepared_by=a_coordinator(case.call.network),
    )
    with pytest.raises(ReviewRefusedError):
        reopen(assignment, by=assignment.reviewer)


def test_score_when_it_is_both_or_confirmed_without_reason_then_the_database_refuses(case):
    review = write(an_assignment(case), GOOD, FAIR)
    for values in ({"abstained": True}, {"confirmed": True, "reason": ""}, {"confirmed": True, "value": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            review.scores.filter(criterion="planning").update(**values)


# --- a city changes something


def change_and_submit(case, *, by, **answers):
    """More is asked for, the city changes these answers and submits anew."""
    perform(case, Action.RETURN, by=by, note="Bitte ergänzen.", until=soon(), parts=list(answers))
    lead, now = a_lead(case.city), Application.objects.for_page().get(pk=case.pk)
    versions = dict(now.answers.values_list("question", "version"))
    save_answers(now, answers, seen=versions, by=lead)
    submit(now, by=lead, seen=file_of(Application.objects.for_page().get(pk=case.pk)).sha256)
    return Application.objects.for_page().get(pk=case.pk)


def test_new_submission_when_it_touches_one_criterion_then_that_one_is_to_be_confirmed_and_the_other_stands(gnlc, case):
    assignment = an_assignment(case, state=Standing.DONE)
    rita = assignment.reviewer
    now = change_and_submit(case, by=a_coordinator(gnlc), council_body="Hauptausschuss")
    assert dict(Score.objects.values_list("criterion", "confirmed")) == {"planning": True, "council": False}
    total = totals_of([now])[case.pk]
    assert (total.done, total.open_confirmations) == (0, 1)
    assert letters_to(rita)[-1] == "review_changed"
    review = Assignment.objects.get().review
    kept = Entry(4, reason="Gut belegt.")
    with pytest.raises(ReviewIncompleteError) as caught:
        finish(assignment, by=rita)
    assert set(caught.value.missing) == {"council"}
    write(assignment, kept, Entry(4, reason="Gut belegt.", confirmed=True), seen=review.changed_at)
    finish(assignment, by=rita)
    judged = dict(Score.objects.values_list("criterion", "submission__number"))
    assert judged == {"planning": 1, "council": 2}
    assert totals_of([now])[case.pk].done == 1


def test_new_submission_when_nothing_a_criterion_rests_on_changes_then_all_scores_stand(gnlc, case):
    an_assignment(case, state=Standing.DONE)
    now = change_and_submit(case, by=a_coordinator(gnlc), council_date="2026-05-30")
    assert totals_of([now])[case.pk].done == 1


# --- together


def test_totals_when_several_review_then_mean_spread_and_quorum_in_a_fixed_number_of_queries(
    gnlc, case, django_assert_num_queries
):
    other = an_application(State.IN_REVIEW, call=case.call, city=a_city("ulm"))
    first, second = an_assignment(case), an_assignment(case, a_reviewer(gnlc, "Rolf"))
    a_review(first, value=4)
    a_review(second, value=1)
    cases = list(Application.objects.for_page().order_by("pk"))
    for some in (cases[:1], cases):
        with django_assert_num_queries(1):
            totals = totals_of(some)
    assert totals[case.pk].has_quorum
    assert totals[case.pk].by_criterion == {"planning": 2.5, "council": 2.5}
    assert totals[case.pk].points == 50
    assert totals[case.pk].spread == 76
    assert totals[case.pk].is_to_be_discussed
    assert totals[other.pk].points is None
    assert totals[other.pk].spread is None


def test_release_when_the_coordination_chooses_then_only_these_words_and_no_name_and_a_change_takes_them_back(
    gnlc, case
):
    assignment = an_assignment(case)
    review = write(assignment, GOOD, FAIR, general="Weiter so.", private_note="Geheim.")
    coordinator = a_coordinator(gnlc)
    planning = review.scores.get(criterion="planning")
    release_words(case, scores=[planning.pk], reviews=[review.pk], by=coordinator)
    assert released_reasons(case) == []  # not finished
    finish(assignment, by=assignment.reviewer)
    release_words(case, scores=[planning.pk], reviews=[review.pk], by=coordinator)
    assert [(one.key, words) for one, words in released_reasons(case)] == [("planning", ["Gut belegt."])]
    assert released_words(case) == ["Weiter so."]
    with pytest.raises(ReviewRefusedError):
        release_words(case, scores=[], reviews=[], by=a_lead(case.city))
    reopen(assignment, by=assignment.reviewer)
    write(assignment, Entry(4, reason="Anders gesagt."), FAIR, seen=review.changed_at)
    assert released_reasons(case) == []
    assert released_words(case) == []


# --- the daily job


def test_reminder_when_a_review_is_due_soon_then_one_letter_and_none_once_finished_or_in_conflict(gnlc, case):
    writing, done = an_assignment(case), an_assignment(case, a_reviewer(gnlc, "Fertig"), Standing.DONE)
    barred = an_assignment(case, a_reviewer(gnlc, "Befangen"))
    TeamMember.objects.create(city=case.city, user=barred.reviewer, role="editor")
    Assignment.objects.update(due_at=soon(20))
    now = timezone.now()
    for day in range(1, 20):
        at = now + datetime.timedelta(days=day, hours=1)
        duties.remind_of_reviews(daily.Window(at - datetime.timedelta(days=1), at))
    assert letters_to(writing.reviewer).count("review_due") == 2  # 7 days and 1 day before
    assert "review_due" not in letters_to(done.reviewer) + letters_to(barred.reviewer)
