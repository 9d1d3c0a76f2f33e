"""What the daily job does for the exchange."""

from datetime import timedelta

from exchange.actions import alerts, keeping, registering, suggesting, yearly
from network import outbox
from network.daily import Duty, Window

KEPT = timedelta(days=7)  # letters to visitors, as the privacy page says


def forget(window: Window) -> None:
    """Suggestions nobody has confirmed, and addresses that are no longer needed."""
    suggesting.forget_old(window.now)
    outbox.forget("alert", "practice_", "session_", before=window.now - KEPT)


DUTIES: dict[str, Duty] = {
    "practice alerts": alerts.tell,
    "practices still correct": yearly.ask,
    "session reminders": registering.remind,
    "links of material": keeping.check_links,
    "forget suggestions": forget,
}
