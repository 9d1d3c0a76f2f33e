"""A thousand hostile submissions: four hundred through the whole stack, the others through its forms and actions, which
takes a third of the time. None leaves a trace in public, makes the portal write to people who did not ask, or makes a
page slow."""

import random
from collections import Counter

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exchange.actions import alerts, proposing, suggesting
from exchange.actions.acting import ExchangeRefusedError
from exchange.actions.braking import OF_ALL_PER_HOUR, UNASKED_A_DAY, brake, has_asked, mailbox
from exchange.actions.reporting import HIDDEN_PER_DAY
from exchange.format import whole
from exchange.forms import ProposalForm
from exchange.forms_places import BeginForm
from exchange.forms_public import AlertForm, SuggestionForm
from exchange.models import Practice, Proposal, Report, SavedSearch
from exchange.views.answering import done
from network.models import Letter
from tests.exchange.test_visitors import begun
from tests.factories import Role, a_city, a_country, a_member, a_network, a_person
from tests.factories_exchange import a_practice, a_programme, a_proposal

pytestmark = pytest.mark.django_db
WORD = "Qwyxal"  # in every text; nothing else says it
SUGGESTIONS, ALERTS, REPORTS, PROPOSALS = 600, 200, 100, 100
BY_REQUEST = {"suggestion": 3, "alert": 2}  # one in so many comes as a request
TEXTS = [
    f"<script>alert('{WORD}')</script>",
    f'"><img src=x onerror=alert(1)> {WORD}',
    f"{{{{ 7|add:7 }}}} {{% debug %}} {WORD}",
    f"'; DROP TABLE exchange_practice; -- {WORD}",
    f"{WORD} " + " ".join(f"https://spam.example/{number}" for number in range(12)),
    WORD * 20_000,
    f"{WORD}\0{WORD}",
    f"\u202e{WORD}\u2066 drehung",
    "\u200b\u2060\ufeff" * 60 + WORD,
    WORD + "\u0301\u0489" * 200,
    f"L\u043er\u0435m \u0456psum d\u043elor sit amet {WORD}",
    f"{WORD}\r\nBcc: opfer@example.org\r\n\r\nKauft!",
    f"\U000e0041\U000e0042 {WORD} \U0001f468\u200d\U0001f469",
    f"javascript:alert('{WORD}')",
    f'=HYPERLINK("https://spam.example","{WORD}")',
]
ADDRESSES = [
    "opfer@example.org", "Opfer@Example.org", "opfer+{number}@example.org", "person{number}@example.org",
    "person{number}@example.org\nBcc: opfer@example.org", "\"a\r\nBcc: b@example.org\"@example.org",
    "person{number}@example.org\0", f"{WORD}@example.org",
]  # fmt: skip
NETWORKS = ["10.0.0.{last}", "10.{middle}.0.7", "2001:db8::{last}", "203.0.113.9"]
PAGES = ("/de/practices/", "/en/practices/", f"/de/practices/?q={WORD}", "/de/practices/?view=map", "/de/",
         "/de/programmes/", "/de/programmes/reihe/", "/de/cities/bonn/", "/de/cities/?q=" + WORD)  # fmt: skip
FILES = ("/de/practices/?format=csv", "/de/practices/?format=json", "/de/practices/?format=atom",
         "/de/practices/?format=points", "/sitemap-practices.xml")  # fmt: skip


def hostile(chance: random.Random, number: int) -> dict[str, str]:
    """The entries of a suggestion, as a program would send them that knows the traps."""
    text = chance.choice(TEXTS)
    return {
        "title": text,
        "authority": chance.choice(["Bonn", text, "Bonn, Deutschland"]),
        "country": chance.choice(["FR", "FR", "XX"]),
        "summary": chance.choice(TEXTS),
        "source_url": chance.choice(
            ["https://spam.example/", f"javascript:alert('{WORD}')", f"https://x.example/{WORD}"]
        ),
        "email": chance.choice(ADDRESSES).format(number=number % 150),
        "homepage": "" if number % 10 else "https://spam.example/",
        "begun": begun(60) if number % 7 else "erfunden",
    }


def sent_from(chance: random.Random, number: int) -> dict[str, str]:
    address = chance.choice(NETWORKS).format(last=1 + number % 250, middle=number % 250)
    return {"x-forwarded-for": address}


@pytest.fixture
def portal():
    """A public portal with thirty practices, and somebody who checks."""
    gnlc = a_network("gnlc")
    bonn = a_member("bonn", gnlc)
    a_country("FR")
    a_programme("reihe")
    for number in range(30):
        a_practice(f"p-{number}", city=bonn)
    waiting = a_city("koeln")
    for number in range(3):
        a_proposal(waiting, state="proposed", title_de=f"Wartet {number}")
    return a_person(Role.COORDINATOR, network=gnlc)


def queries(client, address: str) -> int:
    client.get(address)  # what is kept of networks and countries is read already
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def _suggest(client, chance, number):
    """The status of the answer; of what comes not as a request, the one it would have."""
    entries, headers = hostile(chance, number), sent_from(chance, number)
    if number % BY_REQUEST["suggestion"] == 0:
        return client.post("/de/practices/suggest/", entries, headers=headers).status_code
    form = SuggestionForm(entries)
    sender = headers["x-forwarded-for"]
    return 200 if done(form, lambda: suggesting.suggest(**form.values, sender=sender)) else 422


def _ask_for_alerts(client, chance, number):
    query = f"q={chance.choice(TEXTS)[:3000]}&theme=learning&theme={WORD}"
    entries, headers = hostile(chance, number) | {"query": query}, sent_from(chance, number)
    if number % BY_REQUEST["alert"] == 0:
        return client.post("/de/practices/alerts/", entries, headers=headers).status_code
    form = AlertForm(entries)
    words = {"query": alerts.plain_query(QueryDict(query)), "language": "de", "sender": headers["x-forwarded-for"]}
    return 200 if done(form, lambda: alerts.ask_for(email=form.cleaned_data["email"], **words)) else 422


def test_a_thousand_hostile_submissions_then_no_public_trace_no_letters_to_strangers_and_no_slow_page(client, portal):
    chance = random.Random(4711)
    files = {path: client.get(path).getvalue() for path in FILES}
    client.force_login(portal)
    before = queries(client, reverse("exchange:moderation"))
    client.logout()
    answers: Counter[int] = Counter()
    for number in range(SUGGESTIONS):
        answers[_suggest(client, chance, number)] += 1
    for number in range(ALERTS):
        answers[_ask_for_alerts(client, chance, number)] += 1
    assert set(answers) == {200, 422}

    # nobody has confirmed anything, so nothing of it is anywhere but where it waits to be forgotten
    assert {path: client.get(path).getvalue() for path in FILES} == files
    for path in PAGES:
        text = client.get(path).getvalue().decode().replace(f'value="{WORD}"', "").replace(f"q={WORD}", "")
        assert (path, text.count(WORD)) == (path, text.count(f"„{WORD}“"))
    assert Proposal.objects.moderated_by(portal).filter(title__contains=WORD).count() == 0
    letters = list(Letter.objects.all())
    assert {letter.kind for letter in letters} == {"practice_confirm", "alert_confirm"}
    assert all(WORD.lower() not in f"{one.subject}{one.text}".lower() for one in letters)
    assert not any("\n" in one.address or "\r" in one.address or "\0" in one.address for one in letters)
    assert max(Counter(mailbox(one.address) for one in letters).values()) == UNASKED_A_DAY
    assert len(letters) <= 2 * OF_ALL_PER_HOUR
    assert Proposal.objects.filter(state="unconfirmed").count() + SavedSearch.objects.count() == len(letters)
    client.force_login(portal)
    assert queries(client, reverse("exchange:moderation")) == before
    client.logout()
    _reports(client, portal, chance)
    _accounts(client, portal, chance, before)


def _reports(client, coordinator, chance) -> None:
    """Reports hide what they are about, which is meant, but never more than twenty practices a day; their words stay
    with who checks them, who gets a letter for each of these practices."""
    for number in range(REPORTS):
        entries = {"text": chance.choice(TEXTS), "begun": begun(60)}
        address = f"/de/practices/p-{number % 30}/report/"
        answer = client.post(address, entries, headers=sent_from(chance, number))
        assert answer.status_code in {302, 404, 422}
    assert Report.objects.exists()
    assert 30 - HIDDEN_PER_DAY <= Practice.objects.published().count() < 30
    told = Letter.objects.filter(kind="practice_reported")
    assert {letter.to for letter in told} == {coordinator}
    assert told.count() <= HIDDEN_PER_DAY
    for path in (*PAGES, *FILES):
        text = client.get(path).getvalue().decode().replace(f'value="{WORD}"', "").replace(f"q={WORD}", "")
        assert (path, text.count(WORD)) == (path, text.count(f"„{WORD}“"))


def _accounts(client, coordinator, chance, before: int) -> None:
    """Five people with confirmed accounts, each with a fifth of the proposals: what only fills a place never reaches
    the queue, the rest stands there as plain text, and the queue stays as quick and as short as before."""
    people = [a_person(Role.NEWCOMER) for _ in range(5)]
    refused: list[str] = []
    for number in range(PROPOSALS):
        person, text = people[number % 5], chance.choice(TEXTS).replace("\0", "")
        place = BeginForm(person, {"title": text[:200], "original_language": "de", "authority": "Ort", "country": "FR"})
        assert place.is_valid()
        made = proposing.begin(by=person, title=place.cleaned_data["title"], original_language="de", **place.place)
        now = whole(made.values)
        words = {"summary_de": text[:600], "measures_de": text[:5000], "theme": "learning", "title_de": made.title}
        form = ProposalForm(
            {"original_language": "de", "licence": "CC BY 4.0", "contact_email": text, **words}, now=now
        )
        assert list(form.errors) == ["contact_email"]
        proposing.save(made, by=person, seen=now, values=form.values)
        try:
            proposing.propose(Proposal.objects.get(pk=made.pk), by=person)
        except ExchangeRefusedError as refusal:
            refused.append(refusal.for_reader)
    with pytest.raises(ExchangeRefusedError):
        proposing.begin(by=people[0], title="Noch eins", original_language="de", authority="Ort", country=a_country())
    assert 0 < len(refused) < PROPOSALS / 2
    assert all("füllt" in sentence for sentence in refused)
    client.force_login(coordinator)
    address = reverse("exchange:moderation")
    assert queries(client, address) == before
    page = client.get(address).content.decode()
    assert (page.count('class="work-row"') <= 150, len(page) < 400_000) == (True, True)
    assert [
        bad for bad in ("<script>alert", "onerror=alert(1)>", "\u202e", "\0") if bad in page.replace("&lt;", "§")
    ] == []
    client.logout()
    assert not Letter.objects.exclude(to=None).exclude(to=coordinator).exists()
    for path in (*PAGES, *FILES):
        text = client.get(path).getvalue().decode().replace(f'value="{WORD}"', "").replace(f"q={WORD}", "")
        assert (path, text.count(WORD)) == (path, text.count(f"„{WORD}“"))


def test_letters_to_one_mailbox_when_it_has_asked_before_then_a_few_a_day_and_else_one_from_all_forms_together():
    brake("suggestion", sender="10.1.0.1", email="liest@example.org")
    for what, address in (("suggestion", "Liest@example.org"), ("alert", "liest+neu@example.org")):
        with pytest.raises(ExchangeRefusedError) as refused:
            brake(what, sender="10.2.0.1", email=address)
        assert refused.value.field == "email"
    assert not has_asked("fragt@example.org")
    a_proposal(a_city("bonn"), state="proposed", email="fragt@example.org")
    for number in range(5):
        brake("alert", sender=f"10.{number}.0.1", email="Fragt@example.org")
    with pytest.raises(ExchangeRefusedError):
        brake("alert", sender="10.9.0.1", email="fragt@example.org")


@pytest.mark.parametrize(
    ("senders", "passed"),
    [
        ([f"10.0.0.{number}" for number in range(30)], 20),  # many lines of one network
        ([f"2001:db8::{number}" for number in range(30)], 5),  # one household
        ([f"2001:db8:0:{number:x}::1" for number in range(30)], 20),
        ([f"10.{number}.0.1" for number in range(120)], 100),
    ],
)
def test_brake_when_many_lines_of_one_network_send_then_they_count_together(senders, passed):
    came_through = 0
    for number, sender in enumerate(senders):
        try:
            brake("suggestion", sender=sender, email=f"n{number}@example.org")
            came_through += 1
        except ExchangeRefusedError:
            continue
    assert came_through == passed
