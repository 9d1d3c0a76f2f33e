"""The pages of letters: a person's own, and the operator's outbox with its decisions."""

import datetime

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from network.actions import Decision, RefusedError, decide, decisions_for
from network.models import DailyRun, Letter, User
from tests.guards import only_reads
from tests.letters import work
from tests.network.people import a_person, an_operator
from tests.network.test_outbox import a_letter, a_report

pytestmark = pytest.mark.django_db
State = Letter.State


def detail(letter):
    return reverse("letters:detail", args=[letter.pk])


@pytest.fixture
def erika(client):
    person = a_person("erika")
    client.force_login(person)
    return person


@pytest.fixture
def operator(client):
    person = an_operator()
    client.force_login(person)
    return person


# --- own letters


def test_own_letters_then_they_are_listed_and_read_in_their_own_language(client, erika):
    letter = a_letter(erika, report=a_report(text="Zeile <b>eins</b>\n\nhttps://x.example/y"))
    with translation.override("en"):
        page = " ".join(client.get(reverse("letters:list")).content.decode().split())
        assert f'href="{detail(letter)}" lang="de">{letter.subject}</a>' in page
        page = client.get(detail(letter)).content.decode()
    assert '<div class="prose" lang="de">' in page
    assert "Zeile &lt;b&gt;eins&lt;/b&gt;" in page
    assert '<a href="https://x.example/y" rel="external">' in page


def test_letters_that_are_not_to_be_read_then_they_are_not_there(client, erika):
    others = a_letter(a_person("max"), key="1")
    bare = a_letter("erika@example.org", key="2")
    secret = a_letter(erika, key="3", secret=True)
    later = a_letter(erika, key="4", not_before=timezone.now() + datetime.timedelta(hours=1))
    page = client.get(reverse("letters:list")).content.decode()
    for letter in (others, bare, secret, later):
        assert letter.subject not in page
        assert client.get(detail(letter)).status_code == 404


@pytest.mark.parametrize("wants", [User.Letters.NEVER, User.Letters.DAILY])
def test_letter_that_is_not_mailed_then_it_is_read_in_the_portal(client, erika, wants):
    User.objects.update(letters=wants)
    erika.refresh_from_db()
    letter = a_letter(erika)
    work()
    assert mail.outbox == []
    assert client.get(detail(letter)).status_code == 200


def test_operator_then_other_peoples_letters_are_not_among_the_own(client, operator):
    letter = a_letter(a_person("erika"))
    assert client.get(detail(letter)).status_code == 404


def queries(client, where):
    """What a page asks the database: all, and of the tables of letters."""
    with CaptureQueriesContext(connection) as asked, only_reads():
        assert client.get(where).status_code == 200
    tables = ("network_letter", "network_dailyrun")
    return len(asked), sum(any(f'FROM "{table}"' in query["sql"] for table in tables) for query in asked)


def test_own_letters_then_as_many_queries_for_one_as_for_three(client, erika):
    client.get(reverse("letters:list"))
    counts = set()
    for rows in (1, 3):
        for number in range(rows):
            a_letter(erika, key=f"{rows} {number}")
        counts.add(queries(client, reverse("letters:list")))
    ((_all, own),) = counts
    assert own == 2


def test_own_letters_when_many_then_there_are_pages(client, erika):
    for number in range(21):
        a_letter(erika, key=str(number))
    assert client.get(reverse("letters:list")).content.decode().count('<li class="news-item">') == 20
    assert client.get(reverse("letters:list") + "?page=2").content.decode().count('<li class="news-item">') == 1


# --- the outbox


def a_troubled(state=State.UNCLEAR, key="1", **values):
    letter = a_letter("erika@example.org", key=key, **values)
    sent_at = timezone.now() if state == State.SENT else None
    Letter.objects.filter(pk=letter.pk).update(state=state, error="550 no such person", sent_at=sent_at)
    letter.refresh_from_db()
    return letter


def settle(client, letter, decision, **data):
    return client.post(reverse("outbox:settle", args=[letter.pk]), {"decision": decision} | data)


def test_outbox_then_it_counts_states_names_errors_and_filters(client, operator):
    unclear, waiting = a_troubled(key="1"), a_letter("max@example.org", key="2")
    for hours, error in [(2, "long ago"), (1, "ZeroDivisionError: x")]:
        started_at = timezone.now() - datetime.timedelta(hours=hours)
        DailyRun.objects.create(duty="reminders", started_at=started_at, error=error)
    with translation.override("en"):
        page = client.get(reverse("outbox:list")).content.decode()
    assert "unclear: 1</a>" in page
    assert "waiting: 1</a>" in page
    assert "sent:" not in page
    assert "550 no such person" in page
    assert "ZeroDivisionError: x" in page
    assert "long ago" not in page
    only = client.get(reverse("outbox:list") + "?state=unclear").content.decode()
    assert unclear.address in only
    assert waiting.address not in only
    assert client.get(reverse("outbox:list") + "?state=nonsense").status_code == 404


def test_outbox_then_only_letters_in_need_have_buttons_there(client, operator):
    a_troubled(State.UNCLEAR, "1")
    a_troubled(State.FAILED, "2")
    for number, state in enumerate(set(State) - {State.UNCLEAR, State.FAILED}, start=3):
        a_troubled(state, str(number))
    page = client.get(reverse("outbox:list")).content.decode()
    assert page.count('value="again"') == 2
    assert page.count('value="arrived"') == 1
    assert page.count('value="give-up"') == 1


def test_secret_then_not_even_the_operator_reads_it(client, operator):
    letter = a_letter("erika@example.org", report=a_report(text="Code 123456"), secret=True)
    for where in (reverse("outbox:list"), reverse("outbox:detail", args=[letter.pk])):
        assert "123456" not in client.get(where).content.decode()


OUTCOMES = {Decision.ARRIVED: State.SENT, Decision.AGAIN: State.WAITING, Decision.GIVE_UP: State.FAILED}
OPEN = {
    State.UNCLEAR: {Decision.ARRIVED, Decision.AGAIN, Decision.GIVE_UP},
    State.FAILED: {Decision.AGAIN},
    State.WAITING: {Decision.GIVE_UP},
}


@pytest.mark.parametrize("decision", list(Decision))
@pytest.mark.parametrize("state", list(State))
def test_decision_then_it_is_open_in_some_states_and_refused_in_all_others(state, decision):
    operator, letter = an_operator(), a_troubled(state)
    allowed = decision in OPEN.get(state, set())
    assert (decision in decisions_for(letter)) == allowed
    if allowed:
        assert decide(letter, decision, by=operator).state == OUTCOMES[decision]
    else:
        with pytest.raises(RefusedError):
            decide(letter, decision, by=operator)
    letter.refresh_from_db()
    assert letter.state == (OUTCOMES[decision] if allowed else state)
    assert (letter.settled_by, bool(letter.settled_at)) == ((operator, True) if allowed else (None, False))


def test_send_again_then_the_letter_leaves_once_and_counts_anew(client, operator):
    letter = a_troubled(State.FAILED)
    Letter.objects.update(attempts=17)
    assert settle(client, letter, "again").status_code == 302
    work()
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.error) == (State.SENT, 1, "")
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("decision", ["arrived", "give-up"])
def test_letter_when_settled_then_nothing_is_sent(client, operator, decision):
    letter = a_troubled(State.UNCLEAR)
    settle(client, letter, decision)
    work()
    assert mail.outbox == []


@pytest.mark.parametrize("decision", ["arrived", "give-up"])
def test_secret_when_settled_then_its_text_is_gone(client, operator, decision):
    letter = a_troubled(State.UNCLEAR, secret=True)
    settle(client, letter, decision)
    letter.refresh_from_db()
    assert letter.text == ""


def test_secret_when_failed_then_it_cannot_be_sent_again(client, operator):
    letter = a_letter("erika@example.org", secret=True)
    settle(client, letter, "give-up")
    settle(client, letter, "again")
    work()
    letter.refresh_from_db()
    assert (letter.state, letter.text) == (State.FAILED, "")
    assert mail.outbox == []


def test_letter_without_an_address_then_it_cannot_be_sent_again():
    """As it is left of a person who was erased."""
    letter = a_troubled(State.UNCLEAR)
    Letter.objects.update(address="")
    letter.refresh_from_db()
    assert decisions_for(letter) == [Decision.ARRIVED, Decision.GIVE_UP]


def test_decision_when_the_letter_has_moved_on_then_nothing_changes_and_one_is_told(client, operator):
    letter = a_troubled(State.UNCLEAR)
    settle(client, letter, "arrived")
    with translation.override("en"):
        page = client.post(
            reverse("outbox:settle", args=[letter.pk]), {"decision": "again"}, follow=True
        ).content.decode()
    assert "Nothing was changed. The state of this letter by now: sent." in page
    work()
    assert mail.outbox == []


def test_decision_then_only_operators_make_it_and_only_by_post(client, erika):
    letter = a_troubled(State.UNCLEAR)
    assert settle(client, letter, "arrived").status_code == 404
    client.force_login(an_operator())
    assert client.get(reverse("outbox:settle", args=[letter.pk])).status_code == 405
    assert settle(client, letter, "nonsense").status_code == 400
    letter.refresh_from_db()
    assert letter.state == State.UNCLEAR


def test_decision_then_one_goes_on_where_the_button_was_but_never_elsewhere(client, operator):
    letter = a_troubled(State.UNCLEAR)
    here = reverse("outbox:list") + "?state=unclear"
    assert settle(client, letter, "arrived", next=here).headers["Location"] == here
    assert settle(client, letter, "arrived", next="https://evil.example/").headers["Location"] == reverse("outbox:list")


def test_outbox_then_as_many_queries_for_one_as_for_three(client, operator):
    client.get(reverse("outbox:list"))
    counts = set()
    for rows in (1, 3):
        for number in range(rows):
            a_troubled(State.UNCLEAR, f"{rows} {number}")
            DailyRun.objects.create(duty=f"duty {number}", started_at=timezone.now())
        counts.add(queries(client, reverse("outbox:list")))
    ((_all, own),) = counts
    assert own == 6
