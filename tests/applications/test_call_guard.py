"""What the database itself refuses for a call that is announced, with plain SQL, and that it agrees with the rules."""

import copy
import dataclasses
import datetime
import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from applications import pack_changes
from applications.models import Call, PackVersion
from applications.pack import Pack, PackError, Text, fingerprint, read, write
from applications.pack_changes import Weight, changes
from applications.pack_parts import find, items, lists_of, place_of, singles_of
from applications.typed_json import hints
from tests.applications.sample_pack import GONE, changed, found, put, sample
from tests.applications.test_pack_changes import ONE
from tests.factories_applications import a_call, a_pack_document

pytestmark = pytest.mark.django_db
PLAN = "steps[apply].sections[plan].questions"


def forbidden(old: dict[str, Any], new: dict[str, Any]) -> str | None:
    """What the function of the database finds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT forbidden_change(%s::jsonb, %s::jsonb)", [json.dumps(old), json.dumps(new)])
        row = cursor.fetchone()
    assert row
    place: str | None = row[0]
    return place


def by_the_rules(old: dict[str, Any], new: dict[str, Any]) -> bool:
    return any(change.weight is Weight.FORBIDDEN for change in changes(read(old), read(new)))


def paths(pack: Pack) -> Iterator[tuple[str, ...]]:
    """Every part of a pack."""
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        path = waiting.pop()
        part = find(pack, path)
        if part.item is None:
            continue
        yield path
        waiting += [(*path, name) for name in singles_of(part.kind)]
        waiting += [one.path for name in lists_of(part.kind) for one in items(pack, (*path, name)) if name != "verify"]


def others(hint: Any, value: Any, pack: Pack) -> list[Any]:
    """Other values that a property could have; GONE is its default."""
    options: list[Any] = [GONE]
    kind = next((one for one in get_args(hint) if one is not type(None)), hint) if get_args(hint) else hint
    if hint is bool:
        options.append(not value)
    elif kind in (int, float):
        options += [(value or 0) - 1, (value or 0) + 1]
    elif hint is str:
        options.append("other")
    elif kind is Text:
        options.append({"de": "Anders", "en": "Different"})
    elif isinstance(value, tuple):
        more = [*value, "de" if "de" not in value else "fr"]
        options += [list(value)[1:], more, list(reversed(value))]
    return options


def variations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The document with one property changed, property by property of the table of rules."""
    pack = read(document)
    for path in paths(pack):
        part = find(pack, path)
        for name in pack_changes.RULES.get(part.kind, {}):
            for value in others(hints(part.kind)[name], getattr(part.item, name), pack):
                new = copy.deepcopy(document)
                owner = found(new, place_of(path)) if path else new
                if value is GONE:
                    owner.pop(name, None)
                else:
                    owner[name] = value
                try:
                    read(new)
                except PackError:
                    continue
                yield place_of((*path, name)) if not path else f"{place_of(path)}.{name}", new


def test_rules_then_the_database_forbids_what_they_forbid_property_by_property():
    document = write(read(sample()))
    tried, forbidden_places, differing = set(), set(), []
    for place, new in variations(document):
        tried.add(place)
        in_database = forbidden(document, new) is not None
        if in_database:
            forbidden_places.add(place)
        if in_database != by_the_rules(document, new) and not place.startswith("reporting.questions"):
            differing.append((place, in_database))
    assert differing == []
    assert len(tried) > 300
    assert len(forbidden_places) > 100


@pytest.mark.parametrize("given", ["defaults left out", "defaults written out"])
def test_rules_then_each_of_the_table_of_examples_is_judged_alike(given):
    before = sample(network="gnlc")
    old = write(read(before)) if given == "defaults left out" else with_defaults(before)
    for where, value, weight in ONE:
        new = changed(where, value)
        tidy = write(read(new)) if given == "defaults left out" else with_defaults(new)
        assert (forbidden(old, tidy) is not None) == (weight is Weight.FORBIDDEN), where


def with_defaults(document: dict[str, Any]) -> dict[str, Any]:
    """Every property written out, as somebody may who writes rows by hand."""

    def whole(value: Any) -> Any:
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {one.name: whole(getattr(value, one.name)) for one in dataclasses.fields(value)}
        return [whole(one) for one in value] if isinstance(value, tuple) else value

    found = whole(read(document))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("where", [
    f"{PLAN}[vision]", f"{PLAN}[themes].choices[a]", "steps[apply].sections[facts].questions[partners].columns[since]",
    "criteria[basis]", "endorsements[mayor]", "quota", "steps[apply].sections[facts]",
])  # fmt: skip
def test_part_when_it_goes_or_comes_then_the_database_judges_as_the_rules_do(where):
    document = write(read(sample()))
    without = write(read(changed(where, GONE)))
    assert forbidden(document, without)
    assert (forbidden(without, document) is not None) == by_the_rules(without, document)


def test_part_when_it_only_stands_elsewhere_then_the_order_of_the_chain_alone_is_forbidden():
    document = write(read(sample()))
    for name, is_forbidden in (("endorsements", True), ("criteria", False), ("readiness", False)):
        new = copy.deepcopy(document)
        new[name].reverse()
        assert len(new[name]) > 1 or not is_forbidden
        assert (forbidden(document, new) is not None) is is_forbidden, name


def test_confirmation_when_its_words_change_then_only_with_a_new_version():
    where = "steps[understand].sections[rules].questions[rules_read]"
    document, new = write(read(sample())), changed(f"{where}.statement.en", "Something else")
    assert forbidden(document, new)
    put(new, f"{where}.version", "2")
    assert forbidden(document, new) is None


def test_condition_when_it_asks_fewer_then_forbidden_and_when_it_asks_more_not():
    where = "steps[commit].sections[resolution].questions[resolved_on].only_if"
    document = write(read(sample()))
    wider = changed(f"{where}.any_of", ["yes", "soon"])
    assert forbidden(document, wider) is None
    assert forbidden(wider, document)
    assert forbidden(changed(where, GONE), document)


# --- the trigger


def another_version(version: PackVersion, **changes: Any) -> PackVersion:
    document = a_pack_document() | changes
    return PackVersion.objects.create(
        network=version.network, key=version.key, number=version.number + 1, document=document,
        sha256=fingerprint(document),
    )  # fmt: skip


def run(sql: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE applications_call SET {sql}", values)  # noqa: S608 - the tests' own words


def without_vision() -> dict[str, Any]:
    document = a_pack_document()
    del document["steps"][2]["sections"][0]["questions"][0]
    return {"steps": document["steps"]}


WORSE: dict[str, dict[str, Any]] = {
    "a question dropped": without_vision(),
    "other weights": {"criteria": [a_pack_document()["criteria"][0] | {"weight": 60}]},
    "another scale": {"criteria": [a_pack_document()["criteria"][0] | {"highest": 10}]},
    "another quota": {"quota": {"count": 2, "per_country": True}},
}


@pytest.mark.parametrize("change", WORSE)
def test_open_call_when_sql_gives_it_a_worse_pack_then_the_database_refuses(change):
    call = a_call()
    worse = another_version(call.pack_version, **WORSE[change])
    with pytest.raises(IntegrityError, match="call runde is announced"):
        run("pack_version_id = %s", worse.pk)
    assert Call.objects.get().pack_version == call.pack_version


def test_open_call_when_the_new_pack_takes_nothing_away_then_the_database_takes_it():
    call = a_call()
    better = another_version(call.pack_version, summary={"de": "Mehr dazu.", "en": "More of it."})
    run("pack_version_id = %s", better.pk)
    assert Call.objects.get().pack_version == better


def test_call_in_preparation_then_everything_may_change():
    now = timezone.now()
    call = a_call(published_at=None)
    run("pack_version_id = %s", another_version(call.pack_version, **without_vision()).pk)
    run("opens_at = %s, closes_at = %s", now + datetime.timedelta(days=1), now + datetime.timedelta(days=2))
    run("published_at = %s", now + datetime.timedelta(hours=1))
    run("published_at = NULL")


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("closes_at = closes_at - interval '1 second'", "its deadline only ever moves to a later moment"),
        ("opens_at = opens_at + interval '1 hour'", "it has opened already"),
        ("opens_at = opens_at - interval '1 hour'", "it has opened already"),
        ("published_at = NULL", "it has opened and stays published"),
        ("published_at = now() + interval '1 day'", "it has opened and stays published"),
    ],
)
def test_open_call_when_sql_moves_its_dates_then_the_database_refuses(sql, why):
    a_call()
    with pytest.raises(IntegrityError, match=why):
        run(sql)
    run("closes_at = closes_at + interval '10 days'")  # an extension is none of these


def test_call_that_is_published_and_not_open_yet_then_it_may_still_be_taken_back():
    now = timezone.now()
    a_call(opens_at=now + datetime.timedelta(days=1))
    with pytest.raises(IntegrityError, match="later moment"):
        run("closes_at = closes_at - interval '1 second'")
    run("opens_at = opens_at + interval '1 hour'")
    run("published_at = NULL")
