"""What happens in the ground: a report of a barrier comes in."""

import logging
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from network.models import BarrierReport

log = logging.getLogger(__name__)

REPORTS_PER_HOUR = 10
OPERATORS_LANGUAGE = "de"


class RefusedError(Exception):
    """Something the rules do not allow; the sentence says to the reader what to do next."""

    def __init__(self, for_reader: str) -> None:
        super().__init__(for_reader)
        self.for_reader = for_reader


def report_barrier(report: BarrierReport, *, sender: str) -> BarrierReport:
    """Stores the report with the day its answer is due, and after the commit mails it to the operator.

    `sender` is the network address; only a keyed hash of it is counted, in memory, for an hour. Raises RefusedError
    after ten reports from one address within an hour.
    """
    digest = salted_hmac("network.actions.report_barrier", sender, algorithm="sha256").hexdigest()
    key = f"barrier:{digest}"
    cache.add(key, 0, timeout=3600)
    if cache.incr(key) > REPORTS_PER_HOUR:
        raise RefusedError(
            gettext(
                "Ten reports came from your connection within the last hour. "
                "Your text is still in the form: send it again in an hour."
            )
        )
    with transaction.atomic():
        report.save()
        transaction.on_commit(partial(_tell_operator, report))
    return report


def _tell_operator(report: BarrierReport) -> None:
    """A failure is logged and nothing else: the report is stored, and operators see it in the admin."""
    if not settings.OPERATOR["email"]:
        return
    with override(OPERATORS_LANGUAGE):
        subject = gettext("Barrier reported: no. %(number)s, answer due by %(day)s") % {
            "number": report.pk,
            "day": date_format(report.due_on),
        }
        body = render_to_string("network/barrier_letter.txt", {"report": report, "site": settings.SITE_ADDRESS})
    reply_to = [report.email] if report.email else None
    try:
        EmailMessage(subject, body, to=[settings.OPERATOR["email"]], reply_to=reply_to).send()
    except Exception:  # whatever a mail server does, the person has reported and must be told so
        log.exception("The report of a barrier no. %s could not be mailed to the operator.", report.pk)
