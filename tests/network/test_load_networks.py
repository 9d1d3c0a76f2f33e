"""Loading the texts of networks: checked first, never over what coordinators wrote unless asked."""

import json

import pytest
from django.core.management import CommandError, call_command

from cities.models import Membership
from network.content_files import ContentError, read_networks
from network.models import Field, Network
from tests.network.people import a_city

pytestmark = pytest.mark.django_db


def both(text):
    return {"de": f"{text} de", "en": f"{text} en"}


def a_file(**changes):
    steps = [{"kind": "step", "number": n, "title": both(f"Schritt {n}")} for n in (1, 2, 3, 4)]
    return {
        "slug": "netz",
        "position": 1,
        "name": both("Netz"),
        "short_name": both("Kurz"),
        "member_name": both("Mitglied"),
        "abbreviation": "N",
        "fields": [{"slug": "musik", "name": both("Musik")}],
        "figures": [{"kind": "members", "value": 5, "as_of": "2025-12", "source_label": "Seite"}],
        "passages": [{"kind": "goal", "title": both("Ziel")}, *steps],
    } | changes


def write(folder, content, name="netz.json"):
    (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_files_of_the_portal_are_right_and_load_completely():
    call_command("load_networks", verbosity=0)
    files = read_networks()
    assert [n.slug for n in Network.objects.all()] == [file.slug for file in files]
    for file in files:
        network = Network.objects.get(slug=file.slug)
        assert network.passages.count() == len(file.passages)
        assert network.figures.count() == len(file.figures)
        assert network.name_de == file.values["name_de"]
        assert network.name_en == file.values["name_en"]


def test_load_twice_leaves_edits_alone_and_says_so(tmp_path, capsys):
    write(tmp_path, a_file())
    call_command("load_networks", folder=tmp_path)
    Network.objects.update(name_de="Von Hand")
    call_command("load_networks", folder=tmp_path)
    assert Network.objects.get().name_de == "Von Hand"
    assert Network.objects.get().passages.count() == 5
    assert capsys.readouterr().out.splitlines() == ["netz: created with 5 texts.", "netz: exists, left alone."]


def test_replace_rewrites_texts_but_keeps_the_fields_of_memberships(tmp_path):
    call_command("load_networks", folder=write(tmp_path, a_file()), verbosity=0)
    network = Network.objects.get()
    membership = Membership.objects.create(city=a_city(), network=network)
    membership.fields.set(network.fields.all())
    Field(network=network, slug="film", name_de="Film").save()
    changed = a_file(name=both("Neu"), fields=[{"slug": "musik", "name": both("Klang")}])
    call_command("load_networks", folder=write(tmp_path, changed), replace=True, verbosity=0)
    network.refresh_from_db()
    assert (network.name_de, network.name_en) == ("Neu de", "Neu en")
    assert [field.name_de for field in membership.fields.all()] == ["Klang de"]
    assert {field.slug for field in network.fields.all()} == {"musik", "film"}
    assert network.passages.count() == 5
    assert network.figures.count() == 1


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"name": {"de": "Netz"}}, "netz.json, name: this text must have both languages"),
        ({"name": {"de": "Netz", "en": " "}}, "netz.json, name, en: the text is empty."),
        ({"lead": {"de": "", "en": "Lead"}}, "netz.json, lead, de: the text is empty."),
        ({"nonsense": 1}, "netz.json: nonsense: not known here."),
        ({"slug": "other"}, "netz.json, slug: 'other' must be the name of the file, 'netz'."),
        ({"shape": "heart"}, "netz.json: shape:"),
        ({"website": "not an address"}, "netz.json: website:"),
        ({"passages": []}, "must be the four steps 1, 2, 3, 4; found: none."),
        ({"passages": [{"kind": "rumour", "title": both("R")}]}, "netz.json, passages[0]: kind:"),
        ({"fields": [{"slug": "a", "name": both("A")}] * 2}, "netz.json, fields[1]: a is there already"),
        ({"figures": {}}, "netz.json, figures: this must be a list of objects."),
    ],
)
def test_a_wrong_file_is_named_with_its_place_and_nothing_is_written(tmp_path, changes, place):
    write(tmp_path, a_file(slug="anderes"), "anderes.json")
    write(tmp_path, a_file(**changes))
    with pytest.raises(CommandError) as error:
        call_command("load_networks", folder=tmp_path)
    assert place in str(error.value)
    assert not Network.objects.exists()


def test_no_json_is_named(tmp_path):
    (tmp_path / "netz.json").write_text("{")
    with pytest.raises(ContentError, match=r"netz\.json: this is not JSON"):
        read_networks(tmp_path)


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(ContentError, match=r"no \.json file"):
        read_networks(tmp_path)
