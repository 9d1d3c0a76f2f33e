"""CSV files from bytes to rows of text: encoding, header and shape, before anybody asks what a value means."""

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from cities.imports.problems import Problem

COLUMNS = {
    "countries.csv": ("iso2", "name_en", "name_de", "region"),
    "laender.csv": ("key", "name_de", "name_en"),
    "networks.csv": (
        "slug", "name_en", "name_de", "abbreviation", "founded", "host_organisation", "secretariat_city", "website",
        "member_count", "member_count_as_of",
    ),
    "sources.csv": ("tag", "url", "what"),
    "cities.csv": (
        "slug", "name_en", "name_de", "country_iso2", "latitude", "longitude", "population", "geoname_id", "website",
    ),
    "city_keys.csv": ("city_slug", "kind", "ags"),
    "memberships.csv": ("city_slug", "network", "year_joined", "creative_field", "role", "source"),
    "uccn_profiles.csv": ("city_slug", "creative_field", "profile_url"),
    "membership_changes.csv": (
        "city_slug", "network", "kind", "happened", "old_field", "field", "note_de", "note_en", "source_label",
        "source_url",
    ),
}  # fmt: skip
REQUIRED = ("cities.csv", "memberships.csv")

# Control characters, and those that turn the direction of the text around them.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
IN_CELL = re.compile(UNSEEN.pattern[:-1] + "\t\r\n]")
UTF16 = (b"\xff\xfe", b"\xfe\xff")

type Record = tuple[int, dict[str, str]]  # line, and the text of each column


def missing_files(files: Mapping[str, bytes]) -> list[Problem]:
    """The required files that are not there."""
    return [
        Problem(name, 0, "", "", _("This file is missing. An import needs %(files)s.") % {"files": ", ".join(REQUIRED)})
        for name in REQUIRED
        if name not in files
    ]


def records(
    file: str,
    content: bytes,
    problems: list[Problem],
    *,
    columns: tuple[str, ...] = (),
    optional: tuple[str, ...] = (),
) -> Iterator[Record]:
    """The rows of a file without blank ones; what is wrong with file, header or shape of a row goes to problems.

    `columns` where the file is none of COLUMNS; one that is `optional` and not there is empty in every row.
    """
    needed = columns or COLUMNS[file]
    text = _decoded(file, content, needed, problems)
    if text is None:
        return
    head = text.lstrip("\r\n").split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in head else ",", strict=True)
    header: list[str] | None = None
    suspicious = UNSEEN.search(text) is not None
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(Problem(file, line, "", "", _broken(error)))
            return
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if header is None:
            header = cells
            if not _header_is_right(file, line, header, needed, optional, problems):
                return
        elif len(cells) != len(header):
            problems.append(Problem(file, line, "", "", _ragged(len(cells), len(header))))
        else:
            row = dict.fromkeys(optional, "") | dict(zip(header, cells, strict=True))
            if (suspicious or reader.line_num > line) and _has_unseen(file, line, row, problems):
                continue
            yield line, row


def _decoded(file: str, content: bytes, needed: tuple[str, ...], problems: list[Problem]) -> str | None:
    """The text, composed (NFC) so that equal names are equal; None if it is no text."""
    text, line, reason = None, 0, ""
    save_as = _(
        "Save the file again as UTF-8: in Excel choose the file type “CSV UTF-8”, in LibreOffice the character set "
        "“Unicode (UTF-8)”."
    )
    if content.startswith(UTF16):
        reason = _("The file is in UTF-16, not in UTF-8.") + " " + save_as
    elif b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        reason = _("Here is a NUL byte: this is no text, or text in UTF-16.") + " " + save_as
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            reason = _("The byte %(byte)s is not UTF-8.") % {"byte": f"{content[error.start]:02X}"} + " " + save_as
    if text is not None and not text.strip():
        reason = _("The file is empty. Its first line must be: %(columns)s") % {"columns": ",".join(needed)}
    if reason or text is None:
        problems.append(Problem(file, line, "", "", reason))
        return None
    return unicodedata.normalize("NFC", text)


def _header_is_right(
    file: str,
    line: int,
    header: list[str],
    needed: tuple[str, ...],
    optional: tuple[str, ...],
    problems: list[Problem],
) -> bool:
    known = (*needed, *optional)
    before = len(problems)
    missing = [column for column in needed if column not in header]
    problems += [Problem(file, line, column, "", _("This column is missing.")) for column in missing]
    for place, column in enumerate(header):
        if column not in known:
            problems.append(Problem(file, line, column or f"#{place + 1}", "", _unknown(column, known)))
        elif column in header[:place]:
            problems.append(Problem(file, line, column, "", _("This column is there twice.")))
    return len(problems) == before


def _unknown(column: str, known: tuple[str, ...]) -> str:
    if not column:
        return _("This column has no name.")
    near = difflib.get_close_matches(column, known, n=1)
    if near:
        return _("This column is unknown. Is %(column)s meant?") % {"column": near[0]}
    return _("This column is unknown. Known are: %(columns)s") % {"columns": ", ".join(known)}


def _ragged(found: int, expected: int) -> str:
    return _(
        "The row has %(found)d cells, the header %(expected)d. A text that holds the separator needs quotation marks "
        "around it."
    ) % {"found": found, "expected": expected}


def _broken(error: csv.Error) -> str:
    """The csv module's three complaints in strict mode, in words; it cannot go on after one."""
    stop = _("The rows from here on were not read.")
    if "field larger" in str(error):
        limit = csv.field_size_limit()
        return (
            _("A cell is longer than %(limit)d characters; often a quotation mark is not closed.") % {"limit": limit}
            + " "
            + stop
        )
    if "unexpected end" in str(error):
        return _("A quotation mark opens in this row and is never closed.") + " " + stop
    return _("A quotation mark stands in the middle of a text. Inside quotation marks it must be doubled.") + " " + stop


def _has_unseen(file: str, line: int, row: dict[str, str], problems: list[Problem]) -> bool:
    reason = _("The text holds a line break or a control character. Delete it.")
    found = [Problem(file, line, column, cell, reason) for column, cell in row.items() if IN_CELL.search(cell)]
    problems += found
    return bool(found)
