"""Preparing decisions: who may, what the quota and missing reviews refuse, and that nothing of it is known."""

import datetime

import pytest
from django.utils import timezone

from applications.actions.deciding import DecisionRefusedError, change_words, drop, forward, prepare
from applications.actions.moving import Sent
from applications.letters import words_of_outcome
from applications.models import Application, Conflict, Event, Outcome
from applications.permissions import may_decide
from applications.reach import Reach
from applications.workflow import Action, State
from network.models import Letter
from tests.factories import Role, a_city, a_field, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_draft,
    a_lead,
    a_network_of,
    a_pack_version,
    a_second_coordinator,
    an_application,
    decide,
    prepared,
    released,
    text,
)

pytestmark = pytest.mark.django_db

FIELD_QUESTION = {"key": "field", "kind": "choice", "label": text("Bereich", "Field"), "choices_from_fields": True}


def a_call_with_fields(**quota):
    """A call that asks for a field of the network."""
    network = a_network_of()
    a_field(network, "film"), a_field(network, "music")
    document = a_pack_version().document
    document["steps"][2]["sections"][0]["questions"].append(FIELD_QUESTION)
    document["criteria"][0]["questions"].append("field")
    changes = {"steps": document["steps"], "criteria": document["criteria"], "field_question": "field"}
    return a_call("felder", pack=a_pack_version(key="fields", quota=quota, **changes))


def under_review(*slugs, call=None, **values):
    call = call or a_call(**values)
    return [an_application(State.IN_REVIEW, call=call, city=a_city(slug)) for slug in slugs]


def refusal(act, *arguments, **values):
    with pytest.raises(DecisionRefusedError) as caught:
        act(*arguments, **values)
    return caught.value


# --- who may


def test_prepare_when_somebody_may_not_decide_then_it_is_refused():
    (application,) = under_review("bonn")
    network = application.call.network
    conflicted = a_person(Role.COORDINATOR, network=network, name="Befangen")
    Conflict.objects.create(application=application, person=conflicted, reason="Ehe", by=conflicted)
    for person in (
        a_lead(application.city),
        a_coordinator(a_network_of("uccn")),
        a_person(Role.REVIEWER, network=network),
        a_person(Role.OPERATOR),
        conflicted,
    ):
        assert not may_decide(person, application.call)
        assert not Reach(person, only_own=True).may_decide(application.call)
        refusal(prepare, application, a_draft(Action.ENDORSE), by=person)
    assert Outcome.objects.count() == 0


def test_prepare_when_a_city_of_the_coordinator_competes_then_nothing_of_the_call_is_theirs():
    bonn, koeln = under_review("bonn", "koeln")
    of_koeln = a_person(Role.COORDINATOR, network=bonn.call.network, name="Köln und Netzwerk")
    koeln.city.team.create(user=of_koeln, role="editor")
    refusal(prepare, bonn, a_draft(Action.ENDORSE), by=of_koeln)


@pytest.mark.parametrize("runs_the_portal", [False, True])
def test_page_when_a_city_of_the_coordinator_has_withdrawn_then_decisions_are_theirs_again(runs_the_portal):
    bonn, koeln = under_review("bonn", "koeln")
    of_koeln = a_person(Role.COORDINATOR, network=bonn.call.network, name="Köln und Netzwerk")
    koeln.city.team.create(user=of_koeln, role="editor")
    of_koeln.is_superuser = runs_the_portal
    of_koeln.save()
    for state, decides in ((State.IN_REVIEW, False), (State.WITHDRAWN, True)):
        Application.objects.filter(pk=koeln.pk).update(state=state)
        assert may_decide(of_koeln, bonn.call) is decides
        assert Reach(of_koeln, only_own=True).may_decide(bonn.call) is decides


# --- what it needs


def test_prepare_when_reasons_are_in_one_language_only_then_it_is_refused_beside_the_other():
    (application,) = under_review("bonn")
    by = a_coordinator(application.call.network)
    assert refusal(prepare, application, a_draft(Action.REFUSE, reason_en=" "), by=by).field == "reason_en"
    assert refusal(prepare, application, a_draft(Action.ENDORSE, reason_de=""), by=by).field == "reason_de"
    assert refusal(prepare, application, a_draft(Action.REFUSE, reason_de="", reason_en=""), by=by).field == "reason_de"
    prepare(application, a_draft(Action.ENDORSE, reason_de="", reason_en=""), by=by)


def test_prepare_when_reviews_are_missing_then_it_needs_a_reason_that_is_kept():
    (application,) = under_review("bonn")
    by = a_coordinator(application.call.network)
    for action in (Action.ENDORSE, Action.REFUSE):
        assert refusal(prepare, application, a_draft(action, without_quorum=" "), by=by).field == "without_quorum"
    outcome = prepare(application, a_draft(Action.ENDORSE, without_quorum="Frist."), by=by)
    assert outcome.without_quorum == "Frist."


def test_prepare_when_it_was_not_reviewed_at_all_then_it_can_be_refused_for_its_form_without_reviews():
    application = an_application(State.SUBMITTED)
    prepare(
        application, a_draft(Action.REFUSE, without_quorum=""), by=a_coordinator(application.call.network)
    )  # fmt: skip


def test_prepare_when_the_state_does_not_allow_it_then_it_is_refused():
    application = an_application(State.SUBMITTED)
    by = a_coordinator(application.call.network)
    for action in (Action.ENDORSE, Action.ADMIT, Action.CORRECT, Action.REVIEW, Action.WITHDRAW):
        assert "Eingereicht" in refusal(prepare, application, a_draft(action), by=by).for_reader


def test_prepare_when_it_is_the_result_of_a_jury_then_it_needs_day_and_source():
    application = an_application(State.FORWARDED)
    by = a_coordinator(application.call.network)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    for values in ({"decided_on": None}, {"decided_on": tomorrow}):
        assert refusal(prepare, application, a_draft(Action.ADMIT, **values), by=by).field == "decided_on"
    assert refusal(prepare, application, a_draft(Action.NOT_ADMIT, source_label=" "), by=by).field == "source_label"


def test_prepare_when_the_call_asks_for_a_field_then_an_admission_needs_one():
    application = an_application(State.FORWARDED, call=a_call_with_fields(count=3))
    by = a_coordinator(application.call.network)
    assert refusal(prepare, application, a_draft(Action.ADMIT), by=by).field == "fields"
    film = application.call.network.fields.get(slug="film")
    assert list(prepare(application, a_draft(Action.ADMIT, fields=[film]), by=by).fields.all()) == [film]


# --- quota


def test_prepare_when_the_quota_is_used_up_then_it_is_refused_with_a_number_until_one_is_off_the_list():
    call = a_call(pack=a_pack_version(key="one", quota={"count": 1}))
    bonn, koeln = under_review("bonn", "koeln", call=call)
    outcome = prepared(bonn, Action.ENDORSE)
    sentence = refusal(prepared, koeln, Action.ENDORSE).for_reader
    assert "1" in sentence
    prepared(koeln, Action.REFUSE)  # only endorsing counts
    drop(outcome, by=a_coordinator(call.network))
    prepared(koeln, Action.ENDORSE)
    released(call)
    refusal(prepared, bonn, Action.ENDORSE)  # one that is endorsed counts, too


def test_prepare_when_the_quota_is_each_countrys_then_other_countries_do_not_count():
    call = a_call(pack=a_pack_version(key="one", quota={"count": 1, "per_country": True}))
    bonn, koeln = under_review("bonn", "koeln", call=call)
    lyon = an_application(State.IN_REVIEW, call=call, city=a_city("lyon", country="FR"))
    prepared(bonn, Action.ENDORSE)
    prepared(lyon, Action.ENDORSE)
    refusal(prepared, koeln, Action.ENDORSE)


def test_prepare_when_fields_must_differ_then_a_second_of_the_same_is_refused():
    call = a_call_with_fields(count=3, different_fields=True)
    bonn, koeln = under_review("bonn", "koeln", call=call)
    assert bonn.field == koeln.field == "film"
    prepared(bonn, Action.ENDORSE)
    assert "Feld film" in refusal(prepared, koeln, Action.ENDORSE).for_reader


def test_prepare_when_the_call_has_no_quota_then_any_number_can_be_endorsed():
    document = {"key": "open", "quota": None}
    call = a_call(pack=a_pack_version(**document))
    for application in under_review("bonn", "koeln", "mainz", "trier", call=call):
        prepared(application, Action.ENDORSE)
    assert Outcome.objects.listed().count() == 4


# --- nothing of it is known


def test_prepare_then_state_events_and_letters_know_nothing_of_it():
    (application,) = under_review("bonn")
    before = (application.state, Event.objects.count(), Letter.objects.count(), list(application.letters.all()))
    outcome = prepared(application, Action.ENDORSE)
    change_words(
        outcome, "de", subject="Neu", text="Andere Worte", by=a_coordinator(application.call.network)
    )  # fmt: skip
    application.refresh_from_db()
    after = (application.state, Event.objects.count(), Letter.objects.count(), list(application.letters.all()))
    assert after == before


def test_prepare_when_done_twice_then_there_is_one_outcome_and_words_changed_by_hand_stay_only_while_they_fit():
    (application,) = under_review("bonn")
    by = a_coordinator(application.call.network)
    outcome = prepared(application, Action.ENDORSE)
    change_words(outcome, "de", subject="Von Hand", text="Andere Worte", by=by)
    again = prepared(application, Action.ENDORSE)
    assert again.pk == outcome.pk
    assert words_of_outcome(again, "de") == ("Von Hand", "Andere Worte")
    assert words_of_outcome(again, "en")[0].startswith("Bonn is endorsed")
    prepared(application, Action.REFUSE)
    assert words_of_outcome(Outcome.objects.get(), "en")[0].startswith("Bonn is not endorsed")
    assert Outcome.objects.get().texts.count() == 0


# --- forwarding


def test_forward_when_some_went_to_the_network_then_day_and_channel_stand_in_their_history():
    call = a_call()
    bonn, koeln = (an_application(State.ENDORSED, call=call, city=a_city(slug)) for slug in ("bonn", "koeln"))
    day = timezone.localdate()
    forward([bonn, koeln], sent=Sent(day, "form"), note="An das Sekretariat", by=a_coordinator(call.network))
    for application in (bonn, koeln):
        application.refresh_from_db()
        event = application.events.latest("sequence")
        assert application.state == State.FORWARDED
        assert event.data == {"on": day.isoformat(), "channel": "form"}


def test_forward_when_the_call_ends_with_the_endorsement_then_there_is_nothing_to_forward_or_admit():
    call = a_call(pack=a_pack_version(key="first", next_pack="second"))
    application = an_application(State.IN_REVIEW, call=call)
    decide(application, Action.ENDORSE)
    application.refresh_from_db()
    assert (application.state, str(application.standing.turn)) == (State.ENDORSED, "Ihre Stadt")
    with pytest.raises(Exception, match=r"Befürwortet|Endorsed"):
        forward([application], sent=Sent(timezone.localdate(), "form"), note="", by=a_coordinator(call.network))
    assert application.city.memberships.count() == 0


def test_forward_when_the_day_lies_in_the_future_then_none_of_them_is_forwarded():
    application = an_application(State.ENDORSED)
    tomorrow = timezone.localdate() + datetime.timedelta(days=2)
    with pytest.raises(Exception, match=r"Zukunft|future"):
        forward([application], sent=Sent(tomorrow, "form"), note="", by=a_second_coordinator(application.call.network))
    application.refresh_from_db()
    assert application.state == State.ENDORSED
