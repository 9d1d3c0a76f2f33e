"""Authors write practices: nothing typed is lost, nothing is public before a check."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from exchange.actions import moderating, papers, proposing
from exchange.actions.acting import ExchangeRefusedError
from exchange.format import whole
from exchange.models import Practice, Proposal
from exchange.placeholders import placeholder_in
from network.models import Letter
from tests.factories import Role, a_city, a_country, a_member, a_network, a_person
from tests.factories_exchange import a_practice, a_programme, a_proposal

pytestmark = pytest.mark.django_db
PUBLIC = ("/de/practices/", "/de/practices/?view=map", "/de/practices/?format=csv", "/de/practices/?format=json",
          "/de/practices/?format=atom", "/de/practices/?format=points", "/de/practices/?q=Park",
          "/de/programmes/reihe/", "/de/cities/bonn/", "/de/", "/sitemap-practices.xml")  # fmt: skip


@pytest.fixture
def bonn():
    return a_member("bonn", a_network("gnlc"))


@pytest.fixture
def lead(bonn):
    return a_person(Role.LEAD, city=bonn)


@pytest.fixture
def coordinator(bonn):
    return a_person(Role.COORDINATOR, network=a_network("uccn"))


def everywhere(client, word: str) -> list[str]:
    """The public addresses on which a word stands."""
    client.logout()
    return [path for path in PUBLIC if word in client.get(path).getvalue().decode().replace(f'value="{word}"', "")]


def typed(client, proposal: Proposal) -> dict[str, str]:
    """What a browser would send of the form as it stands, single values only."""
    form = client.get(proposal.get_absolute_url()).context["form"]
    initial = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in initial.items() if value not in (None, [], "")}


def test_practice_from_draft_to_public_then_seen_only_after_the_check(client, bonn, lead, coordinator):
    a_programme("reihe")
    client.force_login(lead)
    begun = client.post("/de/practices/new/", {"title": "Lernbank Xaver", "original_language": "de", "city": "bonn"})
    proposal = Proposal.objects.get()
    assert (begun.status_code, begun.url, proposal.state) == (302, proposal.get_absolute_url(), "draft")
    words = {"summary_de": "Xaver lernt im Park.", "measures_de": "Bänke.", "theme": "learning",
             "licence": "CC BY 4.0", "programme": "reihe", "goals": ["4"], "link_0_url": "https://example.org/x",
             "link_0_label": "Bericht"}  # fmt: skip
    assert client.post(proposal.get_absolute_url(), typed(client, proposal) | words).status_code == 302
    assert everywhere(client, "Xaver") == []

    client.force_login(lead)
    client.post(reverse("exchange:act", args=[proposal.pk, "propose"]))
    asked = Letter.objects.get(kind="practice_proposed")
    assert (asked.to, reverse("exchange:check", args=[proposal.pk]) in asked.text) == (coordinator, True)
    assert everywhere(client, "Xaver") == []

    client.force_login(coordinator)
    refuse = reverse("exchange:refuse", args=[proposal.pk, "send-back"])
    assert client.post(refuse, {"reason": ""}).status_code == 422
    assert client.post(refuse, {"reason": "Bitte Zahlen nennen."}).status_code == 302
    returned = Letter.objects.get(kind="practice_returned")
    assert (returned.to, "Bitte Zahlen nennen." in returned.text) == (lead, True)
    assert everywhere(client, "Xaver") == []

    proposing.propose(proposal, by=lead)
    client.force_login(coordinator)
    assert client.post(reverse("exchange:check", args=[proposal.pk])).status_code == 302
    practice = Practice.objects.get()
    assert (practice.slug, practice.goals, practice.links.get().label) == ("lernbank-xaver-bonn", [4], "Bericht")
    assert practice.get_absolute_url() in Letter.objects.get(kind="practice_published", to=lead).text
    found = everywhere(client, "lernbank-xaver-bonn")
    assert set(PUBLIC) - set(found) == {"/de/", "/de/practices/?q=Park", "/de/practices/?format=points"} - set(found)
    assert '"bonn"' in client.get("/de/practices/?format=points").getvalue().decode()


def test_published_when_changed_then_the_old_words_stay_until_the_check(client, bonn, lead, coordinator):
    practice = a_practice("park", city=bonn, measures_de="Alt.", licence="CC BY 4.0", original_language="de")
    client.force_login(lead)
    client.post(reverse("exchange:change", args=["park"]))
    proposal = Proposal.objects.get()
    client.post(proposal.get_absolute_url(), typed(client, proposal) | {"measures_de": "Neu."})
    proposing.propose(proposal, by=lead)
    assert "Neu." not in client.get(practice.get_absolute_url()).content.decode()
    client.force_login(coordinator)
    changed = client.get(reverse("exchange:check", args=[proposal.pk])).context["page"].parts
    assert [part.label for part in changed if part.is_changed] == ["Was getan wurde"]
    proposal.refresh_from_db()
    moderating.publish(proposal, by=coordinator)
    practice.refresh_from_db()
    told = Practice.objects.values_list("measures_de", "slug", "title_en").get()
    assert told == ("Neu.", "park", "Title park")


def test_practice_when_withdrawn_then_nowhere_and_can_be_proposed_again(client, bonn, lead, coordinator):
    proposal = a_proposal(bonn, by=lead, state="proposed", title_de="Lernbank Xaver")
    practice = moderating.publish(proposal, by=coordinator)
    proposing.withdraw(proposal, by=lead)
    assert client.get(practice.get_absolute_url()).status_code == 404
    assert everywhere(client, "Xaver") == []
    proposal.refresh_from_db()
    proposing.save(proposal, by=lead, seen=whole(proposal.values), values={"theme": "culture"})
    proposal.refresh_from_db()
    moderating.publish(proposing.propose(proposal, by=lead), by=coordinator)
    assert client.get(practice.get_absolute_url()).status_code == 200


def test_form_when_one_entry_is_wrong_then_the_rest_is_saved_and_the_wrong_one_stays_to_be_corrected(
    client, bonn, lead
):
    proposal = a_proposal(bonn, by=lead)
    client.force_login(lead)
    sent = typed(client, proposal) | {"contact_email": "kein Name", "problem_de": "Es fehlt an Bänken.",
                                      "first_year": "2024", "last_year": "2020"}  # fmt: skip
    answer = client.post(proposal.get_absolute_url(), sent)
    proposal.refresh_from_db()
    assert (answer.status_code, proposal.values["problem_de"]) == (422, "Es fehlt an Bänken.")
    assert (proposal.values["contact_email"], proposal.values["last_year"]) == ("", None)
    text = answer.content.decode()
    assert 'value="kein Name"' in text
    assert 'value="2020"' in text


def test_form_when_two_write_then_both_stay_and_the_same_part_is_asked_about(client, bonn, lead):
    proposal = a_proposal(bonn, by=lead)
    client.force_login(lead)
    first = typed(client, proposal)
    colleague = a_person(Role.EDITOR, city=bonn)
    now = whole(proposal.values)
    proposing.save(proposal, by=colleague, seen=now, values={"theme": "culture", "summary_de": "Von der Kollegin."})
    answer = client.post(proposal.get_absolute_url(), first | {"summary_de": "Von mir.", "problem_de": "Neu."})
    assert (answer.status_code, len(answer.context["form"].questions)) == (409, 1)
    text = answer.content.decode()
    assert "Von der Kollegin." in text
    assert "Von mir." in text
    question = answer.context["form"].questions[0]
    mine = question.field.choices[0][0]
    again = {**first, "summary_de": "Von mir.", question.html_name: mine}
    assert client.post(proposal.get_absolute_url(), again).status_code == 302
    proposal.refresh_from_db()
    said = {name: proposal.values[name] for name in ("theme", "summary_de", "problem_de")}
    assert said == {"theme": "culture", "summary_de": "Von mir.", "problem_de": "Neu."}


def test_practice_from_a_place_in_no_list_then_its_author_goes_on_and_nobody_else(client):
    newcomer, other = a_person(Role.NEWCOMER), a_person(Role.NEWCOMER)
    a_country("FR")
    client.force_login(newcomer)
    values = {"title": "Marché", "original_language": "en", "city": "other"}
    assert client.post("/en/practices/new/", values).status_code == 422
    client.post("/en/practices/new/", values | {"authority": "Pays de Bray", "country": "FR"})
    proposal = Proposal.objects.get()
    assert (proposal.authority, client.get(proposal.get_absolute_url()).status_code) == ("Pays de Bray", 200)
    client.force_login(other)
    assert client.get(proposal.get_absolute_url()).status_code == 404


def test_begin_when_not_in_the_team_then_as_a_guest_with_whom_the_team_takes_part(client, bonn, lead, coordinator):
    guest = a_person(Role.NEWCOMER)
    client.force_login(guest)
    values = {"title": "Lernbank", "original_language": "de", "city": "other", "authority": "Bonn, Deutschland"}
    begun = client.post("/de/practices/new/", values)
    proposal = Proposal.objects.get()
    assert (begun.url, proposal.city, proposal.is_guest) == (proposal.get_absolute_url(), bonn, True)
    for who, meets in ((guest, 200), (lead, 200), (a_person(Role.NEWCOMER), 404)):
        client.force_login(who)
        assert (who.name, client.get(proposal.get_absolute_url()).status_code) == (who.name, meets)
    Proposal.objects.update(state="proposed", proposed_at=proposal.created_at)
    client.force_login(coordinator)
    assert "nicht zum Team der Stadt" in client.get(reverse("exchange:check", args=[proposal.pk])).content.decode()
    demo = a_city("musterstadt", is_demo=True)
    with pytest.raises(ExchangeRefusedError):
        proposing.begin(by=guest, title="T", original_language="de", city=demo)


@pytest.mark.parametrize(
    ("typed_place", "asked", "answer", "stored"),
    [
        ({"authority": "Koln", "country": "DE"}, ["city-koeln", "new-Koln"], "city-koeln", "Köln"),
        ({"authority": "Koln", "country": "DE"}, ["city-koeln", "new-Koln"], "new-Koln", "Koln"),
        ({"authority": "Bohn", "country": "DE"}, None, None, "Bohn"),
        ({"authority": "Köln", "country": "FR"}, None, None, "Köln"),
        ({"authority": "Cologne, Germany"}, None, None, "Köln"),
        ({"authority": "pays de bray, Frankreich"}, ["place-pays de bray", "new-pays de bray"], "place-pays de bray",
         "Pays de Bray"),
        ({"authority": "Siegen", "country": "DE", "position": "50,8748; 8,0243"}, None, None, "Siegen"),
    ],
)  # fmt: skip
def test_place_when_it_may_be_a_known_one_then_asked_once_and_nothing_typed_is_lost(
    client, typed_place, asked, answer, stored
):
    a_city("koeln", name_de="Köln", name_en="Cologne")
    a_practice("markt", authority="Pays de Bray", country=a_country("FR"))
    client.force_login(a_person(Role.NEWCOMER))
    values = {"title": "Lernbank Xaver", "original_language": "de", **typed_place}
    first = client.post("/de/practices/new/", values)
    if asked is not None:
        assert (first.status_code, Proposal.objects.count()) == (422, 0)
        assert [key for key, _label in first.context["form"].question.field.choices] == asked
        assert 'value="Lernbank Xaver"' in first.content.decode()
        first = client.post("/de/practices/new/", {**values, "meant": answer})
    proposal = Proposal.objects.get()
    assert (first.status_code, str(proposal.city or proposal.authority)) == (302, stored)
    assert (proposal.latitude, proposal.longitude) == ((50.8748, 8.0243) if "position" in typed_place else (None, None))


@pytest.mark.parametrize("position", ["50, 8", "Siegen", "91.0, 8.0", "50.1, 190.5", "50.1"])
def test_position_when_it_is_none_then_said_beside_its_field_and_nothing_is_begun(client, position):
    a_country("FR")
    client.force_login(a_person(Role.NEWCOMER))
    values = {"title": "Markt", "original_language": "de", "authority": "Bray", "country": "FR", "position": position}
    answer = client.post("/de/practices/new/", values)
    assert (answer.status_code, list(answer.context["form"].errors), Proposal.objects.count()) == (422, ["position"], 0)


def test_propose_when_a_text_only_fills_its_place_then_refused_and_the_draft_stays(bonn, lead):
    proposal = a_proposal(bonn, by=lead, problem_de="Lorem ipsum dolor sit amet")
    with pytest.raises(ExchangeRefusedError, match="lorem ipsum"):
        proposing.propose(proposal, by=lead)
    assert (Proposal.objects.get().state, Letter.objects.count()) == ("draft", 0)


@pytest.mark.parametrize(
    ("text", "filler"),
    [
        ("Test", "Test"),
        ("dies ist ein test!!", "dies ist ein test!!"),
        ("Ein aaaaaah", "aaaaaa"),
        ("bla bla bla", "bla bla bla"),
        ("L\u043erem \u0456psum d\u043elor", "lorem ipsum"),  # Cyrillic letters
        ("lo\u200brem ips\u00adum", "lorem ipsum"),
        ("L0rem 1psum", "lorem ipsum"),
        ("\uff34\uff45\uff53\uff54", "\uff34\uff45\uff53\uff54"),  # full width
        ("\u0430a\u0430a\u0430a", "aaaaaa"),
        ("Ein Test der Luft in Schulen zeigte, was fehlt.", ""),
        ("Schifffahrt und Bestände, 10.000.000 Menschen", ""),
        ("1000000 Menschen, Тест воды в школах", ""),
        ("", ""),
    ],
)
def test_placeholder_then_found_only_where_it_fills_a_place(text, filler):
    assert placeholder_in(text) == filler


def test_picture_then_public_only_with_the_practice_and_gone_when_removed(client, bonn, lead, coordinator):
    proposal = a_proposal(bonn, by=lead)
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(file, "PNG")
    file.name = "bild.png"
    file.seek(0)
    client.force_login(lead)
    values = {"file": file, "alt_de": "Eine Bank", "credit": "E. M.", "licence": "CC0 1.0"}
    assert client.post(reverse("exchange:picture_add", args=[proposal.pk]), values).status_code == 302
    picture = proposal.pictures.get()
    address = reverse("exchange:picture", args=[picture.pk])
    own = client.get(address)
    assert (own.status_code, own.getvalue()[8:12]) == (200, b"WEBP")
    client.logout()
    assert client.get(address).status_code == 404
    practice = moderating.publish(proposing.propose(proposal, by=lead), by=coordinator)
    shown = client.get(address)
    assert (shown.status_code, shown["Cache-Control"]) == (200, "public, max-age=300")
    shown.getvalue()  # to the end, so that the file is closed
    assert address in client.get(practice.get_absolute_url()).content.decode()
    picture.refresh_from_db()
    papers.remove_picture(picture, by=lead)
    assert client.get(address).status_code == 404


def test_demo_city_then_its_practice_is_public_nowhere_even_when_published(client, coordinator):
    musterstadt = a_city("musterstadt", is_demo=True)
    lead = a_person(Role.LEAD, city=musterstadt)
    practice = moderating.publish(a_proposal(musterstadt, by=lead, state="proposed"), by=coordinator)
    assert (practice.is_demo, client.get(practice.get_absolute_url()).status_code) == (True, 404)
