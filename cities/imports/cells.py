"""The cells of one row as typed values: each method names what is wrong and gives an empty value instead."""

import datetime
import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.imports.problems import Problem

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
WHOLE = re.compile(r"-?[0-9]+")
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
FIRST_YEAR = 1900
is_address = URLValidator(schemes=["http", "https"])


class Cells:
    """One row while it is read."""

    def __init__(self, file: str, line: int, row: dict[str, str], problems: list[Problem]) -> None:
        self.file, self.line, self.row, self.problems = file, line, row, problems

    def wrong(self, column: str, reason: str) -> None:
        self.problems.append(Problem(self.file, self.line, column, self.row[column], reason))

    def text(self, column: str, most: int, *, needed: bool = False) -> str:
        value = self.row[column]
        if len(value) > most:
            self.wrong(column, _("The text is too long: at most %(most)d characters.") % {"most": most})
            return ""
        if needed and not value:
            self.wrong(column, _("This cell must not be empty."))
        return value

    def slug(self, column: str, most: int) -> str:
        """A short address; its text also if it is wrong, so that rows that name it can be matched."""
        value = self.row[column]
        if not value:
            self.wrong(column, _("This cell must not be empty."))
        elif len(value) > most:
            self.wrong(column, _("The short address is too long: at most %(most)d characters.") % {"most": most})
        elif not SLUG.fullmatch(value):
            self.wrong(
                column,
                _("A short address has only lower-case letters a to z, digits and single hyphens, for example koeln."),
            )
        return value

    def one_of(self, column: str, allowed: Iterable[str], *, needed: bool = False) -> str:
        value = self.row[column]
        if value and value not in allowed:
            self.wrong(column, _("This value is unknown. Known are: %(values)s") % {"values": ", ".join(allowed)})
            return ""
        if needed and not value:
            self.wrong(column, _("This cell must not be empty."))
        return value

    def whole(self, column: str, least: int, most: int) -> int | None:
        value = self.row[column]
        if not value:
            return None
        if not WHOLE.fullmatch(value):
            self.wrong(column, _("Write a whole number in digits only, without separators, for example 330579."))
            return None
        number = int(value) if len(value) < 20 else most + 1
        if not least <= number <= most:
            self.wrong(
                column, _("The number must lie between %(least)d and %(most)d.") % {"least": least, "most": most}
            )
            return None
        return number

    def year(self, column: str) -> int | None:
        value = self.row[column]
        if not value:
            return None
        if not WHOLE.fullmatch(value):
            self.wrong(column, _("Write a year with four digits, for example 2017, or leave the cell empty."))
            return None
        number = int(value) if len(value) < 20 else FIRST_YEAR - 1
        if number > timezone.localdate().year:
            self.wrong(column, _("This year is in the future."))
            return None
        if number < FIRST_YEAR:
            self.wrong(column, _("This is not a possible year. Leave the cell empty where the year is not known."))
            return None
        return number

    def date(self, column: str) -> str:
        """A year, month or day as ISO 8601."""
        value = self.row[column]
        if value and not DATE.fullmatch(value):
            self.wrong(column, _("Write the date as 2025, 2025-12 or 2025-12-04."))
            return ""
        return value

    def past_date(self, column: str) -> str:
        """When something happened: a year, month or day that has begun; its text also if it is wrong."""
        value = self.row[column]
        if not value:
            self.wrong(column, _("This cell must not be empty."))
        elif self.date(column):
            if int(value[:4]) < FIRST_YEAR or not _is_possible(value):
                self.wrong(column, _("There is no such date, or it is too long ago."))
            elif value > timezone.localdate().isoformat()[: len(value)]:
                self.wrong(column, _("This date is in the future."))
        return value

    def position(self) -> tuple[float, float]:
        """Latitude and longitude in degrees (WGS 84)."""
        latitude, longitude = self._degrees("latitude"), self._degrees("longitude")
        if latitude is None or longitude is None:
            return 0.0, 0.0
        if 90 < abs(latitude) <= 180 and abs(longitude) <= 90:
            self.wrong("latitude", _("Latitude and longitude look swapped: a latitude lies between -90 and 90."))
        else:
            if abs(latitude) > 90:
                self.wrong("latitude", _("A latitude lies between -90 and 90."))
            if abs(longitude) > 180:
                self.wrong("longitude", _("A longitude lies between -180 and 180."))
        if latitude == 0 and longitude == 0:
            self.wrong("latitude", _("The position 0, 0 lies in the sea: the real position is missing."))
        return latitude, longitude

    def _degrees(self, column: str) -> float | None:
        value = self.row[column]
        if DECIMAL.fullmatch(value):
            return float(value[:40])
        if not value:
            self.wrong(column, _("This cell must not be empty."))
        elif DECIMAL.fullmatch(value.replace(",", ".", 1)):
            self.wrong(column, _("Write the number with a decimal point instead of a comma, for example 52.52437."))
        else:
            self.wrong(column, _("Write degrees as a decimal number, for example 52.52437."))
        return None

    def address(self, column: str, most: int) -> str:
        value = self.text(column, most)
        if not value:
            return ""
        try:
            is_address(value)
        except ValidationError:
            self.wrong(column, _("Write a whole web address that starts with https:// or http://."))
            return ""
        return value


def _is_possible(date: str) -> bool:
    """Whether the calendar has this date, whose form is right; a missing month or day is as good as the first."""
    try:
        datetime.date.fromisoformat(date + "-01-01"[len(date) - 4 :])
    except ValueError:
        return False
    return True
