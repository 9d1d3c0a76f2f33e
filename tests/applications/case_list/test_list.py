"""The coordination's list and its files: what is found, and what nobody else learns."""

import io
import zipfile
from operator import attrgetter

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions import caring
from applications.actions.moving import perform
from applications.case_filter import Filter
from applications.case_list import Cases
from applications.models import Application, Comment
from applications.reach import Reach
from applications.workflow import Action, State
from cities.models import City, TeamMember
from network.models import User
from tests.applications.test_coordination import read
from tests.factories import Role, a_city, a_person
from tests.factories_applications import a_call, a_coordinator, a_lead, a_network_of, a_pack_version, an_application
from tests.factories_reviewing import a_review, a_reviewer, an_assignment
from tests.guards import only_reads

pytestmark = pytest.mark.django_db

HOME, LIST = "coordination:home", "coordination:list"


def found_by(client, person: User, query: str) -> list[str]:
    """The cities of the list, in its order."""
    client.force_login(person)
    with only_reads():
        response = client.get(reverse(LIST) + query)
    assert response.status_code == 200
    return [row.application.city.slug for row in response.context["cases"].rows]


# --- filters, search, order, columns


ASKED = [
    ("?sort=city", ["aachen", "bonn", "koeln", "lyon"]),
    ("?sort=city&state=submitted", ["bonn", "koeln", "lyon"]),
    ("?sort=city&again=yes", ["bonn"]),
    ("?sort=city&again=no&state=submitted", ["koeln", "lyon"]),
    ("?check=faulty", ["lyon"]),
    ("?flags=yes", ["lyon"]),
    ("?country=FR", ["lyon"]),
    ("?late=yes", []),
    ("?q=koln", ["koeln"]),
    ("?q=Cologne", ["koeln"]),
    ("?q=Köln", ["koeln"]),
    ("?q=oln", ["koeln"]),
    ("?q=k", ["koeln"]),
    ("?q=ln", []),
    ("?q=gibtesnicht", []),
    ("?country=FR&q=koln", []),
    ("?sort=city&country=ZZ", []),
    ("?sort=city&check=nonsense&flags=maybe&owner=x", ["aachen", "bonn", "koeln", "lyon"]),
    ("?sort=state&call=eins", ["aachen", "bonn", "koeln", "lyon"]),
    ("?call=nirgends", []),
    ("?call=%00&state=%00&country=%00", []),
    ("?sort=city&q=%00koeln&owner=99999999999", ["koeln"]),
]


def test_list_then_what_the_address_asks_for(client, cases, coordinator):
    for query, expected in ASKED:
        assert (query, found_by(client, coordinator, query)) == (query, expected)


def test_list_when_searched_by_a_number_then_the_case_of_the_receipt(client, cases, coordinator):
    receipt = cases["review"].submissions.get().receipt
    assert found_by(client, coordinator, f"?q={receipt}") == ["aachen"]
    assert found_by(client, coordinator, f"?owner={coordinator.pk}") == ["lyon"]


def test_counts_then_each_value_tells_what_choosing_it_would_show(cases, coordinator):
    found = Cases(coordinator, Filter(QueryDict("state=submitted&country=DE")))
    assert found.shown == 2
    assert found.counts["state"] == {"submitted": 2, "in_review": 1}
    assert found.counts["country"] == {"DE": 2, "FR": 1}
    assert found.counts["again"] == {"yes": 1, "no": 1}
    assert found.counts["flags"] == {"no": 2}


def test_columns_then_those_of_the_address_also_in_the_files(client, cases, coordinator):
    with translation.override("en"):
        page = read(client, coordinator, reverse(LIST) + "?col=country&col=round")
        file = client.get(reverse("coordination:export", args=["csv"]) + "?col=country&col=round&sort=city")
    head = page.partition("<thead")[2].partition("</thead")[0]
    assert "Country" in head
    assert "Next step" not in head
    lines = b"".join(file.streaming_content).decode().splitlines()
    assert lines[0].endswith("City,Number of the receipt,Country,Submissions")
    assert lines[2].startswith("Bonn,GNLC-")
    assert lines[2].endswith(",Germany,2")


@pytest.mark.django_db(transaction=True)
def test_columns_of_reviews_then_how_many_stand_and_their_points_in_list_order_and_files(
    client, cases, coordinator, django_assert_num_queries
):
    perform(cases["new"], Action.REVIEW, by=coordinator)
    for name, value in (("review", 2), ("new", 5)):
        rita = a_reviewer(cases["new"].call.network, f"Rita {name}")
        a_review(an_assignment(cases[name], rita), value=value)
    query = "?sort=points&col=reviews&col=points"
    assert found_by(client, coordinator, query)[:2] == ["koeln", "aachen"]
    assert sorted(found_by(client, coordinator, "?sort=reviews")[2:]) == ["aachen", "koeln"]
    with translation.override("de"), django_assert_num_queries(8):
        page = client.get(reverse(LIST) + query).content.decode()
    body = page.partition("<tbody")[2].partition("</tbody")[0]
    assert [body.count(words) for words in ("1 von 2", "0 von 2", "100,0", "40,0", "noch keine")] == [2, 2, 1, 1, 2]
    with translation.override("de"):
        file = client.get(reverse("coordination:export", args=["csv"]) + query)
        assert b"".join(file.streaming_content).decode().splitlines()[1].endswith(";1 von 2;100,0")
        book = client.get(reverse("coordination:export", args=["xlsx"]) + query)
    with zipfile.ZipFile(io.BytesIO(book.getvalue())) as sheets:
        assert "<v>100</v>" in sheets.read("xl/worksheets/sheet1.xml").decode()
    barred = a_person(Role.COORDINATOR, network=cases["new"].call.network)
    cases["new"].conflicts.create(person=barred, reason="Verwandt mit der Leitung.", by=barred)
    assert found_by(client, barred, query)[0] == "aachen"
    client.force_login(rita)
    assert client.get(reverse(LIST) + query).status_code == 404


# --- files


def test_csv_in_german_then_semicolons_a_mark_and_no_formula(client, cases, coordinator):
    City.objects.filter(slug="lyon").update(name_de="=1+1", name_en="=1+1")
    client.force_login(coordinator)
    response = client.get(reverse("coordination:export", args=["csv"]) + "?sort=city&state=submitted&col=state")
    raw = b"".join(response.streaming_content)
    assert raw.startswith(b"\xef\xbb\xbf")
    assert "attachment" in response.headers["Content-Disposition"]
    lines = raw.decode("utf-8-sig").split("\r\n")
    assert lines[0] == "Stadt;Nummer der Quittung;Stand"
    assert len(lines) == 5  # head, three applications, the end
    assert any(line.startswith("'=1+1;") for line in lines)


def test_xlsx_then_texts_stay_texts_and_the_rows_are_those_of_the_filter(client, cases, coordinator):
    City.objects.filter(slug="lyon").update(name_de="=1+1", name_en="=1+1")
    client.force_login(coordinator)
    response = client.get(reverse("coordination:export", args=["xlsx"]) + "?sort=city&state=submitted")
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 4
    assert "<f>" not in sheet
    assert "<t>=1+1</t>" in sheet
    assert "Aachen" not in sheet


def test_file_of_an_unknown_kind_then_404(client, coordinator):
    client.force_login(coordinator)
    assert client.get(reverse("coordination:export", args=["pdf"])).status_code == 404


# --- leaks


def test_list_files_and_counts_for_somebody_else_then_nothing_not_even_a_number(client, cases):
    elsewhere = a_person(Role.COORDINATOR, network=a_network_of("uccn"))
    for query in ("", "?q=koln", "?state=submitted", "?call=eins", "?flags=yes"):
        client.force_login(elsewhere)
        page = client.get(reverse(LIST) + query)
        assert page.context["cases"].shown == 0
        assert sum(len(values) for values in page.context["cases"].counts.values()) == 0
        assert "Köln" not in page.content.decode()
        for form in ("csv", "xlsx"):
            file = client.get(reverse("coordination:export", args=[form]) + query)
            assert b"Aachen" not in file.getvalue()
    home = client.get(reverse(HOME))
    assert home.context["today"].tiles == []
    assert "Köln" not in home.content.decode()


def test_list_for_a_coordinator_in_conflict_then_the_case_is_not_even_counted(client, cases):
    person = a_person(Role.COORDINATOR, network=cases["new"].call.network)
    application = cases["review"]
    application.conflicts.create(person=person, reason="Verwandt mit der Leitung.", by=person)
    assert found_by(client, person, "?sort=city") == ["bonn", "koeln", "lyon"]
    client.force_login(person)
    page = client.get(reverse(LIST) + "?q=aachen")
    assert page.context["cases"].shown == 0
    assert page.context["cases"].counts["state"] == {}
    labels = [tile.label for tile in client.get(reverse(HOME)).context["today"].tiles]
    with translation.override("de"):
        assert "under review" not in labels
    page = client.get(reverse("coordination:together"), {"act": "message", "case": application.pk})
    assert "Aachen" not in page.content.decode()
    assert client.post(
        reverse("coordination:together") + "?act=message", {"case": application.pk, "text": "Hallo"}
    ).status_code in (200, 302)
    assert not Comment.objects.exists()


def test_reach_then_the_same_applications_as_every_other_page_knows(cases):
    network = cases["new"].call.network
    declared, of_a_city = (a_person(Role.COORDINATOR, network=network) for _number in range(2))
    cases["review"].conflicts.create(person=declared, reason="Verwandt mit der Leitung.", by=declared)
    TeamMember.objects.create(city=cases["back"].city, user=of_a_city, role=TeamMember.Role.EDITOR)
    elsewhere = a_person(Role.COORDINATOR, network=a_network_of("uccn"))
    people = [
        a_coordinator(network),
        declared,
        of_a_city,
        elsewhere,
        a_person(Role.OPERATOR),
        a_lead(cases["back"].city),
    ]
    sizes = []
    for person in people:
        reach = Reach(person)
        assert set(reach.cases) == set(Application.objects.cases_for(person))
        kept = reach.register.lines_of(reach.bits, "key", attrgetter("pk"))
        assert [line.pk for line in kept] == sorted(reach.cases.values_list("pk", flat=True))
        sizes.append(reach.bits.bit_count())
    assert sizes == [4, 3, 0, 0, 4, 0]


# --- queries


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.django_db(transaction=True)  # as in production: what a test has not committed is not kept in memory
def test_lists_then_the_number_of_queries_does_not_grow(client, django_assert_num_queries, rows):
    pack = a_pack_version()
    for number in range(rows):
        call = a_call(f"runde-{number}", pack=pack)
        coordinator = a_coordinator(call.network)
        for state in (State.SUBMITTED, State.IN_REVIEW):
            case = an_application(state, call=call, city=a_city(f"{state}-{number}"))
        caring.raise_flag(case, "Nachsehen", owner=coordinator, due_on=timezone.localdate(), by=coordinator)
        caring.write_to_city(case, "Frage", by=coordinator)
        caring.answer(case, "Antwort", by=a_lead(case.city))
    TeamMember.objects.filter(user=coordinator).delete()
    client.force_login(coordinator)
    plan = f"{reverse('coordination:together')}?act=message&all=1"
    for where, number in ((reverse(HOME), 9), (reverse(LIST), 7), (f"{reverse(LIST)}?q=submitted&flags=no", 7),
                          (plan, 7)):  # fmt: skip
        client.get(where)
        with django_assert_num_queries(number):
            client.get(where)
