"""What may be done in a city's team, by whom, what it leaves behind, and whom it is told to."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from cities import permissions, teams
from cities.chronicle import chronicle
from cities.models import Membership, TeamEvent, TeamHandOver, TeamInvitation, TeamMember, TeamRequest
from network.models import Letter, User
from tests.cities.teams import (
    EVERYBODY,
    REQUEST,
    a_cast,
    a_newcomer,
    a_request,
    an_invitation,
    everything,
    kinds,
    told,
)
from tests.factories import Role, a_city, a_membership, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def cast():
    return a_cast()


def refusal(act):
    """The sentence with which an act is refused."""
    with pytest.raises(teams.TeamRefusedError) as refused:
        act()
    return refused.value.for_reader


# --- every act × everybody

MANAGERS = {"lead", "deputy", "operator"}
DECIDERS = MANAGERS | {"coordinator"}
NOBODY: set[str] = set()


def _answer(how):
    def act(cast, by):
        request = TeamRequest.objects.filter(city=cast.bonn).first() or a_request(cast.bonn)
        return lambda: how(request, by)

    return act


def _on_invitation(how):
    def act(cast, by):
        invitation = an_invitation(cast.bonn, cast["lead"])
        return lambda: how(invitation, by=by)

    return act


def _on_proposal(how):
    def act(cast, by):
        proposal = teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["deputy"], stays=True)
        return lambda: how(proposal, by=by)

    return act


# each prepares, and returns what is to be tried
ACTS = {
    "ask": (
        lambda cast, by: lambda: teams.ask_to_join(cast.bonn, by=by, **REQUEST),
        set(EVERYBODY) - {"lead", "deputy", "editor"},
    ),
    "confirm": (_answer(lambda request, by: teams.confirm_request(request, by=by, role="editor")), DECIDERS),
    "decline": (_answer(lambda request, by: teams.decline_request(request, by=by, reason="Unbekannt")), DECIDERS),
    "withdraw somebody's request": (_answer(lambda request, by: teams.withdraw_request(request, by=by)), NOBODY),
    "invite": (
        lambda cast, by: lambda: teams.invite(cast.bonn, by=by, email="gast@example.org", role="deputy"), MANAGERS,
    ),
    "send again": (_on_invitation(teams.send_again), MANAGERS),
    "revoke": (_on_invitation(teams.revoke_invitation), MANAGERS),
    "accept without the address": (_on_invitation(teams.accept_invitation), NOBODY),
    "turn down without the address": (_on_invitation(teams.turn_down_invitation), NOBODY),
    "change a role": (
        lambda cast, by: lambda: teams.change_role(cast.place("editor"), by=by, role="deputy"), MANAGERS,
    ),
    "change the lead's role": (
        lambda cast, by: lambda: teams.change_role(cast.place("lead"), by=by, role="deputy"), NOBODY,
    ),
    "remove the editor": (
        lambda cast, by: lambda: teams.remove_member(cast.place("editor"), by=by, reason="Ausgeschieden"), MANAGERS,
    ),
    "remove the lead": (
        lambda cast, by: lambda: teams.remove_member(cast.place("lead"), by=by, reason="Ausgeschieden"), NOBODY,
    ),
    "leave": (lambda cast, by: lambda: teams.leave_team(cast.bonn, by=by), {"deputy", "editor"}),
    "propose a lead": (
        lambda cast, by: lambda: teams.propose_lead(cast.bonn, by=by, to=cast["editor"], stays=True), {"lead"},
    ),
    "take the lead": (_on_proposal(teams.take_lead), {"deputy"}),
    "decline the lead": (_on_proposal(teams.decline_lead), {"deputy"}),
    "take the proposal back": (_on_proposal(teams.take_back_proposal), {"lead"}),
    "appoint a lead": (
        lambda cast, by: lambda: teams.appoint_lead(
            cast.bonn, by=by, to=cast["editor"], stays=True, reason="Nicht erreichbar"
        ),
        {"coordinator", "operator"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", EVERYBODY)
def test_act_then_only_who_may_can_do_it_and_it_stands_in_the_history(cast, who, act):
    prepare, allowed = ACTS[act]
    perform = prepare(cast, cast[who])
    before, lines = everything(), TeamEvent.objects.count()
    if who in allowed:
        perform()
        new = TeamEvent.objects.order_by("pk")[lines:]
        assert {(event.city, event.by) for event in new} == {(cast.bonn, cast[who])}
    else:
        assert refusal(perform)
        assert everything() == before


@pytest.mark.parametrize("who", EVERYBODY)
def test_permissions_then_each_question_has_the_same_answer_as_its_list(cast, who):
    person, bonn = cast[who], cast.bonn
    answers = {
        "speaks": permissions.speaks_for(person, bonn),
        "submits": permissions.may_submit(person, bonn),
        "manages": permissions.may_manage_team(person, bonn),
        "decides": permissions.may_decide(person, bonn),
        "appoints": permissions.may_appoint_lead(person, bonn),
        "in charge": permissions.is_in_charge(person, bonn),
        "sees": permissions.teams_seen_by(person).filter(pk=bonn.pk).exists(),
    }
    team = {"speaks", "sees"}
    head = team | {"submits", "manages", "decides"}
    expected = {
        "lead": head,
        "deputy": head,
        "editor": team,
        "coordinator": {"decides", "appoints", "in charge", "sees"},
        "operator": {"manages", "decides", "appoints", "sees"},
    }
    assert {name for name, answer in answers.items() if answer} == expected.get(who, set())
    assert (person in permissions.coordinators_in_charge(bonn)) == answers["in charge"]


def test_permissions_when_an_account_is_closed_then_nothing_is_left(cast):
    User.objects.update(is_active=False)
    for who in EVERYBODY:
        person = User.objects.get(pk=cast[who].pk)
        assert not permissions.teams_seen_by(person).exists()
        assert not permissions.may_submit(person, cast.bonn)
        assert not permissions.requests_for(person).exists()
    assert list(permissions.coordinators_in_charge(cast.bonn)) == []


# --- who is in charge


def test_city_in_no_network_and_without_lead_then_every_coordinator_decides(cast):
    ulm = a_city("ulm")
    a_person(Role.EDITOR, city=ulm)
    request = a_request(ulm)
    assert {user for user in cast.people.values() if permissions.may_decide(user, ulm)} == {
        cast["coordinator"], cast["other coordinator"], cast["operator"],
    }  # fmt: skip
    teams.confirm_request(request, by=cast["other coordinator"], role="lead")
    assert not permissions.is_in_charge(cast["coordinator"], ulm)
    assert list(permissions.coordinators_in_charge(ulm)) == []


def test_membership_that_has_ended_then_its_coordinators_are_no_longer_in_charge(cast):
    Membership.objects.filter(city=cast.bonn).update(status=Membership.Status.ENDED)
    assert not permissions.may_decide(cast["coordinator"], cast.bonn)
    a_membership(cast.bonn, cast["other coordinator"].offices.get().network, status=Membership.Status.DORMANT)
    assert permissions.may_decide(cast["other coordinator"], cast.bonn)


# --- requests


def test_request_is_told_to_all_who_may_answer_and_the_answer_to_who_asked(cast):
    newcomer = a_newcomer()
    request = a_request(cast.bonn, newcomer)
    assert told() == [("team_request", cast[who].email) for who in ("lead", "deputy", "coordinator")]
    text = Letter.objects.earliest("pk").text
    assert f"/de/cities/bonn/team/requests/{request.pk}/" in text
    assert all(words in text for words in REQUEST.values())
    teams.confirm_request(request, by=cast["deputy"], role="editor")
    request.refresh_from_db()
    assert (request.state, request.role, request.decided_by) == ("confirmed", "editor", cast["deputy"])
    assert cast.roles()["somebody new"] == "editor"
    assert told()[3:] == [("team_confirmed", newcomer.email)]
    assert kinds(cast.bonn) == ["asked", "confirmed"]


def test_request_where_nobody_else_may_answer_then_the_operators_are_told(cast):
    ulm = a_city("ulm")
    cast["coordinator"].offices.all().delete()
    cast["other coordinator"].offices.all().delete()
    a_request(ulm)
    assert told() == [("team_request", cast["operator"].email)]


def test_request_when_declined_then_the_reason_is_kept_and_told_and_one_may_ask_again(cast):
    newcomer = a_newcomer()
    request = a_request(cast.bonn, newcomer)
    assert refusal(lambda: teams.decline_request(request, by=cast["lead"], reason=" ")) == (
        "Give the reason. The person reads it."
    )
    teams.decline_request(request, by=cast["lead"], reason="Im Rathaus unbekannt.")
    request.refresh_from_db()
    assert (request.state, request.reason) == ("declined", "Im Rathaus unbekannt.")
    assert "Im Rathaus unbekannt." in Letter.objects.get(kind="team_declined", to=newcomer).text
    assert "somebody new" not in cast.roles()
    a_request(cast.bonn, newcomer)


def test_request_then_nobody_answers_their_own(cast):
    for who in ("coordinator", "operator"):
        request = a_request(cast.bonn, cast[who])
        before = everything()
        for act in (
            lambda request=request, who=who: teams.confirm_request(request, by=cast[who], role="editor"),
            lambda request=request, who=who: teams.decline_request(request, by=cast[who], reason="Doch nicht"),
        ):
            assert refusal(act) == "Nobody answers their own request. Somebody else has to do it."
        assert everything() == before
        assert request not in permissions.requests_for(cast[who])
        assert cast[who].email not in [address for _kind, address in told()[-3:]]


def test_request_then_one_open_at_a_time_for_a_city_and_five_in_all(cast):
    newcomer = a_newcomer()
    first = a_request(cast.bonn, newcomer)
    assert (
        refusal(lambda: a_request(cast.bonn, newcomer)) == "You have asked already. Your request waits for an answer."
    )
    for number in range(4):
        a_request(a_city(f"stadt-{number}"), newcomer)
    assert refusal(lambda: a_request(a_city("ulm"), newcomer)).startswith("5 of your requests wait for an answer.")
    teams.withdraw_request(first, by=newcomer, reason="Versehen")
    first.refresh_from_db()
    assert (first.state, first.reason) == ("withdrawn", "Versehen")
    a_request(cast.bonn, newcomer)


def test_request_then_asking_and_withdrawing_writes_no_letters_without_end(cast):
    newcomer = a_newcomer()
    for _again in range(10):
        teams.withdraw_request(a_request(cast.bonn, newcomer), by=newcomer)
    before = everything()
    assert refusal(lambda: a_request(cast.bonn, newcomer)) == (
        "That was done 10 times within a day. Try it again tomorrow."
    )
    assert everything() == before


def test_request_once_answered_then_it_stays_as_it_is(cast):
    request = a_request(cast.bonn)
    teams.decline_request(request, by=cast["lead"], reason="Unbekannt")
    before = everything()
    for act in (
        lambda: teams.confirm_request(request, by=cast["coordinator"], role="editor"),
        lambda: teams.withdraw_request(request, by=request.user),
    ):
        assert refusal(act) == "This request has been answered or withdrawn meanwhile: declined."
    assert everything() == before


def test_request_to_lead_then_only_where_nobody_leads(cast):
    request = a_request(cast.bonn)
    with pytest.raises(teams.TeamRefusedError) as refused:
        teams.confirm_request(request, by=cast["lead"], role="lead")
    assert (refused.value.field, refused.value.for_reader) == (
        "answer", "The team has a lead already. Choose another role.",
    )  # fmt: skip
    cast.place("lead").delete()
    teams.confirm_request(request, by=cast["coordinator"], role="lead")
    assert cast.roles()["somebody new"] == "lead"


def test_request_of_somebody_whose_account_was_closed_then_it_can_only_be_declined(cast):
    request = a_request(cast.bonn)
    User.objects.filter(pk=request.user_id).update(is_active=False)
    assert "account of this person is closed" in refusal(
        lambda: teams.confirm_request(request, by=cast["lead"], role="editor")
    )
    teams.decline_request(request, by=cast["lead"], reason="Konto geschlossen")
    assert Letter.objects.filter(to=request.user).count() == 0


def test_request_without_official_contact_then_it_is_refused(cast):
    no_contact = REQUEST | {"email": "", "phone": ""}
    assert refusal(lambda: teams.ask_to_join(cast.bonn, by=cast["stranger"], **no_contact)) == (
        "Give an official e-mail address or telephone number."
    )


# --- members


def test_role_when_changed_then_the_person_is_told_and_the_same_role_is_no_change(cast):
    teams.change_role(cast.place("editor"), by=cast["lead"], role="deputy")
    assert cast.roles()["editor"] == "deputy"
    assert told() == [("team_role", cast["editor"].email)]
    teams.change_role(cast.place("editor"), by=cast["lead"], role="deputy")
    event = TeamEvent.objects.get()
    assert (event.kind, event.person, event.old_role, event.new_role) == ("role", cast["editor"], "editor", "deputy")


def test_role_of_lead_then_it_cannot_be_given_like_others(cast):
    with pytest.raises(ValueError, match="lead"):
        teams.change_role(cast.place("editor"), by=cast["lead"], role="lead")
    with pytest.raises(ValueError, match="lead"):
        teams.invite(cast.bonn, by=cast["lead"], email="x@example.org", role="lead")


def test_member_when_removed_then_the_reason_is_told_and_invitations_of_theirs_open_nothing(cast):
    invitation = an_invitation(cast.bonn, cast["deputy"])
    kept = an_invitation(cast.bonn, cast["lead"])
    teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["deputy"], stays=True)
    teams.remove_member(cast.place("deputy"), by=cast["lead"], reason="Arbeitet woanders")
    assert cast.roles() == {"lead": "lead", "editor": "editor"}
    assert "Arbeitet woanders" in Letter.objects.get(kind="team_removed", to=cast["deputy"]).text
    states = [TeamInvitation.objects.get(pk=each.pk).state for each in (invitation, kept)]
    assert states == ["revoked", "open"]
    assert TeamHandOver.objects.get().state == "withdrawn"
    assert kinds(cast.bonn)[-3:] == ["taken_back", "revoked", "removed"]


def test_member_then_nobody_removes_themselves_or_without_a_reason(cast):
    assert refusal(lambda: teams.remove_member(cast.place("deputy"), by=cast["deputy"], reason="Ich")).startswith(
        "You cannot remove yourself."
    )
    assert refusal(lambda: teams.remove_member(cast.place("deputy"), by=cast["lead"], reason="  ")).startswith(
        "Give the reason."
    )


def test_member_who_is_gone_meanwhile_then_it_is_said(cast):
    place = cast.place("editor")
    teams.leave_team(cast.bonn, by=cast["editor"], reason="Elternzeit")
    assert told() == [("team_left", cast["lead"].email)]
    assert "Elternzeit" in Letter.objects.get().text
    assert refusal(lambda: teams.change_role(place, by=cast["lead"], role="deputy")) == (
        "This person is no longer in the team."
    )


def test_last_member_without_a_lead_leaves_then_the_coordinators_are_told(cast):
    cast.place("lead").delete()
    cast.place("deputy").delete()
    teams.leave_team(cast.bonn, by=cast["editor"])
    assert told() == [("team_left", cast["coordinator"].email)]


def test_lead_then_cannot_leave_with_or_without_others(cast):
    for _alone in range(2):
        assert refusal(lambda: teams.leave_team(cast.bonn, by=cast["lead"])) == (
            "A team is not left without a lead. Hand the lead over first."
        )
        TeamMember.objects.filter(city=cast.bonn).exclude(user=cast["lead"]).delete()


# --- handing over


@pytest.mark.parametrize(("stays", "after"), [(True, {"lead": "deputy"}), (False, {})])
def test_hand_over_when_taken_then_both_roles_change_at_once(cast, stays, after):
    proposal = teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["editor"], stays=stays)
    assert cast.roles() == {"lead": "lead", "deputy": "deputy", "editor": "editor"}
    teams.take_lead(proposal, by=cast["editor"])
    assert cast.roles() == {"deputy": "deputy", "editor": "lead"} | after
    assert told() == [("team_hand_over", cast["editor"].email), ("team_handed_over", cast["lead"].email)]
    assert kinds(cast.bonn) == ["proposed", "was_lead", "became_lead"]
    assert refusal(lambda: teams.take_lead(proposal, by=cast["editor"])) == "This proposal is no longer open: accepted."


def test_hand_over_when_declined_then_everything_stays_and_the_lead_reads_why(cast):
    proposal = teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["deputy"], stays=False)
    teams.decline_lead(proposal, by=cast["deputy"], reason="Keine Zeit")
    assert cast.roles() == {"lead": "lead", "deputy": "deputy", "editor": "editor"}
    assert "Keine Zeit" in Letter.objects.get(kind="team_not_taken", to=cast["lead"]).text
    teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["editor"], stays=False)


def test_hand_over_then_one_proposal_at_a_time_and_only_to_somebody_else_of_the_team(cast):
    def propose(who):
        return lambda: teams.propose_lead(cast.bonn, by=cast["lead"], to=cast[who], stays=True)

    for who in ("lead", "stranger", "other lead"):
        assert refusal(propose(who)) == "Choose somebody else of the team."
    propose("editor")()
    assert refusal(propose("deputy")) == "You have proposed a hand-over already. Withdraw it first."


def test_hand_over_when_the_one_asked_leaves_then_it_is_over(cast):
    proposal = teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["deputy"], stays=False)
    teams.leave_team(cast.bonn, by=cast["deputy"])
    assert refusal(lambda: teams.take_lead(proposal, by=cast["deputy"])) == (
        "This proposal is no longer open: withdrawn."
    )
    assert cast.roles() == {"lead": "lead", "editor": "editor"}


@pytest.mark.parametrize(("stays", "after"), [(True, {"lead": "deputy"}), (False, {})])
def test_lead_when_appointed_then_all_concerned_read_why(cast, stays, after):
    teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["deputy"], stays=False)
    teams.appoint_lead(cast.bonn, by=cast["coordinator"], to=cast["editor"], stays=stays, reason="Ausgeschieden")
    assert cast.roles() == {"deputy": "deputy", "editor": "lead"} | after
    letters = Letter.objects.filter(kind__in=["team_appointed", "team_replaced"])
    assert {letter.to for letter in letters} == {cast["editor"], cast["lead"]}
    assert all("Ausgeschieden" in letter.text for letter in letters)
    assert kinds(cast.bonn) == ["proposed", "taken_back", "was_lead", "became_lead"]


def test_lead_then_nobody_appoints_themselves_the_one_who_leads_or_a_stranger(cast):
    TeamMember.objects.create(city=cast.bonn, user=cast["coordinator"], role="editor")
    before = everything()

    def appoint(who, reason="Ausgeschieden"):
        return lambda: teams.appoint_lead(cast.bonn, by=cast["coordinator"], to=cast[who], stays=True, reason=reason)

    assert refusal(appoint("coordinator")).startswith("Nobody makes themselves the lead.")
    for who in ("lead", "stranger"):
        assert refusal(appoint(who)) == "Choose somebody of the team who does not lead it yet."
    assert refusal(appoint("editor", " ")) == "Give the reason. The team reads it."
    assert everything() == before


def test_city_without_lead_then_a_coordinator_appoints_one(cast):
    cast.place("lead").delete()
    teams.appoint_lead(cast.bonn, by=cast["coordinator"], to=cast["deputy"], stays=False, reason="Ausgeschieden")
    assert cast.roles() == {"deputy": "lead", "editor": "editor"}
    assert kinds(cast.bonn) == ["became_lead"]


# --- what the database promises


def test_history_then_no_sql_changes_or_deletes_it(cast):
    a_request(cast.bonn)
    before = list(TeamEvent.objects.values())
    for sql in (
        "UPDATE cities_teamevent SET reason = 'x'",
        "UPDATE cities_teamevent SET by_id = NULL",
        "DELETE FROM cities_teamevent",
    ):
        with (
            pytest.raises(IntegrityError, match="only ever added to"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamEvent.objects.all().delete()
    assert list(TeamEvent.objects.values()) == before


def test_history_when_a_person_is_erased_then_it_stays_and_names_nobody(cast):
    request = a_request(cast.bonn)
    teams.withdraw_request(request, by=request.user)
    before = list(TeamEvent.objects.values())
    request.user.delete()
    assert list(TeamEvent.objects.values()) == before
    _page, lines = chronicle(cast.bonn, "")
    assert [line.words for line in lines] == [
        "deleted person withdrew the request.",
        "deleted person asked to speak for the city.",
    ]


def test_database_then_it_refuses_what_no_act_would_do(cast):
    now = timezone.now()
    person = a_newcomer()
    asked = {"city": cast.bonn, "user": person, "office": "Amt", "proof": "Website"}
    invited = {"city": cast.bonn, "email": "x@example.org", "sent_at": now, "expires_at": now}
    proposed = {"city": cast.bonn, "giver": cast["lead"], "stays": True}
    TeamRequest.objects.create(**asked, phone="1")
    TeamInvitation.objects.create(**invited, role="editor")
    TeamHandOver.objects.create(**proposed, taker=cast["deputy"])
    for model, row in [
        (TeamMember, {"city": cast.bonn, "user": person, "role": "lead"}),
        (TeamMember, {"city": cast.bonn, "user": cast["lead"], "role": "editor"}),
        (TeamRequest, asked | {"phone": "1"}),
        (TeamRequest, asked | {"user": cast["stranger"]}),
        (TeamRequest, asked | {"phone": "1", "state": "declined", "decided_at": now}),
        (TeamRequest, asked | {"phone": "1", "state": "withdrawn"}),
        (TeamRequest, asked | {"phone": "1", "state": "confirmed", "decided_at": now}),
        (TeamRequest, asked | {"phone": "1", "state": "lost", "decided_at": now}),
        (TeamInvitation, invited | {"role": "editor", "email": "X@example.org"}),
        (TeamInvitation, invited | {"role": "lead", "email": "y@example.org"}),
        (TeamInvitation, invited | {"role": "editor", "state": "accepted"}),
        (TeamHandOver, proposed | {"taker": cast["editor"]}),
        (TeamHandOver, proposed | {"taker": cast["lead"], "state": "declined", "closed_at": now}),
        (TeamHandOver, proposed | {"taker": cast["editor"], "state": "declined"}),
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            model._default_manager.create(**row)


# --- in words


def test_history_then_every_kind_reads_as_a_sentence(cast):
    lea, edi, nele = cast["lead"], cast["editor"], a_newcomer()
    for kind in TeamEvent.Kind.values:
        TeamEvent.objects.create(
            city=cast.bonn, by=lea, person=edi, kind=kind, old_role="editor", new_role="deputy",
            invitation=an_invitation(cast.bonn, lea) if "nvit" in kind else None,
        )  # fmt: skip
    TeamEvent.objects.create(city=cast.bonn, by=nele, person=nele, kind="became_lead", old_role="editor")
    TeamEvent.objects.create(city=cast.bonn, by=lea, person=lea, kind="was_lead", old_role="lead")
    lines = [line.words for number in (1, 2) for line in chronicle(cast.bonn, str(number))[1]]
    assert all(line.endswith(".") and "%(" not in line and "  " not in line for line in lines)
    for sentence in (
        "Lea Leitung no longer leads the team and has left it.",
        "Nele Neu took over the lead.",
        "Lea Leitung gave the lead to Edi Redaktion.",
        "Lea Leitung changed the role of Edi Redaktion. Before: editor, from then on: deputy.",
    ):
        assert sentence in lines
