"""A published practice is reported: hidden until a coordinator has looked, with brakes against abuse."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from exchange.actions.acting import ExchangeRefusedError, refuse_unless, tell_moderators
from exchange.actions.moderating import set_visibility
from exchange.models import Practice, Report
from exchange.permissions import moderates_practice
from network.models import User

State, Visibility = Report.State, Practice.Visibility
PER_DAY = 3  # reports of one sender
HIDDEN_PER_DAY = 20  # practices hidden by reports within a day; further ones wait in the queue, and stay until then


def sender_key(who: str) -> str:
    """A keyed hash of a person's number or a network address: it tells only whether two reports are of the same."""
    return salted_hmac("exchange.report", who, algorithm="sha256").hexdigest()


def report(practice: Practice, *, text: str, sender: str) -> Report:
    """Anybody may, three times a day. The practice is hidden until somebody in charge has looked; not so where the same
    sender's report about it was turned down before, nor where twenty were hidden by reports today already. Those in
    charge get a letter about the first open report of a practice, and none past the twentieth practice of a day.

    `sender` comes from sender_key(). The words go to those in charge only.
    """
    yesterday = timezone.now() - datetime.timedelta(days=1)
    if Report.objects.filter(sender=sender, at__gt=yesterday).count() >= PER_DAY:
        raise ExchangeRefusedError(_("You have reported three practices within a day. Your text is still in the form."))
    with transaction.atomic():
        held = Practice.objects.select_for_update(of=["self"]).published().get(pk=practice.pk)
        turned_down = held.reports.filter(sender=sender, state=State.KEPT).exists()
        is_first = not held.reports.filter(state=State.OPEN).exists()
        made = Report.objects.create(practice=held, text=text, sender=sender)
        lately = Report.objects.filter(at__gt=yesterday).values("practice").distinct().count()
        if not turned_down and lately <= HIDDEN_PER_DAY:
            held.visibility = Visibility.REPORTED
            held.save(update_fields=["visibility"])
        words = {"practice": held, "report": made, "is_hidden": held.visibility == Visibility.REPORTED}
        if is_first and lately <= HIDDEN_PER_DAY:
            tell_moderators(held.programme, "reported", key=f"report:{made.pk}", but=(), **words)
    return made


def answer(found: Report, *, by: User, stays: bool, reason: str = "") -> None:
    """Whoever is in charge has looked: the practice stays or is shown again, or it is hidden with a reason. All open
    reports about it are answered with it."""
    with transaction.atomic():
        held = Practice.objects.select_for_update(of=["self"]).get(pk=found.practice_id)
        refuse_unless(moderates_practice(by, held))
        waiting = held.reports.filter(state=State.OPEN)
        if not waiting.exists():
            raise ExchangeRefusedError(_("Somebody else has looked at this meanwhile. Nothing was changed."))
        state = State.KEPT if stays else State.HIDDEN
        waiting.update(state=state, decided_at=timezone.now(), decided_by=by)
        if not stays:
            set_visibility(held, Visibility.HIDDEN, by=by, reason=reason)
        elif held.visibility == Visibility.REPORTED:
            held.visibility = Visibility.PUBLIC
            held.save(update_fields=["visibility"])
