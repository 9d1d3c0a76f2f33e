"""The desk: operators see all, coordinators only what belongs to their own networks, everybody else nothing."""

import datetime
import io

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from cities.models import City, MembershipChange, Picture, Source, TeamMember
from network.models import BarrierReport, Field, Figure, Network, News, Office, Passage, User
from tests.network.people import (
    PASSWORD,
    a_city,
    a_coordinator,
    a_membership,
    a_network,
    a_person,
    an_operator,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    return a_network("meins")


@pytest.fixture
def other():
    return a_network("fremd")


@pytest.fixture
def coordinator(client, mine):
    user = a_coordinator(mine)
    client.force_login(user)
    return user


@pytest.fixture
def operator(client):
    user = an_operator()
    client.force_login(user)
    return user


def rows_of(network):
    """One row of each kind that a coordinator keeps."""
    passage = Passage(network=network, kind="goal", title_de=f"Ziel {network.slug}")
    field = Field(network=network, slug="feld", name_de=f"Feld {network.slug}")
    figure = Figure(network=network, value=4711, as_of="2025", source_label=f"Quelle {network.slug}")
    today = timezone.localdate()
    news = News(
        network=network, slug=f"neu-{network.slug}", title_de=f"Neues {network.slug}", text_de="T", published_on=today
    )
    rows = [passage, field, figure, news]
    for row in rows:
        row.save()
    return [*rows, a_membership(network, f"stadt-{network.slug}")]


def address(row, page="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def add_to(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def no_inlines(*prefixes):
    return {f"{p}-{n}": "0" for p in prefixes for n in ("TOTAL_FORMS", "INITIAL_FORMS")}


# who gets in


def test_a_visitor_is_sent_to_sign_in(client):
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0] == "/de/sign-in/?next=/de/desk/"


@pytest.mark.parametrize("who", ["reviewer", "city", "nobody", "closed"])
def test_others_who_are_signed_in_find_no_desk(client, mine, who):
    user = a_person("person")
    if who == "reviewer":
        Office.objects.create(user=user, network=mine, role=Office.Role.REVIEWER)
    if who == "city":
        TeamMember.objects.create(user=user, city=a_city(), role=TeamMember.Role.LEAD)
    client.force_login(user)
    for url in [reverse("admin:index"), list_of(Passage), list_of(User), address(mine)]:
        assert client.get(url, follow=True).status_code == 404


def test_a_closed_coordinator_is_out(client, mine):
    user = a_coordinator(mine)
    client.force_login(user)
    user.is_active = False
    user.save()
    assert client.get(list_of(Passage), follow=True).redirect_chain[-1][0].startswith("/de/sign-in/")


def test_signed_in_keepers_go_from_the_desks_door_to_where_they_wanted(client, coordinator):
    response = client.get(reverse("admin:login"), {"next": list_of(News)})
    assert response.headers["Location"] == list_of(News)
    assert client.get(reverse("admin:login"), {"next": "//evil.example"}).headers["Location"] == "/de/desk/"


# what coordinators see


def test_a_coordinator_sees_and_opens_only_rows_of_the_own_network(client, coordinator, mine, other):
    own, foreign = rows_of(mine), rows_of(other)
    for row, stranger in zip([*own, mine], [*foreign, other], strict=True):
        page = client.get(list_of(type(row)))
        assert [found.pk for found in page.context["cl"].queryset] == [row.pk]
        assert client.get(address(row)).status_code == 200
        for name in ("change", "history", "delete"):
            response = client.get(address(stranger, name), follow=True)
            assert response.status_code == 403 or response.redirect_chain == [("/de/desk/", 302)], (stranger, name)
            assert str(stranger) not in response.content.decode()


def test_a_coordinator_cannot_write_into_another_network(client, coordinator, mine, other):
    data = {"kind": "goal", "position": 1, "title_de": "T"}
    assert client.post(add_to(Passage), data | {"network": other.pk}).status_code == 200
    assert not Passage.objects.exists()
    assert client.post(add_to(Passage), data | {"network": mine.pk}).status_code == 302
    passage = Passage.objects.get()
    assert client.post(address(passage), data | {"network": other.pk}).status_code == 200
    passage.refresh_from_db()
    assert passage.network == mine


def test_a_coordinator_writes_no_news_of_the_portal(client, coordinator, mine):
    data = {"slug": "neu", "published_on": "01.02.2026", "title_de": "T", "text_de": "T"}
    assert client.post(add_to(News), data | {"network": ""}).status_code == 200
    assert not News.objects.exists()
    assert client.post(add_to(News), data | {"network": mine.pk}).status_code == 302
    portal = News(slug="portal", title_de="P", text_de="P", published_on=datetime.date(2026, 1, 1))
    portal.save()
    assert client.post(address(portal), data | {"network": mine.pk}, follow=True).redirect_chain
    portal.refresh_from_db()
    assert portal.network is None


@pytest.mark.parametrize("page", ["add", "change"])
def test_choices_name_no_other_network(client, coordinator, mine, other, page):
    for row in rows_of(mine) + rows_of(other):
        if row.network == other:
            continue
        content = client.get(add_to(type(row)) if page == "add" else address(row)).content.decode()
        assert "Kurz fremd" not in content
        assert "Feld fremd" not in content


def test_filters_name_no_other_network(client, coordinator, mine, other):
    rows_of(mine)
    rows_of(other)
    for model in (Passage, Field, Figure, News):
        assert "Kurz fremd" not in client.get(list_of(model)).content.decode()
        found = client.get(list_of(model), {"network__id__exact": other.pk}, follow=True)
        assert {row.network for row in found.context["cl"].queryset} <= {mine}


def test_actions_reach_no_row_of_another_network(client, coordinator, mine, other):
    own, foreign = rows_of(mine)[0], rows_of(other)[0]
    chosen = {"action": "delete_selected", "_selected_action": [own.pk, foreign.pk], "post": "yes"}
    client.post(list_of(Passage), chosen)
    assert list(Passage.objects.all()) == [foreign]


def test_a_coordinator_cannot_add_or_delete_a_network_nor_change_its_mark(client, coordinator, mine):
    assert client.get(add_to(Network)).status_code == 403
    assert client.post(address(mine, "delete"), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [mine.pk], "post": "yes"}
    client.post(list_of(Network), chosen)
    data = {"name_de": "Neuer Name", "short_name_de": "K", "member_name_de": "M", "abbreviation": "A"}
    assert client.post(address(mine), data | {"slug": "gekapert", "shape": "ring"}).status_code == 302
    mine.refresh_from_db()
    assert (mine.name_de, mine.slug, mine.shape) == ("Neuer Name", "meins", "circle")


def test_memberships_are_changed_but_neither_deleted_nor_moved(client, coordinator, mine, other):
    membership = a_membership(mine)
    field, foreign = [Field(network=n, slug="f", name_de="F") for n in (mine, other)]
    field.save()
    foreign.save()
    data = {"status": "dormant", "since": 2019, **no_inlines("changes")}
    assert client.post(address(membership), data | {"fields": [foreign.pk]}).status_code == 200
    assert client.post(address(membership), data | {"fields": [field.pk], "network": other.pk}).status_code == 302
    membership.refresh_from_db()
    assert (membership.status, membership.network, list(membership.fields.all())) == ("dormant", mine, [field])
    assert client.post(address(membership, "delete"), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in client.get(list_of(type(membership))).content.decode()


def test_a_change_of_a_membership_notes_who_recorded_it(client, coordinator, mine):
    membership = a_membership(mine)
    change = {"changes-0-kind": "dormant", "changes-0-happened": "2026-05", "changes-0-membership": membership.pk}
    data = {"status": "dormant"} | no_inlines("changes") | change | {"changes-TOTAL_FORMS": "1"}
    assert client.post(address(membership), data).status_code == 302
    assert MembershipChange.objects.get().by == coordinator


def test_a_coordinator_adds_a_membership_of_the_own_network_only(client, coordinator, mine, other):
    data = {"city": a_city().pk, "status": "active", **no_inlines("changes")}
    assert client.post(add_to(mine.memberships.model), data | {"network": other.pk}).status_code == 200
    assert client.post(add_to(mine.memberships.model), data | {"network": mine.pk}).status_code == 302
    assert mine.memberships.count() == 1
    assert other.memberships.count() == 0


def test_cities_are_read_only_and_show_no_memberships_nor_teams(client, coordinator, mine, other):
    city = a_membership(other).city
    TeamMember.objects.create(city=city, user=a_person("leitung"), role=TeamMember.Role.LEAD)
    demo = a_city("demostadt", is_demo=True)
    page = client.get(address(city)).content.decode()
    assert "Bonn" in page
    assert "Kurz fremd" not in page
    assert "leitung" not in page
    assert client.post(address(city), {"name_de": "Neu"}).status_code == 403
    assert client.get(add_to(City)).status_code == 403
    assert client.get(address(demo), follow=True).redirect_chain[-1][0] == "/de/desk/"


def autocomplete(client, model, field):
    return client.get(
        reverse("admin:autocomplete"),
        {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field, "term": ""},
    )


def test_autocompletion_gives_cities_but_no_people(client, coordinator, mine):
    membership = a_membership(mine)
    a_city("demostadt", is_demo=True)
    found = autocomplete(client, type(membership), "city").json()["results"]
    assert [row["text"] for row in found] == ["Bonn"]
    assert autocomplete(client, TeamMember, "user").status_code == 403
    assert autocomplete(client, Office, "user").status_code == 403


@pytest.mark.parametrize("model", [User, Office, BarrierReport, TeamMember, Picture, Source])
def test_what_belongs_to_operators_is_closed_to_coordinators(client, coordinator, model):
    assert client.get(list_of(model)).status_code == 403
    assert client.get(add_to(model)).status_code == 403
    assert list_of(model) not in client.get(reverse("admin:index")).content.decode()


def test_no_jump_tells_the_address_of_a_draft(client, coordinator):
    assert client.get("/de/desk/r/1/1/").status_code == 404


# what operators do


def test_an_operator_opens_every_list_and_every_form(client, operator, mine):
    rows_of(mine)
    for model in admin.site._registry:
        assert client.get(list_of(model)).status_code == 200, model
        assert client.get(add_to(model)).status_code == (403 if model in {BarrierReport, TeamMember} else 200), model


def test_an_operator_adds_a_sixth_network_with_its_coordinator(client, operator):
    user = a_person("neu")
    data = {
        "name_de": "Sechstes Netz", "short_name_de": "Sechs", "member_name_de": "M", "abbreviation": "S",
        "slug": "sechs", "position": 6, "shape": "cross", "accent": "olive",
        "offices-TOTAL_FORMS": "1", "offices-INITIAL_FORMS": "0", "offices-0-user": user.pk,
        "offices-0-role": "coordinator",
    }  # fmt: skip
    assert client.post(add_to(Network), data).status_code == 302
    client.force_login(user)
    assert client.get(address(Network.objects.get(slug="sechs"))).status_code == 200


def test_both_languages_stand_in_one_row(client, operator, mine):
    page = client.get(address(mine)).content.decode()
    row = page.split("field-name_de", 1)[1]
    assert "field-name_en" in row.split("</div>", 1)[0] or "field-name_en" in row[:200]
    assert "Deutsch" in page or "German" in page


def test_german_is_required_english_is_not(client, operator, mine):
    data = {"network": mine.pk, "slug": "feld", "position": 1}
    assert client.post(add_to(Field), data | {"name_en": "Field"}).status_code == 200
    assert client.post(add_to(Field), data | {"name_de": "Feld"}).status_code == 302
    assert Field.objects.get().name_de == "Feld"


def test_an_operator_adds_a_person_who_can_then_sign_in(client, operator):
    data = {
        "email": "Neu@example.org", "name": "Neu", "language": "en", "password1": PASSWORD, "password2": PASSWORD,
        **no_inlines("offices"),
    }  # fmt: skip
    assert client.post(add_to(User), data).status_code == 302
    assert client.post(add_to(User), data | {"email": "neu@example.org"}).status_code == 200
    person = User.objects.get(email__iexact="neu@example.org")
    assert person.check_password(PASSWORD)
    assert not person.is_superuser
    assert client.get(reverse("admin:auth_user_password_change", args=[person.pk])).status_code == 200


def test_an_answer_sets_its_day_and_an_empty_one_takes_it_away(client, operator):
    report = BarrierReport.objects.create(text="Karte", due_on=datetime.date(2026, 1, 1))
    assert "⚠" in client.get(list_of(BarrierReport), {"answer": "overdue"}).content.decode()
    client.post(address(report), {"answer": "Ist behoben.", "text": "verändert"})
    report.refresh_from_db()
    assert (report.answer, report.answered_on, report.text) == ("Ist behoben.", timezone.localdate(), "Karte")
    assert not client.get(list_of(BarrierReport), {"answer": "open"}).context["cl"].result_count
    client.post(address(report), {"answer": ""})
    report.refresh_from_db()
    assert report.answered_on is None


def a_jpeg(width=3000, height=1500):
    """A photograph that tells where it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "geheimer Ort"
    Image.new("RGB", (width, height), "navy").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("../foto.jpg", out.getvalue(), content_type="image/jpeg")


def test_a_picture_is_redrawn_without_what_the_file_carried(client, operator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    data = {"city": a_city().pk, "alt_de": "Rathaus", "credit": "Stadt Bonn", "licence": "CC BY 4.0", "position": 1}
    upload = a_jpeg()
    assert b"geheimer Ort" in upload.read()
    upload.seek(0)
    assert client.post(add_to(Picture), data | {"image": upload}).status_code == 302
    picture = Picture.objects.get()
    assert (picture.width, picture.height) == (2400, 1200)
    assert str(picture.image).endswith(".webp")
    assert b"geheimer Ort" not in picture.image.read()
    picture.image.close()


@pytest.mark.parametrize("missing", ["alt_de", "credit", "licence", "image"])
def test_a_picture_needs_words_credit_and_licence(client, operator, missing, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    data = {"city": a_city().pk, "alt_de": "R", "credit": "S", "licence": "L", "position": 1, "image": a_jpeg(8, 8)}
    del data[missing]
    assert client.post(add_to(Picture), data).status_code == 200
    assert not Picture.objects.exists()


def test_what_is_no_picture_is_refused_with_a_sentence(client, operator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    data = {"city": a_city().pk, "alt_de": "R", "credit": "S", "licence": "L", "position": 1}
    bad = SimpleUploadedFile("bild.jpg", b"<svg onload='x'/>", content_type="image/jpeg")
    assert client.post(add_to(Picture), data | {"image": bad}).status_code == 200
    assert not Picture.objects.exists()
