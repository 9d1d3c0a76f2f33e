"""Loading the texts of networks: checked first, never over what coordinators wrote unless asked."""

import json

import pytest
from django.core.management import CommandError, call_command

from cities.models import Membership
from network.content_files import ContentError, read_networks, read_news
from network.models import Field, Network, News
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


def a_piece(**changes):
    values = {
        "slug": "neu",
        "network": "netz",
        "published_on": "2025-12-04",
        "title": both("Titel"),
        "text": both("Text"),
    }
    return values | {"source_label": "Seite", "source_url": "https://example.org/"} | changes


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
    news = read_news(files)
    assert news
    rows = [(n.slug, n.network and n.network.slug, n.title_de, n.title_en) for n in News.objects.published()]
    assert sorted(rows) == sorted(
        (entry.values["slug"], entry.network, entry.values["title_de"], entry.values["title_en"]) for entry in news
    )
    assert not News.objects.filter(source_url="").exists()


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


def test_news_are_loaded_once_and_edits_stay(tmp_path, capsys):
    write(write(tmp_path, a_file()), [a_piece(), a_piece(slug="eigen", network=None)], "news.json")
    call_command("load_networks", folder=tmp_path)
    piece = News.objects.get(slug="neu")
    assert piece.network
    assert (piece.network.slug, piece.title_de, piece.text_en) == ("netz", "Titel de", "Text en")
    assert str(piece.published_on) == "2025-12-04"
    assert News.objects.get(slug="eigen").network is None
    News.objects.filter(slug="neu").update(title_de="Von Hand")
    capsys.readouterr()
    call_command("load_networks", folder=tmp_path)
    assert News.objects.get(slug="neu").title_de == "Von Hand"
    assert capsys.readouterr().out.splitlines()[1:] == [
        "news neu: exists, left alone.",
        "news eigen: exists, left alone.",
    ]


def test_replace_rewrites_news_and_keeps_those_written_here(tmp_path, capsys):
    write(write(tmp_path, a_file()), [a_piece()], "news.json")
    call_command("load_networks", folder=tmp_path, verbosity=0)
    News(slug="hier", published_on="2026-01-01", title_de="Hier", text_de="Hier.").save()
    key = News.objects.get(slug="neu").pk
    write(tmp_path, [a_piece(title=both("Neuer"), published_on="2025-12-05", network=None)], "news.json")
    call_command("load_networks", folder=tmp_path, replace=True)
    piece = News.objects.get(slug="neu")
    assert (piece.pk, piece.network, piece.title_de, piece.title_en) == (key, None, "Neuer de", "Neuer en")
    assert str(piece.published_on) == "2025-12-05"
    assert News.objects.get(slug="hier").title_de == "Hier"
    assert "news neu: rewritten." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("news", "place"),
    [
        ({}, "news.json: this must be a list of objects."),
        ([a_piece(title={"de": "Titel"})], "news.json[0], title: this text must have both languages"),
        ([a_piece(text={"de": "Text", "en": ""})], "news.json[0], text, en: the text is empty."),
        ([a_piece(title=both("T" * 200))], "news.json[0]: title_de:"),
        ([a_piece(network="anderes")], "news.json[0], network: 'anderes' is not known here. Known are netz, and null."),
        ([a_piece(network=["netz"])], "news.json[0], network: ['netz'] is not known here."),
        ([a_piece(published_on=None)], "news.json[0], published_on: this must be a day"),
        ([a_piece(published_on="2025-13-01")], "news.json[0]: published_on:"),
        ([a_piece(slug="mit leerzeichen")], "news.json[0]: slug:"),
        ([a_piece(source_url="Seite")], "news.json[0]: source_url:"),
        ([a_piece(author="X")], "news.json[0]: author: not known here."),
        ([a_piece(), a_piece()], "news.json[1]: neu is there already, in news.json[0]."),
    ],
)
def test_wrong_news_are_named_with_their_place_and_nothing_is_written(tmp_path, news, place):
    write(write(tmp_path, a_file()), news, "news.json")
    with pytest.raises(CommandError) as error:
        call_command("load_networks", folder=tmp_path)
    assert place in str(error.value)
    assert not Network.objects.exists()
    assert not News.objects.exists()


def test_news_without_a_network_file_are_not_a_network(tmp_path):
    with pytest.raises(ContentError, match=r"no \.json file"):
        read_networks(write(tmp_path, [], "news.json"))
