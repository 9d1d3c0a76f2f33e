"""`manage.py import_cities`."""

import pytest
from django.core.management import CommandError, call_command

from cities.models import City
from tests.cities.imports.lists import (
    BONN,
    CITY_HEAD,
    EVENT_HEAD,
    LYON,
    LYON_CHANGED,
    MEMBER_HEAD,
    a_folder,
    a_team_edit,
)

pytestmark = pytest.mark.django_db


def run(folder, *options):
    call_command("import_cities", str(folder), *options)


def test_command_prints_the_difference(tmp_path, capsys):
    run(a_folder(tmp_path), "--dry-run")
    dry = capsys.readouterr().out
    assert City.objects.count() == 0
    run(tmp_path)
    wet = capsys.readouterr().out
    run(tmp_path)
    again = capsys.readouterr().out

    assert dry.removesuffix("This was a dry run: nothing was written.\n") == wet.removesuffix("Imported.\n")
    assert "New: 2 cities\n  + bonn (Bonn)\n  + lyon (Lyon)\n" in wet
    assert again == (
        "Unchanged: 2 countries, 1 German Land, 2 sources, 2 cities, 2 memberships\n"
        "Nothing to import: the portal already says what the files say.\n"
    )


def test_command_shortens_long_lists_unless_asked(tmp_path, capsys):
    rows = "".join(f"town-{number},Town,Stadt,DE,50,7,,,\n" for number in range(60))
    run(a_folder(tmp_path, cities=CITY_HEAD + rows, memberships=MEMBER_HEAD), "--dry-run")
    short = capsys.readouterr().out
    run(tmp_path, "--dry-run", "-v2")
    assert short.count("+ town-") == 50
    assert "  … and 10 more\n" in short
    assert capsys.readouterr().out.count("+ town-") == 60


def test_command_lists_findings_and_fails(tmp_path, capsys):
    folder = a_folder(tmp_path, cities=CITY_HEAD + BONN.replace("DE", "QQ") + LYON.replace("45.7", "45,7"))
    with pytest.raises(CommandError) as failure:
        run(folder)
    assert failure.value.returncode == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert str(failure.value) == "Nothing was imported: 2 things in the files are wrong."


def test_command_asks_for_a_choice(tmp_path, capsys):
    a_team_edit()
    with pytest.raises(CommandError) as failure:
        run(a_folder(tmp_path))
    assert failure.value.returncode == 1
    assert str(failure.value).endswith("Choose --keep-team or --take-file.")
    run(tmp_path, "--keep-team")
    assert City.objects.get(slug="bonn").website == "https://bonn.example"
    run(tmp_path, "--take-file")
    assert City.objects.get(slug="bonn").website == "https://www.bonn.de"
    with pytest.raises(CommandError, match="not allowed with"):
        run(tmp_path, "--keep-team", "--take-file")


def test_command_names_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="is not a folder"):
        run(tmp_path / "nowhere")


def test_command_names_a_file_it_cannot_read(tmp_path):
    (tmp_path / "cities.csv").mkdir()
    with pytest.raises(CommandError, match=r"cities\.csv cannot be read"):
        run(tmp_path)


def test_command_counts_changes_of_memberships(tmp_path, capsys):
    run(a_folder(tmp_path, membership_changes=EVENT_HEAD + LYON_CHANGED))
    assert "New: 1 change of a membership\n  + lyon, uccn, field, 2023-10-31\n" in capsys.readouterr().out
