"""Packs are read strictly, written back unchanged, and say in both languages what is wrong with their shape."""

import copy
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from applications.pack import PackError, Text, canonical, fingerprint, parse, read, texts, write
from applications.pack_checks import problems
from applications.shipped import shipped_packs
from tests.applications.sample_pack import GONE, changed, sample

SHIPPED = sorted(shipped_packs().items())


@pytest.fixture(autouse=True)
def _english():
    """Sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


def wrong(document):
    """What reading complains of."""
    with pytest.raises(PackError) as refusal:
        read(document)
    return [(problem.place, problem.sentence) for problem in refusal.value.problems]


# --- the packs that ship


def test_shipped_packs_then_every_network_has_one():
    networks = {read(parse(path.read_bytes())).network for _key, path in SHIPPED}
    assert networks == {"gnlc", "uccn", "metropolis", "uclg", "c40"}


@pytest.mark.parametrize(("key", "path"), SHIPPED, ids=dict(SHIPPED))
def test_shipped_pack_then_nothing_is_wrong_with_it(key, path):
    pack = read(parse(path.read_bytes()))
    assert [str(problem) for problem in problems(pack)] == []
    assert pack.key == key


@pytest.mark.parametrize(("key", "path"), SHIPPED, ids=dict(SHIPPED))
def test_shipped_pack_when_exported_and_imported_then_not_a_byte_differs(key, path):
    document = parse(path.read_bytes())
    exported = canonical(write(read(document)))
    again = canonical(write(read(parse(exported))))
    assert again == exported == canonical(document)
    assert read(parse(exported)) == read(document)


def test_shipped_packs_where_outsiders_decide_then_they_ask_for_no_scores_and_say_what_is_not_known():
    outside = [pack for pack in (read(parse(path.read_bytes())) for _key, path in SHIPPED) if pack.outside]
    assert {"metropolis", "uclg", "c40"} <= {pack.key for pack in outside}
    for pack in outside:
        assert pack.verify
        assert [link.key for link in pack.endorsements][:1] == ["mayor"]


# --- reading and writing


def test_pack_when_written_then_it_reads_back_the_same():
    pack = read(sample())
    assert read(write(pack)) == pack
    assert write(pack) == sample()


def test_pack_when_defaults_are_spelled_out_then_it_is_the_same_pack():
    document = sample(outside=False, names_hidden=False, reviewers_per_application=2)
    assert canonical(write(read(document))) == canonical(write(read(sample())))


def test_fingerprint_when_properties_stand_in_another_order_then_it_is_the_same():
    document = sample()
    turned = dict(reversed(document.items()))
    assert fingerprint(turned) == fingerprint(document)
    assert fingerprint(changed("title.en", "Other")) != fingerprint(document)


def test_whole_number_when_written_with_a_point_then_it_is_the_same_pack():
    document = changed("steps[apply].sections[plan].questions[vision].words", 200.0)
    assert canonical(write(read(document))) == canonical(sample())


def test_schema_address_when_given_then_it_is_accepted_and_not_kept():
    assert "$schema" not in write(read(sample(**{"$schema": "https://example.org/pack/1/schema.json"})))


def test_texts_then_each_has_its_place():
    places = dict(texts(read(sample())))
    assert places["steps[apply].sections[plan].questions[vision].label"] == Text("vision (de)", "vision (en)")
    assert "steps[apply].sections[plan].questions[challenges].choices[climate].label" in places
    assert "reporting.questions[progress].label" in places
    assert "verify[0]" in places


def test_text_then_it_reads_in_the_language_of_the_reader():
    text = Text("Frage", "question")
    assert str(text) == "question"
    with translation.override("de"):
        assert str(text) == "Frage"


# --- wrong shapes


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ("title", GONE, "This is missing."),
        ("title.en", GONE, "This is missing."),
        ("titel", "x", "This is not known here."),
        ("title.fr", "x", "This is not known here."),
        ("title", "Sample", "This must be an object."),
        ("title.de", 5, "This must be a text."),
        ("title.de", None, "This must be a text."),
        ("title.de", "a\u0000b", "This text holds characters that cannot be printed."),
        ("title.de", "a\ud800b", "This text holds characters that cannot be printed."),
        ("steps", {}, "This must be a list."),
        ("answer_languages", "en", "This must be a list."),
        ("criteria[quality].weight", "60", "This must be a whole number."),
        ("criteria[quality].weight", 60.5, "This must be a whole number."),
        ("criteria[quality].weight", True, "This must be a whole number."),
        ("steps[apply].sections[facts].questions[budget].minimum", "0", "This must be a number."),
        ("steps[apply].sections[facts].questions[budget].minimum", float("inf"), "This must be a number."),
        ("outside", 1, "This must be true or false."),
        ("steps[apply].sections[plan].questions[vision].kind", "essay", None),
        ("steps[apply].sections[plan].questions[vision].kind", ["long_text"], None),
    ],
)
def test_pack_when_one_thing_has_the_wrong_shape_then_exactly_its_place_is_named(place, value, sentence):
    [(found, said)] = wrong(changed(place, value))
    assert found == place
    if sentence:
        assert said == sentence
    else:
        assert said.startswith(json.dumps(value) + " is not known here; possible are short_text, long_text,")


def test_pack_when_several_things_are_wrong_then_all_are_named_at_once():
    document = changed("steps[apply].sections[plan].questions[vision].words", "many")
    del document["steps"][2]["key"]
    document["unknown"] = 1
    assert [place for place, _sentence in wrong(document)] == [
        "unknown",
        "steps[2].key",
        "steps[2].sections[plan].questions[vision].words",
    ]


def test_pack_when_it_has_another_format_then_both_are_named():
    assert wrong(sample(format=2)) == [("format", "This pack has the format 2; this portal reads 1.")]


@pytest.mark.parametrize("document", [None, [], "pack", 1, {}])
def test_pack_when_it_is_something_else_then_it_is_refused(document):
    assert wrong(document)


def test_pack_when_a_key_cannot_be_shown_then_its_number_is():
    document = sample()
    document["checklist"][0] |= {"key": "x\n" * 500, "text": 1}
    assert [place for place, _sentence in wrong(document)] == ["checklist[0].text"]


def test_problem_then_it_reads_in_both_languages_whatever_is_active():
    with pytest.raises(PackError) as refusal:
        read(changed("title", GONE))
    [problem] = refusal.value.problems
    with translation.override("en"):
        in_english = problem.sentence
    with translation.override("de"):
        in_german = problem.sentence
    assert in_english == "This is missing."
    assert in_german not in {"", in_english}


# --- files


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This is no JSON: line 1, column 1."),
        (b'{"a": 1\n"b": 2}', "This is no JSON: line 2, column 1."),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "The property “c” is given twice."),
        (b'{"a": NaN}', "The file holds numbers or nesting that cannot be read."),
        (b"[" * 200_000, "The file holds numbers or nesting that cannot be read."),
        (b"1" * 10_000, "The file holds numbers or nesting that cannot be read."),
        ('{"a": "ä"}'.encode("latin-1"), "The file is not encoded as UTF-8."),
    ],
    ids=["empty", "broken", "twice", "NaN", "deep", "long number", "latin-1"],
)
def test_file_when_programs_would_read_it_differently_then_it_is_refused(data, sentence):
    with pytest.raises(PackError) as refusal:
        parse(data)
    assert [problem.sentence for problem in refusal.value.problems] == [sentence]


def test_file_when_it_begins_with_a_byte_order_mark_then_it_is_read():
    assert parse(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


# --- the command


def test_check_packs_when_a_file_has_problems_then_each_is_named_and_it_fails(tmp_path, capsys):
    unsound, misshapen = tmp_path / "unsound.json", tmp_path / "misshapen.json"
    unsound.write_text(json.dumps(changed("criteria[quality].weight", 50)), encoding="utf-8")
    document = copy.deepcopy(sample())
    del document["title"]
    misshapen.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(CommandError, match="3 problems in 3 files"):
        call_command("check_packs", unsound, misshapen, tmp_path / "none.json")
    assert capsys.readouterr().err.splitlines() == [
        "unsound.json: criteria: The weights add up to 90 instead of 100.",
        "misshapen.json: title: This is missing.",
        "none.json: cannot be read: No such file or directory",
    ]


def test_check_packs_when_nothing_is_given_then_the_shipped_ones_are_checked(capsys):
    call_command("check_packs")
    assert capsys.readouterr().out == f"{len(SHIPPED)} packs are sound.\n"
