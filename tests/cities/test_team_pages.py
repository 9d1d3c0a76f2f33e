"""The pages of city teams: who meets which, what they show, and that typed words stay."""

import pytest
from django.urls import reverse
from django.utils import translation

from cities import teams
from cities.models import City, TeamHandOver, TeamInvitation, TeamMember, TeamRequest
from tests.cities.teams import (
    EVERYBODY,
    REQUEST,
    a_cast,
    a_newcomer,
    a_request,
    an_invitation,
    everything,
    kinds,
)
from tests.data import directory_in_step
from tests.factories import Role, a_city, a_person
from tests.guards import only_reads, problems

__all__ = ["directory_in_step"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def cast():
    return a_cast()


def where(name="team", city="bonn", **more):
    return reverse(f"cities:{name}", kwargs={"slug": city} | more)


def link(path):
    return f'href="{path}"'


def words(response):
    return response.content.decode()


def errors(response, status=422):
    assert response.status_code == status
    assert problems(response, "en") == []
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def said(response):
    return [str(message) for message in response.context["messages"]]


# --- pages × everybody

MANAGERS = {"lead", "deputy", "operator"}
DECIDERS = MANAGERS | {"coordinator"}
# name → who meets it (all others: 404), what is sent to it
PAGES = {
    "team": (DECIDERS | {"editor"}, None),
    "team_answer": (DECIDERS, {"answer": "editor"}),
    "team_withdraw": (set(), {"reason": ""}),
    "team_invite": (MANAGERS, {"email": "gast@example.org", "role": "editor"}),
    "team_send_again": (MANAGERS, {}),
    "team_revoke": (MANAGERS, {}),
    "team_member": (MANAGERS, {"role": "deputy"}),
    "team_remove": (MANAGERS, {"reason": "Ausgeschieden"}),
    "team_leave": ({"lead", "deputy", "editor"}, {"reason": ""}),
    "team_hand_over": ({"lead"}, {}),
    "team_take_over": ({"deputy"}, {"reply": "take"}),
    "team_appoint": ({"coordinator", "operator"}, None),
}


@pytest.fixture
def addresses(cast):
    """Of every page, with something on it."""
    request, invitation = a_request(cast.bonn), an_invitation(cast.bonn, cast["lead"])
    teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["deputy"], stays=True)
    keys = {
        "team_answer": request.pk,
        "team_withdraw": request.pk,
        "team_send_again": invitation.pk,
        "team_revoke": invitation.pk,
        "team_member": cast.place("editor").pk,
        "team_remove": cast.place("editor").pk,
    }
    return {name: where(name, **({"pk": keys[name]} if name in keys else {})) for name in PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_page_then_everybody_meets_what_the_table_says(client, cast, addresses, name):
    allowed, sent = PAGES[name]
    path = addresses[name]
    before = everything()
    for method in ("get", "post"):
        assert getattr(client, method)(path).status_code == 302
    for who in EVERYBODY:
        client.force_login(cast[who])
        with only_reads():
            assert (who, client.get(path).status_code) == (who, 200 if who in allowed else 404)
        if who not in allowed and name != "team":
            assert client.post(path, sent or {}).status_code == 404
    assert everything() == before


SENT = [
    (name, who)
    for name, (allowed, sent) in PAGES.items()
    for who in sorted(allowed)
    if sent is not None and (name, who) != ("team_leave", "lead")
]


@pytest.mark.parametrize(("name", "who"), SENT)
def test_page_when_sent_by_who_may_then_it_is_done(client, cast, addresses, name, who):
    _allowed, sent = PAGES[name]
    if name == "team_leave":
        TeamHandOver.objects.all().delete()
    lines = len(kinds(cast.bonn))
    client.force_login(cast[who])
    assert client.post(addresses[name], sent).status_code == 302
    assert len(kinds(cast.bonn)) > lines


@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_then_their_html_is_sound(client, cast, addresses, language):
    for name, path in addresses.items():
        for who in PAGES[name][0]:
            client.force_login(cast[who])
            response = client.get(path.replace("/en/", f"/{language}/"))
            assert (name, who, problems(response, language)) == (name, who, [])


def test_pages_without_the_rest_of_a_team_then_they_say_what_to_do_and_are_sound(client, cast):
    TeamMember.objects.filter(city=cast.bonn).exclude(user=cast["lead"]).delete()
    client.force_login(cast["lead"])
    for name in ("team", "team_leave", "team_hand_over"):
        page = client.get(where(name))
        assert problems(page, "en") == []
        assert where("team_invite") in words(page)
    assert "Nobody else is in the team yet. Invite somebody first" in words(client.get(where("team_leave")))
    cast.place("lead").delete()
    client.force_login(cast["coordinator"])
    page = client.get(where())
    assert problems(page, "en") == []
    assert "Nobody speaks for this city yet." in words(page)
    assert "Koko Ordination" in words(page)
    assert client.get(where("team_appoint")).status_code == 404  # there is nobody to appoint


@pytest.mark.parametrize("path", ["team", "team_invite", "team_member", "team_answer", "team_revoke"])
def test_page_of_another_city_then_its_rows_are_not_reached_through_mine(client, cast, path):
    """Keys of Bonn under the address of Lyon, by the lead of Lyon."""
    keys = {
        "team_member": cast.place("editor").pk,
        "team_answer": a_request(cast.bonn).pk,
        "team_revoke": an_invitation(cast.bonn, cast["lead"]).pk,
    }
    client.force_login(cast["other lead"])
    more = {"pk": keys[path]} if path in keys else {}
    assert client.get(where(path, "lyon", **more)).status_code == (404 if more else 200)
    assert client.post(where(path, "bonn", **more)).status_code in {404, 405}


# --- the team page


def test_team_page_then_it_shows_members_what_waits_and_the_history(client, cast, addresses):
    client.force_login(cast["lead"])
    page = words(client.get(where()))
    for text in ("Lea Leitung", "editor@example.org", "Nele Neu", "Bildungsbüro", "gast-", "asked to speak", "(you)"):
        assert text in page
    assert page.index("Lea Leitung</b>") < page.index("Steffi Stellvertretung</b>") < page.index("Edi Redaktion</b>")


def test_team_page_then_an_editor_sees_no_button_they_may_not_press_and_nothing_of_what_was_asked(
    client, cast, addresses
):
    client.force_login(cast["editor"])
    page = words(client.get(where()))
    assert "Nele Neu" in page
    assert "Bildungsbüro" not in page
    for name in set(PAGES) - {"team", "team_leave"}:
        assert addresses[name] not in page
    assert addresses["team_leave"] in page


@pytest.mark.parametrize("who", DECIDERS)
def test_team_page_then_every_link_on_it_opens(client, cast, addresses, who):
    client.force_login(cast[who])
    page = words(client.get(where()))
    links = {path for path in addresses.values() if f'href="{path}"' in page}
    assert links
    assert {path: client.get(path).status_code for path in links} == dict.fromkeys(links, 200)


def test_team_page_then_the_history_has_pages_and_the_newest_is_first(client, cast):
    for number in range(11):
        request = a_request(cast.bonn, a_newcomer(f"Person {number}"))
        teams.decline_request(request, by=cast["lead"], reason=f"Grund {number}")
    client.force_login(cast["editor"])
    first, last = words(client.get(where())), words(client.get(where() + "?page=2"))
    assert "Grund 10" in first
    assert "Person 0 asked" not in first
    assert "Person 0 asked" in last
    assert problems(client.get(where() + "?page=99"), "en") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_team_page_then_as_many_queries_for_one_row_as_for_three(client, cast, django_assert_num_queries, rows):
    for _row in range(rows):
        a_request(cast.bonn)
        an_invitation(cast.bonn, cast["lead"])
        a_person(Role.EDITOR, city=cast.bonn)
    client.force_login(cast["lead"])
    with django_assert_num_queries(15):
        client.get(where())


# --- forms


def test_request_by_form_then_typed_words_stay_and_each_error_stands_beside_its_field(client, cast):
    client.force_login(cast["stranger"])
    path = where("team_ask")
    typed = REQUEST | {"email": "keine", "office": " "}
    response = client.post(path, typed)
    assert errors(response) == {
        "office": ["Say which office you hold."],
        "email": ["This is not an e-mail address. Example: name@example.org"],
    }
    assert REQUEST["proof"] in words(response)
    assert REQUEST["message"] in words(response)
    assert errors(client.post(path, REQUEST | {"email": "", "phone": ""})) == {
        "email": ["Give an official e-mail address or telephone number."]
    }
    assert not TeamRequest.objects.exists()
    response = client.post(path, REQUEST, follow=True)
    assert said(response) == ["Your request is sent. You get a letter with the answer."]
    assert TeamRequest.objects.get().user == cast["stranger"]
    assert client.get(path).status_code == 302


def test_answer_by_form_then_declining_needs_a_reason_and_the_lead_is_given_once(client, cast):
    request = a_request(cast.bonn)
    path = where("team_answer", pk=request.pk)
    client.force_login(cast["lead"])
    assert 'value="lead"' not in words(client.get(path))
    assert errors(client.post(path, {"answer": "decline", "reason": " "})) == {
        "reason": ["Give the reason. The person reads it."]
    }
    assert errors(client.post(path, {"reason": "Getippt"})) == {"answer": ["Choose an answer."]}
    response = client.post(path, {"answer": "lead", "reason": "Getippt"})
    assert errors(response) == {"answer": ["The team has a lead already. Choose another role."]}
    assert "Getippt" in words(response)
    assert said(client.post(path, {"answer": "decline", "reason": "Unbekannt"}, follow=True)) == [
        "Your answer is saved. The person gets a letter."
    ]
    assert TeamRequest.objects.get().state == "declined"
    assert client.get(path).status_code == 404


def test_answer_by_form_where_nobody_leads_then_the_lead_is_offered(client, cast):
    cast.place("lead").delete()
    request = a_request(cast.bonn)
    client.force_login(cast["coordinator"])
    path = where("team_answer", pk=request.pk)
    assert 'value="lead"' in words(client.get(path))
    client.post(path, {"answer": "lead"})
    assert cast.roles()["somebody new"] == "lead"


def test_invitation_by_form_then_errors_stand_beside_their_field(client, cast):
    client.force_login(cast["deputy"])
    path = where("team_invite")
    assert errors(client.post(path, {"email": "", "role": ""})) == {
        "email": ["Enter the address of the person you invite."],
        "role": ["Choose a role."],
    }
    taken = {"email": cast["editor"].email, "role": "editor"}
    assert errors(client.post(path, taken)) == {"email": ["The person with this address is in the team already."]}
    assert client.post(path, {"email": "gast@example.org", "role": "lead"}).status_code == 422
    assert not TeamInvitation.objects.exists()
    response = client.post(path, {"email": "gast@example.org", "role": "editor"}, follow=True)
    assert said(response) == ["The invitation is on its way to gast@example.org."]


def test_leaving_then_the_lead_is_refused_and_others_go(client, cast):
    client.force_login(cast["lead"])
    page = client.get(where("team_leave"))
    assert where("team_hand_over") in words(page)
    assert 'name="reason"' not in words(page)
    assert errors(client.post(where("team_leave"), {})) == {
        "__all__": ["A team is not left without a lead. Hand the lead over first."]
    }
    client.force_login(cast["editor"])
    response = client.post(where("team_leave"), {"reason": "Elternzeit"}, follow=True)
    assert said(response) == ["You have left the team of Bonn."]
    assert client.get(where()).status_code == 404


def test_hand_over_by_form_then_from_asking_to_taking(client, cast):
    client.force_login(cast["lead"])
    path = where("team_hand_over")
    assert set(errors(client.post(path, {}))) == {"to", "later"}
    assert "to" in errors(client.post(path, {"to": TeamMember.objects.get(city__slug="lyon").pk, "later": "stay"}))
    client.post(path, {"to": cast.place("editor").pk, "later": "leave"})
    assert "Take the proposal back" in words(client.get(path))
    client.force_login(cast["editor"])
    assert where("team_take_over") in words(client.get(reverse("cities:mine")))
    assert errors(client.post(where("team_take_over"), {})) == {"reply": ["Choose an answer."]}
    client.post(where("team_take_over"), {"reply": "take"})
    assert cast.roles() == {"deputy": "deputy", "editor": "lead"}
    assert client.get(where("team_take_over")).status_code == 404


def test_hand_over_by_form_then_the_lead_may_take_it_back_and_the_other_may_decline(client, cast):
    choice = {"to": cast.place("editor").pk, "later": "stay"}
    for who, path, sent, state in [
        ("lead", "team_hand_over", {}, "withdrawn"),
        ("editor", "team_take_over", {"reply": "decline", "reason": "Keine Zeit"}, "declined"),
    ]:
        client.force_login(cast["lead"])
        client.post(where("team_hand_over"), choice)
        client.force_login(cast[who])
        assert client.post(where(path), sent).status_code == 302
        assert TeamHandOver.objects.latest("pk").state == state
    assert cast.roles() == {"lead": "lead", "deputy": "deputy", "editor": "editor"}


def test_appointing_by_form_then_a_reason_is_needed_and_without_a_lead_nothing_is_asked_about_one(client, cast):
    client.force_login(cast["coordinator"])
    path = where("team_appoint")
    choice = {"to": cast.place("deputy").pk, "later": "leave"}
    response = client.post(path, choice)
    assert errors(response) == {"reason": ["Give the reason. The team reads it."]}
    assert response.context["form"]["to"].value() == str(choice["to"])
    assert client.post(path, choice | {"reason": "Ausgeschieden"}).status_code == 302
    assert cast.roles() == {"deputy": "lead", "editor": "editor"}
    cast.place("deputy").delete()
    assert 'name="later"' not in words(client.get(path))
    client.post(path, {"to": cast.place("editor").pk, "reason": "Ausgeschieden"})
    assert cast.roles() == {"editor": "lead"}


def test_refusal_in_the_last_instant_then_it_is_said_on_the_page(client, cast, monkeypatch):
    """The role has changed between the page that was read and the act."""
    place = cast.place("editor")
    client.force_login(cast["deputy"])
    really = teams.change_role

    def late(*args, **kwargs):
        TeamMember.objects.filter(user=cast["deputy"]).update(role="editor")
        return really(*args, **kwargs)

    monkeypatch.setattr("cities.teams.change_role", late)
    response = client.post(where("team_member", pk=place.pk), {"role": "deputy"})
    assert errors(response) == {"__all__": ["You may no longer do this in the team of this city."]}
    assert cast.roles()["editor"] == "editor"


# --- my cities


def test_my_cities_then_each_sees_only_what_is_theirs(client, cast):
    newcomer = a_newcomer()
    request = a_request(cast.bonn, newcomer)
    to_answer = where("team_answer", pk=request.pk)
    sees = {}
    for who in EVERYBODY:
        client.force_login(cast[who])
        page = client.get(reverse("cities:mine"))
        assert problems(page, "en") == []
        sees[who] = (link(to_answer) in words(page), link(where()) in words(page))
    assert sees == {
        "lead": (True, True),
        "deputy": (True, True),
        "editor": (False, True),
        "other lead": (False, False),
        "coordinator": (True, False),
        "other coordinator": (False, False),
        "reviewer": (False, False),
        "stranger": (False, False),
        "operator": (True, False),
    }
    client.force_login(newcomer)
    page = words(client.get(reverse("cities:mine")))
    assert "Waits for an answer" in page
    assert link(to_answer) not in page
    withdraw = where("team_withdraw", pk=request.pk)
    assert withdraw in page
    assert problems(client.get(withdraw), "en") == []
    client.post(withdraw, {"reason": "Versehen"})
    page = words(client.get(reverse("cities:mine")))
    assert "Versehen" in page
    assert withdraw not in page
    assert client.get(withdraw).status_code == 404


def test_search_for_my_city_then_it_offers_what_fits_each_city(client, cast):
    a_city("bonndorf")
    demo = a_city("bonnhausen", is_demo=True)
    client.force_login(cast["lead"])
    page = client.get(reverse("cities:mine") + "?q=bonn")
    assert problems(page, "en") == []
    assert "You speak for this city." in words(page)
    assert where("team_ask", "bonndorf") in words(page)
    assert where("team_ask", "bonn") not in words(page)
    client.post(where("team_ask", demo.slug), REQUEST)
    assert "Your request waits for an answer." in words(client.get(reverse("cities:mine") + "?q=bonnh"))
    client.force_login(cast["coordinator"])
    page = words(client.get(reverse("cities:mine") + "?q=bonn"))
    assert link(where("team", "bonn")) in page
    assert where("team_ask", "bonn") in page
    client.force_login(cast["other coordinator"])
    assert link(where("team", "bonn")) not in words(client.get(reverse("cities:mine") + "?q=bonn"))


@pytest.mark.parametrize("query", ["bon", "Bönn", "Bonnn", "%", "x" * 500, "gibtesnicht", " "])
def test_search_for_my_city_whatever_is_typed_then_it_is_answered(client, cast, query):
    client.force_login(cast["stranger"])
    response = client.get(reverse("cities:mine"), {"q": query})
    assert response.status_code == 200
    assert problems(response, "en") == []
    assert ("No city is called" in words(response)) == (query in {"gibtesnicht", "%", "x" * 500})


def test_search_then_at_most_twenty_cities(client, cast):
    for number in range(25):
        a_city(f"neustadt-{number}")
    client.force_login(cast["stranger"])
    assert words(client.get(reverse("cities:mine") + "?q=neustadt")).count("I work for this city") == 20


@pytest.mark.parametrize("rows", [1, 3])
def test_my_cities_then_as_many_queries_for_one_row_as_for_three(client, cast, django_assert_num_queries, rows):
    lead = cast["lead"]
    for number in range(rows):
        city = a_city(f"bonnstadt-{number}")
        asked = a_city(f"andere-{number}")
        TeamMember.objects.create(city=city, user=lead, role="deputy")
        host = a_person(Role.LEAD, city=asked)
        a_request(city)
        a_request(asked, lead)
        an_invitation(asked, host, email=lead.email)
        TeamHandOver.objects.create(city=city, giver=a_newcomer(), taker=lead, stays=True)
    client.force_login(lead)
    with django_assert_num_queries(18):
        client.get(reverse("cities:mine") + "?q=bonn")


# --- the public side


def test_city_page_then_a_quiet_line_leads_to_the_request_but_not_the_team(client, cast):
    page = reverse("cities:detail", args=["bonn"])
    ask = where("team_ask")
    for _first_and_kept in range(2):
        assert ask in words(client.get(page))
        assert where() not in words(client.get(page)).replace(ask, "")
    assert client.get(ask)["Location"] == f"{reverse('account_login')}?next={ask}"
    client.force_login(cast["editor"])
    assert ask not in words(client.get(page))
    assert where() in words(client.get(page))


def test_demo_city_then_teams_bring_it_into_no_public_list(client, cast, directory_in_step):
    demo = a_city("musterstadt", is_demo=True)
    request = a_request(demo)
    lead = a_person(Role.LEAD, city=demo, name="Dora Demo")
    teams.confirm_request(request, by=lead, role="deputy")
    for who in (None, cast["stranger"], lead):
        if who:
            client.force_login(who)
        for path in (
            "/en/",
            "/en/cities/",
            "/en/cities/?q=muster",
            "/en/cities/?format=csv",
            "/en/cities/?format=json",
        ):
            content = words(client.get(path))
            named = content.replace(f'href="{where("edit", "musterstadt")}"', "").replace("q=muster", "")
            assert "musterstadt" not in named.lower(), (path, who)
        assert client.get(reverse("cities:detail", args=["musterstadt"])).status_code == 404
    assert "Musterstadt" in words(client.get(reverse("cities:mine") + "?q=muster"))
    client.cookies.clear()
    for path in (reverse("cities:mine") + "?q=muster", where("team", "musterstadt"), where("team_ask", "musterstadt")):
        response = client.get(path)
        assert (response.status_code, b"Musterstadt" in response.content) == (302, False)


def test_acts_in_a_team_then_no_public_page_is_made_anew(cast):
    from network.models.version import content_version  # noqa: PLC0415

    before = content_version()
    teams.confirm_request(a_request(cast.bonn), by=cast["lead"], role="editor")
    an_invitation(cast.bonn, cast["lead"])
    assert content_version() == before
    assert City.objects.filter(slug="bonn").exists()


def test_desk_then_operators_read_who_is_in_a_team_and_change_it_on_its_own_page(client, cast):
    place = cast.place("editor")
    client.force_login(cast["operator"])
    desk = reverse("admin:cities_teammember_change", args=[place.pk])
    page = words(client.get(desk))
    assert where() in page
    assert client.post(desk, {"role": "lead"}).status_code == 403
    assert client.post(reverse("admin:cities_teammember_delete", args=[place.pk]), {"post": "yes"}).status_code == 403
    in_city = words(client.get(reverse("admin:cities_city_change", args=[cast.bonn.pk])))
    assert "Edi Redaktion" in in_city
    assert 'name="team-0-role"' not in in_city
    assert cast.roles() == {"lead": "lead", "deputy": "deputy", "editor": "editor"}
