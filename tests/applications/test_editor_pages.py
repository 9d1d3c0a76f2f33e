"""The pages of the editor: parts, lists, conditions, preview; and that nobody else meets them."""

import pytest
from django.urls import reverse
from django.utils import translation

from applications.actions.calls import keep_pack
from applications.actions.editing import (
    add_part,
)
from applications.models import Application, PackDraft
from applications.pack import Choice, Kind, Question, Text, parse
from applications.pack_parts import items
from applications.shipped import shipped_packs
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
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_network_of,
)
from tests.guards import problems

pytestmark = pytest.mark.django_db


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
        with django_assert_num_queries(5):
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
