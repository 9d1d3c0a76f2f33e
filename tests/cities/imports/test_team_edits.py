"""What a city's team has entered, and the file has otherwise."""

import pytest

from cities.imports import Choice, Undecided, import_files
from cities.models import City, Fact, ProfileEdit
from tests.cities.imports.lists import a_team_edit, everything, some_files

pytestmark = pytest.mark.django_db


def test_team_edit_stops_the_import_until_somebody_chooses():
    a_team_edit()
    before = everything()
    with pytest.raises(Undecided) as refusal:
        import_files(some_files())
    assert everything() == before
    assert [str(conflict) for conflict in refusal.value.difference.conflicts] == [
        "bonn: website is https://bonn.example by the city's team, https://www.bonn.de in the file"
    ]


def test_team_edit_is_kept_by_choice():
    a_team_edit()
    before = everything()
    import_files(some_files(), choices=Choice.TEAM)
    assert everything() == before


def test_team_edit_is_replaced_by_choice_and_recorded():
    a_team_edit("name_de", "Bundesstadt Bonn")
    import_files(some_files(), choices={("bonn", "name_de"): Choice.FILE})
    bonn = City.objects.get(slug="bonn")
    edit = ProfileEdit.objects.all()[0]
    assert (bonn.name_de, bonn.sort_de) == ("Bonn", "bonn")
    assert (edit.field, edit.old, edit.new, edit.by) == ("name_de", "Bundesstadt Bonn", "Bonn", None)


def test_team_edit_of_the_population_is_a_conflict_too():
    import_files(some_files())
    Fact.objects.update(value=1)
    ProfileEdit.objects.create(city=City.objects.get(slug="bonn"), field="population", old="330579", new="1")
    with pytest.raises(Undecided):
        import_files(some_files())
    import_files(some_files(), choices=Choice.FILE)
    assert Fact.objects.get().value == 330579


def test_team_edit_that_the_file_agrees_with_is_no_conflict():
    a_team_edit(new="https://www.bonn.de")
    assert import_files(some_files()).changes_nothing
