"""Endorsements on paper: a sheet is prepared, signed and stamped outside, scanned, and tied to what it covers."""

import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import log
from applications.actions import MoveNotAllowedError
from applications.actions.documents import keep_row, kept
from applications.actions.drafting import locked
from applications.documents import SHEET, inspect
from applications.freezing import file_of
from applications.models import Application, Document, Endorsement, Event
from applications.models.document import SHEETS
from applications.pack import fingerprint
from applications.permissions import may_write
from applications.workflow import Role
from network.models import User


def prepare_sheet(application: Application, link: str, *, by: User) -> Endorsement:
    """Freezes what a link of the chain is to sign, so that the printed sheet names it. Who may: the city's team,
    while the application can be written.

    Preparing again while nothing has changed gives the sheet that is there. Raises KeyError for an unknown link,
    MoveNotAllowedError where the application cannot be written.
    """
    links = {one.key: one for one in application.pack.endorsements if one.by_city}
    with transaction.atomic():
        now = locked(application)
        if not may_write(by, now):
            raise MoveNotAllowedError(_("This application cannot be changed now."))
        covered = file_of(now).covered(links[link])
        sha256 = fingerprint(covered)
        latest = now.endorsements.filter(link=link).first()
        if latest and latest.sha256 == sha256:
            return latest
        sheet = Endorsement.objects.create(
            application=now, link=link, covered=covered, sha256=sha256, prepared_at=timezone.now(), prepared_by=by
        )
        log.record(now, Event.Kind.SHEET_PREPARED, by=by, role=Role.EDITOR, data={"link": link, "sha256": sha256})
    return sheet


def record_sheet(
    sheet: Endorsement, upload: UploadedFile, *, signed_on: datetime.date, signatory: str, office: str, by: User
) -> Endorsement:
    """Looks into the scan of a signed sheet, stores it and ties it to the version it covers. Who may: the city's team,
    while the application can be written. A sheet that has its signature already gets another scan: both are kept, the
    later one counts.

    Raises RefusedError with one sentence for the reader; then nothing has changed and no file stays behind.
    """
    _refuse(sheet, signed_on, signatory, by)
    facts = inspect(upload, SHEET)
    with kept(upload) as path, transaction.atomic():
        now = locked(sheet.application)
        current = now.endorsements.get(pk=sheet.pk)
        if current.is_given:
            current = Endorsement.objects.create(
                application=now,
                link=current.link,
                covered=current.covered,
                sha256=current.sha256,
                prepared_at=current.prepared_at,
                prepared_by=current.prepared_by,
            )
        document = keep_row(now, f"{SHEETS}{current.link}", facts, path, by=by)
        return record_endorsement(current, document, signed_on=signed_on, signatory=signatory, office=office, by=by)


def record_endorsement(
    sheet: Endorsement, document: Document, *, signed_on: datetime.date, signatory: str, office: str, by: User
) -> Endorsement:
    """Ties the signed sheet (an uploaded document of the same application) to the version it covers. Who may: the
    city's team, while the application can be written.

    Raises MoveNotAllowedError where that is not so, the date is in the future or before the sheet was prepared, nobody
    is named, or the sheet has its signature already.
    """
    assert document.application_id == sheet.application_id
    with transaction.atomic():
        now = locked(sheet.application)
        current = now.endorsements.get(pk=sheet.pk)
        current.application = now
        _refuse(current, signed_on, signatory, by)
        if current.is_given:
            raise MoveNotAllowedError(_("This page has its signature already. Prepare a new one to replace it."))
        current.document, current.signed_on = document, signed_on
        current.signatory, current.office = signatory.strip(), office.strip()
        current.recorded_at, current.recorded_by = timezone.now(), by
        current.save()
        data = {"link": current.link, "sha256": current.sha256, "document": document.sha256}
        log.record(now, Event.Kind.ENDORSED, by=by, role=Role.EDITOR, data=data)
    return current


def _refuse(sheet: Endorsement, signed_on: datetime.date, signatory: str, by: User) -> None:
    application = sheet.application
    zone = application.call.zone_info
    if not may_write(by, application):
        raise MoveNotAllowedError(_("This application cannot be changed now."))
    if signed_on > timezone.localdate(timezone=zone):
        raise MoveNotAllowedError(_("The signature cannot be from the future. Check the date."))
    if signed_on < timezone.localdate(sheet.prepared_at, timezone=zone):
        raise MoveNotAllowedError(_("The signature cannot be older than the page that was signed. Check the date."))
    if not signatory.strip():
        raise MoveNotAllowedError(_("Give the name of the person who has signed."))
