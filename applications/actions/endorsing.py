"""Endorsements on paper: a sheet is prepared, signed and stamped outside, scanned, and tied to what it covers."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import log
from applications.actions import MoveNotAllowedError
from applications.actions.drafting import locked
from applications.freezing import file_of
from applications.models import Application, Document, Endorsement, Event
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


def record_endorsement(
    sheet: Endorsement, document: Document, *, signed_on: datetime.date, signatory: str, office: str, by: User
) -> Endorsement:
    """Ties the scan of a signed sheet (an uploaded document of the same application) to the version it covers. Who
    may: the city's team, while the application can be written. A sheet that has its signature already gets another
    scan: both are kept, the later one counts.

    Raises MoveNotAllowedError where that is not so, the day cannot be right (`wrong_day`) or nobody is named.
    """
    assert document.application_id == sheet.application_id
    with transaction.atomic():
        now = locked(sheet.application)
        current = now.endorsements.get(pk=sheet.pk)
        current.application = now
        _refuse(current, signed_on, signatory, by)
        if current.is_given:
            current.pk, current._state.adding = None, True
        current.document, current.signed_on = document, signed_on
        current.signatory, current.office = signatory.strip(), office.strip()
        current.recorded_at, current.recorded_by = timezone.now(), by
        current.save()
        data = {"link": current.link, "sha256": current.sha256, "document": document.sha256}
        log.record(now, Event.Kind.ENDORSED, by=by, role=Role.EDITOR, data=data)
    return current


def wrong_day(sheet: Endorsement, signed_on: datetime.date) -> str:
    """Why a sheet cannot have been signed on this day, in a sentence for the reader; nothing where it can. Days are
    those of the call's time zone."""
    zone = sheet.application.call.zone_info
    if signed_on > timezone.localdate(timezone=zone):
        return _("The signature cannot be from the future. Check the date.")
    if signed_on < timezone.localdate(sheet.prepared_at, timezone=zone):
        return _("The signature cannot be older than the page that was signed. Check the date.")
    return ""


def _refuse(sheet: Endorsement, signed_on: datetime.date, signatory: str, by: User) -> None:
    if not may_write(by, sheet.application):
        raise MoveNotAllowedError(_("This application cannot be changed now."))
    if sentence := wrong_day(sheet, signed_on):
        raise MoveNotAllowedError(sentence)
    if not signatory.strip():
        raise MoveNotAllowedError(_("Give the name of the person who has signed."))
