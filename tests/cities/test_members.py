"""Members of a network in the hands of its coordination: the list, what may be done, and what everybody reads of it."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from cities.imports.difference import Reason, compare
from cities.imports.portal import look
from cities.imports.rows import Lists, MembershipRow
from cities.membership_actions import (
    MembershipRefusedError,
    admit,
    change_fields,
    set_status,
    take_admission_back,
)
from cities.models import Membership, MembershipChange
from tests.data import directory_in_step
from tests.factories import Role, a_city, a_field, a_member, a_membership, a_network, a_person

__all__ = ["directory_in_step"]
pytestmark = pytest.mark.django_db

Status = Membership.Status
DAY = datetime.date(2026, 3, 1)
WORDS = {"words_de": "Auf eigenen Wunsch.", "words_en": "At the city's own wish.", "reason": "Brief der Stadt"}


@pytest.fixture
def network():
    return a_network("gnlc", fields_name_de="Bereiche", fields_name_en="Fields")


@pytest.fixture
def coordinator(network):
    return a_person(Role.COORDINATOR, network=network)


def membership_of(slug, network, **values):
    return a_membership(a_city(slug), network, **values)


def public_page(city, language="de"):
    return Client().get(f"/{language}/cities/{city.slug}/").content.decode()


# --- acts


def test_set_status_when_a_city_becomes_dormant_then_everybody_reads_neutral_words_and_not_the_reason(
    network, coordinator
):
    membership = membership_of("bonn", network)
    set_status(membership, Status.DORMANT, on=DAY, by=coordinator, **WORDS)
    membership.refresh_from_db()
    assert (membership.status, membership.ended_on) == ("dormant", None)
    german, english = public_page(membership.city), public_page(membership.city, "en")
    assert "Auf eigenen Wunsch." in german
    assert "At the city&#x27;s own wish." in english
    assert "Brief der Stadt" not in german + english
    change = membership.changes.get()
    assert (change.kind, change.happened, change.by, change.reason) == (
        "dormant", "2026-03-01", coordinator, "Brief der Stadt",
    )  # fmt: skip


def test_set_status_when_ended_and_reinstated_then_the_history_keeps_both(network, coordinator):
    membership = membership_of("bonn", network)
    set_status(membership, Status.ENDED, on=DAY, by=coordinator, **WORDS)
    membership.refresh_from_db()
    assert (membership.status, membership.ended_on) == ("ended", DAY)
    set_status(
        membership, Status.ACTIVE, on=timezone.localdate(), by=coordinator, **WORDS | {"words_de": "", "words_en": ""}
    )
    membership.refresh_from_db()
    assert (membership.status, membership.ended_on) == ("active", None)
    assert [change.kind for change in membership.changes.order_by("pk")] == ["ended", "reinstated"]
    assert "2026" in public_page(membership.city)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"on": datetime.date(2999, 1, 1)}, "on"),
        ({"reason": " "}, "reason"),
        ({"words_en": ""}, "words_en"),
        ({"words_de": " "}, "words_de"),
    ],
)
def test_set_status_when_something_is_missing_then_it_is_refused_beside_its_field(network, coordinator, values, field):
    membership = membership_of("bonn", network)
    with pytest.raises(MembershipRefusedError) as refusal:
        set_status(membership, Status.DORMANT, **{"on": DAY, "by": coordinator} | WORDS | values)
    assert refusal.value.field == field
    assert MembershipChange.objects.count() == 0


def test_set_status_when_it_is_the_own_city_or_another_network_then_it_is_refused(network, coordinator):
    membership = membership_of("bonn", network)
    membership.city.team.create(user=coordinator, role="editor")
    for person in (
        coordinator,
        a_person(Role.COORDINATOR, network=a_network("uccn")),
        a_person(Role.LEAD, city=membership.city),
        a_person(Role.REVIEWER, network=network),
        a_person(Role.OPERATOR),
    ):
        with pytest.raises(MembershipRefusedError):
            set_status(membership, Status.ENDED, on=DAY, by=person, **WORDS)
    assert MembershipChange.objects.count() == 0


def test_set_status_when_it_has_that_status_already_then_it_is_refused(network, coordinator):
    membership = membership_of("bonn", network)
    with pytest.raises(MembershipRefusedError):
        set_status(membership, Status.ACTIVE, on=DAY, by=coordinator, **WORDS)


def test_change_fields_then_the_earlier_field_stays_in_the_history_that_everybody_reads(network, coordinator):
    film, music = a_field(network, "film"), a_field(network, "music")
    membership = membership_of("bonn", network, fields=[film])
    change_fields(membership, [music], on=DAY, by=coordinator, **WORDS)
    assert list(membership.fields.all()) == [music]
    change = membership.changes.get()
    assert (change.kind, change.old_field, change.field) == ("field", film, music)
    page = public_page(membership.city)
    assert "Feld film" in page
    assert "Feld music" in page
    with pytest.raises(MembershipRefusedError):
        change_fields(membership, [music], on=DAY, by=coordinator, **WORDS)


# --- admission


def test_admit_when_a_city_was_a_member_once_then_it_is_one_again_since_the_year_of_the_decision(network, coordinator):
    membership = membership_of("bonn", network, since=2011, status=Status.ENDED, ended_on=DAY)
    begins = admit(
        membership.city, network, decided_on=datetime.date(2026, 12, 4), source_label="Liste", by=coordinator
    )
    membership.refresh_from_db()
    assert begins
    assert (membership.since, membership.status, membership.ended_on) == (2026, "active", None)
    page = public_page(membership.city)
    assert "Liste" in page


def test_admit_when_several_come_by_one_list_then_they_share_its_source(network, coordinator):
    for slug in ("bonn", "koeln"):
        admit(
            a_city(slug),
            network,
            decided_on=DAY,
            source_label="Liste",
            source_url="https://example.org/",
            by=coordinator,
        )
    admit(a_city("mainz"), network, decided_on=DAY, source_label="Andere Liste", by=coordinator)
    tags = [membership.sources.get().tag for membership in Membership.objects.order_by("pk")]
    assert tags == ["gnlc-2026-03-01", "gnlc-2026-03-01", "gnlc-2026-03-01-2"]


def test_take_admission_back_then_the_membership_has_ended_and_says_why_in_both_languages(network, coordinator):
    city = a_city("bonn")
    admit(city, network, decided_on=DAY, source_label="Liste", by=coordinator)
    take_admission_back(city, network, by=coordinator)
    change = city.memberships.get().changes.latest("pk")
    assert change.kind == "corrected"
    assert change.note_de
    assert change.note_en == "The admission had been recorded by mistake."
    assert "The admission had been recorded by mistake." in public_page(city, "en")


# --- lists from elsewhere


def test_import_when_the_portal_has_recorded_an_admission_then_it_leaves_year_and_field_and_says_so(
    network, coordinator
):
    film, music = a_field(network, "film"), a_field(network, "music")
    city = a_city("bonn")
    admit(city, network, fields=[music], decided_on=DAY, source_label="Liste", by=coordinator)
    row = MembershipRow(line=2, city="bonn", network="gnlc", since=2019, field=film.slug, role="", sources=())
    difference = compare(Lists(memberships={("bonn", "gnlc"): row}), look())
    assert [change.column for change in difference.changes if change.column in {"year_joined", "creative_field"}] == []
    kept = {one.column for one in difference.decisions if one.reason is Reason.RECORDED_HERE}
    assert kept == {"year_joined", "creative_field"}


# --- pages


def test_list_then_it_is_found_by_status_and_name_and_names_the_contact(client, network, coordinator):
    bonn, koeln = a_member("bonn", network), a_member("koeln", network)
    a_member("lyon", a_network("uccn"))
    lead = a_person(Role.LEAD, city=bonn, name="Erika Muster")
    set_status(koeln.memberships.get(), Status.DORMANT, on=DAY, by=coordinator, **WORDS)
    client.force_login(coordinator)
    whole = client.get("/en/coordination/members/").content.decode()
    assert "Bonn" in whole
    assert "Koeln" in whole
    assert "Lyon" not in whole
    assert lead.email in whole
    dormant = client.get("/en/coordination/members/?status=dormant")
    assert [str(one.city) for one, _contact in dormant.context["members"].shown] == ["Koeln"]
    named = client.get("/en/coordination/members/?q=bon")
    assert [str(one.city) for one, _contact in named.context["members"].shown] == ["Bonn"]
    assert "No member fits." in client.get("/en/coordination/members/?q=xyz").content.decode()


def test_list_as_csv_then_it_has_the_same_rows_and_nothing_an_office_program_takes_for_a_formula(
    client, network, coordinator
):
    bonn = a_member("bonn", network)
    a_member("koeln", network)
    a_member("lyon", a_network("uccn"))
    a_person(Role.LEAD, city=bonn, name="=1+1")
    client.force_login(coordinator)
    text = client.get("/de/coordination/members/export/?q=bon").getvalue().decode("utf-8-sig")
    head, row = text.strip().split("\r\n")
    assert head.startswith("slug,name_de,name_en,country,land,network,status,since")
    assert row.startswith("bonn,Bonn,")
    assert "'=1+1" in row


def test_list_when_there_are_more_rows_then_it_asks_no_more_queries(
    client, network, coordinator, django_assert_num_queries
):
    client.force_login(coordinator)
    for slugs in (["bonn"], ["koeln", "mainz"]):
        for slug in slugs:
            a_person(Role.LEAD, city=a_member(slug, network))
        client.get("/de/coordination/members/")
        with django_assert_num_queries(10):
            client.get("/de/coordination/members/")


def test_pages_of_a_member_when_the_coordination_acts_then_it_is_recorded_and_stands_there(
    client, network, coordinator
):
    film, music = a_field(network, "film"), a_field(network, "music")
    membership = membership_of("bonn", network, fields=[film])
    base = f"/en/coordination/members/{membership.pk}/"
    client.force_login(coordinator)
    form = {"on": "2026-03-01", "words_de": "Wunsch.", "words_en": "", "reason": "Brief"}
    refused = client.post(f"{base}dormant/", form)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["words_en"])
    assert "Wunsch." in refused.content.decode()
    assert client.post(f"{base}dormant/", form | {"words_en": "Wish."})["Location"] == base
    client.post(f"{base}fields/", form | {"words_en": "Wish.", "fields_now": [music.pk]})
    page = client.get(base).content.decode()
    for words in ("Brief", "Field film", "Field music", "dormant", str(coordinator)):
        assert words in page
    assert client.post(f"{base}gibtesnicht/", form).status_code == 404
    client.force_login(a_person(Role.COORDINATOR, network=a_network("uccn")))
    assert client.post(f"{base}ended/", form | {"words_en": "Wish."}).status_code == 404
    client.force_login(a_person(Role.OPERATOR))
    assert client.get(base).status_code == 200
    assert client.post(f"{base}ended/", form | {"words_en": "Wish."}).status_code == 404
    membership.refresh_from_db()
    assert membership.status == "dormant"
