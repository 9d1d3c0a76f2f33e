"""Dates that are known to the day, the month or only the year."""

import datetime

from django.utils.formats import date_format


def readable(value: str) -> str:
    """`2025-12-04`, `2025-12` or `2025` as a reader of the active language writes it."""
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 1:
        return value
    day = datetime.date(parts[0], parts[1], parts[2] if len(parts) == 3 else 1)
    return date_format(day, "DATE_FORMAT" if len(parts) == 3 else "YEAR_MONTH_FORMAT")
