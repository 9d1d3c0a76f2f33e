"""The filtered applications as CSV and XLSX: the rows and columns of the list, all of them, without holding them in
memory."""

import csv
import datetime
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from applications.case_filter import Column
from applications.case_list import Cases
from applications.course import next_act
from applications.models import Application
from cities.exports import neutral

CHUNK = 500  # rows in memory at a time
MOMENT_FORMAT = "yyyy-mm-dd hh:mm"
type Cell = str | int | datetime.datetime | None


def rows(cases: Cases) -> Iterator[list[Cell]]:
    """The head, then a row for each application: city and number first, then the columns that are shown. Moments are
    by the clock of the call, without a zone, as office programs know them."""
    columns = cases.wanted.columns
    yield [_("City"), _("Number of the receipt"), *(str(column.label) for column in columns)]
    fields = cases.names["field"]
    cells = [CELLS[column] for column in columns if column is not Column.FIELD]
    place = columns.index(Column.FIELD) if Column.FIELD in columns else None
    application: Any  # with what applications.coordination.listed annotates
    for application in cases.found.iterator(chunk_size=CHUNK):
        told = [cell(application) for cell in cells]
        if place is not None:
            told.insert(place, fields.get(application.field, application.field))
        yield [application.city.name, application.receipt, *told]


def _next_sentence(application: Application) -> Cell:
    act = next_act(application)
    return act.sentence if act else ""


CELLS: Mapping[Column, Callable[[Any], Cell]] = {
    Column.CALL: lambda one: one.call.title,
    Column.STATE: lambda one: one.get_state_display(),
    Column.NEXT: _next_sentence,
    Column.UNTIL: lambda one: _there(one, one.next_until),
    Column.CHECK: lambda one: one.get_check_state_display(),
    Column.FLAGS: lambda one: one.open_flags,
    Column.COUNTRY: lambda one: one.city.country.name,
    Column.LAND: lambda one: one.city.land.name if one.city.land else "",
    Column.SUBMITTED: lambda one: _there(one, one.submitted_at),
    Column.ROUND: lambda one: one.round,
    Column.LATE: lambda one: _("yes") if one.late_until else _("no"),
}


def _there(application: Application, moment: datetime.datetime | None) -> datetime.datetime | None:
    return timezone.make_naive(moment, application.call.zone_info).replace(microsecond=0) if moment else None


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
                elif isinstance(cell, int):
                    sheet.write_number(number, place, cell)
                elif cell:
                    sheet.write_string(number, place, cell, None if number else bold)


def _name(cases: Cases) -> str:
    call = f"-{cases.call.slug}" if cases.call else ""
    return f"{_('applications')}{call}-{timezone.localdate().isoformat()}"


WRITERS = {"csv": as_csv, "xlsx": as_xlsx}
