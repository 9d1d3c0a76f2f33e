"""Endorsements that others than the city give after the submission: recorded by the coordination, with their paper or
without."""

import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import log
from applications.actions import MoveNotAllowedError
from applications.actions.documents import keep_row, kept
from applications.actions.drafting import locked
from applications.documents import SHEET
from applications.freezing import as_submitted
from applications.models import Application, Document, Endorsement, Event
from applications.models.document import SHEETS
from applications.pack import fingerprint
from applications.permissions import roles_of
from applications.workflow import GONE, Role
from network.documents import inspect
from network.models import User


def record_outside(
    application: Application,
    link: str,
    *,
    signed_on: datetime.date,
    signatory: str,
    office: str,
    upload: UploadedFile | None,
    by: User,
) -> Endorsement:
    """Records that an office outside the city has endorsed what was submitted last, and keeps its paper where there is
    one. Who may: whoever coordinates the application. A later record of the same link replaces the earlier one, which
    is kept.

    Writes one event. Raises KeyError for a link that the city itself gives, RefusedError with a sentence for the
    reader; then nothing has changed and no file stays behind.
    """
    _refuse(application, signed_on, signatory, by)
    if upload is None:
        with transaction.atomic():
            return _recorded(application, link, None, signed_on, signatory, office, by)
    facts = inspect(upload, SHEET)
    with kept(upload) as path, transaction.atomic():
        document = keep_row(locked(application), f"{SHEETS}{link}", facts, path, by=by)
        return _recorded(application, link, document, signed_on, signatory, office, by)


def _recorded(
    application: Application,
    link: str,
    document: Document | None,
    signed_on: datetime.date,
    signatory: str,
    office: str,
    by: User,
) -> Endorsement:
    now = locked(application)
    _refuse(now, signed_on, signatory, by)
    latest = now.submissions.first()
    assert latest is not None
    latest.application = now
    file = as_submitted(latest)
    covered = file.covered({one.key: one for one in file.pack.endorsements if not one.by_city}[link])
    moment = timezone.now()
    given = Endorsement.objects.create(
        application=now,
        link=link,
        covered=covered,
        sha256=fingerprint(covered),
        prepared_at=moment,
        prepared_by=by,
        document=document,
        signed_on=signed_on,
        signatory=signatory.strip(),
        office=office.strip(),
        recorded_at=moment,
        recorded_by=by,
    )
    data = {"link": link, "sha256": given.sha256, "document": document.sha256 if document else ""}
    log.record(now, Event.Kind.ENDORSED, by=by, role=Role.COORDINATOR, data=data)
    return given


def _refuse(application: Application, signed_on: datetime.date, signatory: str, by: User) -> None:
    if Role.COORDINATOR not in roles_of(by, application) or application.state in GONE:
        raise MoveNotAllowedError(_("Only the coordination of this application may do this."))
    if application.submitted_at is None:
        raise MoveNotAllowedError(_("Nothing has been submitted yet that could be endorsed."))
    zone = application.call.zone_info
    if signed_on > timezone.localdate(timezone=zone):
        raise MoveNotAllowedError(_("The signature cannot be from the future. Check the date."))
    if signed_on < timezone.localdate(application.submitted_at, timezone=zone):
        raise MoveNotAllowedError(_("The signature cannot be older than what was submitted. Check the date."))
    if not signatory.strip():
        raise MoveNotAllowedError(_("Give the name of the person who has signed."))
