"""Editing the working copy of a pack: small edits, two coordinators at once, taking over, files in and out."""

import datetime
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions import MoveNotAllowedError
from applications.actions.calls import keep_pack
from applications.actions.editing import (
    ClashError,
    add_part,
    move_part,
    put_pack,
    remove_part,
    set_part,
    take_over,
)
from applications.actions.preparing import NotReadyError
from applications.log import faults
from applications.models import Application, Call, Event, PackDraft, PackVersion
from applications.pack import Choice, Kind, Pack, PackError, Question, Quota, Section, Text, parse, read, write
from applications.pack_files import as_file
from applications.pack_parts import find, items, mark_of, new_key, path_of, place_of
from applications.preparation import Preparation
from applications.shipped import shipped_packs
from applications.workflow import State
from network.models import Letter, User
from tests.factories import Role, a_city, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_network_of,
    a_pack_document,
    a_pack_version,
    an_application,
    text,
)
from tests.guards import problems

pytestmark = pytest.mark.django_db
PLAN = ("steps", "apply", "sections", "plan")
QUESTIONS = (*PLAN, "questions")
VISION = (*QUESTIONS, "vision")
PLANNING = ("criteria", "planning")


def words(de: str, en: str = "") -> Text:
    return Text(de=de, en=en or f"{de} (en)")


def a_prepared(**changes: Any) -> Call:
    return a_call("runde", pack=a_pack_version(**changes), published_at=None)


def pack_of(call: Call) -> Pack:
    return Preparation(Call.objects.get(pk=call.pk)).pack


def edit(call: Call, path: tuple[str, ...], *, by: User | None = None, **values: Any) -> None:
    """Sets properties of a part, as its page does."""
    part = find(pack_of(call), path)
    item = type(part.item)(**{**vars(part.item), **values})
    set_part(call, path, item, seen=mark_of(part), by=by or a_coordinator(call.network))


def strangers(call: Call) -> list[User]:
    """People who must not learn of a call in preparation."""
    return [
        a_person(Role.COORDINATOR, network=a_network_of("uccn")),
        a_person(Role.REVIEWER, network=call.network),
        a_person(Role.LEAD, city=a_city("bonn")),
        a_person(Role.OPERATOR),
    ]


def address(name: str, path: tuple[str, ...], call: Call) -> str:
    return reverse(f"editor:{name}", args=[call.slug, "/".join(path)])


def fields_of(client: Client, url: str) -> dict[str, Any]:
    """What the form of a part would send as it stands."""
    form = client.get(url).context["form"]
    data: dict[str, Any] = {"seen": form.part and mark_of(form.part)}
    for field in form.visible_fields():
        value = field.value()
        if value is not None and value is not False and value != "":
            data[field.name] = "on" if value is True else value
    return data


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


# --- pages


def test_page_of_each_part_when_saved_untouched_then_nothing_changes(client):
    """Over a pack that ships, with every kind of question: no field loses anything on its way."""
    a_network_of("uccn")
    document = parse(shipped_packs()["uccn-paris"].read_bytes())
    call = a_call("paris", pack=keep_pack(document, by=None), published_at=None)
    client.force_login(a_coordinator(call.network))
    before = pack_of(call)
    kinds: dict[object, tuple[str, ...]] = {}
    for section in before.sections:
        step = str(before.step_of[section].key)
        for part in items(before, ("steps", step, "sections", section, "questions")):
            kinds.setdefault((part.item.kind, bool(part.item.only_if), bool(part.item.unit)), part.path)
    paths = [*kinds.values(), ("quota",), ("retention",), ("reporting",), ("steps", "apply"), ("verify", "0")]
    paths += [(name, getattr(before, name)[0].key) for name in ("criteria", "readiness", "endorsements", "checklist")]
    for path in paths:
        url = address("part", path, call)
        assert client.post(url, fields_of(client, url)).status_code == 302, path
    texts = reverse("editor:texts", args=[call.slug])
    assert client.post(texts, fields_of(client, texts)).status_code == 302
    assert not PackDraft.objects.exists()
    assert pack_of(call) == before


def test_part_page_when_filled_in_then_both_languages_are_kept_and_what_is_missing_is_told(client):
    call = a_prepared()
    client.force_login(a_coordinator(call.network))
    url = address("part", PLANNING, call)
    data = fields_of(client, url) | {"title_de": "Planung und Ziele", "title_en": "", "weight": "90"}
    assert client.post(url, data).status_code == 302
    criterion = pack_of(call).criteria[0]
    assert (criterion.title, criterion.weight) == (Text("Planung und Ziele", ""), 90)
    with translation.override("en"):
        html = client.get(address("part", PLANNING, call)).text
        assert "English: The text is missing in this language." in html
        contents = client.get(reverse("editor:contents", args=[call.slug])).text
    assert "All weights together: 90 per cent. They must be 100." in contents
    assert "English is missing" in contents


def test_part_page_with_what_is_no_number_then_told_beside_the_field_and_nothing_is_lost(client):
    call = a_prepared()
    client.force_login(a_coordinator(call.network))
    url = address("part", PLANNING, call)
    response = client.post(url, fields_of(client, url) | {"weight": "viel", "title_de": "Neu geschrieben"})
    assert response.status_code == 422
    assert "viel" in response.text
    assert "Neu geschrieben" in response.text
    assert "id_weight_error" in response.text
    assert not PackDraft.objects.exists()


def test_list_page_then_it_adds_orders_and_removes(client):
    call = a_prepared()
    client.force_login(a_coordinator(call.network))
    choices = (*QUESTIONS, "has_plan", "choices")
    assert client.post(address("listed", choices, call), {"new-de": "", "new-en": ""}).status_code == 422
    assert client.post(address("listed", choices, call), {"new-de": "Bald", "new-en": "Soon"}).status_code == 302
    client.post(address("move", (*choices, "soon"), call), {"step": "up"})
    assert [one.key for one in pack_of(call).questions["has_plan"].choices] == ["yes", "soon", "no"]
    remove = address("remove", (*choices, "no"), call)
    assert client.post(remove, {"seen": client.get(remove).context["page"].mark}).status_code == 302
    assert pack_of(call).questions["has_plan"].choices == (
        Choice("yes", words("Ja", "Yes")), Choice("soon", words("Bald", "Soon")),
    )  # fmt: skip


def test_condition_page_then_answers_of_one_earlier_question_only(client):
    call = a_prepared()
    client.force_login(a_coordinator(call.network))
    question = (*QUESTIONS, "plan_file")
    url = address("condition", question, call)
    page = client.get(url)
    offered = {value for value, _label in page.context["form"].fields["answers"].choices}
    assert offered == {"rules_read:yes", "has_plan:yes", "has_plan:no"}
    assert client.post(url, {"seen": "", "answers": ["rules_read:yes", "has_plan:no"]}).status_code == 422
    assert client.post(url, {"seen": "", "answers": ["complete:yes"]}).status_code == 422  # asked later
    assert client.post(url, {"seen": "", "answers": ["has_plan:yes"]}).status_code == 302
    condition = pack_of(call).questions["plan_file"].only_if
    assert condition
    assert (condition.question, condition.any_of) == ("has_plan", ("yes",))


@pytest.mark.parametrize("path", ["criteria/nichts", "nichts", "criteria", "steps/apply/nichts/plan", "quota/count",
                                  "title", "format", "steps/apply/sections/plan/questions/vision/words"])  # fmt: skip
def test_page_of_a_part_that_is_not_there_then_404(client, path):
    call = a_prepared()
    client.force_login(a_coordinator(call.network))
    assert client.get(reverse("editor:part", args=[call.slug, path])).status_code == 404


def test_removing_a_step_or_the_retention_then_404(client):
    call = a_prepared()
    client.force_login(a_coordinator(call.network))
    for path in (("steps", "apply"), ("retention",)):
        assert client.post(address("remove", path, call), {"seen": ""}).status_code == 404


@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_of_the_editor_then_their_html_is_sound(client, language):
    call = a_prepared()
    edit(call, PLANNING, weight=80)
    client.force_login(a_coordinator(call.network))
    names = ["call", "contents", "texts", "dates", "publish", "changes", "preview", "import"]
    addresses = [reverse(f"editor:{name}", args=[call.slug]) for name in names]
    parts = [VISION, PLANNING, PLAN, ("quota",), ("steps", "apply"), (*QUESTIONS, "has_plan"), ("reporting",)]
    addresses += [address("part", path, call) for path in parts]
    addresses += [
        address("listed", ("criteria",), call),
        address("condition", (*QUESTIONS, "plan_file"), call),
        address("remove", (*QUESTIONS, "has_plan"), call),
        reverse("editor:preview_section", args=[call.slug, "plan"]),
    ]
    for one in addresses:
        response = client.get(f"/{language}/{one.split('/', 2)[2]}")
        assert response.status_code == 200, one
        assert problems(response, language) == [], one


@pytest.mark.parametrize("count", [1, 3])
def test_pages_of_the_editor_then_the_number_of_queries_does_not_grow(client, count, django_assert_num_queries):
    call = a_prepared()
    by = a_coordinator(call.network)
    for number in range(count):
        add_part(call, QUESTIONS, Question("", Kind.DATE, words(f"Frage {number}")), by=by)
    client.force_login(by)
    addresses = [reverse(f"editor:{name}", args=[call.slug]) for name in ("contents", "preview", "changes")]
    addresses += [address("part", PLAN, call), reverse("editor:preview_section", args=[call.slug, "plan"])]
    for one in addresses:
        client.get(one)
        with django_assert_num_queries(6):
            assert client.get(one).status_code == 200


def test_preview_then_a_city_would_see_the_working_copy_marked_as_such_and_nothing_can_be_sent(client):
    call = a_prepared()
    edit(call, VISION, label=Text("Ganz neue Frage", "Quite new question"), verify=words("Noch prüfen"))
    client.force_login(a_coordinator(call.network))
    with translation.override("en"):
        whole = client.get(reverse("editor:preview", args=[call.slug])).text
        section = client.get(reverse("editor:preview_section", args=[call.slug, "plan"])).text
    for html in (whole, section):
        assert "Quite new question" in html
        assert "Preview." in html
    main = section.partition("<main")[2].partition("</main>")[0]
    assert "<form" not in main
    assert "Noch prüfen (en)" in whole
    assert "Noch prüfen" not in section  # a city never sees it
    assert not Application.objects.exists()


def test_preview_of_a_section_that_is_not_there_then_404(client):
    call = a_prepared()
    client.force_login(a_coordinator(call.network))
    assert client.get(reverse("editor:preview_section", args=[call.slug, "nichts"])).status_code == 404


# --- taking over


def an_open_call() -> Call:
    return a_call("runde")


def test_open_call_when_something_harmless_changes_then_drafts_follow_without_a_letter():
    draft = an_application(call=an_open_call())
    call = draft.call
    edit(call, VISION, help=words("Ein Satz mehr"))
    assert call.pack.questions["vision"].help is None
    take_over(call, seen=Preparation(call).version, by=a_coordinator(call.network))
    draft.refresh_from_db()
    assert draft.pack_version.number == 2
    assert draft.pack_version == Call.objects.get().pack_version
    assert draft.events.filter(kind=Event.Kind.PACK_CHANGED).count() == 1
    assert not Letter.objects.filter(kind="application_pack_changed").exists()
    assert list(faults()) == []


def test_open_call_when_applicants_must_be_told_then_each_team_gets_a_letter_and_what_was_submitted_stays():
    call = an_open_call()
    draft = an_application(call=call, city=a_city("musterstadt"))
    submitted = an_application(State.SUBMITTED, call=call, city=a_city("bonn"))
    ended = an_application(State.WITHDRAWN, call=call, city=a_city("celle"))
    old = call.pack_version
    edit(call, VISION, words=25, label=Text("Ihre Vision?", "Your vision?"))
    take_over(call, seen=1, by=a_coordinator(call.network))
    versions = {one.pk: one.pack_version for one in Application.objects.all()}
    new = Call.objects.get().pack_version
    assert versions == {draft.pk: new, submitted.pk: old, ended.pk: old}
    letters = Letter.objects.filter(kind="application_pack_changed")
    assert {letter.to.teams.get().city.slug for letter in letters if letter.to} == {"musterstadt", "bonn"}
    for letter in letters:
        assert "Plan › Ihre Vision?" in letter.text
        assert "20" in letter.text
        assert "25" in letter.text
    assert not ended.events.filter(kind=Event.Kind.PACK_CHANGED).exists()


def test_open_call_when_something_forbidden_changes_then_refused_with_its_places_and_nothing_moves(client):
    draft = an_application(call=an_open_call())
    call = draft.call
    by = a_coordinator(call.network)
    edit(call, PLANNING, highest=10)
    edit(call, VISION, words=5)
    with pytest.raises(NotReadyError) as refusal:
        take_over(call, seen=2, by=by)
    assert {problem.place for problem in refusal.value.pack} == {
        "criteria[planning].highest", "steps[apply].sections[plan].questions[vision].words",
    }  # fmt: skip
    client.force_login(by)
    with translation.override("en"):
        url = reverse("editor:changes", args=[call.slug])
        html = client.get(url).text
        assert client.post(url, {"seen": "2"}).status_code == 422
    assert "Forbidden in an open call" in html
    assert "Highest score" in html
    assert "Take these changes over" not in html
    draft.refresh_from_db()
    assert draft.pack_version == call.pack_version == Call.objects.get().pack_version
    assert PackVersion.objects.count() == 1


def test_taking_over_what_a_colleague_has_changed_since_then_refused(client):
    call = an_open_call()
    by = a_coordinator(call.network)
    edit(call, VISION, words=25)
    edit(call, VISION, words=30)
    with pytest.raises(MoveNotAllowedError):
        take_over(call, seen=1, by=by)
    client.force_login(by)
    client.post(reverse("editor:changes", args=[call.slug]), {"seen": "1"})
    assert Call.objects.get().pack == call.pack
    client.post(reverse("editor:changes", args=[call.slug]), {"seen": "2"})
    assert Call.objects.get().pack.questions["vision"].words == 30


def test_call_that_will_be_published_then_what_is_changed_until_then_can_be_taken_over_whatever_it_is(client):
    call = a_call("bald", published_at=timezone.now() + datetime.timedelta(days=1))
    by = a_coordinator(call.network)
    edit(call, PLANNING, highest=10)
    client.force_login(by)
    with translation.override("en"):
        assert "Take these changes over" in client.get(reverse("editor:changes", args=[call.slug])).text
    take_over(call, seen=1, by=by)
    assert Call.objects.get().pack.criteria[0].highest == 10


def test_changes_when_dropped_then_the_working_copy_is_the_version_again(client):
    call = an_open_call()
    client.force_login(a_coordinator(call.network))
    remove_part(call, VISION, seen=mark_of(find(pack_of(call), VISION)), by=a_coordinator(call.network))
    url = reverse("editor:drop", args=[call.slug])
    client.post(url, {"seen": "0"})
    assert "vision" not in pack_of(call).questions
    client.post(url, {"seen": "1"})
    assert pack_of(call) == call.pack


def test_taking_over_a_pack_that_is_not_sound_then_refused():
    call = an_open_call()
    edit(call, PLANNING, weight=80)
    with pytest.raises(NotReadyError):
        take_over(call, seen=1, by=a_coordinator(call.network))
    assert PackVersion.objects.count() == 1


# --- files


@pytest.mark.parametrize("name", shipped_packs())
def test_pack_when_exported_brought_in_and_exported_again_then_the_bytes_are_the_same(client, name):
    document = parse(shipped_packs()[name].read_bytes())
    network = a_network_of(document["network"])
    call = a_call("runde", pack=keep_pack(document, by=None), published_at=None)
    other = a_call("andere", pack=a_pack_version(network=network.slug), published_at=None)
    client.force_login(a_coordinator(network))
    first = client.get(reverse("editor:export", args=[call.slug])).content
    assert read(parse(first)) == read(document)
    url = reverse("editor:import", args=[other.slug])
    shown = client.post(url, {"file": SimpleUploadedFile("pack.json", first)})
    assert shown.status_code == 200
    assert not PackDraft.objects.exists()  # nothing before it is confirmed
    page = shown.context["page"]
    assert page.differences
    assert client.post(url, {"document": page.document, "seen": "0"}).status_code == 302
    assert client.get(reverse("editor:export", args=[other.slug])).content == first
    assert as_file(read(document)) == first


def test_import_when_it_changes_one_thing_then_that_is_shown_first(client):
    call = a_prepared()
    client.force_login(a_coordinator(call.network))
    document = write(pack_of(call))
    document["steps"][2]["sections"][0]["questions"][0]["words"] = 77
    file = SimpleUploadedFile("pack.json", json.dumps(document).encode())
    with translation.override("en"):
        response = client.post(reverse("editor:import", args=[call.slug]), {"file": file})
    [difference] = response.context["page"].differences
    assert (difference.before, difference.now) == ("20", "77")
    assert "At most so many words" in response.text
    assert pack_of(call).questions["vision"].words == 20


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"{", "This file holds no pack that can be read."),
        (b"\xff\xfe", "This file holds no pack that can be read."),
        (b"{}", "title: This is missing."),
        (json.dumps(a_pack_document(network="uccn")).encode(), "This pack is of the network “uccn”"),
        (json.dumps(a_pack_document(checklist=[{"key": "a/b", "text": text("x")}])).encode(), "“a/b” is no key"),
    ],
)
def test_import_of_what_is_no_pack_for_this_call_then_told_why(client, content, told):
    call = a_prepared()
    client.force_login(a_coordinator(call.network))
    with translation.override("en"):
        url = reverse("editor:import", args=[call.slug])
        response = client.post(url, {"file": SimpleUploadedFile("pack.json", content)})
    assert response.status_code == 422
    assert told in response.text
    assert not PackDraft.objects.exists()


def test_import_when_a_colleague_edits_meanwhile_then_nothing_is_overwritten(client):
    call = a_prepared()
    by = a_coordinator(call.network)
    client.force_login(by)
    document = as_file(pack_of(call)).decode()
    edit(call, VISION, words=33)
    response = client.post(reverse("editor:import", args=[call.slug]), {"document": document, "seen": "0"})
    assert response.headers["Location"] == reverse("editor:import", args=[call.slug])
    assert pack_of(call).questions["vision"].words == 33
    with pytest.raises(PackError):
        put_pack(call, read(a_pack_document(network="uccn")), seen=1, by=by)


# --- nobody else


def test_pages_of_the_editor_for_everybody_else_then_404(client):
    call = a_prepared()
    names = ["call", "dates", "publish", "contents", "texts", "changes", "preview", "export", "import"]
    addresses = [reverse(f"editor:{name}", args=[call.slug]) for name in names]
    addresses += [address(name, VISION, call) for name in ("part", "condition", "remove")]
    addresses += [address("listed", QUESTIONS, call), reverse("editor:preview_section", args=[call.slug, "plan"])]
    posted = [*addresses, address("move", VISION, call)]
    posted += [reverse(f"editor:{name}", args=[call.slug]) for name in ("take_back", "drop")]
    for person in strangers(call):
        client.force_login(person)
        for one in addresses:
            assert client.get(one).status_code == 404, (person, one)
        for one in posted:
            assert client.post(one, {"seen": "0", "step": "up"}).status_code in {404, 405}, (person, one)
    client.logout()
    for one in addresses:
        assert client.get(one).status_code == 302, one
    client.force_login(a_coordinator(call.network))
    assert {client.get(one).status_code for one in addresses} == {200}
