"""The rows of practices.csv as typed values, with everything that is wrong in them."""

from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext as _

from cities.imports.cells import Cells
from cities.imports.problems import Problem
from cities.imports.reading import records
from cities.names import fold
from exchange.imports.portal import Portal, Values
from exchange.models import Practice, Stage, Theme
from exchange.models.theme import GOALS

FILE = "practices.csv"
COLUMNS = ("title_en", "title_de", "city_slug", "theme", "year", "summary_en", "summary_de", "source_url")
OPTIONAL = ("authority", "country_iso2", "programme", "stage", "goals")
TITLE_IN_SLUG = 90  # characters


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """One row: where it stands, the short address it gets, and what it says by column."""

    line: int
    slug: str
    values: Values


def slug_of(values: Values) -> str:
    """The short address: made of title and place, so that the same row always finds its practice again."""
    title = slugify(fold(values["title_en"] or values["title_de"]))[:TITLE_IN_SLUG].strip("-")
    return f"{title}-{values['city_slug'] or slugify(fold(values['authority']))}"


def read(content: bytes, portal: Portal) -> tuple[dict[str, PracticeRow], list[Problem]]:
    """All rows by short address. Everything wrong is collected, nothing raised."""
    problems: list[Problem] = []
    rows: dict[str, PracticeRow] = {}
    for line, record in records(FILE, content, problems, columns=COLUMNS, optional=OPTIONAL):
        before = len(problems)
        cells = Cells(FILE, line, record, problems)
        values = _values(cells, portal)
        if len(problems) > before:
            continue
        slug = slug_of(values)
        first = rows.setdefault(slug, PracticeRow(line, slug, values))
        known = portal.practices.get(slug)
        if first.line != line:
            reason = _("Line %(line)d has the same title for the same place.") % {"line": first.line}
            problems.append(Problem(FILE, line, "title_en", record["title_en"] or record["title_de"], reason))
        elif known and not known.imported:
            reason = _("The portal has a practice with this address (%(slug)s) that did not come from a file.")
            problems.append(Problem(FILE, line, "", "", reason % {"slug": slug}))
    return rows, problems


def _values(cells: Cells, portal: Portal) -> Values:
    row = cells.row
    values: Values = {
        "title_en": cells.text("title_en", 200),
        "title_de": cells.text("title_de", 200),
        "city_slug": cells.text("city_slug", 120),
        "theme": cells.one_of("theme", Theme.values, needed=True),
        "year": cells.year("year"),
        "summary_en": cells.text("summary_en", 2000),
        "summary_de": cells.text("summary_de", 2000),
        "source_url": cells.address("source_url", 1000),
        "authority": cells.text("authority", 200),
        "country_iso2": row["country_iso2"],
        "programme": cells.one_of("programme", portal.programmes),
        "stage": cells.one_of("stage", Stage.values),
        "goals": _goals(cells),
    }
    values["original_language"] = _language(cells)
    _check_place(cells, portal)
    if not row["source_url"]:
        cells.wrong("source_url", _("This cell must not be empty: a practice is never without its source."))
    return values


def _language(cells: Cells) -> str:
    """The languages in which the row is whole; a language has both title and summary or neither."""
    whole = []
    for language in ("de", "en"):
        title, summary = f"title_{language}", f"summary_{language}"
        there = [bool(cells.row[title]), bool(cells.row[summary])]
        if any(there) and not all(there):
            empty = summary if there[0] else title
            cells.wrong(empty, _("A language needs both title and summary, or neither of them."))
        if all(there):
            whole.append(language)
    if not whole and not any(
        cells.row[f"{text}_{language}"] for text in ("title", "summary") for language in ("de", "en")
    ):
        cells.wrong("title_en", _("Title and summary are needed in at least one language."))
    return Practice.Original.BOTH if len(whole) == 2 else whole[0] if whole else ""


def _goals(cells: Cells) -> list[int]:
    """The Sustainable Development Goals: numbers from 1 to 17 with spaces between them."""
    words = cells.row["goals"].split()
    if any(not word.isascii() or not word.isdigit() or len(word) > 2 or int(word) not in GOALS for word in words):
        cells.wrong("goals", _("Write the numbers of the goals, 1 to 17, with spaces between them, for example 4 11."))
        return []
    return sorted({int(word) for word in words})


def _check_place(cells: Cells, portal: Portal) -> None:
    """A city of the portal, or another authority with its country."""
    row = cells.row
    if row["city_slug"]:
        if row["city_slug"] not in portal.cities:
            cells.wrong("city_slug", _("This city is not in the portal. Import cities first."))
        for column in ("authority", "country_iso2"):
            if row[column]:
                cells.wrong(column, _("Leave this cell empty where a city is named."))
        return
    if not row["authority"]:
        cells.wrong("city_slug", _("A practice needs a city, or another authority with its country."))
    elif row["country_iso2"] not in portal.countries:
        cells.wrong(
            "country_iso2",
            _("This country is unknown. A country code has two capital letters (ISO 3166-1), for example DE."),
        )
