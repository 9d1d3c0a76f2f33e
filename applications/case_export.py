"""The filtered applications as CSV and XLSX: the rows and columns of the list, all of them, without holding them in
memory."""

import csv
import datetime
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import IO

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from applications.case_filter import Column
from applications.case_list import Cases, Row
from cities.exports import neutral

CHUNK = 500  # rows in memory at a time
MOMENT_FORMAT = "yyyy-mm-dd hh:mm"
type Cell = str | int | Decimal | datetime.datetime | None


def rows(cases: Cases) -> Iterator[list[Cell]]:
    """The head, then a row for each application: city and number first, then the columns that are shown. Moments are
    by the clock of the call, without a zone, as office programs know them."""
    columns = cases.wanted.columns
    yield [_("City"), _("Number of the receipt"), *(str(column.label) for column in columns)]
    cells = [CELLS[column] for column in columns]
    for row in cases.all_rows(CHUNK):
        yield [row.application.city.name, row.receipt, *(cell(row) for cell in cells)]


CELLS: Mapping[Column, Callable[[Row], Cell]] = {
    Column.CALL: lambda row: row.application.call.title,
    Column.STATE: lambda row: row.application.get_state_display(),
    Column.NEXT: lambda row: row.act.sentence if row.act else "",
    Column.UNTIL: lambda row: _there(row, row.act.until if row.act else None),
    Column.CHECK: lambda row: row.application.get_check_state_display(),
    Column.FLAGS: lambda row: row.open_flags,
    Column.FIELD: lambda row: row.field,
    Column.COUNTRY: lambda row: row.country,
    Column.LAND: lambda row: row.land,
    Column.SUBMITTED: lambda row: _there(row, row.application.submitted_at),
    Column.ROUND: lambda row: row.round,
    Column.LATE: lambda row: _("yes") if row.application.late_until else _("no"),
    Column.REVIEWS: lambda row: row.reviews,
    Column.POINTS: lambda row: row.points,
}


def _there(row: Row, moment: datetime.datetime | None) -> datetime.datetime | None:
    return timezone.make_naive(moment, row.application.call.zone_info).replace(microsecond=0) if moment else None


# --- as CSV


def as_csv(cases: Cases) -> HttpResponseBase:
    """In German with semicolons, in English with commas: each is what the office programs of that language take for
    columns. With a byte order mark, without which they read UTF-8 as another encoding."""
    language = get_language() or "de"
    response = StreamingHttpResponse(_lines(cases, language), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name(cases)}.csv"'
    return response


def _lines(cases: Cases, language: str) -> Iterator[str]:
    yield "\ufeff"
    with override(language):  # the server asks for lines after the request has ended
        table = csv.writer(text := io.StringIO(), delimiter=";" if language == "de" else ",", lineterminator="\r\n")
        for number, row in enumerate(rows(cases)):
            table.writerow([_as_text(cell) for cell in row])
            if number % CHUNK == CHUNK - 1:
                yield text.getvalue()
                text.seek(0)
                text.truncate()
        yield text.getvalue()


def _as_text(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return localize(cell)
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return neutral(cell) if isinstance(cell, str) else cell


# --- as XLSX


def as_xlsx(cases: Cases) -> HttpResponseBase:
    """Written row by row to a temporary file, which is gone once it was sent. Texts stay texts, whatever they begin
    with."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it once it was sent
    try:
        _write(file, rows(cases))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{_name(cases)}.xlsx")


def _write(file: IO[bytes], table: Iterable[list[Cell]]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "default_date_format": MOMENT_FORMAT}  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        sheet, bold = book.add_worksheet(_("Applications")), book.add_format({"bold": True})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 30, 22)
        for number, row in enumerate(table):
            for place, cell in enumerate(row):
                if isinstance(cell, datetime.datetime):
                    sheet.write_datetime(number, place, cell)
                elif isinstance(cell, int | Decimal):
                    sheet.write_number(number, place, float(cell))
                elif cell:
                    sheet.write_string(number, place, cell, None if number else bold)


def _name(cases: Cases) -> str:
    call = f"-{cases.call.slug}" if cases.call else ""
    return f"{_('applications')}{call}-{timezone.localdate().isoformat()}"


WRITERS = {"csv": as_csv, "xlsx": as_xlsx}
