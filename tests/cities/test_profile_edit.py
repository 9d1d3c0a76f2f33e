"""A city's own team keeps its profile: who may, what is written, whose text stays, and the pictures."""

import datetime
import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image

from cities.actions import ProfileChangedError, confirm_profile, edit_profile
from cities.imports import Choice, Undecided, import_files
from cities.models import City, Fact, Picture, ProfileEdit, TeamMember
from cities.particulars import Population, particulars
from cities.permissions import speaks_for
from tests.factories import Role, a_city, a_member, a_network, a_person
from tests.guards import only_reads, problems

pytestmark = pytest.mark.django_db
GPS = 0x8825  # the part of EXIF that says where a picture was taken


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def network():
    return a_network("gnlc")


@pytest.fixture
def bonn(network):
    city = a_member("bonn", network, website="https://www.bonn.de", portrait_de="Eine Stadt am Rhein.", name_en="Bonn")
    Fact.objects.create(city=city, kind=Fact.Kind.POPULATION, value=330_579, source_label="GeoNames")
    return city


@pytest.fixture
def lead(bonn, client):
    person = a_person(Role.LEAD, city=bonn, name="Lea Leitung")
    client.force_login(person)
    return person


def an_editor(city, role=TeamMember.Role.EDITOR):
    person = a_person(Role.LEAD, city=a_city(f"stadt-{TeamMember.objects.count()}"), name="Edi Redaktion")
    person.teams.all().delete()
    TeamMember.objects.create(city=city, user=person, role=role)
    return person


def where(name="edit", city="bonn", **more):
    return reverse(f"cities:{name}", kwargs={"slug": city} | more)


def opened(client, city="bonn"):
    """What a browser would send back from the form as it was opened."""
    form = client.get(where(city=city)).context["form"]
    return {field.html_name: "" if field.value() is None else str(field.value()) for field in form}


def send(client, form, city="bonn", **typed):
    return client.post(where(city=city), form | typed)


def errors(response, status=422):
    assert response.status_code == status
    assert problems(response, "en") == []
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def everything():
    return [sorted(model.objects.order_by().values_list()) for model in (City, Fact, ProfileEdit, Picture)]


def said(response):
    return [str(message) for message in response.context["messages"]]


# Who may


ADDRESSES = [("edit", {}), ("confirm", {}), ("picture_add", {}), ("picture_remove", {"pk": 1})]


@pytest.mark.parametrize(("name", "more"), ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_meet_404_and_visitors_the_sign_in(client, bonn, network, name, more, method):
    Picture.objects.bulk_create([Picture(pk=1, city=bonn, image="x.webp", width=1, height=1, alt_de="Rathaus")])
    strangers = [
        a_person(Role.LEAD, city=a_member("lyon", network, country="FR")),
        a_person(Role.COORDINATOR, network=network),
        a_person(Role.REVIEWER, network=network),
    ]
    before = everything()
    assert getattr(client, method)(where(name, **more)).status_code == 302
    for person in strangers:
        client.force_login(person)
        assert getattr(client, method)(where(name, **more)).status_code == 404
    assert everything() == before


@pytest.mark.parametrize("role", TeamMember.Role.values)
def test_everybody_in_the_team_may_edit(client, bonn, role):
    person = an_editor(bonn, role)
    client.force_login(person)
    assert speaks_for(person, bonn)
    assert client.get(where()).status_code == 200
    assert send(client, opened(client), name_en="Bonn on the Rhine").status_code == 302
    assert City.objects.get(slug="bonn").name_en == "Bonn on the Rhine"


def test_operators_may_edit_without_being_in_a_team(client, bonn):
    operator = a_person(Role.OPERATOR)
    client.force_login(operator)
    assert not speaks_for(operator, bonn)
    assert client.get(where()).status_code == 200


def test_who_has_left_the_team_meets_404(client, lead):
    lead.teams.all().delete()
    assert client.get(where()).status_code == 404


def test_link_on_the_public_page_is_for_the_team_only(client, bonn, lead, network):
    page = reverse("cities:detail", args=["bonn"])
    assert where() in client.get(page).content.decode()
    for person in [a_person(Role.COORDINATOR, network=network), a_person(Role.LEAD, city=a_member("lyon", network))]:
        client.force_login(person)
        assert where() not in client.get(page).content.decode()
    client.cookies.clear()
    for _first_and_kept in range(2):
        assert where() not in client.get(page).content.decode()


def test_header_names_one_city_as_mine_and_several_by_name(client, bonn, lead, network):
    home = reverse("home")
    page = client.get(home).content.decode()
    assert f'href="{where()}">My city</a>' in page
    TeamMember.objects.create(city=a_member("lyon", network), user=lead, role=TeamMember.Role.DEPUTY)
    page = client.get(home).content.decode()
    assert f'href="{where()}">Bonn</a>' in page
    assert f'href="{where(city="lyon")}">Lyon</a>' in page
    client.force_login(a_person(Role.COORDINATOR, network=network))
    assert "/edit/" not in client.get(home).content.decode()


@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_are_sound_and_reading_them_writes_nothing(client, bonn, lead, language):
    a_picture(client)
    picture = Picture.objects.get()
    with translation.override(language):
        for name, more in [("edit", {}), ("picture_add", {}), ("picture_remove", {"pk": picture.pk})]:
            with only_reads():
                response = client.get(where(name, **more))
            assert response.status_code == 200
            assert problems(response, language) == []
        with only_reads():
            assert client.get(where("confirm")).headers["Location"] == where()


# What is written


def test_saved_values_and_one_edit_for_each(client, bonn, lead):
    form = opened(client)
    response = client.post(
        where(),
        form
        | {"name_de": "Bundesstadt Bonn", "website": "www.bonn.example", "portrait_en": "A city.\r\nOn the Rhine. "}
        | {"population": "336.465", "population_year": "2024", "population_source": "Stadt Bonn, Melderegister"},
        follow=True,
    )
    city = City.objects.get(slug="bonn")
    assert said(response) == ["Saved: Name in German, Official website, Portrait in English, Population."]
    assert (city.name_de, city.website) == ("Bundesstadt Bonn", "https://www.bonn.example")
    assert (city.portrait_en, city.sort_de) == ("A city.\nOn the Rhine.", "bundesstadt bonn")
    fact = Fact.objects.get()
    assert (int(fact.value), fact.year, fact.source_label) == (336_465, 2024, "Stadt Bonn, Melderegister")
    assert (fact.source_url, fact.read_on) == ("", timezone.localdate())
    assert sorted(ProfileEdit.objects.values_list("field", "old", "new", "by__name")) == [
        ("name_de", "Bonn", "Bundesstadt Bonn", "Lea Leitung"),
        ("population", "330579 (GeoNames)", "336465 (2024, Stadt Bonn, Melderegister)", "Lea Leitung"),
        ("portrait_en", "", "A city.\nOn the Rhine.", "Lea Leitung"),
        ("website", "https://www.bonn.de", "https://www.bonn.example", "Lea Leitung"),
    ]


def test_nothing_changed_writes_nothing_even_where_a_number_has_no_year(client, bonn, lead):
    before = everything()
    response = client.post(where(), opened(client), follow=True)
    assert said(response) == ["Nothing was changed."]
    assert everything() == before


def test_the_public_page_shows_the_new_name_at_once(client, bonn, lead):
    page = reverse("cities:detail", args=["bonn"])
    visitor = type(client)()
    assert "Bundesstadt" not in visitor.get(page).content.decode()
    send(client, opened(client), name_de="Bundesstadt Bonn", name_en="")
    assert "Bundesstadt Bonn" in visitor.get(page).content.decode()


def test_an_emptied_number_is_not_known_any_more(client, bonn, lead):
    send(client, opened(client), population="", population_source="")
    assert not Fact.objects.exists()
    edit = ProfileEdit.objects.get()
    assert (edit.field, edit.old, edit.new) == ("population", "330579 (GeoNames)", "")


NUMBER = {"population": "336465", "population_year": "2024", "population_source": "Stadt Bonn"}


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name_de": " "}, "name_de", "Enter the German name of the city."),
        ({"name_de": "x" * 201}, "name_de", "Too long: at most 200 characters, now there are 201."),
        ({"website": "ftp://bonn.de/"}, "website", "not an address of the web. Example: https://www.example.org"),
        ({"website": "data:text/html,x"}, "website", "not an address of the web. Example: https://www.example.org"),
        ({"website": "keine"}, "website", "not an address of the web. Example: https://www.example.org"),
        (NUMBER | {"population": "viele"}, "population", "Enter a whole number in digits. Example: 330579"),
        (NUMBER | {"population": "3.5"}, "population", "Enter a whole number in digits. Example: 330579"),
        (NUMBER | {"population": "0"}, "population", "Enter a number greater than zero, or leave the field empty."),
        (NUMBER | {"population": "-5"}, "population", "Enter a number greater than zero, or leave the field empty."),
        (NUMBER | {"population": "9" * 12}, "population", "This number is too large. Check its digits."),
        (NUMBER | {"population": ""}, "population", "Enter the number, or empty its year and source as well."),
        (NUMBER | {"population_year": ""}, "population_year", "Enter the year in which this was the number."),
        (NUMBER | {"population_year": "24a"}, "population_year", "Enter the year with four digits. Example: 2024"),
        (NUMBER | {"population_year": "1799"}, "population_year", "Enter a year from 1800 to "),
        (NUMBER | {"population_year": str(datetime.date.today().year + 1)}, "population_year", "Enter a year from"),  # noqa: DTZ011
        (NUMBER | {"population_source": ""}, "population_source", "Enter where the number comes from."),
        (NUMBER | {"population_url": "mailto:a@b.de"}, "population_url", "not an address of the web."),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_nothing_typed_is_lost(client, bonn, lead, typed, field, sentence):
    form = opened(client)
    before = everything()
    response = send(client, form, **(typed | {"portrait_en": "Typed at length."}))
    found = errors(response)
    assert list(found) == [field]
    assert len(found[field]) == 1
    assert sentence in found[field][0]
    assert everything() == before
    page = response.content.decode()
    assert "Typed at length." in page
    assert f'href="#id_{field}"' in page


@pytest.mark.parametrize("typed", ["336465", "336.465", "336,465", "336 465", "336\u202f465", "336'465"])
def test_a_number_may_be_typed_as_people_write_it(client, bonn, lead, typed):
    send(client, opened(client), **(NUMBER | {"population": typed}))
    assert Fact.objects.get().value == 336_465


def test_action_knows_its_names(bonn, lead):
    with pytest.raises(ValueError, match="slug"):
        edit_profile(bonn, by=lead, slug="koeln")


# Two people at once


def test_both_changed_other_things_then_both_stay(client, bonn, lead):
    form = opened(client)
    edit_profile(bonn, by=an_editor(bonn), website="https://bonn.example")
    response = client.post(where(), form | {"name_de": "Bundesstadt Bonn"}, follow=True)
    city = City.objects.get(slug="bonn")
    assert (city.name_de, city.website) == ("Bundesstadt Bonn", "https://bonn.example")
    assert said(response) == [
        "Saved: Name in German.",
        "Somebody else had changed this meanwhile, and it stays: Official website.",
    ]


def a_clash(client, bonn):
    form = opened(client) | {"portrait_de": "Meine Worte.", "name_en": "Bonn on the Rhine"}
    edit_profile(bonn, by=an_editor(bonn), portrait_de="Fremde Worte.")
    before = everything()
    response = send(client, form)
    assert errors(response, 409) == {"keep_portrait_de": ["Choose what stays."]}
    assert everything() == before
    return form, response


def test_clash_shows_both_texts_and_saves_nothing(client, bonn, lead):
    form, response = a_clash(client, bonn)
    page = response.content.decode()
    assert "Somebody else has changed this while you were writing." in page
    assert "keep mine, as it stands below: Meine Worte." in page
    assert "keep the other: Fremde Worte." in page
    assert response.context["form"]["opened"].value() == form["opened"]
    assert response.context["form"]["name_en"].value() == "Bonn on the Rhine"


@pytest.mark.parametrize(("whose", "words"), [("mine", "Meine Worte."), ("theirs", "Fremde Worte.")])
def test_clash_then_the_answer_decides(client, bonn, lead, whose, words):
    form, response = a_clash(client, bonn)
    (question,) = response.context["form"].questions
    answers = dict(zip(("mine", "theirs"), [value for value, _label in question.field.choices], strict=True))
    assert send(client, form, **{question.html_name: answers[whose]}).status_code == 302
    city = City.objects.get(slug="bonn")
    assert (city.portrait_de, city.name_en) == (words, "Bonn on the Rhine")
    mine = ProfileEdit.objects.filter(by=lead).values_list("field", flat=True)
    assert set(mine) == ({"portrait_de", "name_en"} if whose == "mine" else {"name_en"})


def test_answer_about_another_text_does_not_count(client, bonn, lead):
    form, response = a_clash(client, bonn)
    (question,) = response.context["form"].questions
    mine = question.field.choices[0][0]
    City.objects.filter(slug="bonn").update(portrait_de="Dritte Worte.")
    response = send(client, form, **{question.html_name: mine})
    assert list(errors(response, 409)) == [question.html_name]
    assert "keep the other: Dritte Worte." in response.content.decode()
    assert City.objects.get(slug="bonn").portrait_de == "Dritte Worte."


def test_answer_survives_an_error_elsewhere(client, bonn, lead):
    form, response = a_clash(client, bonn)
    (question,) = response.context["form"].questions
    mine = question.field.choices[0][0]
    response = send(client, form, **{question.html_name: mine, "website": "keine"})
    assert response.context["form"].errors.keys() == {"website"}
    assert response.context["form"].questions[0].value() == mine


def test_both_typed_the_same_then_there_is_no_clash(client, bonn, lead):
    form = opened(client)
    edit_profile(bonn, by=an_editor(bonn), website="https://bonn.example")
    assert send(client, form, website="https://bonn.example").status_code == 302
    assert ProfileEdit.objects.count() == 1


def test_number_and_source_are_one_thing_in_a_clash(client, bonn, lead):
    form = opened(client)
    edit_profile(bonn, by=an_editor(bonn), population=Population(1, 2023, "Andere Quelle"))
    assert list(errors(send(client, form, **NUMBER), 409)) == ["keep_population"]


@pytest.mark.parametrize("version", ["", "unfug", "a-b-c-d-e-f"])
def test_form_without_its_version_overwrites_nothing_unasked(client, bonn, lead, version):
    form = opened(client) | {"opened": version}
    assert list(errors(send(client, form, website="https://bonn.example"), 409)) == ["keep_website"]


def test_change_in_the_last_instant_is_refused(bonn, lead):
    seen = particulars(bonn)
    edit_profile(bonn, by=an_editor(bonn), website="https://bonn.example")
    with pytest.raises(ProfileChangedError) as refusal:
        edit_profile(bonn, by=lead, seen=seen, website="https://mine.example", name_de="Bundesstadt Bonn")
    assert refusal.value.now["website"] == "https://bonn.example"
    city = City.objects.get(slug="bonn")
    assert (city.website, city.name_de) == ("https://bonn.example", "Bonn")


def test_change_in_the_last_instant_then_the_page_asks(client, bonn, lead, monkeypatch):
    form, editor = opened(client), an_editor(bonn)

    def late(city):
        """What the view read, just before a colleague saved."""
        before = particulars(city)
        edit_profile(city, by=editor, website="https://bonn.example")
        return before

    monkeypatch.setattr("cities.views.profile.particulars", late)
    found = errors(send(client, form, website="https://mine.example"), 409)
    assert found["__all__"] == ["Somebody else saved at the same moment. Look at the profile and save once more."]
    assert list(found) == ["keep_website", "__all__"]
    assert City.objects.get(slug="bonn").website == "https://bonn.example"


# An import afterwards


def test_import_then_asks_before_it_replaces_what_the_team_has_entered(client, bonn, lead):
    files = {
        "cities.csv": b"slug,name_en,name_de,country_iso2,latitude,longitude,population,geoname_id,website\n"
        b"bonn,Bonn,Bonn,DE,50.7,7.1,330579,,https://www.bonn.de\n",
        "memberships.csv": b"city_slug,network,year_joined,creative_field,role,source\nbonn,gnlc,2020,,member,list\n",
        "sources.csv": b"tag,url,what\nlist,,\n",
        "countries.csv": b"iso2,name_en,name_de,region\nDE,Germany,Deutschland,europe\n",
    }
    import_files(files)
    form = opened(client)
    send(client, form, website="https://bonn.example", **NUMBER)
    with pytest.raises(Undecided) as refusal:
        import_files(files)
    found = {(conflict.column, conflict.team) for conflict in refusal.value.difference.conflicts}
    assert found == {("website", "https://bonn.example"), ("population", 336_465)}
    import_files(files, choices=Choice.TEAM)
    assert City.objects.get(slug="bonn").website == "https://bonn.example"


# Confirmed


def test_confirming_sets_the_day_once_and_notes_who(client, bonn, lead):
    response = client.post(where("confirm"), follow=True)
    assert said(response) == ["Thank you. The profile is confirmed as of today."]
    client.post(where("confirm"))
    assert City.objects.get(slug="bonn").confirmed_on == timezone.localdate()
    edit = ProfileEdit.objects.get()
    assert (edit.field, edit.old, edit.new, edit.by) == ("confirmed_on", "", str(timezone.localdate()), lead)


def test_confirming_writes_nothing_else(bonn, lead):
    City.objects.filter(pk=bonn.pk).update(website="https://bonn.example", confirmed_on=datetime.date(2020, 1, 1))
    confirm_profile(bonn, by=lead)
    city = City.objects.get(slug="bonn")
    assert (city.website, city.confirmed_on) == ("https://bonn.example", timezone.localdate())
    assert ProfileEdit.objects.get().old == "2020-01-01"


# Pictures


WORDS = {"alt_de": "Das Alte Rathaus", "alt_en": "The old town hall", "credit": "Erika Muster", "licence": "CC BY 4.0"}


def a_file(name="rathaus.jpg", content=None):
    out = io.BytesIO()
    if content is None:
        exif = Image.Exif()
        exif.get_ifd(GPS)[1] = "N"
        exif[0x010F] = "Kamera"
        Image.new("RGB", (60, 40), "olive").save(out, "JPEG", exif=exif)
        content = out.getvalue()
        assert b"Kamera" in content
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def a_picture(client, **changes):
    return client.post(where("picture_add"), {"image": a_file()} | WORDS | changes, follow=True)


def test_picture_is_kept_with_its_words_and_without_what_the_file_carried(client, bonn, lead):
    assert said(a_picture(client)) == ["The picture is added."]
    picture = Picture.objects.get()
    assert (picture.city, picture.alt_de, picture.credit, picture.licence) == (
        bonn, "Das Alte Rathaus", "Erika Muster", "CC BY 4.0"
    )  # fmt: skip
    with picture.image.open() as file, Image.open(file) as drawn:
        assert (drawn.format, drawn.size) == ("WEBP", (60, 40))
        assert not dict(drawn.getexif())
    with picture.image.open() as file:
        assert b"Kamera" not in file.read()
    edit = ProfileEdit.objects.get()
    assert (edit.field, edit.new, edit.by) == ("pictures", "Das Alte Rathaus", lead)
    assert "The old town hall" in client.get(where()).content.decode()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (a_file("bild.jpg", b"<svg onload=alert(1)>"), "This file cannot be read as a picture. Choose a JPEG, PNG or "),
        (a_file("bild.jpg", b""), "The file is empty. Choose another one."),
        (a_file(f"{'x' * 210}.jpg"), "The name of the file is too long."),
        ("", "Choose a picture."),
    ],
    ids=["no picture", "empty", "long name", "none"],
)
def test_bad_file_is_refused_with_a_sentence_and_the_words_stay(client, bonn, lead, file, sentence):
    response = client.post(where("picture_add"), {"image": file} | WORDS)
    found = errors(response)
    assert list(found) == ["image"]
    assert found["image"][0].startswith(sentence)
    assert "Erika Muster" in response.content.decode()
    assert not Picture.objects.exists()


def test_missing_words_are_named_and_the_picture_is_to_be_chosen_again(client, bonn, lead):
    found = errors(a_picture(client, alt_de="", credit=" ", licence="", alt_en=""))
    assert found == {
        "alt_de": ["Say in one sentence what the picture shows."],
        "credit": ["Name who made the picture."],
        "licence": ["Name the licence under which the picture may be shown."],
        "image": ["Choose the picture once more: browsers do not keep a file after an error."],
    }
    assert not Picture.objects.exists()


def test_english_words_may_be_missing(client, bonn, lead):
    a_picture(client, alt_en="")
    assert Picture.objects.get().alt_de == "Das Alte Rathaus"


def test_removing_asks_first_and_then_takes_the_file_too(client, bonn, lead, django_capture_on_commit_callbacks):
    a_picture(client)
    picture = Picture.objects.get()
    file = str(picture.image.name)
    client.get(where("picture_remove", pk=picture.pk))
    assert default_storage.exists(file)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(where("picture_remove", pk=picture.pk))
    assert response.status_code == 302
    assert not Picture.objects.exists()
    assert not default_storage.exists(file)
    assert ProfileEdit.objects.filter(field="pictures", old="Das Alte Rathaus", new="", by=lead).count() == 1


def test_picture_of_another_city_cannot_be_removed(client, bonn, lead, network):
    a_picture(client)
    picture = Picture.objects.get()
    client.force_login(a_person(Role.LEAD, city=a_member("lyon", network)))
    assert client.post(where("picture_remove", city="lyon", pk=picture.pk)).status_code == 404
    assert Picture.objects.exists()


# The demo city


def test_demo_city_has_its_profile_and_stays_invisible(client, bonn, network):
    demo = a_city("musterstadt", is_demo=True, name_en="Musterstadt")
    client.force_login(a_person(Role.LEAD, city=demo, name="Demo"))
    page = client.get(where(city="musterstadt")).content.decode()
    assert "none: a demo city is never shown in public" in page
    form = opened(client, "musterstadt")
    assert send(client, form, "musterstadt", portrait_en="Invented.").status_code == 302
    assert City.objects.get(slug="musterstadt").portrait_en == "Invented."
    for who in ("team", "visitor"):
        if who == "visitor":
            client.cookies.clear()
        assert client.get(reverse("cities:detail", args=["musterstadt"])).status_code == 404
        listed = client.get(reverse("cities:list")).content.decode()
        assert "Bonn" in listed
        assert "Musterstadt" not in listed
