"""The pages of city teams: who meets which, what they show, and that typed words stay."""

import pytest
from django.urls import reverse

from cities import teams
from cities.models import City, TeamHandOver, TeamMember
from tests.cities.team.pages import where, words
from tests.cities.team.people import (
    EVERYBODY,
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
    with django_assert_num_queries(12):
        client.get(where())


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
