"""Sessions read from iCalendar (RFC 5545): what an import would do, as a value that touches nothing.

`read` takes the bytes of a calendar and gives entries and findings; `compare` sets them against a programme's sessions.
Fetching an address, keeping and confirming are in exchange/actions/calendars.py.
"""

from exchange.calendars.difference import Difference, compare
from exchange.calendars.entries import Entry, Reading, Slot, read
from exchange.calendars.lines import LIMIT, NoCalendarError, reduced

__all__ = ["LIMIT", "Difference", "Entry", "NoCalendarError", "Reading", "Slot", "compare", "read", "reduced"]
