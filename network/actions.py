"""What happens in the ground: a report of a barrier comes in, an operator decides about a letter."""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.delivery import queue
from network.models import BarrierReport, Letter, User
from network.outbox import post
from network.throttle import too_often

REPORTS_PER_HOUR = 10
OPERATORS_LANGUAGE = "de"
State = Letter.State


class RefusedError(Exception):
    """Something the rules do not allow; the sentence says to the reader what to do next."""

    def __init__(self, for_reader: str) -> None:
        super().__init__(for_reader)
        self.for_reader = for_reader


def report_barrier(report: BarrierReport, *, sender: str) -> BarrierReport:
    """Stores the report with the day its answer is due, and writes the operator a letter.

    `sender` is the network address; it is kept as a keyed hash for an hour. Raises RefusedError after ten reports
    from one address within an hour.
    """
    if too_often("barrier", sender=sender, times=REPORTS_PER_HOUR):
        raise RefusedError(
            gettext(
                "Ten reports came from your connection within the last hour. "
                "Your text is still in the form: send it again in an hour."
            )
        )
    with transaction.atomic():
        report.save()
        post(
            "barrier",
            to=settings.OPERATOR["email"],
            context={"report": report},
            key=f"barrier:{report.pk}",
            urgency=Letter.Urgency.DEADLINE,
            language=OPERATORS_LANGUAGE,
            reply_to=report.email,
        )
    return report


class Decision(models.TextChoices):
    """What an operator may decide about a letter that needs one."""

    ARRIVED = "arrived", _("It arrived")
    AGAIN = "again", _("Send again")
    GIVE_UP = "give-up", _("Give up")


OPEN_TO = {
    Decision.ARRIVED: {State.UNCLEAR},
    Decision.AGAIN: {State.UNCLEAR, State.FAILED},
    Decision.GIVE_UP: {State.UNCLEAR, State.WAITING},
}


def decisions_for(letter: Letter) -> list[Decision]:
    """What is open to an operator now.

    Some letters cannot be sent again: a failed secret has no text any more, one to a person who was erased no address.
    """
    is_whole = letter.address and not (letter.secret and letter.state == State.FAILED)
    return [decision for decision in Decision if letter.state in OPEN_TO[decision]
            and (is_whole or decision != Decision.AGAIN)]  # fmt: skip


def decide(letter: Letter, decision: Decision, *, by: User) -> Letter:
    """An operator's decision, kept with who and when. Raises RefusedError where the letter is not open to it by now."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update(of=["self"]).get(pk=letter.pk)
        if decision not in decisions_for(letter):
            raise RefusedError(
                gettext("Nothing was changed. The state of this letter by now: %(state)s.")
                % {"state": letter.get_state_display()}
            )
        letter.settled_at, letter.settled_by = timezone.now(), by
        letter.next_try_at = None
        if decision == Decision.AGAIN:
            letter.state, letter.attempts, letter.error = State.WAITING, 0, ""
            queue(letter)
        else:
            letter.state = State.SENT if decision == Decision.ARRIVED else State.FAILED
            letter.sent_at = timezone.now() if decision == Decision.ARRIVED else None
            letter.text = "" if letter.secret else letter.text
        letter.save()
    return letter
