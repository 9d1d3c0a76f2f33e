"""What the daily job does for the exchange."""

from datetime import timedelta

from exchange.actions import alerts, calendars, keeping, papers, registering, suggesting, yearly
from exchange.models import SearchWord
from network import outbox
from network.daily import Duty, Window
from network.ending import Ending

KEPT = timedelta(days=7)  # letters to visitors, as the privacy page says


def forget(window: Window) -> None:
    """Suggestions nobody has confirmed, documents removed long ago, addresses that are no longer needed, and words that
    searches look among although no practice uses them."""
    suggesting.forget_old(window.now)
    papers.forget_removed(window.now)
    yearly.forget()
    SearchWord.objects.forget_unused()
    outbox.forget("alert", "practice_", "session_", before=window.now - KEPT)


DUTIES: dict[str, Duty] = {
    "practice alerts": alerts.tell,
    "practices still correct": yearly.ask,
    "session reminders": registering.remind,
    "calendars of sessions": calendars.read_daily,
    "links of material": keeping.check_links,
    "forget suggestions": forget,
}
ENDINGS: dict[str, Ending] = {"alert": alerts.ENDING, "reminders": registering.ENDING, "yearly": yearly.ENDING}
