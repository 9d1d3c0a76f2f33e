"""Letters as they are written: for whom, in which language, when, once; and what is made of their text."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from network import daily, digest
from network.letter_mail import as_html
from network.models import BarrierReport, Letter, User
from network.outbox import counted, post
from tests.letters import let_time_pass, work, work_left
from tests.network.people import a_person

pytestmark = pytest.mark.django_db
State, Urgency = Letter.State, Letter.Urgency


def a_report(**values):
    return BarrierReport.objects.create(text=values.pop("text", "Die Karte geht nicht."), **values)


def a_letter(to, key="barrier:1", *, report=None, **values):
    return post("barrier", to=to, context={"report": report or a_report()}, key=key, **values)


def test_letter_when_worked_off_then_the_mail_holds_text_html_and_a_programs_headers(settings):
    settings.DEFAULT_FROM_EMAIL = "Städte <portal@example.org>"
    letter = a_letter(a_person("erika"), reply_to="max@example.org")
    work()
    letter.refresh_from_db()
    sent = mail.outbox[0].message()
    assert (letter.state, letter.attempts, letter.error) == (State.SENT, 1, "")
    assert timezone.now() - letter.sent_at < datetime.timedelta(minutes=1)
    assert sent["To"] == "erika@example.org"
    assert sent["Reply-To"] == "max@example.org"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Content-Language"] == "de"
    assert sent["Message-ID"] == f"<letter.{letter.pk}.{letter.created_at:%Y%m%d%H%M%S}@example.org>"
    assert sent["Subject"].startswith("Barriere gemeldet: Nr. ")
    text, page = (part.get_content() for part in sent.iter_parts())
    assert "Die Karte geht nicht." in text
    assert f"{settings.SITE_ADDRESS}/de/letters/" in text
    assert "<p>Was sich nicht nutzen lässt:<br>" in page
    assert '<html lang="de">' in page


@pytest.mark.parametrize(
    ("reads", "argument", "subject"),
    [("en", None, "Barrier reported"), ("de", "en", "Barriere gemeldet"), (None, "en", "Barrier reported"),
     (None, None, "Barriere gemeldet")],
)  # fmt: skip
def test_letter_then_it_is_in_the_readers_language_whatever_the_writers(reads, argument, subject):
    to = a_person("erika", language=reads) if reads else "erika@example.org"
    with translation.override("de" if reads == "en" else "en"):
        letter = a_letter(to, language=argument)
    assert letter.subject.startswith(subject)
    assert f"/{letter.language}/desk/network/barrierreport/" in letter.text


def test_letter_then_nothing_is_escaped_in_text_and_all_in_html():
    letter = a_letter("erika@example.org", report=a_report(text='Tom & <b>Jerry</b> "so" it\'s'))
    work()
    text, page = (part.get_content() for part in mail.outbox[0].message().iter_parts())
    assert 'Tom & <b>Jerry</b> "so" it\'s' in letter.text
    assert 'Tom & <b>Jerry</b> "so" it\'s' in text
    assert "Tom &amp; &lt;b&gt;Jerry&lt;/b&gt;" in page


def test_same_key_then_nothing_new_is_written_and_the_first_letter_comes_back():
    erika = a_person("erika")
    first = a_letter(erika, key="returned:17:3")
    again = a_letter(erika, key="returned:17:3", report=a_report(text="Etwas anderes"))
    assert again == first
    assert Letter.objects.get() == first
    work()
    assert len(mail.outbox) == 1


def test_transaction_when_rolled_back_then_no_letter_and_no_work_is_left():
    erika = a_person("erika")
    with transaction.atomic():
        a_letter(erika)
        transaction.set_rollback(True)
    work()
    assert not Letter.objects.exists()
    assert not DBTaskResult.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize("to", ["", "closed"])
def test_nobody_to_write_to_then_no_letter(to):
    reader = a_person("zu", is_active=False) if to == "closed" else to
    assert a_letter(reader) is None
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["erika@example.org\nBcc: all@example.org", "erika@example.org, max@example.org", "Erika <erika@example.org>", "x"],
)
@pytest.mark.parametrize("field", ["to", "reply_to"])
def test_address_that_is_more_than_an_address_then_it_is_refused(address, field):
    with pytest.raises(ValidationError):
        a_letter(**({"to": "max@example.org"} | {field: address}))
    assert not Letter.objects.exists()


def test_person_with_a_header_in_the_name_then_only_the_address_is_used():
    a_letter(User.objects.create_user("erika@example.org", name="E\r\nBcc: all@example.org"))
    work()
    sent = mail.outbox[0].message()
    assert (sent["To"], sent["Bcc"], sent["Cc"]) == ("erika@example.org", None, None)


def test_subject_with_line_breaks_in_a_persons_words_then_no_header_comes_of_them(settings, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "trial.txt").write_text("{{ words }}\n\nText")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    letter = post("trial", to="a@example.org", context={"words": "Eins\r\nBcc: all@example.org"}, key="1")
    work()
    sent = mail.outbox[0].message()
    assert letter
    assert (letter.subject, sent["Subject"], sent["Bcc"]) == ("Eins", "Eins", None)
    assert letter.text == "Bcc: all@example.org\n\nText"


def test_letter_not_before_then_it_waits_and_is_not_shown():
    erika = a_person("erika")
    letter = a_letter(erika, not_before=timezone.now() + datetime.timedelta(hours=3))
    work()
    assert mail.outbox == []
    assert work_left() == [(180, [letter.pk])]
    assert not Letter.objects.visible_to(erika).exists()
    Letter.objects.update(not_before=timezone.now())
    let_time_pass()
    work()
    assert len(mail.outbox) == 1
    assert Letter.objects.visible_to(erika).get() == letter


def test_secret_when_sent_then_its_text_is_gone_and_it_is_shown_to_nobody():
    erika = a_person("erika")
    letter = a_letter(erika, report=a_report(text="Code 123456"), secret=True)
    assert "123456" in letter.text
    assert not Letter.objects.visible_to(erika).exists()
    work()
    letter.refresh_from_db()
    assert "123456" in mail.outbox[0].body
    assert (letter.state, letter.text) == (State.SENT, "")


def test_visible_then_only_the_own_ones():
    erika, max_ = a_person("erika"), a_person("max")
    own = a_letter(erika, key="1")
    a_letter(max_, key="2")
    a_letter("erika@example.org", key="3")
    assert list(Letter.objects.visible_to(erika)) == [own]


@pytest.mark.parametrize(
    ("wants", "urgency", "state"),
    [
        (User.Letters.AT_ONCE, Urgency.CASE, State.WAITING),
        (User.Letters.DAILY, Urgency.CASE, State.GATHERED),
        (User.Letters.NEVER, Urgency.CASE, State.WITHHELD),
        (User.Letters.DAILY, Urgency.DEADLINE, State.WAITING),
        (User.Letters.NEVER, Urgency.DEADLINE, State.WAITING),
        (User.Letters.DAILY, Urgency.ACCOUNT, State.WAITING),
        (User.Letters.NEVER, Urgency.ACCOUNT, State.WAITING),
    ],
)
def test_letter_then_the_readers_choice_holds_for_cases_and_for_nothing_else(wants, urgency, state):
    erika = a_person("erika", letters=wants)
    letter = a_letter(erika, urgency=urgency)
    assert letter.state == state
    work()
    assert len(mail.outbox) == (state == State.WAITING)
    assert Letter.objects.visible_to(erika).get() == letter


# --- one letter a day


def window(days=0):
    now = timezone.now() + datetime.timedelta(days=days)
    return daily.Window(since=now - daily.DAY, now=now)


def test_gathered_letters_when_the_day_is_over_then_one_letter_lists_them_in_the_readers_language():
    erika = a_person("erika", letters=User.Letters.DAILY, language="en")
    letters = [a_letter(erika, key=str(number)) for number in range(2)]
    with translation.override("de"):
        digest.gather(window())
    work()
    assert [message.subject for message in mail.outbox] == ["2 letters for you"]
    text, page = (part.get_content() for part in mail.outbox[0].message().iter_parts())
    for letter in letters:
        assert letter.subject in text
        assert f"/en/letters/{letter.pk}/" in text
        assert f'/en/letters/{letter.pk}/"' in page
    assert page.count("<li>") == 2
    assert set(Letter.objects.filter(state=State.GATHERED).values_list("digest__kind", flat=True)) == {"digest"}


def test_gathered_letters_when_the_job_runs_again_then_none_goes_twice_and_later_ones_the_next_day():
    erika = a_person("erika", letters=User.Letters.DAILY)
    a_letter(erika, key="1")
    digest.gather(window())
    digest.gather(window())
    late = a_letter(erika, key="2")
    digest.gather(window())
    assert Letter.objects.filter(kind="digest").count() == 1
    digest.gather(window(days=1))
    digests = Letter.objects.filter(kind="digest").order_by("pk")
    assert [[letter.key for letter in one.gathered.all()] for one in digests] == [["1"], [late.key]]


def test_gathered_letters_then_those_of_others_and_those_not_yet_due_stay_out():
    erika, max_ = (a_person(name, letters=User.Letters.DAILY) for name in ("erika", "max"))
    a_letter(erika, key="1")
    a_letter(max_, key="2")
    a_letter(erika, key="3", not_before=timezone.now() + datetime.timedelta(hours=2))
    digest.gather(window())
    gathered = {one.to: [letter.key for letter in one.gathered.all()] for one in Letter.objects.filter(kind="digest")}
    assert gathered == {erika: ["1"], max_: ["2"]}


@pytest.mark.parametrize("change", [{"letters": User.Letters.NEVER}, {"is_active": False}])
def test_gathered_letters_when_the_reader_wants_none_any_more_then_they_stay_in_the_portal(change):
    erika = a_person("erika", letters=User.Letters.DAILY)
    letter = a_letter(erika)
    User.objects.update(**change)
    digest.gather(window())
    letter.refresh_from_db()
    assert letter.state == State.WITHHELD
    assert not Letter.objects.filter(kind="digest").exists()


def test_counted_then_only_new_letters_of_the_block():
    a_letter("a@example.org", key="1")
    with counted() as letters:
        a_letter("a@example.org", key="1")
        new = a_letter("b@example.org", key="2")
    a_letter("c@example.org", key="3")
    assert letters == [new]


# --- HTML from text


def test_text_then_paragraphs_lists_lines_and_links_become_html():
    text = "Eins\nzwei\n\n- a\n  https://x.example/?a=1&b=2.\n- b\nDanach <i>\n\n  \n\nEnde"
    assert as_html(text) == (
        "<p>Eins<br>\nzwei</p>\n"
        '<ul><li>a<br>\n<a href="https://x.example/?a=1&amp;b=2" rel="external">https://x.example/?a=1&amp;b=2</a>.</li>'
        "<li>b</li></ul>\n"
        "<p>Danach &lt;i&gt;</p>\n"
        "<p>Ende</p>"
    )


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", '"><script>alert(1)</script>', "https://x.example/\"onclick='a'"]
)
def test_text_that_would_be_code_then_it_stays_text(text):
    page = as_html(text)
    assert "<script" not in page
    assert 'href="javascript' not in page
    assert '"onclick' not in page.replace("&quot;", "")
