"""The log as evidence: a changed byte is named, the database refuses to alter it, erasing words leaves it whole."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from applications.log import faults
from applications.models import Application, Event, EventNote, PackVersion, Submission
from applications.workflow import State
from tests.factories_applications import an_application

pytestmark = pytest.mark.django_db
TABLES = ["applications_event", "applications_submission", "applications_packversion"]


def tamper(statement: str, *values: str | int) -> None:
    """What only the owner of the tables could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table with a check still to come can be altered
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER refuse_change")
        cursor.execute(statement, values)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER refuse_change")


def verified() -> tuple[list[str], bool]:
    """What `verify_log` says, line by line, and whether all is well."""
    out = io.StringIO()
    try:
        call_command("verify_log", stdout=out)
    except CommandError:
        return out.getvalue().splitlines(), False
    return out.getvalue().splitlines(), True


@pytest.mark.parametrize("state", State.values)
def test_log_when_nothing_was_altered_then_everything_fits_in_every_state(state):
    an_application(state)
    assert verified() == (["Everything fits."], True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("at = at + interval '1 microsecond'", "its content does not fit its hash"),
        ("actor_id = (SELECT max(id) FROM network_user)", "its content does not fit its hash"),
        ("role = 'editor'", "its content does not fit its hash"),
        ("kind = 'review'", "its content does not fit its hash"),
        ("data = jsonb_set(data, '{receipt}', '\"GNLC-2027-000001-2\"')", "its content does not fit its hash"),
        ("hash = 'x' || substr(hash, 2)", "its content does not fit its hash"),
        ("previous = 'x' || substr(previous, 2)", "does not name the hash of the event before"),
    ],
)
def test_log_when_a_byte_of_an_event_was_changed_then_it_is_named(change, said):
    application = an_application(State.IN_REVIEW)
    event = application.events.get(kind="submit")
    tamper(f"UPDATE applications_event SET {change} WHERE id = %s", event.pk)  # noqa: S608 - from the table above
    found, is_well = verified()
    assert not is_well
    assert f"event {Event.objects.get(pk=event.pk)}: {said}" in found


def test_log_when_an_event_was_made_to_fit_again_then_the_next_one_betrays_it():
    application = an_application(State.IN_REVIEW)
    event = application.events.get(kind="submit")
    event.role = "editor"
    tamper("UPDATE applications_event SET role = 'editor', hash = %s WHERE id = %s", event.computed_hash(), event.pk)
    assert verified()[0][0].endswith("does not name the hash of the event before")


def test_log_when_an_event_was_taken_out_then_the_gap_is_named():
    application = an_application(State.IN_REVIEW)
    event = application.events.get(kind="endorsement_recorded")
    tamper("DELETE FROM applications_event WHERE id = %s", event.pk)
    found, is_well = verified()
    assert not is_well
    assert f"follows number {event.sequence - 1} of its application" in found[0]


def test_log_when_the_last_event_was_taken_out_then_the_state_betrays_it():
    application = an_application(State.IN_REVIEW)
    last = application.events.last()
    assert last is not None
    EventNote.objects.filter(event=last).delete()
    tamper("DELETE FROM applications_event WHERE id = %s", last.pk)
    assert verified()[0] == [
        f"application {application.pk}: its state is 'in_review', but its last event says 'submitted'"
    ]


def test_log_when_a_state_was_written_past_it_then_it_is_named():
    application = an_application(State.SUBMITTED)
    Application.objects.filter(pk=application.pk).update(state=State.ADMITTED)
    assert verified()[0] == [
        f"application {application.pk}: its state is 'admitted', but its last event says 'submitted'"
    ]


def test_log_when_the_words_of_a_note_were_changed_or_are_gone_then_it_is_named():
    application = an_application(State.RETURNED)
    event = application.events.get(kind="return")
    EventNote.objects.filter(event=event).update(text="Bitte nicht ergänzen.")
    assert verified()[0] == [f"event {event}: its note was changed"]
    EventNote.objects.filter(event=event).delete()
    assert verified()[0] == [f"event {event}: its note is missing"]


def test_log_when_a_note_was_erased_then_the_chain_stays_whole():
    application = an_application(State.RETURNED)
    EventNote.objects.filter(event__application=application).update(text="", erased_at=timezone.now())
    assert verified() == (["Everything fits."], True)


def test_log_when_a_byte_of_a_submission_was_changed_then_it_is_named():
    application = an_application(State.SUBMITTED)
    submission = application.submissions.get()
    tamper(
        "UPDATE applications_submission SET content = jsonb_set(content, '{answers,vision}', '\"Lernen.\"') "
        "WHERE id = %s",
        submission.pk,
    )
    assert verified()[0] == [f"submission {submission}: its content does not fit its fingerprint"]


def test_log_when_a_submission_was_taken_out_or_made_up_then_it_is_named():
    application = an_application(State.SUBMITTED)
    submission = application.submissions.get()
    tamper("DELETE FROM applications_submission WHERE id = %s", submission.pk)
    assert verified()[0] == [f"application {application.pk}: an event tells of submission 1, which is not there"]
    submission.pk = None
    submission.number = 2
    submission.save(force_insert=True)
    assert f"submission {submission}: no event of its application tells of it" in list(faults())


@pytest.mark.parametrize("model", [Event, Submission, PackVersion])
@pytest.mark.parametrize("act", ["save", "delete", "sql"])
def test_database_then_it_refuses_to_alter_evidence(model, act):
    an_application(State.SUBMITTED)
    row = model.objects.first()

    def by_sql():
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {model._meta.db_table} SET id = id + 1000")  # noqa: S608 - a model's table

    acts = {
        "save": row.save,
        "delete": lambda: model.objects.filter(pk=row.pk)._raw_delete(using="default"),
        "sql": by_sql,
    }
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
        acts[act]()
    assert model.objects.filter(pk=row.pk).exists()
