"""Editing the working copy of a pack: small edits, and two coordinators at once."""

import pytest
from django.utils import translation

from applications.actions import MoveNotAllowedError
from applications.actions.editing import (
    ClashError,
    add_part,
    move_part,
    put_pack,
    remove_part,
    set_part,
    take_over,
)
from applications.models import PackDraft
from applications.pack import Kind, Question, Quota, Section, Text, write
from applications.pack_parts import find, items, mark_of, new_key, path_of, place_of
from applications.preparation import Preparation
from tests.applications.editing import (
    PLAN,
    PLANNING,
    QUESTIONS,
    VISION,
    a_prepared,
    address,
    edit,
    fields_of,
    pack_of,
    strangers,
    words,
)
from tests.factories import Role, a_person
from tests.factories_applications import (
    a_coordinator,
)

pytestmark = pytest.mark.django_db


# --- small edits


def test_part_when_set_then_the_rest_of_the_pack_stays_as_it_was():
    call = a_prepared()
    before = pack_of(call)
    edit(call, VISION, words=55, label=words("Neue Vision"))
    after = pack_of(call)
    assert (after.questions["vision"].words, after.questions["vision"].label) == (55, words("Neue Vision"))
    assert write(after)["criteria"] == write(before)["criteria"]
    assert [key for key in after.questions if after.questions[key] != before.questions[key]] == ["vision"]
    assert call.pack == before  # the version the call points to


def test_part_when_added_then_it_has_a_key_of_its_own_from_its_title():
    call = a_prepared()
    titles = [Text("Größe", ""), words("Größe", "Size"), words("Größe", "Size"), words("Vision", "Vision")]
    by = a_coordinator(call.network)
    keys = [add_part(call, QUESTIONS, Question("", Kind.DATE, title), by=by)[-1] for title in titles]
    assert keys == ["groesse", "size", "size_2", "vision_2"]
    assert list(pack_of(call).sections["plan"].questions)[-4:] == [pack_of(call).questions[key] for key in keys]


@pytest.mark.parametrize(
    ("title", "taken", "expected"),
    [
        (Text("Größe der Stadt", ""), (), "groesse_der_stadt"),
        (Text("Größe", "Size of the city"), ("size_of_the_city",), "size_of_the_city_2"),
        (Text("2027", "2027"), (), "question_2027"),
        (Text("人", "人"), (), "question"),
        (Text("Prüfen", "Check"), (), "question_check"),  # "check" is a word of addresses
        (
            Text("", "A very long title that goes on and on for ever and ever"),
            (),
            "a_very_long_title_that_goes_on_and_on",
        ),
    ],
)
def test_key_then_it_is_made_of_the_title_and_free(title, taken, expected):
    assert new_key(title, taken, "question") == expected


def test_sections_and_questions_then_their_keys_are_free_in_all_steps():
    call = a_prepared()
    by = a_coordinator(call.network)
    section = add_part(call, ("steps", "commit", "sections"), Section("", words("Plan", "Plan"), ()), by=by)
    assert section[-1] == "plan_2"
    question = add_part(call, (*section, "questions"), Question("", Kind.DATE, words("Vision", "Vision")), by=by)
    assert question[-1] == "vision_2"


def test_part_when_moved_then_it_changes_places_and_stops_at_the_end():
    call = a_prepared()
    by = a_coordinator(call.network)
    before = [part.path[-1] for part in items(pack_of(call), QUESTIONS)]
    move_part(call, (*QUESTIONS, before[1]), -1, by=by)
    move_part(call, (*QUESTIONS, before[1]), -1, by=by)
    assert [part.path[-1] for part in items(pack_of(call), QUESTIONS)] == [before[1], before[0], *before[2:]]


def test_question_when_removed_then_nothing_names_it_any_more():
    call = a_prepared()
    path = (*QUESTIONS, "has_plan")
    assert pack_of(call).questions["plan_year"].only_if
    remove_part(call, path, seen=mark_of(find(pack_of(call), path)), by=a_coordinator(call.network))
    pack = pack_of(call)
    assert "has_plan" not in pack.questions
    assert pack.questions["plan_year"].only_if is None
    assert pack.criteria[0].questions == ("vision", "plan_year", "plan_file")
    assert Preparation(call).problems == []


def test_section_when_removed_then_neither_endorsement_nor_criterion_names_it():
    call = a_prepared()
    remove_part(call, PLAN, seen=mark_of(find(pack_of(call), PLAN)), by=a_coordinator(call.network))
    pack = pack_of(call)
    assert (pack.endorsements[0].covers, pack.criteria[0].questions) == ((), ())


def test_quota_when_it_goes_and_comes_then_the_pack_has_none_or_one():
    call = a_prepared()
    by = a_coordinator(call.network)
    remove_part(call, ("quota",), seen=mark_of(find(pack_of(call), ("quota",))), by=by)
    assert pack_of(call).quota is None
    set_part(call, ("quota",), Quota(count=2), seen="", by=by)
    assert pack_of(call).quota == Quota(count=2)


def test_question_when_its_kind_changes_then_what_the_new_one_does_not_know_is_gone():
    call = a_prepared()
    path = (*QUESTIONS, "has_plan")
    edit(call, path, kind=Kind.LONG_TEXT, words=80)
    question = pack_of(call).questions["has_plan"]
    assert (question.kind, question.words, question.choices) == (Kind.LONG_TEXT, 80, ())


def test_place_then_path_and_back():
    for place in (
        "criteria[planning]",
        "steps[apply].sections[plan].questions[vision].choices[a]",
        "quota",
        "verify[0]",
    ):
        path, name = path_of(place)
        assert (place_of(path), name) == (place, "")
    assert path_of("criteria[planning].title.en") == (PLANNING, "title_en")


def test_edit_by_somebody_else_then_refused_and_nothing_is_kept():
    call = a_prepared()
    part = find(pack_of(call), VISION)
    for person in strangers(call):
        with pytest.raises(MoveNotAllowedError):
            set_part(call, VISION, part.item, seen=mark_of(part), by=person)
        with pytest.raises(MoveNotAllowedError):
            add_part(call, QUESTIONS, Question("", Kind.DATE, words("x")), by=person)
        with pytest.raises(MoveNotAllowedError):
            put_pack(call, pack_of(call), seen=0, by=person)
        with pytest.raises(MoveNotAllowedError):
            take_over(call, seen=0, by=person)
    assert not PackDraft.objects.exists()


# --- two coordinators


def test_two_coordinators_when_they_change_the_same_then_the_second_is_told_and_nothing_is_overwritten():
    call = a_prepared()
    first, second = a_coordinator(call.network), a_person(Role.COORDINATOR, network=call.network)
    seen = find(pack_of(call), VISION)
    edit(call, VISION, by=first, words=30)
    with pytest.raises(ClashError) as clash:
        set_part(call, VISION, seen.item, seen=mark_of(seen), by=second)
    assert (clash.value.stored.item.words, clash.value.draft.changed_by) == (30, first)
    edit(call, (*QUESTIONS, "plan_year"), by=second, label=words("Welches Jahr?"))  # another part: no clash
    assert pack_of(call).questions["vision"].words == 30


def test_page_after_a_clash_then_both_versions_and_a_second_save_is_deliberate(client):
    call = a_prepared()
    first, second = a_coordinator(call.network), a_person(Role.COORDINATOR, network=call.network)
    url = address("part", VISION, call)
    client.force_login(second)
    mine = fields_of(client, url) | {"label_de": "Meine Vision", "label_en": "My vision"}
    edit(call, VISION, by=first, label=Text("Ihre Vision", "Their vision"))
    with translation.override("en"):
        response = client.post(address("part", VISION, call), mine)
    assert response.status_code == 409
    for told in ("Ihre Vision", "Meine Vision", str(first), "has changed this meanwhile"):
        assert told in response.text
    assert pack_of(call).questions["vision"].label.en == "Their vision"
    again = client.post(url, mine | {"seen": response.context["page"].seen})
    assert again.status_code == 302
    assert pack_of(call).questions["vision"].label.en == "My vision"


def test_removing_what_a_colleague_has_changed_meanwhile_then_it_stays():
    call = a_prepared()
    by = a_coordinator(call.network)
    seen = mark_of(find(pack_of(call), VISION))
    edit(call, VISION, words=30)
    with pytest.raises(ClashError):
        remove_part(call, VISION, seen=seen, by=by)
    assert "vision" in pack_of(call).questions
