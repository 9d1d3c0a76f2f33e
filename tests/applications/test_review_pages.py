"""The pages of reviewing: who sees what, that nothing leaks, how many queries, and a whole review by form."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from applications.actions import inviting
from applications.actions.assigning import decline
from applications.models import Application, Assignment, Conflict, Review, Score
from applications.workflow import State
from cities.models import TeamMember
from network.models import Letter
from tests.factories import Role, a_city, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    a_network_of,
    a_pack_version,
    an_application,
)
from tests.factories_reviewing import a_review, a_reviewer, an_assignment
from tests.guards import only_reads, problems

pytestmark = pytest.mark.django_db
Standing = Assignment.State
SECRET = "Das steht nur im Gutachten"
FAR = {"day": "2099-05-31", "clock": "23:59:59"}


def at(name, *args):
    return reverse(f"reviewing:{name}", args=args)


def page(client, person, address, status=200):
    client.force_login(person)
    with only_reads():
        response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def gnlc():
    return a_network_of("gnlc")


@pytest.fixture
def case(gnlc):
    return an_application(State.IN_REVIEW)


# --- the reviewer


def test_reviewer_when_going_through_a_review_by_form_then_it_is_kept_finished_and_reopened(client, gnlc, case):
    assignment = an_assignment(case, state=Standing.INVITED)
    client.force_login(assignment.reviewer)
    review = at("review", assignment.pk)
    asked = client.get(review).content.decode()
    assert "Lernen gelingt" not in asked  # nothing of the application before it is taken on
    assert client.post(review, {}).status_code == 422
    assert client.post(review, {"free": "on"}).status_code == 302
    shown = client.get(review)
    assert problems(shown, "de") == []
    assert "Lernen gelingt in jedem Alter." in shown.content.decode()
    client.post(review, {"score.planning": "", "reason.planning": SECRET, "private_note": "Für mich.", "seen": ""})
    seen = Review.objects.get().changed_at.isoformat()
    refused = client.post(review, {"reason.planning": SECRET, "finish": "1", "seen": seen})
    assert refused.status_code == 422
    assert SECRET in refused.content.decode()
    assert problems(refused, "de") == []
    seen = Review.objects.get().changed_at.isoformat()
    given = {"score.planning": "4", "reason.planning": SECRET, "general": "Weiter so.", "seen": seen}
    assert client.post(review, given | {"finish": "1"}).status_code == 302
    score = Score.objects.get()
    assert (score.value, score.abstained, score.reason, score.confirmed) == (4, False, SECRET, True)
    finished = client.get(review)
    assert problems(finished, "de") == []
    assert "Weiter so." in finished.content.decode()
    client.post(at("reopen", assignment.pk))
    assert Review.objects.get().done_at is None


def test_review_when_another_window_has_saved_then_what_was_typed_stays_in_the_form_and_can_be_kept(client, case):
    assignment = an_assignment(case)
    a_review(assignment, ends=False)
    client.force_login(assignment.reviewer)
    review = at("review", assignment.pk)
    refused = client.post(review, {"score.planning": "1", "reason.planning": SECRET, "seen": ""})
    assert refused.status_code == 422
    assert SECRET in refused.content.decode()
    assert Score.objects.get().value == 4
    seen = refused.context["form"]["seen"].value()
    assert client.post(review, {"score.planning": "1", "reason.planning": SECRET, "seen": seen}).status_code == 302
    assert Score.objects.get().value == 1
    assert client.post(review, {"score.planning": "99", "seen": "gestern"}).status_code == 422


def test_reviewer_before_finishing_then_nothing_of_others_and_afterwards_without_their_names(client, gnlc):
    case = an_application(State.IN_REVIEW, call=a_call(pack=a_pack_version(names_hidden=True)))
    rolf = a_reviewer(gnlc, "Rolf Roth")
    a_review(an_assignment(case, rolf), reason=SECRET)
    assignment = an_assignment(case)
    before = page(client, assignment.reviewer, at("review", assignment.pk))
    assert SECRET not in before
    assert "Rolf" not in before
    a_review(assignment)
    after = page(client, assignment.reviewer, at("review", assignment.pk))
    assert SECRET in after
    assert "Rolf" not in after
    assert "Nur für mich." in after  # the own private note
    assert after.count("Nur für mich.") == 1


def test_reviewer_when_names_are_not_hidden_then_reads_them_after_finishing(client, gnlc, case):
    a_review(an_assignment(case, a_reviewer(gnlc, "Rolf Roth")), reason=SECRET)
    assignment = an_assignment(case, state=Standing.DONE)
    assert "Rolf Roth" in page(client, assignment.reviewer, at("review", assignment.pk))


def test_reviewer_when_the_city_changes_its_draft_then_reads_only_what_was_submitted(client, gnlc):
    case = an_application(State.RETURNED)
    case.answers.filter(question="vision").update(value=SECRET)
    assignment = an_assignment(case)
    assert SECRET not in page(client, assignment.reviewer, at("review", assignment.pk))


def test_reviewer_when_stating_where_they_come_from_then_cities_are_known_by_their_names(client, gnlc):
    bonn = a_city("bonn")
    rita = a_person(Role.REVIEWER, network=gnlc)
    client.force_login(rita)
    assert client.get(at("list")).status_code == 200
    assert client.post(at("statement"), {"country": "DE", "sure": "on"}).status_code == 422  # which Land?
    a_reviewer(gnlc, "Noch jemand")  # makes the country
    given = {"country": "FR", "cities": "Bonn\n\nKleinkleckersdorf", "sure": "on"}
    assert client.post(at("statement"), given).status_code == 302
    assert list(rita.reviewer_statement.cities.all()) == [bonn]
    assert "Kleinkleckersdorf" in page(client, rita, at("list"))


def test_invitation_when_opened_by_a_visitor_then_nothing_changes_and_accepting_leads_to_the_statement(client, gnlc):
    invited = inviting.invite(a_call(), "neu@example.org", by=a_coordinator(gnlc))
    address = at("invitation", inviting.code_of(invited))
    with only_reads():
        assert client.get(address).status_code == 200
    assert client.post(address, {"reply": "accept"}).status_code == 302
    assert invited.call.reviewer_invitations.get().state == "open"
    person = a_person(Role.NEWCOMER)
    EmailAddress.objects.filter(user=person).update(email="neu@example.org")
    client.force_login(person)
    assert client.get(at("own_invitation", invited.pk)).status_code == 200
    assert client.post(address, {"reply": "accept"})["Location"] == at("statement")
    assert client.get(address).status_code == 410


# --- leaks


def test_conflict_when_there_is_one_then_page_list_count_and_document_are_gone(client, gnlc, case):
    document = case.documents.first()
    assert document is not None
    download = reverse("applications:document", args=[case.pk, document.pk])
    assignment = an_assignment(case)
    rita = assignment.reviewer
    client.force_login(rita)
    assert b"".join(client.get(download)).startswith(b"%PDF")
    rival = an_application(State.DRAFT, city=a_city("ulm"))
    TeamMember.objects.create(city=rival.city, user=rita, role="editor")
    for address in (at("review", assignment.pk), at("recuse", assignment.pk), download):
        assert client.get(address).status_code == 404
    assert client.post(at("reopen", assignment.pk)).status_code == 404
    shown = page(client, rita, at("list"))
    assert case.city.name not in shown
    assert "Musterstadt" not in page(client, rita, reverse("desk:home"))


def test_coordinator_when_in_conflict_then_no_page_list_count_or_column_tells_of_the_case(client, gnlc, case):
    other = an_application(State.IN_REVIEW, city=a_city("ulm"))
    coordinator = a_coordinator(gnlc)
    a_person(Role.COORDINATOR, network=gnlc)
    an_assignment(case, a_reviewer(gnlc, "Rita Rat"), Standing.DONE)
    Conflict.objects.create(application=case, person=coordinator, by=coordinator, reason="Verwandt.")
    slug = case.call.slug
    for name in ("case", "assign", "conflict"):
        page(client, coordinator, at(name, case.pk), 404)
    shown = page(client, coordinator, at("assignments", slug)) + page(client, coordinator, at("reviewers", slug))
    assert "Musterstadt" not in shown
    assert "Ulm" in shown
    client.force_login(coordinator)
    assert client.get(at("assignments", slug)).context["round"].asked == 0
    preview = client.post(at("propose", slug), {"people": [Assignment.objects.get().reviewer.pk], **FAR})
    assert "Musterstadt" not in preview.content.decode()
    assert page(client, coordinator, at("case", other.pk))


def test_strangers_when_asking_for_reviews_then_404_and_the_applicant_learns_nothing(client, gnlc, case):
    assignment = an_assignment(case, a_reviewer(gnlc, "Rita Rat"))
    a_review(assignment, reason=SECRET)
    others = [
        a_lead(case.city),
        a_reviewer(gnlc, "Fremd"),
        a_person(Role.NEWCOMER),
        a_person(Role.COORDINATOR, network=a_network_of("uccn")),
    ]
    for person in others:
        page(client, person, at("review", assignment.pk), 404)
        page(client, person, at("case", case.pk), 404)
    lead = others[0]
    for name in ("applications:detail", "applications:case"):
        shown = page(client, lead, reverse(name, args=[case.pk]))
        assert "Rita" not in shown
        assert SECRET not in shown
    assert not Letter.objects.filter(to=lead, text__contains="Rita").exists()


# --- the coordination


def test_coordination_when_it_proposes_then_the_preview_assigns_nothing_and_confirming_assigns_what_was_seen(
    client, gnlc, case
):
    rita, rolf = a_reviewer(gnlc), a_reviewer(gnlc, "Rolf Roth")
    barred = a_reviewer(gnlc, "Bela Befangen", cities=[case.city])
    coordinator, propose = a_coordinator(gnlc), at("propose", case.call.slug)
    client.force_login(coordinator)
    preview = client.post(propose, {"people": [rita.pk, rolf.pk, barred.pk], **FAR})
    assert problems(preview, "de") == []
    assert not Assignment.objects.exists()
    pairs = preview.context["preview"].proposal.pairs
    assert set(pairs) == {(case.pk, rita.pk), (case.pk, rolf.pk)}
    given = {"pairs": " ".join(f"{one}-{other}" for one, other in pairs), **FAR}
    client.post(propose, given | {"pairs": "1-x"})
    assert not Assignment.objects.exists()
    client.post(propose, given)
    assert {one.reviewer for one in Assignment.objects.all()} == {rita, rolf}
    shown = page(client, coordinator, at("assignments", case.call.slug))
    assert "Bela Befangen" in shown


def test_coordination_when_assigning_by_hand_then_who_is_in_conflict_is_named_with_the_reason_and_not_offered(
    client, gnlc, case
):
    rita = a_reviewer(gnlc)
    barred = a_reviewer(gnlc, "Bela Befangen", cities=[case.city])
    client.force_login(a_coordinator(gnlc))
    address = at("assign", case.pk)
    shown = client.get(address)
    assert problems(shown, "de") == []
    assert [person for person, _load in shown.context["candidates"].free] == [rita]
    assert "Bela Befangen" in shown.content.decode()
    assert client.post(address, {"people": [barred.pk], **FAR}).status_code == 422
    assert client.post(address, {"people": [rita.pk], **FAR}).status_code == 302
    assert Assignment.objects.get().reviewer == rita


def test_inviting_when_the_person_is_known_then_conflicts_are_shown_before_the_letter_goes(client, gnlc, case):
    bela = a_person(Role.NEWCOMER, name="Bela Befangen")
    TeamMember.objects.create(city=case.city, user=bela, role="editor")
    client.force_login(a_coordinator(gnlc))
    address = at("invite", case.call.slug)
    checked = client.post(address, {"email": bela.email})
    assert problems(checked, "de") == []
    assert "Bela Befangen" in checked.content.decode()
    assert not case.call.reviewer_invitations.exists()
    assert client.post(address, {"email": bela.email, "sure": "1"}).status_code == 302
    invited = case.call.reviewer_invitations.get()
    client.post(at("invited", case.call.slug, invited.pk), {"revoke": "1"})
    assert case.call.reviewer_invitations.get().state == "revoked"


def test_coordination_when_it_releases_words_then_they_are_marked_and_private_notes_are_never_there(client, gnlc, case):
    an_assignment(case, state=Standing.DONE)
    client.force_login(a_coordinator(gnlc))
    shown = client.get(at("case", case.pk))
    assert problems(shown, "de") == []
    assert "Nur für mich." not in shown.content.decode()
    score = Score.objects.get()
    client.post(at("case", case.pk), {"score": [score.pk, "x"]})
    assert Score.objects.get().released_at
    client.post(at("case", case.pk), {})
    assert Score.objects.get().released_at is None


def test_assignments_when_there_are_many_then_page_by_page_by_city_and_any_number_leads_to_a_page(client, gnlc, case):
    cities = [a_city(f"stadt-{number:02}", name_de=f"Stadt {number:02}", name_en="") for number in range(30)]
    an_assignment(case)
    Application.objects.bulk_create(
        Application(
            call=case.call, city=city, pack_version=case.pack_version, state=State.SUBMITTED,
            started_by=case.started_by, submitted_by=case.started_by, submitted_at=case.submitted_at,
        )
        for city in reversed(cities)
    )  # fmt: skip
    coordinator = a_coordinator(gnlc)
    hidden = Application.objects.get(city=cities[3])
    Conflict.objects.create(application=hidden, person=coordinator, reason="Familie", by=coordinator)
    client.force_login(coordinator)
    cases = Application.objects.exclude(pk=hidden.pk).order_by("city__sort_de")
    names = [str(one.city) for one in cases.select_related("city")]
    for number, part in (("", names[:25]), ("x", names[:25]), ("2", names[25:]), ("0", names[25:]), ("7", names[25:]),
                         ("9" * 30, names[25:])):  # fmt: skip
        shown = client.get(at("assignments", case.call.slug), {"page": number}).content.decode()
        assert re.findall(r'/reviews/">([^<]+)</a><span', shown) == part
        assert "von 1 Gutachten" in shown


def test_pages_when_people_write_markup_then_it_is_shown_as_they_typed_it(client, gnlc, case):
    typed = "<b>fett</b> & mehr"
    rita = a_reviewer(gnlc, f"Rita {typed}")
    rita.reviewer_statement.words = typed
    rita.reviewer_statement.save()
    a_review(an_assignment(case, rita), reason=typed)
    other = an_assignment(case, a_reviewer(gnlc, "Rolf"))
    decline(other, reason=typed, by=other.reviewer)
    Conflict.objects.create(application=case, person=a_reviewer(gnlc, "Bela"), reason=typed, by=rita)
    client.force_login(a_coordinator(gnlc))
    for address, count in ((at("case", case.pk), 4), (at("assignments", case.call.slug), 2),
                           (at("reviewers", case.call.slug), 2)):  # fmt: skip
        shown = client.get(address)
        assert problems(shown, "de") == []
        assert typed not in shown.content.decode()
        assert shown.content.decode().count("&lt;b&gt;fett&lt;/b&gt; &amp; mehr") >= count


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.django_db(transaction=True)  # as in production: what a test has not committed is not kept in memory
def test_pages_when_there_are_more_rows_then_not_more_queries(client, gnlc, django_assert_num_queries, count):
    cases = [an_application(State.IN_REVIEW, city=a_city(f"stadt-{number}")) for number in range(count)]
    rita = a_reviewer(gnlc)
    for one in cases:
        a_review(an_assignment(one, rita))
        for number in range(count):
            an_assignment(one, a_reviewer(gnlc, f"Person {number}"), Standing.DONE)
    a_reviewer(gnlc, "Frei")
    first, slug = Assignment.objects.filter(reviewer=rita).first(), cases[0].call.slug
    assert first is not None
    coordinator = a_coordinator(gnlc)
    queries = {
        (rita, at("list")): 8,
        (rita, at("review", first.pk)): 11,
        (coordinator, at("assignments", slug)): 9,
        (coordinator, at("reviewers", slug)): 10,
        (coordinator, at("case", cases[0].pk)): 9,
        (coordinator, at("assign", cases[0].pk)): 12,
    }
    for (person, address), number in queries.items():
        client.force_login(person)
        client.get(address)
        with django_assert_num_queries(number):
            assert client.get(address).status_code == 200
