"""All that belongs to one application, as the pages of a case read it: in one statement of fixed shape."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Document, Endorsement, Submission
from network.models import Letter, User

type Row = Mapping[str, Any]  # of the database, as JSON: moments and days as text


@dataclass(frozen=True)
class Facts:
    """What is known of one application, its own work on a draft too: pages choose what their reader may read. Rows
    name a person as `called` takes them. Of submissions, documents, endorsements and letters there are only the columns
    that pages show."""

    application: Application
    submissions: list[Submission]  # the latest first
    marks: Mapping[int, list[Row]]  # of their formal checks, by number of the submission
    documents: list[Document]  # all that it ever had, the earliest first
    endorsements: list[Endorsement]  # also those only prepared, the earliest first, each with its document
    letters: list[Letter]  # that have gone out and hold no code, the latest first
    events: list[Row]  # the latest first, with `note` and, where it made a decision known, `outcome`
    comments: list[Row]  # the earliest first
    flags: list[Row]  # open ones first and by their day


def facts_of(application: Application) -> Facts:
    """Asks for everything at once. Whether somebody may read it was decided before. One query."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS, {"case": application.pk, "now": timezone.now()})
        found = json.loads(cursor.fetchone()[0])
    documents = [_made(Document, row) for row in found["documents"]]
    by_number = {one.pk: one for one in documents}
    endorsements = [_made(Endorsement, row) for row in found["endorsements"]]
    for endorsement in endorsements:
        if endorsement.document_id in by_number:
            endorsement.document = by_number[endorsement.document_id]
    submissions = [_made(Submission, row) for row in found["submissions"]]
    for submission in submissions:
        submission.application = application
    return Facts(
        application=application,
        submissions=submissions,
        marks={row["number"]: row["marks"] for row in found["submissions"]},
        documents=documents,
        endorsements=endorsements,
        letters=[_made(Letter, row) for row in found["letters"]],
        events=found["events"],
        comments=found["comments"],
        flags=found["flags"],
    )


def _made[M: Model](model: type[M], row: Row) -> M:
    """What the row says, and the people it names; other columns are read when somebody asks for them."""
    fields = [field for field in model._meta.concrete_fields if field.attname in row]
    values = [field.to_python(row[field.attname]) for field in fields]
    made = model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values)
    for field in fields:
        if field.related_model is User and row.get(field.name):
            setattr(made, field.name, _made(User, row[field.name]))
    return made


def called(person: Row | None) -> str:
    """A person in a row as models.User calls itself; nothing where there is none."""
    if person is None:
        return ""
    return _("deleted person") if person["deleted_at"] else str(person["name"] or person["email"])


# A person whose number stands in a column.
PERSON = "(SELECT row_to_json(p) FROM (SELECT id, name, email, deleted_at FROM network_user WHERE id = {}) AS p)"
person = PERSON.format
FACTS = f"""
SELECT json_build_object(
'submissions', ARRAY(SELECT row_to_json(one) FROM (
  SELECT s.id, s.application_id, s.number, s.receipt, s.content, s.sha256, s.submitted_at, s.submitted_by_id,
    {person("s.submitted_by_id")} AS submitted_by,
    ARRAY(SELECT row_to_json(mark) FROM (
      SELECT check_key AS key, verdict, note, version, at, {person("m.by_id")} AS by
      FROM applications_checkmark m WHERE submission_id = s.id ORDER BY check_key) AS mark) AS marks
  FROM applications_submission s WHERE s.application_id = %(case)s ORDER BY s.number DESC) AS one),
'documents', ARRAY(SELECT row_to_json(one) FROM (
  SELECT id, application_id, question, name, kind, size, sha256, pages, virus_checked, uploaded_at, uploaded_by_id,
    {person("d.uploaded_by_id")} AS uploaded_by, removed_at, removed_by_id, {person("d.removed_by_id")} AS removed_by
  FROM applications_document d WHERE application_id = %(case)s ORDER BY uploaded_at, id) AS one),
'endorsements', ARRAY(SELECT row_to_json(one) FROM (
  SELECT id, application_id, link, sha256, document_id, signed_on, signatory, office, recorded_at
  FROM applications_endorsement WHERE application_id = %(case)s ORDER BY id) AS one),
'letters', ARRAY(SELECT row_to_json(one) FROM (
  SELECT l.id, l.kind, l.key, l.to_id, l.language, l.subject, l.text, l.created_at
  FROM network_letter l JOIN applications_application_letters a ON a.letter_id = l.id
  WHERE a.application_id = %(case)s AND NOT l.secret AND (l.not_before IS NULL OR l.not_before <= %(now)s)
  ORDER BY l.created_at DESC, l.id DESC) AS one),
'events', ARRAY(SELECT row_to_json(one) FROM (
  SELECT at, kind, role, new, data, {person("e.actor_id")} AS actor,
    (SELECT row_to_json(n) FROM (
      SELECT text, erased_at FROM applications_eventnote WHERE event_id = e.id) AS n) AS note,
    (SELECT row_to_json(o) FROM (
      SELECT reason_de, reason_en FROM applications_outcome WHERE event_id = e.id) AS o) AS outcome
  FROM applications_event e WHERE application_id = %(case)s ORDER BY sequence DESC) AS one),
'comments', ARRAY(SELECT row_to_json(one) FROM (
  SELECT kind, text, at, {person("c.by_id")} AS by
  FROM applications_comment c WHERE application_id = %(case)s ORDER BY at, id) AS one),
'flags', ARRAY(SELECT row_to_json(one) FROM (
  SELECT id, text, owner_id, {person("f.owner_id")} AS owner, due_on, raised_at,
    {person("f.raised_by_id")} AS raised_by, resolution, resolved_at, {person("f.resolved_by_id")} AS resolved_by
  FROM applications_flag f WHERE application_id = %(case)s ORDER BY resolved_at DESC NULLS FIRST, due_on, id) AS one)
)::text"""  # noqa: S608 - constants
