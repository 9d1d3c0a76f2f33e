"""The import of practices.csv: all or nothing, every finding at once, nothing deleted, nobody's work overwritten."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from exchange.imports import BadFiles, import_file, lines, look_at
from exchange.models import Practice
from tests.factories import Role, a_city, a_country, a_person
from tests.factories_exchange import a_practice, a_programme

pytestmark = pytest.mark.django_db
HEAD = "title_en,title_de,city_slug,theme,year,summary_en,summary_de,source_url"
CORK = "Festival,Fest,cork,learning,2016,A week of events.,Eine Woche.,https://example.org/cork"
BONN = "Books and bytes,,bonn,culture,,Only told in English.,,https://example.org/bonn"


@pytest.fixture(autouse=True)
def _english():
    """Findings are compared in the language they are written in."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _places():
    for slug in ("cork", "bonn"):
        a_city(slug)


def a_file(*rows: str, head: str = HEAD) -> bytes:
    return ("\n".join([head, *rows]) + "\n").encode()


def findings(*rows: str, head: str = HEAD) -> list[str]:
    with pytest.raises(BadFiles) as refusal:
        import_file(a_file(*rows, head=head))
    assert Practice.objects.count() == 0
    return [str(problem) for problem in refusal.value.problems]


def test_import_then_only_what_the_file_says_is_stored():
    difference = import_file(a_file(CORK, BONN))

    assert [row.slug for row in difference.new] == ["festival-cork", "books-and-bytes-bonn"]
    cork = Practice.objects.get(slug="festival-cork")
    assert (cork.title_de, cork.title_en, cork.first_year, cork.theme) == ("Fest", "Festival", 2016, "learning")
    assert cork.original_language == "both"
    assert cork.published_at is not None
    stated = {"stage", "staff", "money", "problem", "setbacks", "licence", "contact", "contact_email"}
    assert {name: getattr(cork, name) for name in stated if getattr(cork, name)} == {}
    assert cork.goals == []


def test_import_when_a_row_has_one_language_then_it_was_written_in_that_one():
    import_file(a_file(BONN))
    bonn = Practice.objects.get()
    assert bonn.original_language == "en"
    assert not bonn.title_de


def test_import_twice_then_the_second_changes_nothing():
    import_file(a_file(CORK, BONN))
    before = list(Practice.objects.order_by("pk").values())
    difference = import_file(a_file(CORK, BONN))
    assert difference.changes_nothing
    assert difference.unchanged == 2
    assert list(Practice.objects.order_by("pk").values()) == before


def test_dry_run_then_it_says_what_would_happen_and_writes_nothing():
    import_file(a_file(CORK))
    difference = look_at(a_file(CORK.replace("2016", "2017"), BONN))
    assert list(lines(difference)) == [
        "New: 1 practice",
        "  + books-and-bytes-bonn (Books and bytes)",
        "Changed: 1 value",
        "  ~ festival-cork: year 2016 → 2017",
    ]
    assert Practice.objects.get().first_year == 2016


def test_import_when_the_file_changes_then_the_practice_and_its_search_follow():
    import_file(a_file(CORK))
    import_file(a_file(CORK.replace("Eine Woche.", "Zehn Tage.")))
    cork = Practice.objects.get()
    assert cork.summary_de == "Zehn Tage."
    assert "zehn tage" in cork.folded_de


def test_import_when_people_changed_a_value_then_theirs_stays_and_is_shown():
    import_file(a_file(CORK))
    Practice.objects.update(summary_de="Von der Stadt verbessert.")
    difference = import_file(a_file(CORK.replace("Eine Woche.", "Zehn Tage.").replace("2016", "2017")))
    cork = Practice.objects.get()
    assert (cork.summary_de, cork.first_year) == ("Von der Stadt verbessert.", 2017)
    assert [change.column for change in difference.edited] == ["summary_de"]
    assert "  ? festival-cork: summary_de was changed in the portal to Von der Stadt verbessert., the file says " \
           "Zehn Tage.. It stays." in list(lines(difference))  # fmt: skip


def test_import_when_a_cell_is_emptied_or_a_row_is_gone_then_nothing_is_deleted():
    import_file(a_file(CORK, BONN))
    difference = import_file(a_file(CORK.replace("2016", "")))
    assert Practice.objects.get(slug="festival-cork").first_year == 2016
    assert [change.column for change in difference.emptied] == ["year"]
    assert difference.missing == ["books-and-bytes-bonn"]
    assert Practice.objects.count() == 2


def test_import_when_one_row_is_bad_then_none_is_written():
    assert len(findings(CORK, BONN.replace("culture", "Kultur"))) == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (CORK.replace("cork,", "corck,"),
         "line 2, column city_slug, “corck”: This city is not in the portal. Import cities first."),
        (CORK.replace("learning", "Lernen"), "line 2, column theme, “Lernen”: This value is unknown."),
        (CORK.replace("learning", ""), "line 2, column theme: This cell must not be empty."),
        (CORK.replace("2016", "16"), "line 2, column year, “16”: This is not a possible year."),
        (CORK.replace("2016", "2999"), "line 2, column year, “2999”: This year is in the future."),
        (CORK.replace("https://example.org/cork", "example.org"), "column source_url, “example.org”: Write a whole"),
        (CORK.replace("https://example.org/cork", ""), "a practice is never without its source."),
        (CORK.replace("Eine Woche.", ""), "column summary_de: A language needs both title and summary"),
        (CORK.replace("Fest,", ",", 1).replace("Festival", "Festival"), "column title_de: A language needs both"),
        (",,cork,learning,,,,https://example.org/", "column title_en: Title and summary are needed in at least one"),
        (CORK.replace("cork,", ",", 1), "column city_slug: A practice needs a city, or another authority"),
        (f"{'x' * 201}" + CORK.removeprefix("Festival"), "column title_en, “"),
        (CORK + ",one too many", "The row has 9 cells, the header 8."),
    ],
)  # fmt: skip
def test_import_when_a_cell_is_wrong_then_line_column_and_reason_are_named(row, said):
    found = findings(row)
    assert len(found) == 1
    assert found[0].startswith("practices.csv, line 2")
    assert said in found[0]


def test_import_when_several_rows_are_wrong_then_all_are_named_at_once():
    found = findings(CORK.replace("cork,", "atlantis,"), BONN.replace("culture", "?"), CORK)
    assert [problem.split(":")[0].split(",")[1].strip() for problem in found] == ["line 2", "line 3"]


def test_import_when_a_row_comes_twice_then_both_lines_are_named():
    assert findings(CORK, CORK.replace("2016", "2017")) == [
        "practices.csv, line 3, column title_en, “Festival”: Line 2 has the same title for the same place."
    ]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (HEAD.replace("theme", "topic"), "column theme: This column is missing."),
        (HEAD.replace("source_url", "source_urls"), "Is source_url meant?"),
        (HEAD + ",goal", "Is goals meant?"),
    ],
)
def test_import_when_a_column_is_wrong_then_the_head_is_named(head, said):
    assert any(said in problem for problem in findings(CORK, head=head))


def test_import_when_the_columns_that_may_be_missing_are_there_then_they_count():
    a_programme("reihe")
    row = CORK + ",reihe,4 11 4,running"
    import_file(a_file(row, head=HEAD + ",programme,goals,stage"))
    cork = Practice.objects.get()
    assert (cork.programme and cork.programme.slug, cork.goals, cork.stage) == ("reihe", [4, 11], "running")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (CORK + ",nirgends,,", "column programme, “nirgends”: This value is unknown. Known are: reihe"),
        (CORK + ",,18,", "Write the numbers of the goals"),
        (CORK + ",,vier,", "Write the numbers of the goals"),
        (CORK + ",,,begun", "column stage, “begun”: This value is unknown."),
    ],
)
def test_import_when_such_a_column_is_wrong_then_it_is_named(row, said):
    a_programme("reihe")
    assert said in findings(row, head=HEAD + ",programme,goals,stage")[0]


def test_import_when_the_place_is_no_city_of_the_portal_then_its_name_and_country_are_kept():
    a_country("FR")
    row = CORK.replace("cork,", ",", 1) + ",Pays de Bray,FR"
    import_file(a_file(row, head=HEAD + ",authority,country_iso2"))
    practice = Practice.objects.get()
    assert (practice.city_id, practice.authority, practice.country_id) == (None, "Pays de Bray", "FR")
    assert practice.slug == "festival-pays-de-bray"


def test_import_when_a_country_is_unknown_or_the_place_is_named_twice_then_both_are_findings():
    head = HEAD + ",authority,country_iso2"
    assert "column country_iso2, “XX”" in findings(CORK.replace("cork,", ",", 1) + ",Pays de Bray,XX", head=head)[0]
    assert "Leave this cell empty where a city is named." in findings(CORK + ",Pays de Bray,", head=head)[0]


def test_import_when_a_person_made_a_practice_of_this_address_then_it_stays_and_is_named():
    a_practice("festival-cork", city=a_city("linz"), title_de="Eigenes")
    with pytest.raises(BadFiles) as refusal:
        import_file(a_file(CORK))
    assert "festival-cork" in str(refusal.value.problems[0])
    assert Practice.objects.get().title_de == "Eigenes"


def test_import_when_the_city_is_a_demo_then_it_is_not_known():
    a_city("demostadt", is_demo=True)
    assert "column city_slug, “demostadt”" in findings(CORK.replace("cork,", "demostadt,"))[0]


def test_import_when_the_file_has_a_mark_and_semicolons_then_it_is_read():
    import_file(b"\xef\xbb\xbf" + a_file(CORK).replace(b",", b";"))
    assert Practice.objects.get().slug == "festival-cork"


def test_command_when_a_row_is_bad_then_it_fails_and_names_every_finding(tmp_path, capsys):
    (tmp_path / "practices.csv").write_bytes(a_file(CORK, BONN.replace("bonn,", "nirgends,")))
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_practices", tmp_path)
    assert "line 3, column city_slug, “nirgends”" in capsys.readouterr().err
    assert Practice.objects.count() == 0


def test_command_then_dry_run_import_and_import_again_say_what_happens(tmp_path, capsys):
    (tmp_path / "practices.csv").write_bytes(a_file(CORK))
    call_command("import_practices", tmp_path, dry_run=True)
    assert "This was a dry run" in capsys.readouterr().out
    assert Practice.objects.count() == 0
    call_command("import_practices", tmp_path)
    assert "Imported." in capsys.readouterr().out
    call_command("import_practices", tmp_path)
    assert "Nothing to import" in capsys.readouterr().out


def test_command_when_there_is_no_file_then_it_says_so():
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_practices", Path("/nirgends"))


def test_page_then_an_operator_sees_what_would_change_and_imports_exactly_that(client):
    a_city("galway", country="FR")
    text = "title_en,title_de,city_slug,theme,year,summary_en,summary_de,source_url\r\n"
    row = "Fest,Fest,galway,learning,2020,A festival.,Ein Fest.,https://example.org/\r\n"
    client.force_login(a_person(Role.OPERATOR))
    bad = client.post("/de/practices/import/", {"file": upload(text + row.replace("galway", "nirgends"))}, follow=True)
    assert (bad.status_code, Practice.objects.count()) == (422, 0)
    shown = client.post("/de/practices/import/", {"file": upload(text + row)}, follow=True)
    assert ("fest-galway" in shown.content.decode(), Practice.objects.count()) == (True, 0)
    page = shown.redirect_chain[-1][0]
    assert client.post(page, {"seen": "etwas anderes"}).status_code == 409
    assert client.post(page, {"seen": shown.context["seen"]}).status_code == 302
    assert [practice.slug for practice in Practice.objects.published()] == ["fest-galway"]
    assert client.get(page).status_code == 302


def upload(text: str) -> io.BytesIO:
    file = io.BytesIO(text.encode())
    file.name = "practices.csv"
    return file
