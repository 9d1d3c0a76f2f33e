"""Asking a colleague who may submit to do so."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import letters
from applications.actions import MoveNotAllowedError
from applications.actions.drafting import locked
from applications.completeness import gaps
from applications.freezing import file_of
from applications.models import Application
from applications.permissions import may_write
from network.models import User


def ask_to_submit(application: Application, *, by: User) -> None:
    """A letter to the lead and the deputies, once a day. Who may: the city's team, once nothing is missing.

    Raises MoveNotAllowedError.
    """
    with transaction.atomic():
        now = locked(application)
        if not may_write(by, now):
            raise MoveNotAllowedError(_("This application cannot be changed now."))
        if gaps(file_of(now)):
            raise MoveNotAllowedError(_("Something is missing still. The list on this page names it."))
        today = timezone.localdate(timezone=now.call.zone_info)
        if not letters.ask_to_submit(now, asker=by, day=today):
            raise MoveNotAllowedError(_("They were asked today already. You can ask again tomorrow."))
