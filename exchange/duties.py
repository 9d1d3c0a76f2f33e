"""What the daily job does for the exchange."""

from exchange.actions import alerts, keeping, registering, suggesting, yearly
from network.daily import Duty, Window


def forget(window: Window) -> None:
    """Suggestions nobody has confirmed, and addresses that are no longer needed."""
    suggesting.forget_old(window.now)


DUTIES: dict[str, Duty] = {
    "practice alerts": alerts.tell,
    "practices still correct": yearly.ask,
    "session reminders": registering.remind,
    "links of material": keeping.check_links,
    "forget suggestions": forget,
}
